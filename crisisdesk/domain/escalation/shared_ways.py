"""What takes every way out at once: steps and people all of whose ways share a dependency."""

from __future__ import annotations

from collections.abc import Iterable

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.contact import ContactMethod
from crisisdesk.domain.escalation.planning import Directory, find
from crisisdesk.domain.escalation.policy import EscalationPolicy
from crisisdesk.domain.survivability import listed


def shared(methods: Iterable[ContactMethod], needs: Dependencies) -> tuple[str, ...]:
    """The dependencies that each of these methods needs, in the order of the first one's."""
    found: list[str] | None = None
    for method in methods:
        of = needs.of_method(method)
        found = list(of) if found is None else [name for name in found if name in of]
    return tuple(found or ())


def steps_that_hang_on_one(
    policy: EscalationPolicy, people: Directory, needs: Dependencies, severity: str, at_ms: int
) -> list[tuple[str, str]]:
    """(field, words) for the steps that one dependency takes out whole, those of the same ones
    together; and for each person of several ways whom one takes out, unless that was said of the
    step."""
    steps: dict[tuple[str, ...], list[int]] = {}
    persons: dict[str, tuple[str, str]] = {}
    for index, step in enumerate(policy.steps):
        contacts, _why = find(step.targets, severity, people, at_ms)
        ways = {i: people.contacts[i].ways(severity, at_ms) for i in contacts}
        whole = shared((way for of in ways.values() for way in of), needs)
        if whole:
            steps.setdefault(whole, []).append(index)
        for contact_id, of in ways.items():
            own = [name for name in shared(of, needs) if name not in whole]
            if len(of) > 1 and own:
                words = f"all ways to {people.contacts[contact_id].name} hang on {listed(own)}"
                persons.setdefault(contact_id, (f"steps[{index}]", f"{words}; {_REMEDY}"))
    found = []
    for whole, indexes in steps.items():
        field = f"steps[{indexes[0]}]" if len(indexes) == 1 else "steps"
        numbers = listed([str(index + 1) for index in indexes])
        where = f"step {numbers}" if len(indexes) == 1 else f"steps {numbers}"
        found.append((field, f"everyone in {where} hangs on {listed(whole)}; {_REMEDY}"))
    return [*found, *persons.values()]


_REMEDY = "when that is gone no page arrives: add a way that does not need it"
