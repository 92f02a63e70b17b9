"""An alert's events as sentences for its activity, and its deliveries as words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.answering import Action
from crisisdesk.domain.delivery import REACHED_STATUSES
from crisisdesk.domain.hold_words import hold_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.delivery import Delivery
    from crisisdesk.store.queries import LogEntry

CHANNEL_ICONS = {
    "mailto": "mail",
    "mailtos": "mail",
    "slack": "messages-square",
    "webhook": "webhook",
    "webhooks": "webhook",
    "json": "webhook",
    "jsons": "webhook",
    "ntfy": "smartphone",
    "pagerduty": "bell-ring",
    "sms": "message-square",
    "voice": "phone",
    "desktop": "monitor",
}


class Line(NamedTuple):
    """One line of a section: UTC ms (0 for none), icon, bold words, a chip and more words.

    ``chip_tone`` colours the chip, or the icon of a line without one.
    """

    at_ms: int
    icon: str = ""
    strong: str = ""
    text: str = ""
    chip: str = ""
    chip_tone: str = ""


def activity(entries: Sequence[LogEntry]) -> list[Line]:
    """Newest first; repeats without a change between are one line with their number."""
    lines: list[Line] = []
    repeats = 0
    for entry in reversed(entries):
        event = entry.event
        if event.kind == "alert.repeated":
            repeats += int(event.body.get("n", 1))
            if lines and lines[-1].icon == "refresh-cw":
                lines[-1] = lines[-1]._replace(text=_times(repeats))
            else:
                lines.append(Line(event.at_ms, "refresh-cw", "", _times(repeats)))
            continue
        repeats = 0
        if (told := hold_words(event.kind, event.body)) is not None:
            who = event.actor.removeprefix("operator:") if told.by_person else ""
            text = f"{told.words}: {told.detail}" if told.detail else told.words
            lines.append(Line(event.at_ms, told.icon, who, text))
            continue
        strong, text = _sentence(event.kind, event.actor, event.body)
        lines.append(Line(event.at_ms, _ICONS.get(event.kind, "circle"), strong, text))
    return lines


def _times(count: int) -> str:
    return f"Reported {count} more time{'' if count == 1 else 's'}"


_ICONS = {
    "alert.fired": "zap",
    "alert.acknowledged": "user-check",
    "alert.unacknowledged": "undo-2",
    "alert.resolved": "circle-check",
    "alert.closed": "folder",
    "alert.reopened": "rotate-ccw",
    "alert.escalated": "siren",
    "alert.noted": "message-square",
    "alert.edited": "pencil",
    "alert.sla_prealarmed": "timer",
    "alert.sla_breached": "clock-alert",
}


def _sentence(kind: str, actor: str, body: dict[str, object]) -> tuple[str, str]:
    """Bold words and the rest for one event."""
    who = actor.removeprefix("operator:")
    plain = {
        "alert.acknowledged": "acknowledged it",
        "alert.unacknowledged": "took the acknowledgement back",
        "alert.closed": "put it away",
    }
    if kind == "alert.acknowledged" and body.get("way"):
        return who, f"took it by {body['way']}"
    if kind in plain:
        return who, plain[kind]
    if kind == "alert.fired":
        return "", f"Fired, {body.get('severity', '')}".rstrip(", ")
    if kind in ("alert.resolved", "alert.reopened"):
        word = "resolved it" if kind == "alert.resolved" else "opened it again"
        reason = str(body.get("reason", "") or "")
        return who, f"{word}: {reason}" if reason else word
    if kind == "alert.escalated":
        return who, f"made it {body.get('incident_id', 'an incident')}"
    if kind == "alert.noted":
        return who, str(body.get("text", ""))
    if kind == "alert.edited":
        return who, f"changed {body.get('field', '')} to {body.get('value', '')}"
    if kind == "alert.sla_prealarmed":
        return "", "The time to acknowledge is nearly over"
    if kind == "alert.sla_breached":
        return "", "Late: nobody acknowledged in time"
    return who, kind.partition(".")[2].replace("_", " ")


_STATE = {
    "queued": ("waiting", ""),
    "sending": ("sending", ""),
    "bundled": ("going out with others", ""),
    "sent": ("sent", "ok"),
    "delivered": ("delivered", "ok"),
    "read": ("read", "ok"),
    "failed": ("failed", "critical"),
    "expired": ("too late to send", ""),
    "superseded": ("not needed", ""),
}


def told(deliveries: Sequence[Delivery], clock_words: dict[str, str]) -> list[Line]:
    """One line for each delivery, oldest first; ``clock_words`` gives "02:05:09" for its id."""
    lines = []
    for one in deliveries:
        word, tone = _STATE.get(one.status, (str(one.status), ""))
        if one.status == "queued" and one.attempt:
            word = f"try {one.attempt + 1} of it"
        if one.into and one.status in REACHED_STATUSES:
            word += " with others"
        if one.unknown:
            word += ", end unknown"
        if one.answer:
            did = "took it" if one.answer == Action.HAVE else "passed it on"
            word, tone = f"{did} by {one.answered_way or 'an answer'}", "ok"
        stamp = clock_words.get(one.delivery_id, "")
        chip = f"{word} {stamp}".strip()
        way = " ".join(part for part in (one.channel, one.masked) if part)
        text = f"{way}: {one.words}" if one.words else way
        icon = CHANNEL_ICONS.get(one.channel, "message-square")
        lines.append(Line(one.queued_at, icon, one.contact_name, text, chip, tone))
    return lines
