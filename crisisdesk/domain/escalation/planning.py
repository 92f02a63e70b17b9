"""What an escalation does next: a rule over policy, people and moment; and it played ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.policy import EscalationPolicy, Target
from crisisdesk.domain.severity import Severity

_MINUTE_MS = 60_000
# A step that finds nobody at all gives way this soon; a whole round that did comes again later.
NOBODY_MS = 30_000
NOBODY_ROUND_MS = 5 * _MINUTE_MS
# After the last repeat it goes on all the same: an alert that nobody has is never left alone.
AGAIN_MS: dict[str, int] = {
    Severity.EMERGENCY: 5 * _MINUTE_MS,
    Severity.CRITICAL: 15 * _MINUTE_MS,
    Severity.HIGH: 4 * 60 * _MINUTE_MS,
    Severity.MEDIUM: 4 * 60 * _MINUTE_MS,
    Severity.LOW: 4 * 60 * _MINUTE_MS,
}
# How long the first page waits for an alert that may go away by itself.
WAIT_MS: dict[str, int] = {
    Severity.EMERGENCY: 0,
    Severity.CRITICAL: 0,
    Severity.HIGH: 15_000,
    Severity.MEDIUM: _MINUTE_MS,
    Severity.LOW: _MINUTE_MS,
}
PLAN_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The people as they are now.

    ``on_call`` gives the ids of those on call by a schedule (its name) at a moment (UTC ms), None
    when there is no such schedule.
    """

    contacts: Mapping[str, Contact] = field(default_factory=dict)
    on_call: Callable[[str, int], Sequence[str] | None] = lambda _name, _at: None

    def reachable(self, severity: str, at_ms: int) -> list[str]:
        """Everybody who takes a page of this severity at this moment, by id."""
        return sorted(i for i, c in self.contacts.items() if c.ways(severity, at_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    """One step as it is taken at ``at``: whom it pages, and when the next one is due (UTC ms).

    ``step`` and ``round`` count from 1, ``number`` through all rounds. ``words`` say why others
    than its targets are paged, or nobody; "" when all is as planned.
    """

    number: int
    step: int
    round: int
    at: int
    due: int
    contacts: tuple[str, ...]
    all_hands: bool = False
    words: str = ""


def first_due(severity: str, now_ms: int) -> int:
    """When the first step of an alert of this severity is taken, UTC ms."""
    return now_ms + WAIT_MS[severity]


def take_step(
    policy: EscalationPolicy, number: int, severity: str, people: Directory, at_ms: int
) -> TakenStep:
    """Step ``number`` (from 1) at this moment."""
    index, rounds = (number - 1) % len(policy.steps), (number - 1) // len(policy.steps)
    step = policy.steps[index]
    contacts, words = find(step.targets, severity, people, at_ms)
    if not contacts:
        contacts, _words = find(policy.otherwise, severity, people, at_ms)
        instead = " and ".join(target.words() for target in policy.otherwise)
        words += f"; paged instead: {instead}" if contacts else "; nobody else can be reached"
    is_last = index == len(policy.steps) - 1
    wait_ms = step.wait_ms
    if not contacts:
        wait_ms = min(wait_ms, NOBODY_ROUND_MS if is_last else NOBODY_MS)
    elif is_last and rounds >= policy.repeat:
        wait_ms = max(wait_ms, AGAIN_MS[severity])
    return TakenStep(
        number=number,
        step=index + 1,
        round=rounds + 1,
        at=at_ms,
        due=at_ms + wait_ms,
        contacts=contacts,
        all_hands=step.all_hands and len(contacts) > 1,
        words=words,
    )


def find(
    targets: Sequence[Target], severity: str, people: Directory, at_ms: int
) -> tuple[tuple[str, ...], str]:
    """Whom these targets mean, by id, each once; and in words what was wrong with those in vain."""
    found: dict[str, None] = {}
    wrong: list[str] = []
    for target in targets:
        meant, why = _meant(target, severity, people, at_ms)
        if why:
            wrong.append(why)
        found.update(dict.fromkeys(meant))
    return tuple(found), "; ".join(wrong)


def _meant(target: Target, severity: str, people: Directory, at_ms: int) -> tuple[list[str], str]:
    if target.kind == "everyone":
        everyone = people.reachable(severity, at_ms)
        return everyone, "" if everyone else f"no contact takes pages of severity {severity}"
    if target.kind == "contact":
        named: Sequence[str] = [target.name]
    elif target.kind == "group":
        named = sorted(i for i, c in people.contacts.items() if target.name in c.groups)
        if not named:
            return [], f"nobody is in group {target.name}"
    else:
        on_call = people.on_call(target.name, at_ms)
        if on_call is None:
            return [], f"there is no schedule {target.name}"
        if not on_call:
            return [], f"nobody is on call by {target.name}"
        named = on_call
    ready = [name for name in named if _is_ready(people, name, severity, at_ms)]
    if ready:
        return ready, ""
    return [], f"{_names(named, people)} cannot be paged for severity {severity}"


def _is_ready(people: Directory, contact_id: str, severity: str, at_ms: int) -> bool:
    contact = people.contacts.get(contact_id)
    return contact is not None and bool(contact.ways(severity, at_ms))


def _names(ids: Iterable[str], people: Directory) -> str:
    return ", ".join(people.contacts[i].name if i in people.contacts else i for i in ids)


def plan(
    policy: EscalationPolicy,
    severity: str,
    people: Directory,
    start_ms: int,
    *,
    for_ms: int,
    limit: int = PLAN_LIMIT,
) -> list[TakenStep]:
    """What would happen from ``start_ms`` on if nobody ever answered, minute by minute."""
    taken: list[TakenStep] = []
    at, end = first_due(severity, start_ms), start_ms + for_ms
    while at < end and len(taken) < limit:
        taken.append(take_step(policy, len(taken) + 1, severity, people, at))
        at = taken[-1].due
    return taken
