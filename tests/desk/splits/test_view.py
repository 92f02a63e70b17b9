"""The list of a split keeps its place and passes what cannot be selected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.splits.lines import lines_of
from crisisdesk.desk.splits.reading import Page
from crisisdesk.desk.splits.view import SplitList

from tests.desk.splits.conftest import CUT

pytestmark = [CUT, pytest.mark.usefixtures("look")]


def key(view: SplitList) -> str:
    line = view.selected()
    return "" if line is None else line.key.partition(" ")[0]


def test_it_moves_over_heads_and_stays_where_it_was(page: Page, qtbot: QtBot) -> None:
    view = SplitList()
    qtbot.addWidget(view)
    view.resize(1228, 500)
    view.show_lines(lines_of(page, set()))
    assert key(view) == "decide"
    keys = []
    for _ in range(6):
        keys.append(key(view))
        view.go(1)
    assert keys == ["decide", "decide", "both", "mine", "theirs", "theirs"]
    view.go(-1)
    before = view.selected()
    view.show_lines(lines_of(page, {"mine"}))
    after = view.selected()
    assert before is not None
    assert after is not None
    assert before.key == after.key == "mine"
    with qtbot.waitSignal(view.widened) as told:
        view.resize(900, 500)
        view.show()
    assert 0 < told.args[0] <= 900


def test_after_a_decision_the_next_one_is_selected(page: Page, qtbot: QtBot) -> None:
    view = SplitList()
    qtbot.addWidget(view)
    lines = lines_of(page, set())
    view.show_lines(lines)
    first, second = (line for line in lines if line.wants_decision)
    assert view.selected() == first
    view.show_lines([line for line in lines if line is not first])
    assert view.selected() == second


def test_what_was_decided_last_stays_selected_in_its_new_band(page: Page, qtbot: QtBot) -> None:
    view = SplitList()
    qtbot.addWidget(view)
    lines = lines_of(page, set())
    first = next(line for line in lines if line.wants_decision)
    calm = [line for line in lines if line.item is None or not line.wants_decision]
    view.show_lines([first, *calm])
    assert first.item is not None
    settled = first._replace(
        key=f"both {first.item.subject}", item=replace(first.item, findings=())
    )
    view.show_lines([*calm, settled])
    assert view.selected() == settled


def test_what_was_unfolded_comes_into_view(page: Page, qtbot: QtBot) -> None:
    view = SplitList()
    qtbot.addWidget(view)
    view.resize(1228, 260)
    view.show()
    view.show_lines(lines_of(page, {"theirs"}))
    band = view.lines.index_of("theirs")
    view.setCurrentIndex(band)
    view.scrollTo(band)
    last = view.lines.index(view.lines.rowCount() - 1, 0)
    assert not view.viewport().rect().contains(view.visualRect(last))
    view.reveal_below()
    for index in (band, last):
        assert view.viewport().rect().contains(view.visualRect(index))


def test_its_lines_are_as_wide_as_what_is_seen(page: Page, qtbot: QtBot) -> None:
    view = SplitList()
    qtbot.addWidget(view)
    view.resize(1388, 300)
    view.show()
    view.show_lines(lines_of(page, set()))
    qtbot.waitUntil(view.verticalScrollBar().isVisible)
    view.show_lines([line for line in lines_of(page, set()) if line.item is None])
    qtbot.waitUntil(lambda: not view.verticalScrollBar().isVisible())
    told: list[int] = []
    view.widened.connect(told.append)
    view.painter_of_lines.width = 1380
    view.viewport().update()
    qtbot.waitUntil(lambda: told == [view.viewport().width()])
    assert view.painter_of_lines.width == view.viewport().width()
