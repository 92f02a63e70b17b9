"""Reads the page of rules from the station's file: what is published, and what a draft would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.times import utc_minute
from crisisdesk.desk.planning.rules.words import standing
from crisisdesk.domain.correlation.rehearsal import WEEK_MS, played
from crisisdesk.domain.correlation.rule import BUILT_IN, KIND, content_of, read_rule
from crisisdesk.domain.inhibition import READERS
from crisisdesk.domain.inhibition_check import check_rule
from crisisdesk.domain.policy_version import PolicyVersion, current

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.domain.correlation.rehearsal import Proposal
    from crisisdesk.domain.escalation.checking import Finding
    from crisisdesk.store.queries import StationReader

# What other pages are about: two of this room, the channel map, and the context of an alert.
ELSEWHERE = frozenset(
    {"escalation", "schedule", "override", "outage", "catalogue", "change-mapping", "playbook"}
)
_SHOWN = 5


def ident_of(name: str, content: Content) -> str:
    """What tells a rule from all others: its kind and its name."""
    return f"{content.get('kind', '')} {name}"


class KnownRules(NamedTuple):
    """``versions`` are all that were published, the oldest first. ``current`` has those that count
    by `ident_of`; a built-in one, while none of its name is published, has no ``version_id``.
    ``standings`` say of each of these how it stands, and what it says."""

    versions: tuple[PolicyVersion, ...]
    current: dict[str, PolicyVersion]
    standings: dict[str, tuple[str, str]]

    def of_name(self, name: str) -> list[PolicyVersion]:
        """The versions of one ident, the newest first."""
        return [v for v in reversed(self.versions) if ident_of(v.name, v.content) == name]

    def ids(self) -> frozenset[str]:
        """Every version there ever was."""
        return frozenset(v.version_id for v in self.versions)

    def ident(self, name: str, content: Content, /) -> str:
        """As `ident_of`."""
        return ident_of(name, content)


NO_RULES = KnownRules((), {}, {})


class Looked(NamedTuple):
    """What there is to say of a draft: sentences, and what is wrong with it."""

    told: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def known_of(versions: Iterable[PolicyVersion]) -> KnownRules:
    """The rules among everything that was published."""
    rules = tuple(v for v in versions if v.content.get("kind") not in ELSEWHERE)
    now = {ident_of(v.name, v.content): v for v in current(rules)}
    for rule in BUILT_IN:
        content = content_of(rule)
        plain = PolicyVersion(version_id="", name=rule.name, content=content, published_at=0)
        now.setdefault(ident_of(rule.name, content), plain)
    standings = {ident: standing(v.name, v.content) for ident, v in now.items()}
    return KnownRules(rules, now, standings)


def read_rules(reader: StationReader) -> KnownRules:
    """The rules as the file has them."""
    return known_of(reader.policies())


def look_at(reader: StationReader, name: str, content: Content, now_ms: int) -> Looked:
    """What a rule that can be published would have done, or what is wrong with it."""
    kind = str(content.get("kind", ""))
    if (read := READERS.get(kind)) is not None:
        services = reader.quieting().services()
        return Looked(findings=tuple(check_rule(read(name, content), services)))
    if kind == KIND:
        rule = read_rule(name, content)
        if not rule.disabled:
            return Looked(_proposals(played(rule, reader.fired_since(now_ms - WEEK_MS))))
    return Looked()


def _proposals(found: list[Proposal]) -> tuple[str, ...]:
    times = "once" if len(found) == 1 else f"{len(found)} times" if found else "never"
    told = [f"In the last 7 days it would have proposed an incident {times}."]
    for one in reversed(found[-_SHOWN:]):
        group = ", ".join(f"{name} {value}" for name, value in one.group)
        told.append(f"{utc_minute(one.opened_at)}: {one.alerts} alerts, {group}")
    return tuple(told)
