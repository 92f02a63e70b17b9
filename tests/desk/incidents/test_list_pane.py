"""The list: its order, its filter, its calm."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.list_pane import IncidentListPane
from crisisdesk.desk.incidents.list_rows import arrange, spoken
from crisisdesk.store.queries import IncidentRow

pytestmark = pytest.mark.usefixtures("look")


def row(key: str, severity: int, status: str = "open", at: int = 0, **more: str) -> IncidentRow:
    ended = at + 60_000 if status in ("resolved", "closed") else None
    return IncidentRow(
        incident_id=key, pos=1, status=status, severity=severity, title=more.get("title", key),
        commander=more.get("commander", ""), created_at=at, resolved_at=ended,
    )  # fmt: skip


ROWS = [
    row("INC-A", 2, at=1),
    row("INC-B", 4, at=2, title="Orders down", commander="Ana"),
    row("INC-C", 1, "closed", at=3),
    row("INC-D", 3, "resolved", at=900_000),
    row("INC-E", 2, "monitoring", at=4),
]


@pytest.fixture
def pane(qtbot: QtBot) -> IncidentListPane:
    made = IncidentListPane()
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    return made


def keys(pane: IncidentListPane) -> list[str]:
    return [line.key for line in pane.model.rows()]


def test_open_ones_come_first_by_severity_then_the_ended_by_age():
    assert [line.key for line in arrange(ROWS, "")] == [
        "Open", "INC-B", "INC-E", "INC-A", "Ended", "INC-D", "INC-C",
    ]  # fmt: skip
    assert [line.quiet for line in arrange(ROWS, "") if line.row is None] == ["3", "2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("ana orders", ["INC-B"]), ("MONITORING", ["INC-E"]), ("emergency", ["INC-B"]), ("zz", [])],
)
def test_every_word_of_the_filter_must_be_met(text: str, found: list[str]):
    assert [line.key for line in arrange(ROWS, text) if line.row] == found


def test_the_first_is_chosen_and_keys_move(pane: IncidentListPane, qtbot: QtBot):
    chosen: list[str] = []
    pane.chosen.connect(chosen.append)
    pane.take(ROWS, full=True)
    pane.go(1)
    qtbot.keyClick(pane.view, Qt.Key.Key_Down)
    pane.go(1)
    pane.go(-9)
    assert chosen == ["INC-B", "INC-E", "INC-A", "INC-D", "INC-B"]


def test_a_filter_never_takes_away_what_is_open(pane: IncidentListPane):
    chosen: list[str] = []
    pane.take(ROWS, full=True)
    pane.chosen.connect(chosen.append)
    pane.filter.setText("monitoring")
    assert keys(pane) == ["Open", "INC-E"]
    assert chosen == []
    pane.filter.clear()
    assert pane.model.row(pane.view.currentIndex().row()).key == "INC-B"
    pane.filter.setText("monitoring")
    pane.select("INC-D")
    assert (pane.filter.text(), chosen) == ("", ["INC-D"])


def test_a_change_patches_one_row(pane: IncidentListPane):
    pane.take(ROWS, full=True)
    resets: list[bool] = []
    pane.model.modelReset.connect(lambda: resets.append(True))
    pane.take([row("INC-E", 4, at=9)], full=False)
    assert keys(pane)[:3] == ["Open", "INC-E", "INC-B"]
    assert pane.model.row(pane.view.currentIndex().row()).key == "INC-B"
    assert resets == []
    pane.take([], full=True)
    assert keys(pane) == []
    assert not pane.knows()


def test_rows_are_read_aloud_and_band_heads_are_not_selectable(pane: IncidentListPane):
    pane.take(ROWS, full=True)
    assert spoken(pane.model.row(1)) == "emergency, open, Orders down, Ana, INC-B"
    assert "nobody commands" in spoken(pane.model.row(2))
    assert pane.model.flags(pane.model.index(0, 0)) == Qt.ItemFlag.NoItemFlags


def test_ages_turn_with_the_clock(pane: IncidentListPane):
    pane.take(ROWS, full=True)
    pane.tick(60_000)
    before = pane.view.grab().toImage()
    pane.tick(3_600_000)
    assert pane.view.grab().toImage() != before


def test_enter_goes_into_the_incident(pane: IncidentListPane, qtbot: QtBot):
    pane.take(ROWS, full=True)
    with qtbot.waitSignal(pane.opened):
        qtbot.keyClick(pane.view, Qt.Key.Key_Return)
