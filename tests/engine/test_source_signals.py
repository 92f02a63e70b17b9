"""What is reported of sources, in which words."""

from __future__ import annotations

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.source import EACH
from crisisdesk.domain.service_board.watching import LOOK, Told
from crisisdesk.domain.signal import TITLE_LIMIT, SignalAction
from crisisdesk.engine.source_signals import cut_off, down, network_key, silent, up

from tests.domain.detection.test_source import source

STATION = ("ST-A", "North")
READING = Reading(
    source_id="SRC-1", verdict=Verdict.DOWN, at=5, took_ms=3, words="HTTP 500 where 200 is expected"
)


def test_down_says_what_was_found_and_how_often() -> None:
    told = down(source(), STATION, READING, 2)
    assert (told.source, told.key, told.action) == ("probe", "SRC-1", SignalAction.FIRE)
    assert told.title == "shop is down"
    assert told.description.startswith("HTTP 500 where 200 is expected")
    assert "2 looks in a row" in told.description
    assert told.labels == {
        "source": "shop",
        "source_id": "SRC-1",
        "source_type": "http",
        "service": "shop",
    }
    assert (told.severity, told.service) == ("high", "shop")


def test_silence_says_that_nobody_knows() -> None:
    told = silent(source(), STATION, "The last look said: x", 45_000)
    assert told.title == "shop cannot be looked at"
    assert "45 s" in told.description
    assert told.key == down(source(), STATION, READING, 2).key


def test_whoever_reads_the_alert_can_tell_down_from_silent() -> None:
    assert down(source(), STATION, READING, 2).details == {LOOK: Told.DOWN}
    assert silent(source(), STATION, "x", 45_000).details == {LOOK: Told.SILENT}


def test_one_that_each_station_looks_at_names_the_station() -> None:
    told = down(source(where=EACH), STATION, READING, 1)
    assert (told.key, told.title) == ("SRC-1@ST-A", "shop is down as seen by North")
    assert told.labels["station"] == "North"
    assert up(source(where=EACH), STATION, READING).key == told.key


def test_a_station_that_is_cut_off_says_so_under_its_own_key() -> None:
    told = cut_off(("ST-A", "N" * 300), "no name server answers", SignalAction.FIRE)
    assert told.key == network_key("ST-A") == "network:ST-A"
    assert len(told.title) == TITLE_LIMIT
    assert cut_off(STATION, "", SignalAction.RESOLVE).note
