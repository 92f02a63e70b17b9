"""What is wrong with a policy before anybody needs it: a linter over policies, people and weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.escalation.planning import Directory, find, plan
from crisisdesk.domain.escalation.policy import EscalationPolicy, Target
from crisisdesk.domain.escalation.shared_ways import steps_that_hang_on_one
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

LOOK_AHEAD_MS = 30 * 86_400_000
_HOUR_MS = 3_600_000
_SLOW_MS = 30 * 60_000

Level = Literal["error", "warning"]
# (schedule, from, to) -> stretches (from, to) in which nobody is on call, UTC ms.
Gaps = Callable[[str, int, int], Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend. ``field`` is where in the policy; "error" means that nobody is reached."""

    level: Level
    field: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a policy is held against: the people, gaps of schedules, the other policies, and what
    the ways to people depend on (None: that is not looked at)."""

    people: Directory
    gaps: Gaps = lambda _name, _start, _end: ()
    others: Sequence[EscalationPolicy] = field(default=())
    dependencies: Dependencies | None = None


def check(
    policy: EscalationPolicy, around: Surroundings, now_ms: int, severity: str = Severity.CRITICAL
) -> list[Finding]:
    """Everything found, errors first. Moments are looked at from ``now_ms`` for 30 days."""
    found = [
        *_targets(policy, around, now_ms, severity),
        *_gaps(policy, around, now_ms),
        *_channels(policy, around.people, now_ms, severity),
        *_dependencies(policy, around, now_ms, severity),
        *_order(policy, around.others),
        *_pace(policy, around.people, now_ms, severity),
    ]
    return sorted(found, key=lambda finding: finding.level != "error")


def _places(policy: EscalationPolicy) -> list[tuple[str, Target]]:
    listed = [
        (f"steps[{i}].to[{j}]", target)
        for i, step in enumerate(policy.steps)
        for j, target in enumerate(step.targets)
    ]
    return [*listed, *((f"otherwise[{j}]", t) for j, t in enumerate(policy.otherwise))]


def _targets(
    policy: EscalationPolicy, around: Surroundings, now_ms: int, severity: str
) -> list[Finding]:
    """Targets that reach nobody now, and steps of which no target does."""
    found = []
    for where, target in _places(policy):
        if target.kind == "schedule" and around.people.on_call(target.name, now_ms) is not None:
            continue  # whether somebody is on call is a question of the week, not of now
        contacts, why = find([target], severity, around.people, now_ms)
        if not contacts:
            found.append(Finding(level="warning", field=where, words=why))
    for i, step in enumerate(policy.steps):
        contacts, why = find(step.targets, severity, around.people, now_ms)
        if not contacts:
            words = f"reaches nobody now: {why}"
            found.append(Finding(level="warning", field=f"steps[{i}]", words=words))
    everybody, _why = find(policy.otherwise, severity, around.people, now_ms)
    if not everybody:
        words = "nobody would be reached if the steps find nobody"
        found.append(Finding(level="error", field="otherwise", words=words))
    return found


def _gaps(policy: EscalationPolicy, around: Surroundings, now_ms: int) -> list[Finding]:
    found = []
    names = dict.fromkeys(t.name for _where, t in _places(policy) if t.kind == "schedule")
    for name in names:
        gaps = around.gaps(name, now_ms, now_ms + LOOK_AHEAD_MS)
        if gaps:
            hours = sum(end - start for start, end in gaps) / _HOUR_MS
            words = (
                f"nobody is on call by {name} for {hours:.1f} h of the next 30 days"
                f" ({len(gaps)} gap{'s' if len(gaps) > 1 else ''})"
            )
            found.append(Finding(level="warning", field="steps", words=words))
    return found


def _channels(
    policy: EscalationPolicy, people: Directory, now_ms: int, severity: str
) -> list[Finding]:
    """Everything by one channel: whatever takes that out takes every page with it."""
    channels: set[str] = set()
    for taken in plan(policy, severity, people, now_ms, for_ms=LOOK_AHEAD_MS, limit=40):
        for contact_id in taken.contacts:
            channels |= {m.channel for m in people.contacts[contact_id].ways(severity, taken.at)}
    if len(channels) != 1:
        return []
    words = f"every page goes by {channels.pop()}; give somebody a second, unrelated way"
    return [Finding(level="warning", field="steps", words=words)]


def _dependencies(
    policy: EscalationPolicy, around: Surroundings, now_ms: int, severity: str
) -> list[Finding]:
    """Steps and people whom one dependency takes out whole."""
    if around.dependencies is None:
        return []
    found = steps_that_hang_on_one(policy, around.people, around.dependencies, severity, now_ms)
    return [Finding(level="warning", field=where, words=words) for where, words in found]


def _order(policy: EscalationPolicy, others: Sequence[EscalationPolicy]) -> list[Finding]:
    """What is never run: a policy behind one that takes every alert, a step like its neighbour."""
    found = []
    ahead = [
        o for o in others if not o.matching and (o.place, o.name) < (policy.place, policy.name)
    ]
    if ahead:
        words = f"never run: {ahead[0].name} (place {ahead[0].place}) takes every alert before it"
        found.append(Finding(level="error", field="place", words=words))
    for i, (before, step) in enumerate(zip(policy.steps, policy.steps[1:], strict=False), start=1):
        if before.targets == step.targets:
            words = "pages the same as the step before; say repeat instead"
            found.append(Finding(level="warning", field=f"steps[{i}].to", words=words))
    return found


def _pace(policy: EscalationPolicy, people: Directory, now_ms: int, severity: str) -> list[Finding]:
    """Whether a second person is asked soon enough for what is this grave."""
    if SEVERITY_RANK[severity] < SEVERITY_RANK[Severity.CRITICAL]:
        return []
    asked: set[str] = set()
    for taken in plan(policy, severity, people, now_ms, for_ms=_SLOW_MS):
        asked |= set(taken.contacts)
    if len(asked) != 1 or len(people.reachable(severity, now_ms)) < 2:
        return []
    words = f"only one person is paged within {_SLOW_MS // 60_000} min of a {severity} alert"
    return [Finding(level="warning", field="steps", words=words)]


def choose(
    policies: Mapping[str, EscalationPolicy], takes: Callable[[EscalationPolicy], bool]
) -> tuple[str, EscalationPolicy] | None:
    """Of the policies (by version id) that take an alert, that with the lowest place and name."""
    for version_id, policy in sorted(
        policies.items(), key=lambda item: (item[1].place, item[1].name, item[0])
    ):
        if not policy.matching or takes(policy):
            return version_id, policy
    return None
