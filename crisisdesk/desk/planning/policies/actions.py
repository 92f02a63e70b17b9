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
    found = []
    if draft is not None:
        found = [
            _action(
                "Publish",
                "Ctrl Enter",
                page.orders.publish,
                group,
                changes and page.standing.can_publish,
                icon="upload",
                why=_AWAY if not changes else "it is published as it stands",
            ),
            _action("Edit", "E", page.edit, group),
            _action("Show as YAML, or as a form", "Y", partial(page.open_tab, YAML), group),
            _action("Show its versions", "H", partial(page.open_tab, HISTORY), group),
            _action("Add a step", "Alt N", form.add_step, group, changes, icon="plus"),
            _move("Move the step up", "Alt Up", -1, page, group),
            _move("Move the step down", "Alt Down", 1, page, group),
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


def _move(title: str, keys: str, by: int, page: PoliciesPage, group: str) -> Action:
    """Moving the step that has the keyboard now, also when the palette takes it afterwards."""
    step = page.editor.form.current_step()
    run = partial(page.editor.form.move_step, step, by)
    why = "put the keyboard on a step first" if page.can_change() else _AWAY
    return _action(title, keys, run, group, page.can_change() and step >= 0, why=why)


def _action(
    title: str,
    keys: str,
    run: Callable[[], None],
    group: str = _GROUP,
    enabled: bool = True,
    *,
    icon: str = "users",
    why: str = _AWAY,
) -> Action:
    return Action(
        key=f"policies {title}",
        title=title,
        keys=keys,
        run=run,
        group=group,
        enabled=enabled,
        detail="" if enabled else why,
        icon=icon,
    )
