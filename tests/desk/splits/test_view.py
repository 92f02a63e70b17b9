"""The list of a split keeps its place and passes what cannot be selected."""

from __future__ import annotations

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
