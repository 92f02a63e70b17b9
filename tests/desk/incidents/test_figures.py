"""Figures say what the incident says and are typed where they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.dossier import Dossier, read_dossier
from crisisdesk.desk.incidents.figures import FigureRow, figures_of

from tests.desk.incidents.desk_stand_in import Reader
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def row(dossier: Dossier, qtbot: QtBot) -> FigureRow:
    made = FigureRow()
    qtbot.addWidget(made)
    made.resize(960, 80)
    made.show()
    made.show_dossier(dossier)
    return made


def test_they_say_what_the_incident_says(dossier: Dossier):
    figures = figures_of(dossier)
    assert {key: (f.value, f.below) for key, f in figures.items()} == {
        "user_impact_count": ("18\u00a0400", "people, as far as known"),
        "financial_impact_cents": ("40\u00a0200.00", "lost so far, as far as known"),
        "severity": ("Critical", "P2 · high impact"),
        "alerts": ("3", "1 firing, 1 acked, 1 resolved"),
        "response": ("3 min", "after it was declared"),
    }


def test_a_rank_set_by_hand_says_so(dossier: Dossier):
    ranked = replace(dossier.incident, by_hand={"priority": "one shop only"})
    figure = figures_of(replace(dossier, incident=ranked))["severity"]
    assert figure.below == "P2 · high impact, by hand"


def test_a_value_lost_to_a_concurrent_change_is_shown(log: LogBook):
    late = {"field": "user_impact_count", "value": 20_000, "base": ""}
    log.write(INCIDENT, "incident.edited", late, at=31 * MINUTE)
    found = read_dossier(Reader(log), INCIDENT)  # type: ignore[arg-type]
    assert found is not None
    figure = figures_of(found)["user_impact_count"]
    assert figure.warns
    assert figure.below == "over 18\u00a0400, written at the same time"


def test_a_figure_is_typed_where_it_stands(row: FigureRow, qtbot: QtBot):
    cell = row.cells["user_impact_count"]
    qtbot.keyClick(cell, Qt.Key.Key_Return)
    assert cell.text_typed() == "18400"
    cell.editor.selectAll()
    qtbot.keyClicks(cell.editor, "19 000")
    with qtbot.waitSignal(row.typed) as typed:
        qtbot.keyClick(cell.editor, Qt.Key.Key_Return)
    assert typed.args == ["user_impact_count", "19 000"]


def test_news_does_not_disturb_typing(row: FigureRow, dossier: Dossier):
    cell = row.cells["financial_impact_cents"]
    cell.take_draft("50 0")
    row.show_dossier(dossier)
    assert cell.draft() == "50 0"


def test_severity_is_chosen_not_typed(row: FigureRow, qtbot: QtBot):
    with qtbot.waitSignal(row.wanted) as wanted:
        qtbot.keyClick(row.cells["severity"], Qt.Key.Key_Return)
    assert wanted.args == ["severity"]


def test_a_refusal_stands_below_in_full(row: FigureRow):
    row.cells["user_impact_count"].begin()
    row.cells["user_impact_count"].refuse("Not saved: no number; write digits.")
    assert row.words.isVisible()
    assert row.words.text() == "Not saved: no number; write digits."
