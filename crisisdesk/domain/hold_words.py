"""The facts of who has an alert, in words: still on it, asked, run out, taken over, handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

Body = Mapping[str, Any]


class HoldWords(NamedTuple):
    """One fact: its icon, whether a person did it (then a name goes before), the words, and more
    words that somebody wrote."""

    icon: str
    by_person: bool
    words: str
    detail: str = ""


def hold_words(kind: str, body: Body) -> HoldWords | None:
    """The words of one event; None for kinds that are not about who has an alert."""
    teller = _TELLERS.get(kind)
    return None if teller is None else teller(body)


def clock(ms: int) -> str:
    """UTC ms as "03:42"."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC).strftime("%H:%M")


def until_words(body: Body) -> str:
    """Until when it holds by this event, such as ", until 03:42 UTC"; "" where it does not say."""
    hold = body.get("hold")
    return f", until {clock(hold['until'])} UTC" if hold else ""


def _renewed(body: Body) -> HoldWords:
    return HoldWords("user-check", True, f"is still on it{until_words(body)}")


def _held(body: Body) -> HoldWords:
    why = f" ({body['why']})" if body.get("why") else ""
    return HoldWords("timer", False, f"The acknowledgement holds{until_words(body)}{why}")


def _asked(body: Body) -> HoldWords:
    detail = str(body.get("words", ""))
    words = f"Asked whether still on it, until {clock(body['until'])} UTC"
    return HoldWords("circle-help", False, words, detail)


def _expired(body: Body) -> HoldWords:
    whose = f"; {body['owner']} had it" if body.get("owner") else ""
    return HoldWords("clock-alert", False, f"Ran out unanswered{whose}")


def _investigating(body: Body) -> HoldWords:
    taken = f"took it over from {body['from']}" if body.get("from") else "works on it"
    return HoldWords("search", True, f"{taken}{until_words(body)}")


def _offered(body: Body) -> HoldWords:
    words = f"offers it to {body['to']}, until {clock(body['until'])} UTC"
    return HoldWords("arrow-left-right", True, words, str(body.get("note", "")))


def _accepted(body: Body) -> HoldWords:
    whose = f" from {body['from']}" if body.get("from") else ""
    return HoldWords("user-check", True, f"accepted it{whose}{until_words(body)}")


def _declined(body: Body) -> HoldWords:
    return HoldWords("x", True, "declined to take it over", str(body.get("reason", "")))


def _withdrawn(_body: Body) -> HoldWords:
    return HoldWords("undo-2", True, "took the offer to hand it over back")


def _unanswered(_body: Body) -> HoldWords:
    return HoldWords("clock-alert", False, "Nobody answered the offer to hand it over")


_TELLERS: dict[str, Callable[[Body], HoldWords]] = {
    "alert.investigating": _investigating,
    "alert.ack_renewed": _renewed,
    "alert.ack_held": _held,
    "alert.ack_asked": _asked,
    "alert.ack_expired": _expired,
    "alert.handoff_offered": _offered,
    "alert.handoff_accepted": _accepted,
    "alert.handoff_declined": _declined,
    "alert.handoff_withdrawn": _withdrawn,
    "alert.handoff_expired": _unanswered,
}
