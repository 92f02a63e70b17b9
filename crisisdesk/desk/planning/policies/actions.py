"""What can be done on the page, with its keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.planning.policies.editor import HISTORY, YAML
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.page import PoliciesPage

_GROUP = "Escalation policies"
_AWAY = "the engine is away"


def actions_of(page: PoliciesPage) -> list[Action]:
    """Those on the open policy first; what cannot be done now is greyed with the reason."""
    draft = page.book.working()
    title = draft.name.strip() if draft is not None else ""
    group = f"For {title}" if title else _GROUP
    changes = page.can_change()
    form = page.editor.form
    step = form.current_step()
    found = []
    if draft is not None:
        found = [
            _action("Publish", "Ctrl Enter", page.orders.publish, group, changes, icon="upload"),
            _action("Edit", "E", page.edit, group),
            _action("Show as YAML, or as a form", "Y", partial(page.open_tab, YAML), group),
            _action("Show its versions", "H", partial(page.open_tab, HISTORY), group),
            _action("Add a step", "Alt N", form.add_step, group, changes, icon="plus"),
            _action(
                "Move the step up", "Alt Up", partial(form.move_step, step, -1), group, changes
            ),
            _action(
                "Move the step down", "Alt Down", partial(form.move_step, step, 1), group, changes
            ),
            _action("Duplicate", "D", page.orders.duplicate, group, changes, icon="copy"),
        ]
        if page.book.is_draft():
            found.append(
                _action(
                    "Discard the draft", "X", page.orders.discard, group, changes, icon="trash-2"
                )
            )
        if page.book.counts() is not None:
            found.append(
                _action("Withdraw", "W", page.orders.withdraw, group, changes, icon="undo-2")
            )
        if page.editor.tab() == HISTORY and page.editor.history.can_publish_again():
            again = page.editor.history.publish.click
            found.append(_action("Publish this version again", "P", again, group, changes))
    away = page.desk.engine_away()
    return [
        *found,
        _action("New policy", "N", page.orders.new, _GROUP, not away, icon="plus"),
        _action("Next policy", "J", partial(page.go, 1)),
        _action("Previous policy", "K", partial(page.go, -1)),
        _action("Filter policies", "/", page.list.filter.setFocus, icon="list-filter"),
        _action("Play ahead", "S", page.simulator.plan.focus_row, icon="play"),
        _action("Findings", "F", page.simulator.findings.focus_row, icon="triangle-alert"),
    ]


def _action(
    title: str,
    keys: str,
    run: Callable[[], None],
    group: str = _GROUP,
    enabled: bool = True,
    *,
    icon: str = "users",
) -> Action:
    return Action(
        key=f"policies {title}",
        title=title,
        keys=keys,
        run=run,
        group=group,
        enabled=enabled,
        detail="" if enabled else _AWAY,
        icon=icon,
    )
