"""A rehearsal from a station's own file: with what is out, and of an alert that is kept quiet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.escalation.policy import EVERYONE
from crisisdesk.domain.rehearsal_reading import Played, Scene, play
from crisisdesk.engine.outage_commands import SetOutage
from crisisdesk.engine.silence_commands import SetSilence
from crisisdesk.store.queries import StationReader

from tests.engine.handlers.test_escalating import fire, publish
from tests.engine.handlers.test_reaching import ann
from tests.store.workload import Station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    yield made
    made.close()


def played(station: Station, **given: object) -> Played:
    reader = StationReader(station.path)
    try:
        scene = Scene(**({"at": station.now_ms, "severity": "critical", "hours": 1} | given))  # type: ignore[arg-type]
        return play(reader, None, scene, station.now_ms)
    finally:
        reader.close()


def around(told: Played) -> set[str]:
    return {one.words for one in told.told.detours}


def test_what_is_out_and_what_is_supposed_to_be_out_both_count(station: Station) -> None:
    ann(station, "email", "sms")
    assert around(played(station)) == {""}
    assert around(played(station, without=["dns"])) == {"Ann by SMS instead of mail"}
    lost = played(station, without=["dns", "carrier"])
    assert [f.level for f in lost.told.findings][:1] == ["error"]
    station.do(SetOutage(dependency="dns", reason="x"))
    assert around(played(station)) == {"Ann by SMS instead of mail"}


def test_an_outage_with_an_end_counts_for_the_steps_before_it(station: Station) -> None:
    ann(station, "email", "sms")
    station.do(SetOutage(dependency="dns", reason="x", duration_ms=20 * 60_000))
    words = [one.words for one in played(station).told.detours]
    assert words[0] == "Ann by SMS instead of mail"
    assert words[-1] == ""


def test_an_alert_is_played_by_the_policy_that_takes_it_and_its_severity(station: Station) -> None:
    contact_id = ann(station, "email", "sms")
    publish(station, {"contact": contact_id}, name="Payments", **{"for": 'service=~"payments.*"'})
    alert_id = fire(station, severity="high")
    told = played(station, alert_id=alert_id)
    assert (told.policy.name, told.quiet is None) == ("Payments", False), "a high one waits"
    assert told.start > station.now_ms
    assert played(station).policy == EVERYONE
    with pytest.raises(NotFound):
        played(station, alert_id="A-NONE")


def test_one_that_is_kept_quiet_is_played_from_the_end_of_that(station: Station) -> None:
    ann(station, "email")
    alert_id = fire(station)
    station.do(SetSilence(matchers="severity=critical", duration_ms=3_600_000, reason="Works"))
    told = played(station, alert_id=alert_id)
    assert told.quiet is not None
    assert told.start == told.quiet.until == told.told.taken[0].at
