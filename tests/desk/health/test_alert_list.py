"""The open alerts of a service: severity, what, who, how long."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.health.alert_list import ServiceAlertDelegate, spoken_alert
from crisisdesk.desk.look.theme import Look
from crisisdesk.engine.commands import AcknowledgeAlerts
from crisisdesk.store.queries import AlertRow

from tests.store.queries.board_bench import Bench


def test_who_has_it_is_spoken_and_painted(qtbot: QtBot, look: Look, bench: Bench) -> None:
    one = bench.fire(1, service="db", severity="critical", title="Gone")
    now = bench.station.now_ms + 60_000
    made = LineList[AlertRow](
        "x", ServiceAlertDelegate(), lambda row: row.alert_id, lambda row: row.title, picks=False
    )
    qtbot.addWidget(made)
    made.resize(600, 60)
    with qtbot.waitExposed(made):
        made.show()
    pictures = []
    for words in ("critical, Gone, 1 min, nobody has it", "critical, Gone, 1 min, Klára Langová"):
        rows = bench.reader.alerts_of_service("db", 10)
        assert [spoken_alert(row, now) for row in rows] == [words]
        made.show_lines(rows, now)
        pictures.append(made.viewport().grab().toImage())
        bench.station.do(AcknowledgeAlerts(alert_ids=[one]))
    assert pictures[0] != pictures[1]
