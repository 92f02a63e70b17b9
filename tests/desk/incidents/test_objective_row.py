"""An incident's recovery time objectives: the moment, the clock, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.impact_pane import ImpactPane, head_words, read_face
from crisisdesk.desk.incidents.objective_row import ObjectiveRow, face_of, second_words
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.recovery.objective import Standing

from tests.desk.incidents.desk_stand_in import NOW_AFTER, Reader
from tests.domain.incident_log import INCIDENT, START, LogBook

NOW = START + NOW_AFTER
MINUTE = 60_000
ONE = Standing(
    run_id="RUN-1",
    title="Fail over",
    by=NOW + 20 * MINUTE,
    within_ms=60 * MINUTE,
    of="procedure",
    state="open",
)


@pytest.mark.parametrize(
    ("changes", "face"),
    [
        ({}, ("timer", "")),
        ({"by": NOW + 15 * MINUTE}, ("timer", "high")),
        ({"state": "missed", "over_ms": MINUTE}, ("clock-alert", "down")),
        ({"state": "met", "is_over": True}, ("circle-check", "ok")),
        ({"state": "left", "is_over": True}, ("circle-x", "high")),
    ],
)
def test_every_state_has_an_icon_and_a_tone_of_its_own(
    changes: dict[str, Any], face: tuple[str, str], qtbot: QtBot, look: Look
) -> None:
    one = replace(ONE, **changes)
    assert face_of(one, NOW) == face
    row = ObjectiveRow()
    qtbot.addWidget(row)
    assert not row.grab().isNull()
    row.show_objective(one, NOW)
    assert row.accessibleName().startswith("Recovered by ")
    assert not row.grab().isNull()


def test_a_service_is_named_whose_objective_it_is() -> None:
    assert second_words(ONE) == "Fail over · within 1 h"
    assert second_words(replace(ONE, of="shop")) == "Fail over, for shop · within 1 h"


def test_the_pane_shows_it_where_nothing_else_is_known(
    log: LogBook, qtbot: QtBot, look: Look
) -> None:
    pane = ImpactPane()
    qtbot.addWidget(pane)
    reader: Any = Reader(log)
    bare = read_face(reader, INCIDENT, "Ann", NOW)
    assert bare is not None
    assert (bare.objectives, bare.is_known) == ((), False)
    face = replace(bare, objectives=(ONE,))
    pane.show_face(face)
    assert not pane.isHidden()
    assert head_words(face)[1] == ""
    assert [row.isHidden() for row in pane.objectives] == [False, True]
    assert "20 min left" in pane.objectives[0].accessibleName()
