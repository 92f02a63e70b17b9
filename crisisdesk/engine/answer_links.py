"""Links and codes by which a page is answered: made when it is sent, read when they come back."""

from __future__ import annotations

import asyncio
import logging
import secrets as entropy
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from crisisdesk.domain.answer_token import KEY_BYTES, BadToken, Claim, make_token, read_token
from crisisdesk.domain.answering import HOUR_MS, Action, Offer
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.ports import Clock, Secrets

log = logging.getLogger(__name__)

# "new,last" in hexadecimal; the last one is good for what was sent before it was changed.
KEY_NAME = "answers:key"
LOOK_AGAIN_S = 30.0
LINK_PATH = "/a/"
SMS_PATH = "/crisis/answers/sms"
# Channels whose messages people read; machines such as PagerDuty have ways of their own.
_LINKED = frozenset(
    ("email", "push", "slack", "teams", "discord", "telegram", "webhook", "json", "sms")
)


class Ended(BadToken):
    """It was good, and its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWays:
    """Which ways back are open. ``url`` is where links lead ("" for none), without a slash at its
    end; ``sms`` is "off", "webhook" or "poll"; ``mail_to`` is where mails are answered to, to which
    ``mail_plus`` adds the token."""

    url: str = ""
    valid_ms: int = 24 * HOUR_MS
    sms: str = "off"
    mail_to: str = ""
    mail_plus: bool = False

    @property
    def any(self) -> bool:
        """Whether any is open."""
        return bool(self.url or self.mail_to) or self.sms != "off"


class AnswerKeys:
    """The key that seals tokens, made at its first use and kept among the secrets."""

    def __init__(self, secrets: Secrets, clock: Clock) -> None:
        self._secrets = secrets
        self._clock = clock
        self._known: tuple[bytes, ...] = ()
        self._look_at = 0.0

    async def all(self) -> tuple[bytes, ...]:
        """The newest first. What is known goes on while the secrets are away; before that, this
        raises what they raise."""
        now = self._clock.boottime()
        if not self._known or now >= self._look_at:
            self._look_at = now + LOOK_AGAIN_S
            try:
                self._known = await asyncio.to_thread(kept_keys, self._secrets)
            except Exception as error:
                if not self._known:
                    raise
                log.warning("the key of answers is away, the known one goes on: %s", error)
        return self._known

    async def change(self) -> int:
        """Make a new one; how many are good now."""
        self._known = await asyncio.to_thread(change_key, self._secrets)
        return len(self._known)


def kept_keys(secrets: Secrets) -> tuple[bytes, ...]:
    """The keys in the secrets store, the newest first; makes one where there is none. Blocking."""
    told = secrets.get(KEY_NAME)
    found = _read(told) if told else ()
    return found or change_key(secrets)


def change_key(secrets: Secrets) -> tuple[bytes, ...]:
    """Make a new key; of those before, the last stays good. Blocking."""
    told = secrets.get(KEY_NAME)
    keys = (entropy.token_bytes(KEY_BYTES), *(_read(told) if told else ())[:1])
    secrets.set(KEY_NAME, ",".join(key.hex() for key in keys))
    return keys


def _read(told: str) -> tuple[bytes, ...]:
    """The keys written there; what is none is as good as gone, and is made anew."""
    try:
        keys = [bytes.fromhex(part) for part in told.split(",")]
    except ValueError:
        return ()
    return tuple(key for key in keys if len(key) >= KEY_BYTES)


class AnswerLinks:
    """Makes and reads what pages are answered by; used on the engine's loop."""

    def __init__(self, secrets: Secrets, clock: Clock, ways: AnswerWays) -> None:
        self._keys = AnswerKeys(secrets, clock)
        self._clock = clock
        self.ways = ways

    async def offer(self, delivery: Delivery, url: str) -> Offer | None:
        """How this page can be answered where it is read; ``url`` is its method's address.

        Raises what the secrets raise.
        """
        scheme = url.partition("://")[0].strip().lower()
        if delivery.channel not in _LINKED or (scheme == "twilio" and _is_call(url)):
            return None
        is_mail, is_sms = delivery.channel == "email", delivery.channel == "sms"
        code = delivery.code if scheme == "twilio" and self.ways.sms != "off" else 0
        links = await self.links(delivery) if self.ways.url else None
        token = ""
        if is_mail and self.ways.mail_to:
            token = make_token(
                (await self._keys.all())[0], delivery.delivery_id, "reply", self._until(delivery)
            )
        offer = Offer(
            have_url=links[Action.HAVE] if links else "",
            # One link is enough where each letter counts: its page offers both.
            next_url=links[Action.NEXT] if links and not is_sms else "",
            code=code,
            reply_token=token,
            reply_to=self._reply_to(token) if token else "",
        )
        return None if offer == Offer() else offer

    async def links(self, delivery: Delivery) -> dict[str, str]:
        """The address of each action's page."""
        key, until = (await self._keys.all())[0], self._until(delivery)
        base = f"{self.ways.url}{LINK_PATH}"
        return {a: base + make_token(key, delivery.delivery_id, a, until) for a in Action}

    async def change_key(self) -> int:
        """Seal with a new key from now on; how many are good."""
        return await self._keys.change()

    async def read(self, token: str) -> Claim:
        """What a token says; raises BadToken, and Ended for one whose time is over."""
        claim = read_token(await self._keys.all(), token)
        if claim.until < self._clock.now_ms():
            raise Ended("its time is over")
        return claim

    def _until(self, delivery: Delivery) -> int:
        """The same for every attempt, so that a repeat bears the same links and mail ids."""
        return delivery.queued_at + self.ways.valid_ms

    def _reply_to(self, token: str) -> str:
        if not self.ways.mail_plus:
            return self.ways.mail_to
        name, _, domain = self.ways.mail_to.rpartition("@")
        return f"{name}+{token}@{domain}"


def _is_call(url: str) -> bool:
    given = {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
    return given.get("method", "").lower().startswith("c")
