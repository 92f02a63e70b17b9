"""What a response plan will do, said before it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident import CRISIS_TYPE_OF
from crisisdesk.domain.playbook.choosing import actions_for, in_force
from crisisdesk.domain.playbook.content import Playbook, read_playbook
from crisisdesk.settings.playbooks import shipped_plans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.store.queries import StationReader

# The choice that leaves the type of crisis to the category.
BY_CATEGORY = "by category"
# The choice of no plan at all.
NO_PLAN = ""


class PlanChoice(NamedTuple):
    """A type of crisis to choose: its name, its words, and its plan, None for one that is written
    in a form that is not known here."""

    name: str
    word: str
    plan: Playbook | None


def read_plans(reader: StationReader) -> list[PlanChoice]:
    """What can be chosen: what comes with the program and what was published, by title."""
    found = []
    for name, one in in_force(reader.policies(), shipped_plans()).items():
        try:
            plan: Playbook | None = read_playbook(name, one.content)
        except Malformed:
            # A newer station's plan: it can be chosen, and what it will do is not known here.
            plan = None
        word = plan.title if plan is not None else name.replace("_", " ").capitalize()
        found.append(PlanChoice(name, word, plan))
    return sorted(found, key=lambda one: (one.word.casefold(), one.name))


def type_of(chosen: str, category: str) -> str:
    """The type of crisis that a choice means for an incident of that category; "" for none."""
    return CRISIS_TYPE_OF.get(category, NO_PLAN) if chosen == BY_CATEGORY else chosen


def will_do(plans: Mapping[str, PlanChoice], name: str, severity: str) -> str:
    """What declaring an incident of that type and severity brings with it, in one line."""
    if not name:
        return "No response plan: no tasks are written down."
    choice = plans.get(name)
    if choice is None:
        return f"No plan is known here for {name.replace('_', ' ')}."
    if choice.plan is None:
        return f"{choice.word}: the plan is of a newer form; the engine says what it brings."
    found = [action for _, action in actions_for(choice.plan, severity)]
    roles = {action.role for action in found if action.role}
    return f"{choice.word}: {_many(len(found), 'task')}, {_many(len(roles), 'role')}."


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
