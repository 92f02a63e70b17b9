"""R9: another station takes over from one that was killed, stopped or cut off; on a real hub."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from crisisdesk.engine.clock import SystemClock

from tests.postgres.fixtures import HubPlace
from tests.postgres.proxy import FaultProxy, Mode
from tests.reliability.lease_process import CLAIM_MS
from tests.reliability.tiers import record, scaled

pytestmark = [pytest.mark.serial, pytest.mark.slow]

FAULTS = scaled(
    {"kill": 8, "stop": 6, "blackhole": 6},
    {"kill": 100, "stop": 50, "blackhole": 50},
)
MOST_S = 5.0
WITHIN_S = 30.0
CLOCK = SystemClock()


@dataclass
class Holder:
    """One station's process, its road to the hub, and what it wrote of its acts."""

    name: str
    road: FaultProxy
    dsn: str
    acts: Path
    control: str = ""
    process: subprocess.Popen[bytes] | None = None
    lines: list[tuple[float, int]] = field(default_factory=list)
    read: int = 0

    @property
    def origin(self) -> str:
        return self.name * 32

    def start(self) -> None:
        parts = {key: str(value) for key, value in conninfo_to_dict(self.dsn).items()}
        given = {
            "url": f"postgresql://{parts['user']}@127.0.0.1:{parts['port']}/{parts['dbname']}",
            "password": parts["password"],
            "origin": self.origin,
            "acts": str(self.acts),
            "control": self.control,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.lease_process"],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(given).encode() + b"\n")
        self.process.stdin.close()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def look(self) -> list[tuple[float, int]]:
        """All it did so far: (moment, token)."""
        if self.acts.exists():
            data = self.acts.read_bytes()[self.read :]
            whole = data[: data.rfind(b"\n") + 1]
            self.read += len(whole)
            for line in whole.decode().splitlines():
                moment, token = line.split()
                self.lines.append((float(moment), int(token)))
        return self.lines


@dataclass
class Post:
    """Three stations at one hub."""

    place: HubPlace
    holders: list[Holder]

    def acting(self, after: float = 0.0) -> Holder | None:
        """Who acted last, if after that moment."""
        last = max(self.holders, key=lambda h: h.look()[-1:] or [(0.0, 0)])
        return last if last.lines and last.lines[-1][0] > after and last.lines[-1][1] else None

    def until(self, question: Callable[[], object]) -> None:
        deadline = monotonic() + WITHIN_S
        while not question():
            assert monotonic() < deadline, "it did not come to that in time"
            sleep(0.01)

    def all_up(self) -> None:
        self.until(
            lambda: all(h.look() for h in self.holders) and self.acting(CLOCK.boottime() - 1)
        )

    def fault(self, kind: str) -> float:
        """Break the holder; returns seconds until another one acted."""
        self.all_up()
        holder = self.acting()
        assert holder is not None
        assert holder.process is not None
        others = [h for h in self.holders if h is not holder]
        # Its own, before it is broken: on a busy machine the lease may move in this very moment.
        token = holder.lines[-1][1]
        begun = CLOCK.boottime()
        if kind == "kill":
            holder.kill()
        elif kind == "stop":
            os.kill(holder.process.pid, signal.SIGSTOP)
        else:
            holder.road.mode = Mode.BLACKHOLE
        self.until(lambda: any(h.look()[-1][1] > token for h in others))
        taken = min(at for h in others for at, t in h.lines if t > token)
        if kind == "kill":
            holder.acts.unlink()
            before, holder.lines, holder.read = holder.lines, [], 0
            self.gone.append(before)
            holder.start()
        elif kind == "stop":
            sleep(random.random() * 0.3)
            os.kill(holder.process.pid, signal.SIGCONT)
        else:
            holder.road.mode = Mode.PASS
        return max(0.0, taken - begun)

    gone: list[list[tuple[float, int]]] = field(default_factory=list)

    def overlap_s(self) -> float:
        """For how long one acted under an older token after another had begun under a newer."""
        acts = [act for lines in self.gone for act in lines]
        acts += [act for holder in self.holders for act in holder.look()]
        first: dict[int, float] = {}
        for at, token in sorted(acts):
            first.setdefault(token, at)
        worst = 0.0
        for at, token in acts:
            newer = [begun for t, begun in first.items() if t > token > 0]
            worst = max([worst, *(at - begun for begun in newer)])
        return worst

    def stale_commits(self) -> int:
        """Ledger rows under a token that were committed after one under a newer token."""
        sql = (
            "SELECT count(*) FROM cd.delivery d WHERE deadline > "
            "(SELECT min(deadline) FROM cd.delivery n WHERE n.token > d.token)"
        )
        with psycopg.connect(self.place.admin_dsn) as connection:
            row = connection.execute(sql).fetchone()
        assert row is not None
        count: int = row[0]
        return count


@pytest.fixture
def make_post(hub_place: HubPlace, tmp_path: Path) -> Iterator[Callable[[str], Post]]:
    with ExitStack() as stack:

        def make(control: str = "") -> Post:
            holders = []
            for name in "abc":
                road = stack.enter_context(FaultProxy(hub_place.server.port))
                dsn = hub_place.login(name, port=road.port)
                holder = Holder(name, road, dsn, tmp_path / f"acts-{name}", control)
                stack.callback(holder.kill)
                holder.start()
                holders.append(holder)
            return Post(hub_place, holders)

        yield make


@pytest.mark.timeout(3_600)
def test_r9_takeover(make_post: Callable[[str], Post]) -> None:
    post = make_post("")
    times: dict[str, list[float]] = {kind: [] for kind in FAULTS}
    order = [kind for kind, count in FAULTS.items() for _ in range(count)]
    random.shuffle(order)
    for kind in order:
        times[kind].append(post.fault(kind))
    post.all_up()
    overlap, stale = post.overlap_s(), post.stale_commits()
    everything = [t for each in times.values() for t in each]
    record(
        "R9 takeover",
        faults=FAULTS,
        p50_s=round(median(everything), 2),
        max_s=round(max(everything), 2),
        max_by_kind_s={kind: round(max(each), 2) for kind, each in times.items()},
        stale_commits=stale,
        overlap_s=round(overlap, 3),
        claim_ms=CLAIM_MS,
    )
    # How long it takes is a figure of the full run; here other tests may hold both cores.
    assert max(everything) <= scaled(20.0, MOST_S), times
    assert stale == 0
    assert overlap <= 0


@pytest.mark.timeout(120)
def test_control_a_clock_that_sleeps_too_keeps_a_lost_lease(
    make_post: Callable[[str], Post],
) -> None:
    post = make_post("sleepy clock")
    # It wakes between two acts or between two questions to the hub; not each time it acts first.
    for _ in range(6):
        post.fault("stop")
        post.all_up()
        if post.overlap_s() > 0:
            return
    raise AssertionError("a clock that stands still was not noticed")


@pytest.mark.timeout(120)
def test_control_without_a_fence_stale_tokens_are_committed(
    make_post: Callable[[str], Post],
) -> None:
    post = make_post("no fence")
    post.fault("stop")
    post.until(lambda: post.stale_commits() > 0)
