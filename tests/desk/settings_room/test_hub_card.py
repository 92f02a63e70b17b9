"""The hub's card says how the station stands, who the others are, and how to join."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.settings_room.hub_card import JOINING, HubCard, day_words
from crisisdesk.desk.splits.reading import CutOff
from crisisdesk.domain.presence import Presence
from crisisdesk.domain.split import Split

from tests.desk.fleet.fleets import NOW, OTHER, OWN, STATES

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def card(qtbot: QtBot) -> HubCard:
    found = HubCard()
    qtbot.addWidget(found)
    found.resize(700, 600)
    found.show()
    return found


def said(card: HubCard) -> dict[str, str]:
    return {name: fact.value.text() for name, fact in card.facts.items() if fact.isVisibleTo(card)}


def test_before_the_engine_has_spoken_it_claims_nothing(card: HubCard) -> None:
    assert said(card) == {"Hub": "The engine has not said yet."}
    assert not card.table.isVisibleTo(card)


def test_a_station_alone_is_told_what_that_means(card: HubCard) -> None:
    card.show_standing(STATES["alone"])
    words = said(card)
    assert words["Hub"].startswith("None is set up")
    assert words["Duty"] == "This station pages."
    assert "since the last backup would be lost" in words["Safe"]
    assert "Clock" not in words
    assert not card.table.isVisibleTo(card)


@pytest.mark.parametrize(
    ("state", "fact", "words"),
    [
        ("holds", "Hub", "hub.example:5432, up for 02:14; 0 events to send, 0 events to fetch."),
        ("holds", "Duty", "This station pages by the hub's word."),
        (
            "holds",
            "By itself",
            "May page when the hub is away: duty rank 1, the lowest in sight first.",
        ),
        ("holds", "Clock", "Agrees with the hub's."),
        ("follows", "Duty", "BRNO-2 pages by the hub's word."),
        ("acting", "Duty", "This station pages without the hub's word."),
        ("waiting", "Duty", "Nobody in sight pages; this station waits for its turn."),
        ("not-paging", "Duty", "NOT PAGING."),
        ("not-paging", "By itself", "Never pages without the hub: it has no duty rank."),
        ("held-back", "Held back", "BRNO-3 cannot be exchanged: its chain forks at 812\nPRAHA-1"),
        ("refused", "Hub", "hub.example:5432 refuses this station (this station was evicted"),
        ("clock", "Clock", "3.4 s behind the hub's. Set it"),
        ("stale-holds", "Hub", "Last heard at 02:02:14 UTC."),
    ],
)
def test_every_state_has_its_words(card: HubCard, state: str, fact: str, words: str) -> None:
    card.show_standing(STATES[state])
    assert words in said(card)[fact]


def test_who_is_at_a_desk_is_told_while_somebody_can_say(card: HubCard) -> None:
    one = Presence(
        desk="d1", operator="Zoë Ng", station="BRNO-1", opened_ms=NOW, since_ms=NOW,
        touched_ms=NOW, seen_ms=NOW,
    )  # fmt: skip
    card.show_desks([one], NOW + 60_000)
    assert said(card)["At a desk"] == "Zoë Ng, BRNO-1: away, last seen 60 s ago"
    card.show_desks(None, NOW)
    assert "At a desk" not in said(card)


def test_the_stations_stand_in_a_table(card: HubCard) -> None:
    card.show_standing(STATES["ten"])
    rows = {row.name: row for row in card.table.rows()}
    assert len(rows) == 10
    assert (rows["BRNO-1"].seen, rows["BRNO-1"].pages) == ("this one", "rank 1")
    late = rows["PRAHA-3"]
    assert (late.seen, late.behind, late.pages) == ("02:00 ago", "3\u00a0300", "never")
    assert (late.seen_ink, rows["PRAHA-1"].seen_ink) == ("stale", "secondary")
    assert rows["without a name"].seen == "never"
    assert [row.states for row in rows.values()].count("differ") == 1
    assert "PRAHA-3, seen 02:00 ago, 3\u00a0300 behind" in card.table.accessibleName()
    assert card.table.height() == 24 + 10 * 26


def test_splits_are_listed_and_lead_to_their_page(card: HubCard, qtbot: QtBot) -> None:
    split = Split(
        split_id="x",
        since_ms=NOW,
        until_ms=NOW + 798_000,
        origin=OWN,
        first_seq=1,
        last_seq=2,
        others={OTHER: (1, 2)},
    )
    cuts = [CutOff(replace(split, split_id=str(n)), "BRNO-2", here=False) for n in range(7)]
    card.show_cuts(cuts)
    looks = [b for b in card.findChildren(KeyButton) if b.text() == "Look"]
    assert len(looks) == 5
    assert "while BRNO-2 was cut off, 12 Feb 02:02 to 02:15 UTC" in looks[1].accessibleName()
    with qtbot.waitSignal(card.split_wanted) as told:
        looks[1].click()
    assert told.args == ["1"]
    card.show_cuts([])
    assert not any(b.isVisible() for b in looks)
    assert day_words(NOW) == "12 Feb 02:02"


def test_joining_is_left_to_the_terminal_and_its_commands_can_be_copied(card: HubCard) -> None:
    copies = [b for b in card.findChildren(KeyButton) if b.text() == "Copy"]
    assert len(copies) == len(JOINING)
    copies[2].click()
    assert QApplication.clipboard().text() == "crisisdesk hub join"
    helps = [b for b in card.findChildren(KeyButton) if b.text().startswith("Help")]
    asked: list[str] = []
    card.help_wanted.connect(asked.append)
    for button in helps:
        button.click()
    assert asked == ["hub", "fleet"]
