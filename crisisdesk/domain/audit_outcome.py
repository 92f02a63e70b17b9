"""What the weekly audit found, as an alert tells it: who may be paged and has no proven way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crisisdesk.domain.audit_week import DAY_MS, WEEK_MS
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.oncall.shifts import shifts
from crisisdesk.domain.reachability import Audit, Audited
from crisisdesk.domain.rota import Rota
from crisisdesk.domain.severity import Severity

# The source and key of its alert.
SOURCE, KEY = "reachability", "audit"
NAMED = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Somebody without a proven way. ``from_ms`` (UTC) is when they are on call first within the
    week, None where no schedule says who is."""

    name: str
    why: str
    from_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many were looked at, and who of them has no proven way, the next on call first.

    ``by_schedule`` says that they are those on call within the week; else they are everybody.
    """

    people: int
    unproven: tuple[Unproven, ...]
    by_schedule: bool
    at: int

    @property
    def title(self) -> str:
        """ "Reachability: 2 of 9 on-call people have no proven way"."""
        return f"Reachability: {self.headline}"

    @property
    def headline(self) -> str:
        """ "2 of 9 on-call people have no proven way"; "all 9 on-call people have a proven way"."""
        on_call = "on-call " if self.by_schedule else ""
        whole = f"{self.people} {on_call}{'person' if self.people == 1 else 'people'}"
        if not self.people:
            return f"there are no {on_call}people"
        if self.unproven:
            return f"{len(self.unproven)} of {whole} {_has(len(self.unproven))} no proven way"
        return f"{'all ' if self.people > 1 else ''}{whole} {_has(self.people)} a proven way"

    @property
    def severity(self) -> Severity:
        """Medium when one of them is on call within a day, or nobody is left; else low."""
        soon = any(u.from_ms is not None and u.from_ms < self.at + DAY_MS for u in self.unproven)
        return Severity.MEDIUM if soon or len(self.unproven) == self.people else Severity.LOW

    @property
    def description(self) -> str:
        """Who and why, a line each, and what mends it."""
        lines = [f"{one.name}{self._on_call(one)}: {one.why}" for one in self.unproven[:NAMED]]
        if (more := len(self.unproven) - NAMED) > 0:
            lines.append(f"and {more} more; crisisdesk reachability names all")
        lines.append("A test page that is taken is a proof. This ends when everybody has one.")
        return "\n".join(lines)

    def _on_call(self, one: Unproven) -> str:
        if one.from_ms is None:
            return ""
        if one.from_ms <= self.at:
            return " (on call now)"
        at = _EPOCH + timedelta(milliseconds=one.from_ms)
        return f" (on call from {at:%a} {at.day} {at:%b %H:%M} UTC)"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def on_call_within(rota: Rota, now_ms: int, within_ms: int = WEEK_MS) -> dict[str, int]:
    """Who is on call by any schedule from now on, by contact id, with the moment (UTC ms) at which
    that begins, now for those who are already."""
    found: dict[str, int] = {}
    for name, schedule in rota.schedules.items():
        for shift in shifts(schedule, rota.overrides(name), now_ms, now_ms + within_ms):
            for contact_id in shift.contacts:
                found[contact_id] = min(shift.start_ms, found.get(contact_id, shift.start_ms))
    return found


def outcome(audit: Audit, rota: Rota, contacts: Iterable[Contact], now_ms: int) -> Outcome:
    """Of ``audit`` those on call within a week; everybody where no schedule has anybody then."""
    people = {one.contact_id: one for one in audit.people}
    on_call = on_call_within(rota, now_ms)
    if not on_call:
        lost = [Unproven(name=p.name, why=_why(p)) for p in audit.people if not p.is_proven]
        return Outcome(people=len(people), unproven=tuple(lost), by_schedule=False, at=now_ms)
    known = {one.contact_id: one for one in contacts}
    lost = [
        _on_call_in_vain(contact_id, from_ms, people, known)
        for contact_id, from_ms in on_call.items()
        if contact_id not in people or not people[contact_id].is_proven
    ]
    lost.sort(key=lambda one: (one.from_ms or 0, one.name))
    return Outcome(people=len(on_call), unproven=tuple(lost), by_schedule=True, at=now_ms)


def _on_call_in_vain(
    contact_id: str, from_ms: int, people: Mapping[str, Audited], known: Mapping[str, Contact]
) -> Unproven:
    if (one := people.get(contact_id)) is not None:
        return Unproven(name=one.name, why=_why(one), from_ms=from_ms)
    if (contact := known.get(contact_id)) is not None and not contact.removed:
        return Unproven(name=contact.name, why="is switched off", from_ms=from_ms)
    return Unproven(name=contact_id, why="is in no contact list any more", from_ms=from_ms)


def _why(one: Audited) -> str:
    return "; ".join(one.findings[:2]) or "nothing that was sent to them is known to have arrived"
