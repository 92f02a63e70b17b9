"""The rota: the policies, schedules and overrides that count now, read once for each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from crisisdesk.domain import channel_dependencies
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.escalation.checking import choose
from crisisdesk.domain.escalation.planning import Directory, TakenStep, take_step
from crisisdesk.domain.escalation.policy import EVERYONE, EscalationPolicy, read_policy
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.matchers import matches, parse_matchers
from crisisdesk.domain.oncall.reading import read_override, read_schedule
from crisisdesk.domain.oncall.schedule import Override, Schedule
from crisisdesk.domain.oncall.shifts import gaps, on_call
from crisisdesk.domain.outages import sayings
from crisisdesk.domain.policy_version import PolicyVersion, current

T = TypeVar("T")

Reader = Callable[[str, dict[str, Any]], T]


class Rota:
    """What was published, as it can be run. ``problems`` names what cannot be read, in words."""

    def __init__(self, versions: Iterable[PolicyVersion]) -> None:
        self._versions = {v.version_id: v for v in versions}
        self._current = current(self._versions.values())
        self.problems: list[str] = []
        self.escalations = self._read("escalation", read_policy)
        self.schedules: dict[str, Schedule] = {
            schedule.name: schedule for schedule in self._read("schedule", read_schedule).values()
        }
        overrides = self._read("override", lambda _name, content: read_override(content))
        self._overrides: dict[str, list[Override]] = {}
        for override in overrides.values():
            self._overrides.setdefault(override.schedule, []).append(override)
        told = self._read(channel_dependencies.KIND, channel_dependencies.read_dependencies)
        self.dependencies = channel_dependencies.Dependencies(told.values())
        self.sayings = sayings(self._versions.values())

    def _read(self, kind: str, read: Reader[T]) -> dict[str, T]:
        """By version id, the oldest first."""
        of_kind = [v for v in self._current if v.content.get("kind") == kind]
        found: dict[str, T] = {}
        for version in sorted(of_kind, key=lambda v: (v.published_at, v.version_id)):
            try:
                found[version.version_id] = read(version.name, version.content)
            except DomainError as error:
                self.problems.append(
                    f"{kind} {version.name} is not used, it cannot be read: {error}"
                )
        return found

    def policy_for(self, alert: Alert) -> tuple[str, EscalationPolicy]:
        """The (version id, policy) an alert begins with now; the built-in one has the id ""."""

        def takes(policy: EscalationPolicy) -> bool:
            return matches(parse_matchers(policy.matching, "for"), alert)

        return choose(self.escalations, takes) or ("", EVERYONE)

    def pinned(self, version_id: str) -> EscalationPolicy | None:
        """The policy an escalation began with, whatever counts now; None when it cannot be had."""
        if not version_id:
            return EVERYONE
        version = self._versions.get(version_id)
        try:
            return None if version is None else read_policy(version.name, version.content)
        except DomainError:
            return None

    def next_step(self, state: Escalation, severity: str, people: Directory) -> TakenStep | None:
        """What a running escalation does when it is due, if people stay as they are; or None."""
        policy = self.pinned(state.version_id)
        if state.due_at is None or policy is None:
            return None
        return take_step(policy, state.number + 1, severity, people, state.due_at)

    def directory(self, contacts: Mapping[str, Contact]) -> Directory:
        """The people with these contacts."""
        return Directory(contacts=contacts, on_call=self.on_call)

    def on_call(self, schedule: str, at_ms: int) -> tuple[str, ...] | None:
        """Contact ids by a schedule's name at a moment (UTC ms); None for no such schedule."""
        known = self.schedules.get(schedule)
        return None if known is None else on_call(known, self.overrides(schedule), at_ms)

    def gaps(self, schedule: str, start_ms: int, end_ms: int) -> list[tuple[int, int]]:
        """When nobody is on call by it within a range (UTC ms); none for an unknown schedule."""
        known = self.schedules.get(schedule)
        if known is None:
            return []
        found = gaps(known, self.overrides(schedule), start_ms, end_ms)
        return [(shift.start_ms, shift.end_ms) for shift in found]

    def overrides(self, schedule: str) -> Sequence[Override]:
        """Its overrides, the oldest first: a later one stands over an earlier one."""
        return self._overrides.get(schedule, ())
