"""Attached alerts: their order, their words, the way to each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.attached import AttachedAlerts, arrange_alerts, spoken_alert
from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.domain.amounts import count_words

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def view(dossier: Dossier, qtbot: QtBot) -> AttachedAlerts:
    made = AttachedAlerts()
    qtbot.addWidget(made)
    made.resize(400, 120)
    made.show()
    made.show_alerts(dossier.alerts)
    return made


def test_who_has_it_orders_them(dossier: Dossier):
    assert [a.service for a in arrange_alerts(dossier.alerts)] == [
        "checkout-api", "db-primary", "orders-db",
    ]  # fmt: skip
    assert spoken_alert(arrange_alerts(dossier.alerts)[0]) == (
        "high, firing, checkout-api, Error rate 12.4 %, limit 2 %"
    )
    assert count_words(len(dossier.alerts)) == "3"


def test_enter_goes_to_the_alert(view: AttachedAlerts, qtbot: QtBot):
    view.setCurrentIndex(view.rows.index(1, 0))
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == ["A-DBPRIMARY0001"]


def test_it_is_as_high_as_its_rows_and_says_how_to_attach_one(view: AttachedAlerts):
    high = view.height()
    filled = view.grab().toImage()
    view.show_alerts([])
    assert view.height() < high
    assert view.grab().toImage() != filled
    assert view.current_alert() is None
