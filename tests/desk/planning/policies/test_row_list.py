"""Lists of the page keep what is selected, pass over bands, and leave letters to the desk."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.row_list import RowList, RowPainter, wrapped_height


class Row(NamedTuple):
    key: str
    band: bool = False
    words: str = ""


class Painter(RowPainter[Row]):
    def is_band(self, row: Row) -> bool:
        return row.band


ROWS = [Row("head", band=True), Row("a"), Row("b"), Row("foot", band=True), Row("c")]


@pytest.fixture
def listed(look: Look, qtbot: QtBot) -> RowList[Row]:
    made: RowList[Row] = RowList("Rows", Painter(), lambda row: row.key, lambda row: row.key)
    qtbot.addWidget(made)
    made.resize(200, 400)
    made.show()
    made.show_rows(ROWS)
    return made


def chosen(listed: RowList[Row]) -> str:
    row = listed.selected()
    return row.key if row is not None else ""


def test_bands_are_passed_over(listed: RowList[Row]) -> None:
    listed.focus_row()
    assert chosen(listed) == "a"
    listed.go(2)
    assert chosen(listed) == "c"
    listed.go(5)
    assert chosen(listed) == "c"
    QTest.keyClick(listed, Qt.Key.Key_Up)
    assert chosen(listed) == "b"
    listed.show_rows([])
    listed.go(1)
    assert chosen(listed) == ""


def test_only_moves_by_hand_are_told(listed: RowList[Row], qtbot: QtBot) -> None:
    told: list[str] = []
    listed.moved.connect(lambda: told.append(chosen(listed)))
    assert listed.select("b")
    assert not listed.select("nowhere")
    listed.show_rows([ROWS[0], Row("new"), *ROWS[1:]])
    assert (chosen(listed), told) == ("b", [])
    listed.show_rows([ROWS[0], ROWS[1]])
    assert (chosen(listed), told) == ("", [])
    listed.go(0)
    assert told == ["a"]


def test_enter_opens_and_letters_go_by(listed: RowList[Row]) -> None:
    told: list[str] = []
    listed.entered.connect(lambda: told.append(chosen(listed)))
    listed.select("b")
    QTest.keyClick(listed, Qt.Key.Key_Return)
    QTest.keyClick(listed, Qt.Key.Key_C)
    QTest.keyClick(listed, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (told, chosen(listed)) == (["b"], "b")


def test_ten_thousand_rows_come_and_go(listed: RowList[Row]) -> None:
    many = [Row(str(i)) for i in range(10_000)]
    listed.show_rows(many)
    listed.select("9999")
    listed.show_rows(many[5_000:])
    assert (chosen(listed), listed.rows.rowCount()) == ("9999", 5_000)


def test_words_are_as_high_as_their_lines(look: Look) -> None:
    one, two = wrapped_height("word", 500), wrapped_height("word word word", 30)
    assert two >= 2 * one
