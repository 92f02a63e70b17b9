"""The player: same scenario, same day; pages are answered as written; live steps bend to people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.delivery import DeliveryStatus
from crisisdesk.domain.errors import Conflict
from crisisdesk.drills.player import Tally, play, play_live
from crisisdesk.drills.scenario import ScenarioError, load_scenario, parse_scenario
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.commands import AcknowledgeAlerts, Command, PostUpdate, TakeIn
from crisisdesk.settings.places import resource_path
from crisisdesk.store.queries import StationReader

from tests.drills.stage import NOON_MS, Played, played

SMALL = """
scenario: small
station: S
operator: Ann
services: {db: {place: fra1, type: data}}
people:
  - name: Priya
    phones: "+420 1"
    methods:
      - {id: bad, channel: webhook, url: "webhooks://a.example.invalid/x", masked: a,
         min_severity: critical, answer: {refuses: true, words: "404 no such hook"}}
      - {id: shaky, channel: email, url: "mailtos://b.example.invalid", masked: b,
         answer: {stumble_every: 1, stumble_words: "503 later", words: "250 ok", after_ms: 500,
                  receipt: read}}
entries:
  - {at: "-01:00:00", fire: a, service: db, severity: critical, title: "stopped"}
  - {at: "-00:10:00", fire: h, service: db, severity: high, title: "slow"}
  - {at: "-00:09:00", repeat: h, times: 4, over: "00:02:00",
     title: "slow {value} s", values: ["2", "8"]}
  - {at: "-00:50:00", acknowledge: a, by: Bob}
  - {at: "-00:49:00", escalate: a, as: inc, by: Bob, commander: Ann}
  - {at: "-00:48:00", update: inc, by: Bob, title: "seen it", seen: "-00:00:30"}
live:
  - {at: "+00:00:10", acknowledge: h, by: Bob}
  - {at: "+00:00:20", fire: n, service: db, severity: low, title: "new"}
  - {at: "+00:00:30", update: inc, by: Ann, title: "going on"}
