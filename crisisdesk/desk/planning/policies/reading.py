"""Reads the page from the station's file: what is published, whom it can name, and its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.escalation.checking import Finding, Surroundings, check
from crisisdesk.domain.escalation.policy import EVERYONE, KIND
from crisisdesk.domain.matchers import parse_matchers
from crisisdesk.domain.policy_version import current
from crisisdesk.domain.rehearsal import Rehearsal, by_id, rehearse, surroundings
from crisisdesk.domain.rehearsal_reading import gone_at
from crisisdesk.domain.rota import Rota

if TYPE_CHECKING:
    from crisisdesk.domain.contact import Contact
    from crisisdesk.domain.escalation.policy import EscalationPolicy
    from crisisdesk.domain.policy_version import PolicyVersion
    from crisisdesk.store.queries import StationReader

BUILT_IN = EVERYONE.name


class Known(NamedTuple):
    """What the page stands on. ``versions`` are those of escalation policies, the oldest first;
    ``current`` has the one that counts by name. ``findings`` are what the linter says now of each
    of these, and of the built-in one under ""."""

    versions: tuple[PolicyVersion, ...]
    current: dict[str, PolicyVersion]
    findings: dict[str, tuple[Finding, ...]]
    contacts: dict[str, Contact]
    schedules: tuple[str, ...]
    groups: tuple[str, ...]

    def of_name(self, name: str) -> list[PolicyVersion]:
        """Its versions, the newest first."""
        return [v for v in reversed(self.versions) if v.name == name]

    def ident(self, name: str, _content: object, /) -> str:
        """What tells one from all others: its name, as all are of one kind."""
        return name

    def ids(self) -> frozenset[str]:
        """Every version there ever was."""
        return frozenset(v.version_id for v in self.versions)


NOTHING = Known((), {}, {}, {}, (), ())


class Played(NamedTuple):
    """A draft played ahead, with the people it names and how many open alerts it fits now."""

    rehearsal: Rehearsal
    contacts: dict[str, Contact]
    fits: int


def read_known(reader: StationReader, now_ms: int) -> Known:
    """All of it, as it stands at ``now_ms`` (UTC)."""
    everything = reader.policies()
    rota, contacts = Rota(everything), by_id(reader.contacts())
    findings: dict[str, tuple[Finding, ...]] = {}
    for one in rota.escalations.values():
        findings[one.name] = tuple(check(one, surroundings(one, rota, contacts), now_ms))
    # That others are taken before the built-in one is no fault of it.
    alone = Surroundings(people=rota.directory(contacts), dependencies=rota.dependencies)
    findings[""] = tuple(check(EVERYONE, alone, now_ms))
    now = {v.name: v for v in current(everything) if v.content.get("kind") == KIND}
    for name in now.keys() - findings.keys():
        words = "cannot be read, so it is never used"
        findings[name] = (Finding(level="error", field="content", words=words),)
    present = [c for c in contacts.values() if not c.removed]
    return Known(
        versions=tuple(v for v in everything if v.content.get("kind") == KIND),
        current=now,
        findings=findings,
        contacts=contacts,
        schedules=tuple(sorted(rota.schedules)),
        groups=tuple(sorted({group for c in present for group in c.groups})),
    )


def play(
    reader: StationReader, policy: EscalationPolicy, severity: str, at_ms: int, hours: int
) -> Played:
    """Play it ahead among what is published now, around what is out at its beginning."""
    known = reader.board().known(at_ms, measured=False)
    contacts, rota = by_id(known.contacts), Rota(known.versions)
    out = gone_at(known, at_ms)
    told = rehearse(policy, rota, contacts, at_ms, severity=severity, hours=hours, out=out)
    if policy is EVERYONE:
        # That others are taken before it is how it is meant.
        mend = [finding for finding in told.findings if finding.field != "place"]
        told = told._replace(findings=mend)
    fits, _ = reader.would_hide(parse_matchers(policy.matching, "for"), 1)
    return Played(told, contacts, fits)
