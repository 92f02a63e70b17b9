"""Answers by text message: what Twilio calls with, and what is asked of it where nobody can call.

A message is meant for a page when it comes from that page's number and names its code. To read the
same message twice does nothing more: a page is answered once.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import re
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from crisisdesk.comms.channels import AddressError, scheme_of
from crisisdesk.comms.http_lines import HttpLines, NoAnswer, Question
from crisisdesk.comms.twilio_sender import Line, line_of
from crisisdesk.comms.verdicts import words_of
from crisisdesk.domain.answering import Answered, Way, read_text_message, said
from crisisdesk.engine.answer_commands import AnswerByCode, ListMethods
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.ports import Clock, Secrets
from crisisdesk.engine.workers.pager import secret_name

log = logging.getLogger(__name__)

ANSWER_LIMIT = 1024 * 1024
DEADLINE_S = 10.0
PAGE_SIZE = 200
LOOK_BACK_MS = 3_600_000
SLACK_MS = 2 * 60_000
SEEN_KEPT = 2_000
# Wrong codes from one number: so many in this time, and no more of it is read.
WRONG_CODES, WRONG_WITHIN_MS = 10, 10 * 60_000
HELP = "Write the code of the page and a letter: 123a (I have it) or 123n (next)."
_DIGITS = re.compile(r"\D")

Form = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One message that came in; ``at_ms`` (UTC) where the provider says when."""

    sid: str
    sender: str
    text: str
    at_ms: int | None = None


class TwilioAnswers:
    """Reads answers for all contact methods by Twilio; ``poll`` implements `engine.ports.Inbox`.

    ``url`` is what Twilio calls, as it calls it; its signature is over that. ``problem`` says why
    the last look brought nothing.
    """

    name = "answers by text message"

    def __init__(self, secrets: Secrets, clock: Clock, url: str = "") -> None:
        self._secrets = secrets
        self._clock = clock
        self._url = url
        self._lines = HttpLines(ANSWER_LIMIT)
        self._seen: dict[str, None] = {}
        self._wrong: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=WRONG_CODES))
        self.problem = ""
        self.looked_at: int | None = None

    async def poll(self, submit: Submit) -> None:
        """Ask every account in use for what came in of late, and answer with it."""
        methods = await self._methods(submit)
        accounts = {(line.messages_url, line.own, line.auth): line for line in methods.values()}
        problems = []
        for line in accounts.values():
            try:
                for text in await self._came_in(line):
                    await self._take(submit, methods, line.account, text)
                    self._remember(text.sid)
            except (NoAnswer, _NotTold) as error:
                problems.append(words_of(str(error), line.auth))
        why = f"Twilio does not tell what came in: {problems[0]}" if problems else ""
        self.problem = why
        if not problems:
            self.looked_at = self._clock.now_ms()

    async def take_call(self, submit: Submit, signature: str, form: Form) -> str | None:
        """What to write back for a message that Twilio calls with, "" for nothing; None when the
        signature is not that of an account in use here."""
        given = dict(form)
        account = given.get("AccountSid", "")
        methods = await self._methods(submit)
        keys = {line.sign_key for line in methods.values() if line.account == account} - {""}
        good, told = False, signature.encode("utf-8", "surrogatepass")
        for key in keys:
            good |= hmac.compare_digest(sign(key, self._url, form).encode(), told)
        if not good:
            return None
        text = Text(
            sid=given.get("MessageSid", ""),
            sender=given.get("From", ""),
            text=given.get("Body", ""),
        )
        return await self._take(submit, methods, account, text)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._lines.aclose()

    async def _take(
        self, submit: Submit, methods: dict[str, Line], account: str, text: Text
    ) -> str:
        """Answer the page that a message means; what to write back, "" for nothing.

        Nothing is written to strangers, nor about what holds no code: two machines that answer
        each other would never end.
        """
        number = _DIGITS.sub("", text.sender)
        own = [
            name
            for name, line in methods.items()
            if line.account == account and number and _DIGITS.sub("", line.far) == number
        ]
        if not own or not re.search(r"\d{3}", text.text):
            return ""
        now = self._clock.now_ms()
        wrong = self._wrong[number]
        if len(wrong) == WRONG_CODES and now - wrong[0] < WRONG_WITHIN_MS:
            log.warning("too many wrong codes from one number, its messages are left alone")
            return ""
        read = read_text_message(text.text)
        if read is None:
            return HELP
        code, action = read
        order = AnswerByCode(
            method_ids=own,
            code=code,
            action=action,
            way=Way.SMS,
            written_at=text.at_ms,
            ref=text.sid,
        )
        given: Answered = await submit(order, ENGINE)
        if given.outcome == "refused":
            wrong.append(now)
        log.info("an answer by text message (%s): %s", text.sid, given.outcome)
        return said(given, now)

    async def _methods(self, submit: Submit) -> dict[str, Line]:
        """The text message lines of all contact methods in use."""
        found: dict[str, Line] = {}
        for name in await submit(ListMethods(channel="sms"), ENGINE):
            url = await asyncio.to_thread(self._secrets.get, secret_name(name))
            try:
                if url and scheme_of(url) == "twilio" and (line := line_of(url)) is not None:
                    found[name] = line
            except AddressError as error:
                log.warning("the address of contact method %s cannot be read: %s", name, error)
        return found

    # -- asking ----------------------------------------------------------------------------------

    async def _came_in(self, line: Line) -> list[Text]:
        """Messages to this number since a while ago that were not seen yet, the oldest first."""
        now = self._clock.now_ms()
        since = max(now - LOOK_BACK_MS, (self.looked_at or 0) - SLACK_MS)
        day = datetime.fromtimestamp(since / 1000, tz=UTC).strftime("%Y-%m-%d")
        asked = {"PageSize": str(PAGE_SIZE), "DateSent>": day}
        asked |= {"To": line.own} if line.own else {}
        question = Question(
            method="GET", url=f"{line.messages_url}?{urlencode(asked)}", auth=line.auth
        )
        answer = await self._lines.ask(question, DEADLINE_S)
        rows = answer.data.get("messages")
        if not answer.is_yes or not isinstance(rows, list):
            raise _NotTold(f"{answer.code} {answer.data.get('message') or answer.reason}")
        texts = [text for row in rows if (text := _text_of(row)) is not None]
        fresh = [t for t in texts if t.sid not in self._seen and (t.at_ms or now) >= since]
        return sorted(fresh, key=lambda text: text.at_ms or 0)

    def _remember(self, sid: str) -> None:
        self._seen[sid] = None
        while len(self._seen) > SEEN_KEPT:
            self._seen.pop(next(iter(self._seen)))


class _NotTold(Exception):
    """The provider's answer holds no messages."""


def sign(key: str, url: str, form: Form) -> str:
    """Twilio's signature of a call: HMAC-SHA1 over the address and the sorted fields, base64."""
    told = url + "".join(name + value for name, value in sorted(form))
    digest = hmac.new(key.encode(), told.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _text_of(row: Any) -> Text | None:
    """A message that came in; None for those that went out, and for what is no message."""
    if not isinstance(row, dict) or row.get("direction") != "inbound":
        return None
    sid, sender, text = (row.get(name) for name in ("sid", "from", "body"))
    if not (isinstance(sid, str) and isinstance(sender, str) and isinstance(text, str)):
        return None
    at_ms = None
    try:
        at_ms = round(parsedate_to_datetime(str(row.get("date_sent"))).timestamp() * 1000)
    except ValueError:
        pass  # then it counts as written now
    return Text(sid=sid, sender=sender, text=text, at_ms=at_ms)