"""


@pytest.fixture
def small(tmp_path: Path) -> Played:
    return played(parse_scenario(SMALL, "small.yaml"), tmp_path)


@pytest.fixture
def reader(small: Played) -> Iterator[StationReader]:
    opened = StationReader(small.path)
    yield opened
    opened.close()


def test_clocks_run_while_the_past_is_played(small: Played, reader: StationReader) -> None:
    alert = reader.alert(small.tally.alerts["a"])
    assert alert is not None
    assert alert.detected_at == NOON_MS - 3_600_000
    assert alert.sla_breached_at == alert.detected_at + 300_000
    breach = next(e for e in reader.history([alert.alert_id]) if e.kind == "alert.sla_breached")
    assert 0 <= breach.wall_ms - alert.sla_deadline <= 15_000
    assert (alert.owner, alert.response_ms) == ("Bob", 600_000)


def test_a_provider_that_tells_of_receipts_does_so(small: Played, reader: StationReader) -> None:
    told = {one.method_id: one.status for one in reader.deliveries_of(small.tally.alerts["a"])}
    assert told == {"bad": "failed", "shaky": "read"}
    [priya] = reader.contacts()
    assert priya.emergency == {"phones": ["+420 1"]}


def test_repeats_count_and_carry_their_words(small: Played, reader: StationReader) -> None:
    alert = reader.alert(small.tally.alerts["h"])
    assert alert is not None
    assert (alert.count, alert.title, alert.status) == (5, "slow 8 s", AlertStatus.ACTIVE)


def test_an_update_says_when_it_was_seen_and_when_written(
    small: Played, reader: StationReader
) -> None:
    [update] = reader.updates_of(small.tally.incidents["inc"])
    assert update.logged_at == NOON_MS - 48 * 60_000
    assert update.logged_at - update.happened_at == 30_000


def test_a_refused_page_goes_by_the_next_method_and_a_stumble_is_tried_again(
    small: Played, reader: StationReader
) -> None:
    found = {(d.alert_id, d.method_id): d for d in reader.deliveries()}
    critical, high = small.tally.alerts["a"], small.tally.alerts["h"]
    refused = found[critical, "bad"]
    assert (refused.status, refused.words) == (DeliveryStatus.FAILED, "404 no such hook")
    second = found[critical, "shaky"]
    assert (second.status, second.attempt, second.words) == (DeliveryStatus.READ, 2, "250 ok")
    assert second.sent_at is not None
    assert second.sent_at - second.queued_at > 15_000, "a retry waits its pause"
    assert (high, "bad") not in found, "high is below that method's severity"
    assert small.tally.pages_failed == 3


def _facts(run: Played) -> list[Any]:
    """The states of a run with its random ids replaced by the names of the scenario."""
    reader = StationReader(run.path)
    names = {v: k for k, v in (run.tally.incidents | run.tally.contacts).items()}
    alerts = [reader.alert(alert_id) for alert_id in sorted(run.tally.alerts.values())]
    facts: list[Any] = [
        replace(a, ack_id="", incident_id=names.get(a.incident_id, "")) for a in alerts if a
    ]
    for name, incident_id in sorted(run.tally.incidents.items()):
        incident = reader.incident(incident_id)
        assert incident is not None
        # A seat bears the random id of the fact that gave it.
        seats = [{**one, "seat": ""} for one in incident.seats]
        facts.append(replace(incident, incident_id=name, set_by={}, seats=seats))
        updates = reader.updates_of(incident_id)
        facts += [replace(u, update_id="", incident_id=name) for u in updates]
    facts += [
        replace(d, contact_id=names[d.contact_id])
        for d in sorted(reader.deliveries(10_000), key=lambda d: d.delivery_id)
    ]
    reader.close()
    return facts


def test_the_same_scenario_makes_the_same_day_apart_from_random_ids(tmp_path: Path) -> None:
    day = load_scenario(resource_path("demo", "day.yaml"))
    folders = [tmp_path / name for name in ("one", "two")]
    first, second = (played(day, f, seed=i) for i, f in enumerate(folders))
    assert first.tally.incidents != second.tally.incidents, "the seeds were to differ"
    facts = _facts(first)
    assert len(facts) > 150
    assert facts == _facts(second)


def test_a_clock_past_the_start_is_refused(tmp_path: Path) -> None:
    scenario = parse_scenario(SMALL, "small.yaml")
    clock = ManualClock(NOON_MS - scenario.length_ms + 1_000)

    def never(command: Command, actor: str) -> asyncio.Future[Any]:
        raise AssertionError((command, actor))

    with pytest.raises(ScenarioError, match=r"small.yaml: clock: stands 1 s after the start"):
        asyncio.run(play(scenario, never, clock, NOON_MS))


def test_a_step_the_engine_refuses_names_its_entry(tmp_path: Path) -> None:
    late = (
        '  - {at: "-00:40:00", resolve: a, by: Bob}\n'
        '  - {at: "-00:39:00", acknowledge: a, by: Ann}\n'
    )
    scenario = parse_scenario(SMALL.replace("live:", f"{late}live:"), "small.yaml")
    with pytest.raises(ScenarioError, match=r"small.yaml: entries\[7\].alert_id: .* resolved"):
        played(scenario, tmp_path)


def test_live_steps_wait_their_turn_and_one_that_no_longer_fits_is_passed_over(
    small: Played,
) -> None:
    waited: list[int] = []
    asked: list[tuple[Command, str]] = []

    async def wait(offset_ms: int) -> None:
        waited.append(offset_ms)

    async def run() -> Tally:
        loop = asyncio.get_running_loop()

        def submit(command: Command, actor: str) -> asyncio.Future[Any]:
            asked.append((command, actor))
            future = loop.create_future()
            if isinstance(command, AcknowledgeAlerts):
                future.set_exception(Conflict("alert_id", "is already resolved", "reopen it"))
            else:
                future.set_result(["A-NEW"] if isinstance(command, TakeIn) else "U-1")
            return future

        scenario = parse_scenario(SMALL, "small.yaml")
        return await play_live(scenario, submit, wait, small.tally, lambda: NOON_MS)

    tally = asyncio.run(run())
    assert waited == [10_000, 20_000, 30_000]
    assert [type(c) for c, _ in asked] == [AcknowledgeAlerts, TakeIn, PostUpdate]
    assert [actor for _, actor in asked] == ["Bob", "source:alertmanager", "Ann"]
    assert tally.alerts["n"] == "A-NEW"
    assert len(tally.refused) == 1
    assert tally.refused[0].startswith("live[0]: alert_id: is already resolved")
    update = asked[2][0]
    assert isinstance(update, PostUpdate)
    assert update.incident_id == small.tally.incidents["inc"]
