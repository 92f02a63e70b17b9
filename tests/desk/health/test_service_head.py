"""The head of what is chosen: state, name, chips."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.health.service_head import ChosenWords, chosen_head
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.service_board.judging import ServiceLine, ServiceState

from tests.domain.service_board.facts import NOW, line


def test_a_service_is_told_with_since_cause_owner_and_tier(qtbot: QtBot, look: Look) -> None:
    words = ChosenWords()
    qtbot.addWidget(words)
    assert words.face() is None
    assert words.chips() == []
    down = ServiceState.DOWN
    one = ServiceLine(
        "shop", down, since=NOW - 60_000, because=(("db", down),), owner="Kim", tier="1"
    )
    words.show_line(one, NOW)
    assert words.face() == ("down", "shop")
    assert words.accessibleName() == "Service shop, down"
    assert [chip.words for chip in words.chips()] == [
        "because db is down",
        "for 1 min",
        "Kim",
        "tier 1",
    ]


def test_a_source_is_told_with_its_looks(qtbot: QtBot, look: Look) -> None:
    head = chosen_head()
    qtbot.addWidget(head)
    words = head.words
    assert isinstance(words, ChosenWords)
    words.show_line(line("shop", name="web"), NOW)
    assert words.face() == ("fresh", "web")
    told = ["last look 4 s ago, every 10 s", "http", "of shop"]
    assert [chip.words for chip in words.chips()] == told
    head.tick(NOW + 21_000)
    assert words.face() == ("late", "web")
    head.resize(900, 52)
    assert not head.grab().isNull()
