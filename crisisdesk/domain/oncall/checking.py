"""What is wrong with a schedule or an override before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.checking import LOOK_AHEAD_MS, Finding
from crisisdesk.domain.oncall.drafts import written
from crisisdesk.domain.oncall.reading import SCHEDULE, read_override, read_schedule
from crisisdesk.domain.oncall.schedule import Override, Schedule
from crisisdesk.domain.oncall.shifts import gaps, shifts
from crisisdesk.domain.oncall.wall import HOUR_MS, wall_ms
from crisisdesk.domain.rota import Rota
from crisisdesk.domain.severity import Severity


def check_rota(
    name: str,
    content: dict[str, Any],
    rota: Rota,
    contacts: Mapping[str, Contact],
    now_ms: int,
) -> list[Finding]:
    """What is wrong with the content of a schedule or an override, held against what counts now.

    Raises Malformed for one that cannot be published.
    """
    if content["kind"] == SCHEDULE:
        schedule = read_schedule(name, content)
        return check_schedule(schedule, rota.overrides(name), contacts, now_ms)
    override = read_override(content)
    known, others = rota.schedules.get(override.schedule), rota.overrides(override.schedule)
    return check_override(override, known, others, contacts, now_ms)


def check_schedule(
    schedule: Schedule,
    overrides: Sequence[Override],
    contacts: Mapping[str, Contact],
    now_ms: int,
) -> list[Finding]:
    """People that cannot be paged, layers that are over, gaps of the next 30 days; errors first.

    ``overrides`` are those that count now.
    """
    found = [
        *_members(schedule, contacts, now_ms),
        *_layers(schedule, now_ms),
        *_gaps(schedule, overrides, now_ms),
    ]
    return sorted(found, key=lambda finding: finding.level != "error")


def check_override(
    override: Override,
    schedule: Schedule | None,
    others: Sequence[Override],
    contacts: Mapping[str, Contact],
    now_ms: int,
) -> list[Finding]:
    """Whether it would change anything, and who steps in can be paged; errors first.

    ``schedule`` is the one it is of, None when there is none; ``others`` are the overrides that
    count now.
    """
    found = _person(override.contact, "contact", contacts, now_ms)
    if schedule is None:
        words = f"there is no schedule {override.schedule}"
        return [*found, Finding(level="error", field="schedule", words=words)]
    if override.end_ms <= now_ms:
        words = "is over already; it changes nothing from now on"
        return [*found, Finding(level="warning", field="to", words=words)]
    span = (override.start_ms, override.end_ms)
    if shifts(schedule, [*others, override], *span) == shifts(schedule, others, *span):
        words = "changes nothing: the same people are on call in that time without it"
        found.append(Finding(level="warning", field="contact", words=words))
    return found


def _members(schedule: Schedule, contacts: Mapping[str, Contact], now_ms: int) -> Iterable[Finding]:
    told: set[str] = set()
    for i, layer in enumerate(schedule.layers):
        for j, member in enumerate(layer.members):
            if member not in told:
                told.add(member)
                yield from _person(member, f"layers[{i}].members[{j}]", contacts, now_ms)


def _person(
    contact_id: str, field: str, contacts: Mapping[str, Contact], now_ms: int
) -> list[Finding]:
    contact = contacts.get(contact_id)
    if contact is None or contact.removed:
        return [Finding(level="error", field=field, words=f"no contact {contact_id} is known")]
    if contact.ways(Severity.CRITICAL, now_ms):
        return []
    words = f"{contact.name} cannot be paged for severity critical"
    return [Finding(level="error", field=field, words=words)]


def _layers(schedule: Schedule, now_ms: int) -> Iterable[Finding]:
    now_wall = wall_ms(schedule.zone, now_ms)
    for i, layer in enumerate(schedule.layers):
        if layer.end_wall is not None and layer.end_wall <= now_wall:
            words = f"{layer.name} is over; nobody is on call by it any more"
            yield Finding(level="warning", field=f"layers[{i}].until", words=words)


def _gaps(schedule: Schedule, overrides: Sequence[Override], now_ms: int) -> Iterable[Finding]:
    found = gaps(schedule, overrides, now_ms, now_ms + LOOK_AHEAD_MS)
    if not found:
        return
    hours = sum(one.length_ms for one in found) / HOUR_MS
    many = "1 gap" if len(found) == 1 else f"{len(found)} gaps"
    first = found[0]
    when = f"{_told(first.start_ms, schedule.zone)} to {_told(first.end_ms, schedule.zone)}"
    words = f"nobody is on call for {hours:.1f} h of the next 30 days ({many}; first {when})"
    yield Finding(level="warning", field="layers", words=words)


def _told(at_ms: int, zone: str) -> str:
    """To the minute: the first gap may begin with the moment that is asked about."""
    return written(at_ms // 60_000 * 60_000, zone)
