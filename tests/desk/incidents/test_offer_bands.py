"""The bands of offers: one each, with its button, gone when it is over."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.offer_bands import OfferBands

from tests.domain.events import JONAS, KLARA
from tests.domain.test_seat_fold import IncidentLog

pytestmark = pytest.mark.usefixtures("look")


def test_a_band_for_each_offer_until_it_is_over(qtbot: QtBot):
    log, bands = IncidentLog(), OfferBands()
    qtbot.addWidget(bands)
    bands.show_offers(log.incident(), JONAS, 0)
    assert bands.isHidden()
    offer = log.offer()
    log.add("incident.role_assumed", role="scribe", who=KLARA)
    log.offer(role="scribe")
    until = log.incident().handovers[0]["until"]
    bands.show_offers(log.incident(), JONAS, until - 120_000)
    assert not bands.isHidden()
    first, second = bands.bands.values()
    assert "2 min left" in first.accessibleName()
    bands.tick(until - 60_000)
    assert "1 min left" in first.words.text()
    with qtbot.waitSignal(bands.pressed) as pressed:
        second.button.click()
    assert pressed.args == ["hand", "scribe"]
    bands.hold(True)
    assert not first.button.isEnabled()
    log.accept(offer)
    bands.show_offers(log.incident(), JONAS, until)
    assert list(bands.bands.values()) == [second]
