"""One critical alert and the whole response team: until the last of them has it."""

from __future__ import annotations

import json
import threading
import time

from tests.benchmarks.fanout import Sinks, sinks
from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale
from tests.benchmarks.subjects import Subject, engine
from tests.benchmarks.workload import QUIET, alert, bodies, body, fresh_run, post_all

GATEWAY_S = 0.1
LIMIT_S = 300.0
LOOK_S = 0.02


def _gather(subject: Subject, far: Sinks, people: int) -> None:
    """A team that is paged together: every second one by mail, the others by push."""
    with subject.wire() as wire:
        for number in range(people):
            url = f"webhook://127.0.0.1:{far.http}/hook/{number}"
            if number % 2:
                url = (
                    f"mailto://127.0.0.1:{far.mail}?from=desk@example.org&to=r{number}@example.org"
                )
            card = {"name": f"Responder {number}", "methods": [{"url": url}]}
            status, answer = wire.request(
                "POST",
                "/crisis/contacts/",
                json.dumps(card).encode(),
                "X-CrisisDesk-Operator: bench\r\n",
            )
            if status != 201:
                raise RuntimeError(f"the contact was refused: {answer[:300]!r}")


def team(scale: Scale) -> Figures:
    """A critical alert with 10,000 others active, until all 100 responders were sent their page.

    Half of them by mail, half by push through a gateway that answers after 100 ms; the throttles
    are the station's own (50 messages of one kind in 5 s).
    """
    people, deep = scale.of(100, 4), scale.of(10_000, 20)
    with sinks(GATEWAY_S) as far, engine() as subject:
        work = bodies(deep, fresh_run(), 100, **QUIET)
        post_all(subject.url, subject.token, subject.path, work, 1)
        _gather(subject, far, people)
        one = alert(0, fresh_run(), alertname="Primary", instance="db-1", severity="critical")
        first = last = 0.0
        began = time.perf_counter()
        with subject.wire() as wire:
            status, answer = wire.request("POST", subject.path, body([one]))
        if status >= 300:
            raise RuntimeError(f"the alert was refused: {answer[:200]!r}")
        pause = threading.Event()
        while not last:
            came, passed = sum(far.came()), time.perf_counter() - began
            if came and not first:
                first = passed
            if came >= people:
                last = passed
            elif passed > LIMIT_S:
                raise RuntimeError(f"{came} of {people} were told after {LIMIT_S:.0f} s")
            pause.wait(LOOK_S)
    return {"team_first_s": first, "team_last_s": last}


TEAM = Benchmark(
    name="team",
    measure=team,
    goals=(
        Goal(row="trigger to the first page, s", ours="team_first_s", at_most=30.0),
        Goal(row="trigger to the last of 100 responders, s", ours="team_last_s", at_most=120.0),
    ),
)
