"""The left side: order, filter, both lists, what is said when empty."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.board_pane import (
    NO_SERVICE_MATCH,
    NO_SOURCE,
    NO_SOURCE_MATCH,
    SOURCES,
    BoardPane,
)
from crisisdesk.desk.health.board_reading import BoardFound
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.service_board.judging import Board, ServiceLine, ServiceState

from tests.desk.health.conftest import Seated, press


def test_the_worst_stands_first_and_the_counts_above(seated: Seated) -> None:
    seated.bench.fire(1, service="shop", severity="critical")
    seated.bench.fire(2, service="db", severity="medium")
    seated.bench.fire(3, service="", severity="low")
    seated.look()
    pane = seated.room.beside.pane
    assert seated.names() == ["shop", "db", "mail"]
    assert pane.head.accessibleName() == "1 down, 1 degraded 1 of no service"
    said = pane.services.lines.data(pane.services.lines.index(0, 0), Qt.ItemDataRole.DisplayRole)
    assert said.startswith("shop, down for 0 s, needs db, which is degraded, 1 critical")


def test_the_order_is_held_while_the_keyboard_is_in_the_list(seated: Seated) -> None:
    pane = seated.room.beside.pane
    press(seated.room, "B")
    assert pane.services.hasFocus()
    held = seated.names()
    seated.bench.fire(1, service=held[-1], severity="critical")
    seated.bench.fire(2, service="new one", severity="critical")
    seated.look()
    assert seated.names() == [*held, "new one"]
    assert pane.moved
    press(seated.room, "U")
    assert set(seated.names()[:2]) == {held[-1], "new one"}
    assert pane.moved == 0
    assert "U" not in {action.keys for action in seated.room.actions()}
    seated.bench.fire(3, service="mail", severity="emergency")
    seated.room.setFocus()
    seated.look()
    assert seated.names()[0] == "mail"


def test_the_filter_leaves_what_has_its_words(seated: Seated) -> None:
    pane = seated.room.beside.pane
    seated.room.filter.setText("kim")
    assert seated.names() == ["db"]
    seated.room.filter.setText("nothing such")
    assert pane.pages.view == NO_SERVICE_MATCH
    pane.pages.asked.emit("all")
    assert seated.room.filter.text() == ""
    assert len(seated.names()) == 3


def test_when_the_chosen_one_is_gone_nothing_is_chosen(seated: Seated) -> None:
    pane = seated.room.beside.pane
    pane.select("mail")
    chosen: list[bool] = []
    pane.chosen.connect(lambda: chosen.append(pane.chosen_line() is None))
    seated.room.filter.setText("kim")
    assert seated.names() == ["db"]
    assert pane.chosen_line() is None
    assert chosen == [True]
    assert seated.room.beside.about() is None
    pane.select("db")
    seated.bench.fire(1, service="db", severity="critical")
    seated.look()
    line = pane.chosen_line()
    assert isinstance(line, ServiceLine)
    assert str(line.state) == "down"


def test_sources_have_a_list_of_their_own(seated: Seated) -> None:
    pane = seated.room.beside.pane
    press(seated.room, "S")
    assert pane.pages.view == NO_SOURCE
    found = seated.bench.declare("db", name="pg")
    seated.bench.look(found)
    seated.look()
    assert pane.pages.view is None
    assert pane.head.accessibleName() == "1 fresh"
    seated.look(20_000)
    assert pane.head.accessibleName() == "1 late"
    seated.room.filter.setText("web")
    assert pane.pages.view == NO_SOURCE_MATCH


def test_esc_lets_go_of_what_is_selected(seated: Seated) -> None:
    pane = seated.room.beside.pane
    press(seated.room, "B")
    assert pane.chosen_line() is not None
    QTest.keyClick(pane.services, Qt.Key.Key_Escape)
    assert pane.chosen_line() is None
    assert pane.side() != SOURCES


def test_ten_thousand_services_are_put_in_order_in_a_few_steps(qtbot: QtBot, look: Look) -> None:
    pane = BoardPane()
    qtbot.addWidget(pane)
    lines = [ServiceLine(f"s{n}", ServiceState.OK) for n in range(10_000)]
    pane.show_found(BoardFound(Board(tuple(lines))), 0)
    model: QAbstractItemModel = pane.services.lines
    steps: list[str] = []
    for name in ("rowsInserted", "rowsRemoved", "rowsMoved", "dataChanged", "layoutChanged"):
        getattr(model, name).connect(lambda *_, name=name: steps.append(name))
    model.modelReset.connect(lambda: steps.append("reset"))
    down = [one._replace(state=ServiceState.DOWN) for one in lines[9_000:]]
    pane.show_found(BoardFound(Board((*down, *lines[:9_000]))), 0)
    assert [row.name for row in down] == [
        row.name for row in pane.services.lines.rows()[:1_000] if isinstance(row, ServiceLine)
    ]
    assert steps == ["layoutChanged", "dataChanged"]
