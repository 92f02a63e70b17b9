"""Who has an alert, in words: row, detail, the people to hand it to, and what is news."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.alerts.layout import initials, short_name
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.domain.hold_words import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.contact import Contact
    from crisisdesk.domain.station import Station
    from crisisdesk.store.queries import AlertRow

_SHOWN = 4


def same(one: str, other: str) -> bool:
    """Whether two names are one person's; capitals do not matter."""
    return bool(one) and one.casefold() == other.casefold()


# -- the row ---------------------------------------------------------------------------------------


def owner_words(row: AlertRow, since: str, short: bool) -> str:
    """Who has it and until when; where it has no end, since when (``since``, in words)."""
    name = initials(row.owner) if short else short_name(row.owner)
    if row.handed_to:
        return f"{name} → {initials(row.handed_to)}?"
    return f"{name} {since}" if row.hold_until is None else f"{name} until {clock(row.hold_until)}"


def nobody_words(row: AlertRow) -> str:
    """Nobody has it, or nobody has it any more."""
    return f"nobody, was {initials(row.lapsed_by)}" if row.lapsed_by else "nobody"


# -- the line in the detail ------------------------------------------------------------------------


class HandLine(NamedTuple):
    """What the line says: icon, words, smaller words below, and whether it asks this operator."""

    icon: str
    words: str
    below: str
    asks: bool = False


def hand_line(alert: Alert, operator: str, now_ms: int) -> HandLine | None:
    """Who has it, until when and what is offered; None where there is nothing to say of that."""
    if not alert.is_open:
        return None
    if alert.handoff_id:
        return _offer_line(alert, operator, now_ms)
    if alert.acknowledged_at is None:
        if not alert.lapsed:
            return None
        last = alert.lapsed[-1]
        words = f"{last['owner']} had it until {clock(last['until'])} UTC; nobody has it now"
        return HandLine("clock-alert", words, "The acknowledgement ran out unanswered")
    if alert.hold_until is None:
        return None
    words = f"{alert.owner} has it until {clock(alert.hold_until)} UTC{_left(alert, now_ms)}"
    if alert.hold_asked_at is None:
        return HandLine("user-check", words, _renewing(alert, operator))
    if alert.has_it(operator):
        below = "Still on it? T says so. Without an answer others are paged"
        return HandLine("circle-help", words, below, asks=True)
    below = f"Asked at {clock(alert.hold_asked_at)} UTC, no answer yet. Then others are paged"
    return HandLine("circle-help", words, below)


def _offer_line(alert: Alert, operator: str, now_ms: int) -> HandLine:
    until = clock(alert.handoff_until or now_ms)
    keeps = f"{alert.owner} keeps it until then" if alert.owner else "Nobody has it until then"
    below = f"{alert.handoff_by}: {alert.handoff_note}" if alert.handoff_note else keeps
    if same(alert.handoff_to, operator):
        words = f"{alert.handoff_by} asks you to take it over, until {until} UTC"
        return HandLine("arrow-left-right", words, below, asks=True)
    words = f"{alert.handoff_by} offers it to {alert.handoff_to}, until {until} UTC"
    return HandLine("arrow-left-right", words, below)


def _left(alert: Alert, now_ms: int) -> str:
    left_ms = (alert.hold_until or 0) - now_ms
    return f", {format_span(-(-left_ms // 1000))} left" if left_ms > 0 else ", running out"


def _renewing(alert: Alert, operator: str) -> str:
    if not alert.has_it(operator):
        return "Asked before that; without an answer others are paged"
    asked = f"; asked {clock(alert.hold_ask_at)} UTC" if alert.hold_ask_at else ""
    return f"T or any work on it begins the time anew{asked}"


# -- the people ------------------------------------------------------------------------------------


class Person(NamedTuple):
    """Somebody who can be asked; ``way`` says how they are reached, in words."""

    name: str
    way: str


def people_of(contacts: Iterable[Contact], stations: Iterable[Station]) -> list[Person]:
    """The contacts, and whoever sits at a desk and is none of them, by name."""
    found: dict[str, Person] = {}
    for contact in contacts:
        ways = [str(m.get("channel", "")) for m in contact.methods if m.get("enabled", True)]
        way = f"paged by {ways[0]}" if ways and contact.enabled else "cannot be paged"
        found.setdefault(contact.name.casefold(), Person(contact.name, way))
    for station in stations:
        if station.operator:
            where = f"at the desk of {station.name}" if station.name else "at a desk"
            found.setdefault(station.operator.casefold(), Person(station.operator, where))
    return sorted(found.values(), key=lambda person: person.name.casefold())


def matching(people: Sequence[Person], text: str) -> list[Person]:
    """Those who have every word of the text in their name, the exact one first."""
    words = text.casefold().split()
    found = [p for p in people if all(word in p.name.casefold() for word in words)]
    return sorted(found, key=lambda person: not same(person.name, text.strip()))


def found_words(people: Sequence[Person], text: str) -> str:
    """Who is meant by what was typed so far."""
    if not people:
        return "No contact is known and nobody sits at another desk."
    found = matching(people, text)
    if not found:
        return "Nobody here is called that."
    if len(found) == 1 or same(found[0].name, text.strip()):
        return f"{found[0].name}, {found[0].way}."
    names = ", ".join(person.name for person in found[:_SHOWN])
    return f"{names} and {len(found) - _SHOWN} more" if len(found) > _SHOWN else names


def meant(people: Sequence[Person], text: str) -> str:
    """The name that is meant: the exact or only one; else what was typed, for the engine to say."""
    found = matching(people, text) if text.strip() else []
    exact = bool(found) and same(found[0].name, text.strip())
    return found[0].name if exact or len(found) == 1 else text.strip()


# -- news ------------------------------------------------------------------------------------------


class News(NamedTuple):
    """Something this operator must hear of one alert: title, text and severity rank."""

    alert_id: str
    title: str
    body: str
    severity: int


def concerns(row: AlertRow, operator: str) -> bool:
    """Whether this operator has it or is asked to take it."""
    return row.owner == operator != "" or same(row.handed_to, operator)


def news_of(before: AlertRow | None, after: AlertRow, operator: str) -> News | None:
    """What changed for this operator between two rows of one alert, None for nothing."""
    if after.status in ("resolved", "closed"):
        return None
    name = f"{after.service}: {after.title}" if after.service else after.title
    words = _offered(before, after, operator) or _owned(before, after, operator)
    if not words:
        return None
    return News(after.alert_id, words[0], f"{name}. {words[1]}".strip(), after.severity)


def _offered(before: AlertRow | None, after: AlertRow, operator: str) -> tuple[str, str] | None:
    known = before is not None and before.handed_to == after.handed_to
    if known or not same(after.handed_to, operator):
        return None
    return f"{after.owner or 'Somebody'} asks you to take it over", "Y accepts, D declines."


def _owned(before: AlertRow | None, after: AlertRow, operator: str) -> tuple[str, str] | None:
    if before is None or before.owner != operator:
        return None
    if not after.owner:
        return ("Your acknowledgement ran out", "Others are paged.") if _ran_out(after) else None
    if after.owner != operator:
        return f"{after.owner} took it over", "It is not yours any more."
    if after.hold_asked_at is not None and before.hold_asked_at is None:
        until = after.hold_until
        ends = "" if until is None else f"It runs out at {clock(until)} UTC."
        return "Still on it? T says so", ends
    if before.handed_to and not after.handed_to:
        return f"{before.handed_to} has not taken it", "It stays with you."
    return None


def _ran_out(row: AlertRow) -> bool:
    return bool(row.lapsed_by)
