"""What can be done on the page of rules, with its keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.planning.page_actions import Actions
from crisisdesk.desk.planning.rules.starters import KEYS, STARTERS
from crisisdesk.desk.planning.rules.words import KIND_WORDS

if TYPE_CHECKING:
    from crisisdesk.desk.planning.rules.page import RulesPage
    from crisisdesk.desk.room import Action

_GROUP = "Rules"
_ACTIONS = Actions("rules", _GROUP, "map")


def actions_of(page: RulesPage) -> list[Action]:
    """Those on the open rule first; what cannot be done now is greyed with the reason."""
    here, make = not page.is_away(), _ACTIONS.make
    found = _of_open(page)
    for kind in STARTERS:
        title = f"New rule: {KIND_WORDS[kind].lower()}"
        # Their letters mean this only while the page asks for the kind.
        keys = KEYS[kind] if page.is_choosing() else ""
        found.append(make(title, keys, partial(page.begin, kind), enabled=here, icon="plus"))
    if page.is_choosing():
        found.append(make("Back to the open rule", "Esc", page.choose_nothing))
    return [
        *found,
        make("New rule", "N", page.choose, enabled=here, icon="plus"),
        make("Next rule", "J", partial(page.go, 1)),
        make("Rule before", "K", partial(page.go, -1)),
        make("Filter rules", "/", page.list.filter.setFocus, icon="list-filter"),
        make("Findings", "F", page.side.findings.focus_row, icon="triangle-alert"),
    ]


def _of_open(page: RulesPage) -> list[Action]:
    draft = page.book.working()
    if draft is None or page.editor.is_empty():
        return []
    group = f"For {draft.name.strip()}" if draft.name.strip() else _GROUP
    return [*_ACTIONS.of_open(page, group), *_ACTIONS.of_draft(page, group)]
