"""What the page reads of the station: what is published, who is on call, and where nobody will be.

`Published` never changes once read, so that calendars may be laid out from it on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.oncall.reading import read_override
from crisisdesk.domain.oncall.schedule import Override
from crisisdesk.domain.oncall.shifts import next_handover
from crisisdesk.domain.oncall.wall import DAY_MS, MINUTE_MS
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.rota import Rota

if TYPE_CHECKING:
    from crisisdesk.domain.contact import Contact
    from crisisdesk.store.queries import StationReader

AHEAD_MS, SOON_MS = 30 * DAY_MS, DAY_MS
_LATEST_MS = 15 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one schedule stands: who is on call until when (UTC ms, None: no change within two
    years), who then, and its gaps of the next 30 days as (from, to)."""

    name: str
    zone: str
    on: tuple[str, ...]
    until_ms: int | None
    then: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]

    @property
    def empty_now(self) -> bool:
        """Whether nobody is on call."""
        return not self.on

    def gap_soon(self, now_ms: int) -> bool:
        """Whether somebody is on call now but not all through the next 24 hours."""
        return bool(self.on) and any(start < now_ms + SOON_MS for start, _ in self.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Everything that counts now. ``versions`` are those of overrides, by what they say;
    ``earlier`` the ids of what counts no more."""

    rota: Rota
    contacts: Mapping[str, Contact]
    versions: tuple[tuple[Override, PolicyVersion], ...]
    earlier: frozenset[str] = frozenset()

    def name_of(self, contact_id: str) -> str:
        """A contact's name; one that is not known stands with its id and says so."""
        found = self.contacts.get(contact_id)
        return f"{contact_id} (unknown)" if found is None else found.name

    def people_of(self, schedule: str) -> set[str]:
        """Ids of all who ever have a turn in a schedule, or an override of it."""
        plan = self.rota.schedules[schedule]
        members = {member for layer in plan.layers for member in layer.members}
        return members | {override.contact for override in self.rota.overrides(schedule)}

    def version_of(self, override: Override) -> PolicyVersion | None:
        """What was published as this override; of two that say the same the newest."""
        same = [version for one, version in self.versions if one == override]
        return same[-1] if same else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is published and how every schedule stands at ``at_ms``, by name."""

    at_ms: int
    published: Published
    standings: tuple[Standing, ...]

    @property
    def due_ms(self) -> int:
        """When it has to be worked out anew: at the next hand-over, when a gap comes within a day,
        at the latest in a quarter of an hour."""
        changes = [s.until_ms for s in self.standings if s.until_ms is not None]
        near = [start - SOON_MS + 1 for s in self.standings for start, _ in s.gaps]
        later = [at for at in (*changes, *near) if at > self.at_ms]
        return min([*later, self.at_ms + _LATEST_MS])

    def trouble(self) -> list[Standing]:
        """Schedules with nobody on call now, or not all through the next 24 hours."""
        return [s for s in self.standings if s.empty_now or s.gap_soon(self.at_ms)]

    def severity(self) -> str:
        """How bad the worst of the trouble is; "" without any."""
        if any(s.empty_now for s in self.standings):
            return "critical"
        return "high" if self.trouble() else ""


def read_published(reader: StationReader) -> Published:
    """What is published, with the station's contacts."""
    versions = reader.policies()
    contacts = {contact.contact_id: contact for contact in reader.contacts()}
    now = {version.version_id for version in current(versions)}
    return Published(
        rota=Rota(versions),
        contacts=contacts,
        versions=overrides_of(versions),
        earlier=frozenset(version.version_id for version in versions) - now,
    )


def overrides_of(versions: list[PolicyVersion]) -> tuple[tuple[Override, PolicyVersion], ...]:
    """The overrides that count now with what was published, the oldest first.

    One that cannot be read is left out: the rota tells of it.
    """
    found = []
    standing = [v for v in current(versions) if v.content.get("kind") == "override"]
    for version in sorted(standing, key=lambda v: (v.published_at, v.version_id)):
        try:
            found.append((read_override(version.content), version))
        except DomainError:
            continue
    return tuple(found)


def outlook(published: Published, now_ms: int) -> Outlook:
    """How every schedule stands."""
    rota = published.rota
    return Outlook(
        at_ms=now_ms,
        published=published,
        standings=tuple(_standing(rota, name, now_ms) for name in sorted(rota.schedules)),
    )


def _standing(rota: Rota, name: str, now_ms: int) -> Standing:
    schedule, overrides = rota.schedules[name], rota.overrides(name)
    change = next_handover(schedule, overrides, now_ms)
    return Standing(
        name=name,
        zone=schedule.zone,
        on=rota.on_call(name, now_ms) or (),
        until_ms=None if change is None else change.at_ms,
        then=() if change is None else change.on,
        gaps=tuple(rota.gaps(name, now_ms, now_ms + AHEAD_MS)),
    )
