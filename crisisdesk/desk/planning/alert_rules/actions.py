"""What can be done on the page of alert rules, with its keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.planning.alert_rules.bench_input import STRETCHES
from crisisdesk.desk.planning.alert_rules.lines import is_active
from crisisdesk.desk.planning.alert_rules.starters import KEYS, TYPE_WORDS
from crisisdesk.desk.planning.page_actions import AWAY, Actions
from crisisdesk.desk.planning.policies.file_editor import YAML
from crisisdesk.domain.detection.conditions import TYPES

if TYPE_CHECKING:
    from crisisdesk.desk.planning.alert_rules.page import AlertRulesPage
    from crisisdesk.desk.room import Action

_GROUP = "Alert rules"
_BENCH = "Test bench"
_ACTIONS = Actions("alert rules", _GROUP, "bell-ring")


def actions_of(page: AlertRulesPage) -> list[Action]:
    """Those on the open rule first; what cannot be done now is greyed with the reason."""
    here, make = not page.is_away(), _ACTIONS.make
    found = _of_open(page)
    for one in TYPES:
        title = f"New alert rule: {TYPE_WORDS[one].lower()}"
        # Their letters mean this only while the page asks for the type.
        keys = KEYS[one] if page.is_choosing() else ""
        found.append(make(title, keys, partial(page.begin, one), enabled=here, icon="plus"))
    if page.is_choosing():
        found.append(make("Back to the open rule", "Esc", page.choose_nothing))
    return [
        *found,
        make("New alert rule", "N", page.choose, enabled=here, icon="plus"),
        make("Next rule", "J", partial(page.go, 1)),
        make("Rule before", "K", partial(page.go, -1)),
        make("Filter rules", "/", page.list.filter.setFocus, icon="list-filter"),
    ]


def _of_open(page: AlertRulesPage) -> list[Action]:
    draft = page.book.working()
    if draft is None or page.editor.is_empty():
        return []
    group = f"For {draft.name.strip()}" if draft.name.strip() else _GROUP
    make, counts = _ACTIONS.make, page.book.counts()
    found = [
        *_ACTIONS.of_open(page, group),
        make("Show as YAML, or as a form", "Y", partial(page.open_tab, YAML), group),
    ]
    if counts is not None:
        word = "off" if is_active(counts.content) else "on"
        changes, busy = page.can_change(), page.publisher.busy
        why = "another change is being saved" if changes and busy else AWAY
        can = changes and not busy
        found.append(make(f"Switch it {word}", "O", page.switch, group, can, why=why))
    return [*found, *_ACTIONS.of_draft(page, group, "Remove"), *_bench(page)]


def _bench(page: AlertRulesPage) -> list[Action]:
    make, pane, bench = _ACTIONS.make, page.pane, page.bench
    found = [make("Try it", "T", bench.run, _BENCH, icon="play")]
    if bench.running:
        found.append(make("Stop the trial", "Shift T", bench.stop, _BENCH))
    found += [
        make(f"Try it on the last {one.word}", f"Alt {number}", partial(pane.choose, one.key),
             _BENCH, icon="play")
        for number, one in enumerate(STRETCHES, start=1)
    ]  # fmt: skip
    typed = partial(pane.choose, "typed")
    return [
        *found,
        make("Try it on a CSV file…", "Alt 5", pane.choose_file, _BENCH, icon="play"),
        make("Try it on typed samples", "Alt 6", typed, _BENCH, icon="play"),
        make("Where it would have fired", "F", pane.spans.focus_row, _BENCH),
        make("Next series of the chart", "S", pane.next_series, _BENCH, icon="chart-line"),
    ]
