"""R11: a station dies, freezes or is left without an answer at every point around a send."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import pytest

from tests.postgres.fixtures import HubPlace
from tests.postgres.server import PostgresServer
from tests.reliability.paging_posts import PostProcess, calls, until
from tests.reliability.paging_process import POINTS
from tests.reliability.tiers import record, scaled

pytestmark = [pytest.mark.serial, pytest.mark.slow]

EACH = scaled({"kill": 2, "drop": 3, "freeze": 2}, {"kill": 100, "drop": 200, "freeze": 50})
SIDE_BY_SIDE = 4
WITHIN_S = 60.0
DEADLINE_MS = 1_000
FREEZE_S = 6.0
# The provider took it, and neither the log nor the ledger may have heard so.
UNKNOWN_AFTER = {"accepted", "answered", "written here"}


@dataclass(frozen=True)
class Trial:
    """One fault at one point."""

    number: int
    fault: str
    point: str

    @property
    def may_repeat(self) -> bool:
        return self.point in UNKNOWN_AFTER or self.fault == "freeze"


@dataclass(frozen=True)
class Seen:
    """What came of it: calls of the provider, and how many pages it would have shown."""

    trial: Trial
    calls: int
    shown: int


def play(trial: Trial, place: HubPlace, folder: Path) -> Seen:
    """One page at two stations; the holder meets the fault, and comes back if it died."""
    folder.mkdir()
    first = PostProcess(place, folder, "a", 0, deadline_ms=DEADLINE_MS)
    second = PostProcess(place, folder, "b", 1, deadline_ms=DEADLINE_MS)
    with ExitStack() as stack:
        stack.callback(first.end)
        stack.callback(second.end)
        first.start(point=trial.point, fault=trial.fault)
        until(lambda: first.ask("holds"), WITHIN_S, "the first one holds the lease")
        second.start()
        second.ask("contact ann")
        until(lambda: first.ask("contacts"), WITHIN_S, "the contact at both")
        second.ask("fire once")
        if trial.fault == "kill":
            until(lambda: first.is_dead, WITHIN_S, f"killed: {trial.point}")
            first.end()
            first.start()
        elif trial.fault == "freeze":
            until(lambda: first.is_stopped, WITHIN_S, f"stopped: {trial.point}")
            sleep(FREEZE_S)
            first.go_on()
        stations = (first, second)
        until(
            lambda: all(list(s.statuses().values()) == ["sent"] for s in stations),
            WITHIN_S,
            f"sent everywhere: {trial}",
        )
    seen = calls(first.provider)
    # One that knows keys shows each of them once.
    return Seen(trial, sum(seen.values()), len(seen))


def trials() -> list[Trial]:
    planned = [("kill", point) for point in POINTS for _ in range(EACH["kill"])]
    planned += [("drop", "accepted")] * EACH["drop"]
    planned += [("freeze", "before the send")] * EACH["freeze"]
    random.shuffle(planned)
    return [Trial(number, fault, point) for number, (fault, point) in enumerate(planned)]


@pytest.mark.timeout(7_200)
def test_r11_unknown_outcome(postgres: PostgresServer, hub_template: str, tmp_path: Path) -> None:
    planned = trials()
    places = [
        HubPlace(server=postgres, database=postgres.create_database(hub_template)) for _ in planned
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        seen = list(
            pool.map(
                lambda given: play(given[0], given[1], tmp_path / str(given[0].number)),
                zip(planned, places, strict=True),
            )
        )
    for place in places:
        postgres.drop_database(place.database)
    repeats = dict.fromkeys(POINTS, 0)
    for one in seen:
        repeats[one.trial.point] += one.calls - 1
    record(
        "R11 unknown outcome",
        trials=EACH,
        points=len(POINTS),
        missed=sum(one.calls == 0 for one in seen),
        repeats=sum(repeats.values()),
        repeats_by_point=repeats,
        repeats_at_a_provider_that_knows_keys=sum(one.shown - 1 for one in seen),
    )
    assert [one for one in seen if one.calls < 1] == []
    assert [one for one in seen if one.calls > 1 + one.trial.may_repeat] == []
    assert [one for one in seen if one.shown != 1] == []
