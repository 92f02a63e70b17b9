"""What can be done on the page, with its keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.planning.page_actions import AWAY, Actions
from crisisdesk.desk.planning.policies.editor import YAML

if TYPE_CHECKING:
    from crisisdesk.desk.planning.policies.page import PoliciesPage
    from crisisdesk.desk.room import Action

_GROUP = "Escalation policies"
_ACTIONS = Actions("policies", _GROUP, "users")


def actions_of(page: PoliciesPage) -> list[Action]:
    """Those on the open policy first; what cannot be done now is greyed with the reason."""
    draft, make = page.book.working(), _ACTIONS.make
    title = draft.name.strip() if draft is not None else ""
    group = f"For {title}" if title else _GROUP
    changes = page.can_change()
    found = []
    if draft is not None:
        add = page.editor.form.add_step
        found = [
            *_ACTIONS.of_open(page, group),
            make("Show as YAML, or as a form", "Y", partial(page.open_tab, YAML), group),
            make("Add a step", "Alt N", add, group, changes, icon="plus"),
            _move("Move the step up", "Alt Up", -1, page, group),
            _move("Move the step down", "Alt Down", 1, page, group),
            *_ACTIONS.of_draft(page, group),
        ]
    here = not page.desk.engine_away()
    return [
        *found,
        make("New policy", "N", page.orders.new, enabled=here, icon="plus"),
        make("Next policy", "J", partial(page.go, 1)),
        make("Previous policy", "K", partial(page.go, -1)),
        make("Filter policies", "/", page.list.filter.setFocus, icon="list-filter"),
        make("Play ahead", "S", page.simulator.plan.focus_row, icon="play"),
        make("Findings", "F", page.simulator.findings.focus_row, icon="triangle-alert"),
    ]


def _move(title: str, keys: str, by: int, page: PoliciesPage, group: str) -> Action:
    """Moving the step that has the keyboard now, also when the palette takes it afterwards."""
    step = page.editor.form.current_step()
    run = partial(page.editor.form.move_step, step, by)
    can = page.can_change()
    why = "put the keyboard on a step first" if can else AWAY
    return _ACTIONS.make(title, keys, run, group, can and step >= 0, why=why)
