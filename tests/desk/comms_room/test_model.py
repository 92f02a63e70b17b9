"""The board's model keeps Qt's rules and speaks of deliveries."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from crisisdesk.desk.comms_room.model import BoardModel
from crisisdesk.desk.comms_room.rows import BoardRows

from tests.domain.deliveries import NOW, a_delivery

pytestmark = pytest.mark.usefixtures("qapp")
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def test_rows_come_change_and_speak() -> None:
    model, rows = BoardModel(), BoardRows()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.now_ms = NOW
    model.carry(rows.begin([a_delivery(2), a_delivery(1)], more=True))
    model.carry(rows.extend([a_delivery(0)], more=False))
    model.carry(rows.learn([a_delivery(3), a_delivery(1, status="failed")], hold=False))
    assert model.items == rows.rows
    assert model.data(model.index(0)) == "db-3: disk full"
    assert model.data(model.index(2), SPOKEN).startswith("failed for good, critical, db-1")
    assert model.data(QModelIndex()) is None
    assert model.delivery(9) is None


def test_the_station_is_named_where_its_claim_tells() -> None:
    model = BoardModel()
    model.names = {"o1": "BRNO-2"}
    claimed = a_delivery(attempt=1, holder="o1")
    assert model.station(claimed) == "BRNO-2"
    assert model.station(a_delivery()) == ""
