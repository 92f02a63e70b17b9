"""Answers to pages: what can be answered, by which ways, and whether a page can still be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.delivery_words import clock
from crisisdesk.domain.ids import delivery_id_of

HOUR_MS = 3_600_000
CODE_CHANNELS = frozenset({"sms"})
# Codes of three digits; more only when all of those stand in messages of the last week.
FIRST_CODE, CODES = 100, 900
CODE_REST_MS = 7 * 24 * HOUR_MS


# Letters that a message may have in all; what is shorter than _LEAST would say nothing.
_LIMIT, _DIGEST_SMS, _LEAST = 2_400, 480, 80
# Pushover refuses what is longer than 1,024.
_LIMITS = {"sms": 1_500, "discord": 1_900, "push": 1_000}


class Action(StrEnum):
    """What a page is answered with."""

    HAVE = "have"
    NEXT = "next"


class Way(StrEnum):
    """By what an answer came."""

    LINK = "link"
    SMS = "text message"
    MAIL = "mail"


ACTION_LABELS: dict[str, str] = {Action.HAVE: "I have it", Action.NEXT: "Not me, next"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """How one page can be answered; empty text and 0 mean: not this way.

    ``have_url`` and ``next_url`` are links, ``code`` is what a text message is answered with,
    ``reply_token`` stands in a mail's Message-ID and ``reply_to`` is where its answer goes. All but
    the code are secrets of whoever was paged.
    """

    have_url: str = ""
    next_url: str = ""
    code: int = 0
    reply_token: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of an answer, with a sentence for who gave it.

    ``counted``: it was the first and did something. ``already``: this page was answered before, by
    ``by`` at ``at`` (UTC ms) with ``action``. ``over``: there is nothing to answer any more.
    ``refused``: it cannot be answered by this contact or at this station.
    """

    outcome: Literal["counted", "already", "over", "refused"]
    words: str
    by: str = ""
    at: int | None = None
    action: str = ""


def lines_of(offer: Offer) -> list[str]:
    """What a page says of how to answer it, a line each."""
    lines = []
    if offer.code:
        lines.append(f"Reply {offer.code}a: I have it, {offer.code}n: next")
    if offer.have_url:
        lines.append(f"{ACTION_LABELS[Action.HAVE]}: {offer.have_url}")
    if offer.next_url:
        lines.append(f"{ACTION_LABELS[Action.NEXT]}: {offer.next_url}")
    if offer.reply_token:
        lines.append('Or answer this mail with "ack" or "next" in its first line.')
        lines.append(f"Answer code: cd.{offer.reply_token}")
    return lines


def has_buttons(channel: str, masked: str) -> bool:
    """Whether messages of a contact method (its masked address) bear buttons: those by ntfy do."""
    return channel == "push" and masked.startswith("ntfy")


def answerable(
    text: str, title: str, channel: str, offer: Offer, *, in_digest: bool, buttons: bool = False
) -> str:
    """The text of a page, with how to answer it below; cut for that where the channel is short.

    Where it has ``buttons`` they stand in place of links.
    """
    if buttons and offer.have_url:
        return text
    tail = "\n".join(lines_of(offer))
    limit = _DIGEST_SMS if in_digest and channel == "sms" else _LIMITS.get(channel, _LIMIT)
    room = limit - len(tail) - 1 - (len(title) if channel == "sms" else 0)
    if room < _LEAST:
        return text
    return f"{text if len(text) <= room else text[: room - 1] + '…'}\n{tail}"


def said(given: Answered, now_ms: int) -> str:
    """The sentence for whoever gave this answer."""
    if given.outcome != "already" or given.at is None:
        return given.words
    did = "took it" if given.action != Action.NEXT else "passed it on"
    return f"Already answered by {given.by} at {clock(given.at, now_ms)} UTC, who {did}."


def is_of_this_life(delivery: Delivery, alert: Alert) -> bool:
    """Whether the page was for the alert's present life: its id is made of it."""
    life = f"{alert.epoch}/{alert.life}"
    named = delivery_id_of(alert.alert_id, life, delivery.reason, delivery.method_id)
    return named == delivery.delivery_id


def over_words(delivery: Delivery, alert: Alert | None) -> str:
    """Why there is nothing to answer, in words; empty while there is."""
    if delivery.is_test:
        return ""
    if alert is None:
        return "this station does not know the alert"
    if not is_of_this_life(delivery, alert):
        return "the alert came again since; a newer page stands for it"
    return "" if alert.is_open else f"the alert is {alert.status}"


def step_of(delivery: Delivery) -> int:
    """Which step of the escalation it was queued by."""
    word, _, number = delivery.reason.partition(" ")
    return int(number) if word == "step" and number.isdecimal() else 1


# -- what people write ---------------------------------------------------------------------------

_HAVE = ("a", "ack", "acknowledge", "acknowledged", "ok", "okay", "have", "have it", "i have it")
_NEXT = ("n", "next", "not me", "not me next")
_SMS = re.compile(r"\D{0,8}?([0-9]{3,5})[\s.:,-]*([A-Za-z][A-Za-z ,']{0,15})[\s.!]*")
_ORDERS: dict[str, Action] = {
    **dict.fromkeys(_HAVE, Action.HAVE),
    **dict.fromkeys(_NEXT, Action.NEXT),
}


def action_of(words: str) -> Action | None:
    """What these words order; None for anything that is not exactly one of the known orders."""
    plain = " ".join(re.sub(r"[.,!'\"*]", " ", words).split()).casefold()
    return _ORDERS.get(plain)


def read_text_message(text: str) -> tuple[int, Action] | None:
    """The (code, order) of a text message such as ``123a`` or ``123 next``; None for others."""
    found = _SMS.fullmatch(text.strip()[:80])
    action = action_of(found.group(2)) if found else None
    return (int(found.group(1)), action) if found and action else None


def read_mail_text(text: str) -> Action | None:
    """The order in the first line that somebody wrote: not quoted, not empty."""
    for line in text.splitlines():
        words = line.strip()
        if words and not words.startswith((">", "|")):
            return action_of(words)
    return None


def free_code(wish: int, taken: frozenset[int]) -> int:
    """A code that nobody has, from ``wish`` (any number) on."""
    for number in range(CODES):
        code = FIRST_CODE + (wish + number) % CODES
        if code not in taken:
            return code
    return max(taken) + 1
