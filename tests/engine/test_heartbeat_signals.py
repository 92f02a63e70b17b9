"""The words of what is missed."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain.heartbeat import Hearing
from crisisdesk.domain.signal import TITLE_LIMIT, SignalAction
from crisisdesk.engine.fleet import StationStatus
from crisisdesk.engine.heartbeat_signals import away_signal, back, cry, why_missing

from tests.domain.test_heartbeat import ONE, T

STATION = StationStatus(
    station_id="S-1", origin="o", name="Brno", version="1", is_self=False, seen_ms=T, behind=0
)


def test_why_it_is_missing_names_the_last_beat_or_the_start() -> None:
    at = T + 600_000
    assert why_missing(ONE, Hearing(beat=T), at) == (
        "The last beat came 10 min ago. It promised one every 5 min."
    )
    assert why_missing(ONE, Hearing(beat=T, started=T + 1), at).startswith("It said 9 min ago")
    assert why_missing(ONE, Hearing(), at) == "It promised one every 5 min."


def test_a_cry_and_its_end_are_of_the_same_alert() -> None:
    first, last = cry(ONE, "x" * 500, "why"), back(ONE)
    assert (first.source, first.key) == (last.source, last.key) == ("heartbeat", "HB-1")
    assert (first.action, last.action) == (SignalAction.FIRE, SignalAction.RESOLVE)
    assert len(first.title) == TITLE_LIMIT


def test_a_station_that_is_away_has_the_worst_severity_of_what_it_hears() -> None:
    some = [replace(ONE, severity="low"), replace(ONE, name="other", severity="emergency")]
    told = away_signal(STATION, SignalAction.FIRE, some, "")
    assert (told.severity, told.title) == ("emergency", "Brno is away: nobody hears 2 heartbeats")
    assert told.description == "Whether they still beat nobody can tell: nightly, other."
