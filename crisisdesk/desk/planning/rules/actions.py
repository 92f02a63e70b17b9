"""What can be done on the page of rules, with its keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.planning.policies.file_editor import HISTORY
from crisisdesk.desk.planning.rules.starters import KEYS, STARTERS
from crisisdesk.desk.planning.rules.words import KIND_WORDS
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.rules.page import RulesPage

_GROUP = "Rules"
_AWAY = "the engine is away"


def actions_of(page: RulesPage) -> list[Action]:
    """Those on the open rule first; what cannot be done now is greyed with the reason."""
    away = page.is_away()
    found = _of_open(page)
    for kind in STARTERS:
        title = f"New rule: {KIND_WORDS[kind].lower()}"
        # Their letters mean this only while the page asks for the kind.
        keys = KEYS[kind] if page.is_choosing() else ""
        found.append(_action(title, keys, partial(page.begin, kind), _GROUP, not away, icon="plus"))
    if page.is_choosing():
        found.append(_action("Back to the open rule", "Esc", page.choose_nothing))
    return [
        *found,
        _action("New rule", "N", page.choose, _GROUP, not away, icon="plus"),
        _action("Next rule", "J", partial(page.go, 1)),
        _action("Rule before", "K", partial(page.go, -1)),
        _action("Filter rules", "/", page.list.filter.setFocus, icon="list-filter"),
        _action("Findings", "F", page.side.findings.focus_row, icon="triangle-alert"),
    ]


def _of_open(page: RulesPage) -> list[Action]:
    draft = page.book.working()
    if draft is None or page.editor.is_empty():
        return []
    group = f"For {draft.name.strip()}" if draft.name.strip() else _GROUP
    changes, orders = page.can_change(), page.orders
    why = _AWAY if not changes else "it is published as it stands"
    publish = changes and page.standing.can_publish
    found = [
        _action("Publish", "Ctrl Enter", orders.publish, group, publish, icon="upload", why=why),
        _action("Edit", "E", page.edit, group),
        _action("Show its versions", "H", partial(page.open_tab, HISTORY), group),
        _action("Duplicate", "D", orders.duplicate, group, changes, icon="copy"),
    ]
    if page.book.is_draft():
        found.append(
            _action("Discard the draft", "X", orders.discard, group, changes, icon="trash-2")
        )
    if page.standing.counts:
        found.append(_action("Withdraw", "W", orders.withdraw, group, changes, icon="undo-2"))
    if page.editor.tab() == HISTORY and page.editor.history.can_publish_again():
        again = page.editor.history.publish.click
        found.append(_action("Publish this version again", "P", again, group, changes))
    return found


def _action(
    title: str,
    keys: str,
    run: Callable[[], None],
    group: str = _GROUP,
    enabled: bool = True,
    *,
    icon: str = "map",
    why: str = _AWAY,
) -> Action:
    return Action(
        key=f"rules {title}",
        title=title,
        keys=keys,
        run=run,
        group=group,
        enabled=enabled,
        detail="" if enabled else why,
        icon=icon,
    )
