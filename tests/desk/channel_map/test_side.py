"""The pane at the right says how the chosen dependency stands and offers what fits."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.channel_map.side import ACCEPT, SUPPOSE_NOT, TAKE_OUT, Side
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.survivability import ChannelMap

from tests.domain.test_survivability import BAD, DNS, NOW, mapped

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def side(qtbot: QtBot) -> Side:
    made = Side()
    qtbot.addWidget(made)
    return made


def shown(side: Side, found: ChannelMap, *, away: bool = False) -> list[str]:
    side.show_column(found.column("dns"), found, NOW, away=away)
    buttons = (side.out, side.end, side.suppose)
    return [button.text() for button in buttons if not button.isHidden()]


def test_it_offers_what_fits(side: Side) -> None:
    assert shown(side, mapped()) == [TAKE_OUT, "Suppose it out"]
    assert shown(side, mapped({}, "dns")) == [TAKE_OUT, SUPPOSE_NOT]
    assert shown(side, mapped(DNS)) == ["It is there again"]
    assert shown(side, mapped(email=BAD, slack=BAD)) == [ACCEPT, "Suppose it out"]
    named = {"dns": TakenOut(dependency="dns", said=False, incident_id="INC-1")}
    assert shown(side, mapped(named)) == [TAKE_OUT, "It is there again"]
    assert side.head.accessibleName() == "dns out"
    assert side.needs.text() == "Mail and Slack need it."


def test_while_the_engine_is_away_only_supposing_is_left(side: Side) -> None:
    shown(side, mapped(DNS), away=True)
    assert side.reason.text() == AWAY
    assert not side.end.isEnabled()
    assert side.suppose.isEnabled()
    shown(side, mapped())
    assert side.reason.isHidden()


def test_without_a_column_nothing_is_offered(side: Side) -> None:
    assert shown(side, ChannelMap()) == []
    assert side.why.isHidden()
    assert not side.grab().isNull()
