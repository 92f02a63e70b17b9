"""How a delivery stands, in one word with its mark, and why it was queued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from crisisdesk.domain.asking import why
from crisisdesk.domain.delivery import (
    LOOP,
    TEST_REASON,
    Delivery,
    DeliveryStatus,
)
from crisisdesk.domain.severity import SEVERITY_RANK

_DAY_MS = 86_400_000
FIRED = "fired"
_SUBJECTS = {LOOP: "Loop test"}
_ASKED = {LOOP: "the loop test of its channel was due"}


class State(StrEnum):
    """How a delivery stands for people: its status, and ``retrying`` for one that has failed and is
    tried again."""

    WAITING = "waiting"
    RETRYING = "retrying"
    SENDING = "sending"
    BUNDLED = "bundled"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class Face(NamedTuple):
    """The word of a state, the name of its mark, and its tone: "ok", "stale", "critical" or ""."""

    word: str
    mark: str
    tone: str


FACES: dict[State, Face] = {
    State.WAITING: Face("waiting", "hourglass", ""),
    State.RETRYING: Face("failed, next try", "refresh-cw", "stale"),
    State.SENDING: Face("sending", "loader", ""),
    State.BUNDLED: Face("going out with others", "layers", ""),
    State.SENT: Face("sent", "check", "ok"),
    State.DELIVERED: Face("delivered", "circle-check", "ok"),
    State.READ: Face("read", "eye", "ok"),
    State.FAILED: Face("failed for good", "circle-x", "critical"),
    State.EXPIRED: Face("too late to send", "clock-alert", "critical"),
    State.SUPERSEDED: Face("not needed", "minus", ""),
}


class Group(NamedTuple):
    """States that are counted and shown together; ``keys`` is the letter that shows them."""

    key: str
    word: str
    states: tuple[State, ...]
    keys: str


EVERYTHING = "all"
GROUPS: tuple[Group, ...] = (
    Group(EVERYTHING, "All", tuple(State), "A"),
    Group("failed", "Failed", (State.FAILED,), "F"),
    Group("retrying", "Next try", (State.RETRYING,), "R"),
    Group("waiting", "Waiting", (State.WAITING,), "W"),
    Group("sending", "Going out", (State.SENDING, State.BUNDLED), "G"),
    Group("sent", "Sent", (State.SENT,), "S"),
    Group("arrived", "Arrived", (State.DELIVERED, State.READ), "D"),
    Group("expired", "Too late", (State.EXPIRED,), "X"),
    Group("superseded", "Not needed", (State.SUPERSEDED,), "N"),
)
_GROUPS = {group.key: group for group in GROUPS}


def group_of(key: str) -> Group:
    """The group of this key; that of everything for one that is not known."""
    return _GROUPS.get(key, GROUPS[0])


def state_of(delivery: Delivery) -> State:
    """How it stands."""
    if delivery.status == DeliveryStatus.QUEUED:
        return State.WAITING if delivery.failed_at is None else State.RETRYING
    return State(delivery.status)


def clock(ms: int, now_ms: int) -> str:
    """UTC ms as "02:05:04", with its day in front when that was not within the last 24 hours."""
    at = datetime.fromtimestamp(ms // 1000, UTC)
    day = f"{at.day} {at:%b} " if abs(now_ms - ms) >= _DAY_MS else ""
    return f"{day}{at:%H:%M:%S}"


def state_words(delivery: Delivery, now_ms: int) -> str:
    """Its state in words: "sent with others", "failed, next try 02:05:12"."""
    state = state_of(delivery)
    words = FACES[state].word
    if state is State.RETRYING and delivery.due_at is not None:
        return f"{words} {clock(delivery.due_at, now_ms)}"
    if delivery.into and state in (State.SENT, State.DELIVERED, State.READ):
        words += " with others"
    if delivery.unknown and state in (State.SENT, State.WAITING):
        words += ", maybe twice"
    return words


def subject(delivery: Delivery) -> str:
    """What it tells of: the alert's title, or that it is a test."""
    if delivery.is_test:
        return _SUBJECTS.get(delivery.probe, "Test page")
    return delivery.title


def reason_words(reason: str, probe: str = "") -> str:
    """Why it was queued."""
    if reason == TEST_REASON:
        return _ASKED.get(probe, "somebody asked for a test page")
    if reason == FIRED:
        return "the alert fired"
    if asked := why(reason):
        return asked
    step = reason.removeprefix("step ")
    return f"nobody had it by escalation step {step}" if step != reason else reason


def way(delivery: Delivery) -> str:
    """Channel and masked address."""
    return " ".join(part for part in (delivery.channel, delivery.masked) if part)


def fits(delivery: Delivery, group: str, text: str) -> bool:
    """Whether it belongs to this group and has this text (of any case) somewhere in it."""
    if state_of(delivery) not in group_of(group).states:
        return False
    return not text or text.casefold() in "\n".join(searched(delivery)).casefold()


def searched(delivery: Delivery) -> tuple[str, ...]:
    """What a text is looked for in."""
    return (
        delivery.delivery_id,
        delivery.alert_id,
        delivery.channel,
        delivery.masked,
        delivery.contact_name,
        delivery.title,
        delivery.words,
    )


def counts_of(by_state: dict[State, int]) -> dict[str, int]:
    """How many stand in each group, by its key; zeros too."""
    return {group.key: sum(by_state.get(s, 0) for s in group.states) for group in GROUPS}


def worst(severities: Sequence[str]) -> str:
    """The worst of these severities; "" of none."""
    return max(severities, key=lambda name: SEVERITY_RANK[name], default="")


def spoken(delivery: Delivery, station: str, now_ms: int) -> str:
    """One delivery for a screen reader."""
    tries = f"{delivery.tries} attempt{'' if delivery.tries == 1 else 's'}"
    parts = [
        state_words(delivery, now_ms),
        str(delivery.severity),
        subject(delivery),
        f"to {delivery.contact_name} by {way(delivery)}",
        f"queued {clock(delivery.queued_at, now_ms)} UTC",
        tries,
        f"by {station}" if station else "",
    ]
    return ", ".join(part for part in parts if part)
