"""The contract that every type of source that measures holds to, whatever it meets."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from time import monotonic
from typing import Any

import pytest

from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Prober
from crisisdesk.sources.probes.registry import FACTORIES

from tests.architecture.tree import ROOT
from tests.sources.probes.looks import hold_to_the_rules, look_at, looked
from tests.sources.probes.measuring_cases import CASES, Case
from tests.sources.probes.peers import Manner, peer_of

SECRET = "s3cret-of-the-reader"
DEADLINE_S = 1.0
# What a loaded machine may take on top before it counts as not keeping a deadline.
GRACE_S = 20.0
ENDLESS = (Manner.MUTE, Manner.HANG, Manner.DRIP)


def prober_of(case: Case) -> Prober:
    return FACTORIES[case.type]()


def meetings() -> list[Any]:
    return [
        pytest.param(case, manner, id=f"{case.type}-{manner.name.lower()}")
        for case in CASES
        for manner in case.manners
    ]


def test_every_type_has_its_case() -> None:
    network = {"dns", "http", "icmp", "tcp"}
    assert {case.type for case in CASES} == set(FACTORIES) - network
    assert all(prober_of(case).type == case.type for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type)
def test_good_settings_come_back_whole_and_can_be_published(case: Case) -> None:
    prober = prober_of(case)
    checked = prober.check(case.settings(9_090))
    assert prober.check(checked) == checked
    assert canonical_bytes(checked)
    assert list(prober.secret_names(checked)) == ([case.secret] if case.secret else [])


@pytest.mark.parametrize(
    ("case", "settings", "field"),
    [
        pytest.param(case, settings, field, id=f"{case.type}-{number}-{field}")
        for case in CASES
        for number, (settings, field) in enumerate(case.wrong)
    ],
)
def test_wrong_settings_name_the_field_and_the_remedy(
    case: Case, settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(Malformed) as caught:
        prober_of(case).check(settings)
    assert caught.value.field == field
    assert caught.value.problem
    assert caught.value.remedy
    for told in settings.values():
        if isinstance(told, str) and "secret" in told:
            assert told not in str(caught.value)


@pytest.mark.parametrize(("case", "manner"), meetings())
def test_a_look_ends_in_a_reading_in_time_whatever_the_peer_does(
    case: Case, manner: Manner
) -> None:
    prober = prober_of(case)
    with peer_of(manner) as peer:
        look = look_at(
            prober,
            case.settings(peer.port),
            deadline_s=DEADLINE_S if manner in ENDLESS else GRACE_S,
            secrets={case.secret: SECRET},
        )
        began = monotonic()
        reading = looked(prober, look)
        took = monotonic() - began
    assert reading.verdict is Verdict.DOWN, reading.words
    assert reading.samples == ()
    assert took < look.deadline_s + GRACE_S
    assert SECRET not in repr(reading)


@pytest.mark.parametrize("case", [c for c in CASES if c.secret], ids=lambda case: case.type)
def test_without_its_secret_it_cannot_look(case: Case) -> None:
    prober = prober_of(case)
    with peer_of(Manner.LIE) as peer:
        reading = looked(prober, look_at(prober, case.settings(peer.port)))
    assert reading.verdict is Verdict.UNSURE
    assert case.secret in reading.words
    assert peer.connections == 0


@pytest.mark.parametrize(
    "secret", ["line\r\nX-Other: 1", "Ünïcode ☃", "\x00"], ids=["break", "unicode", "nul"]
)
@pytest.mark.parametrize("case", [c for c in CASES if c.secret], ids=lambda case: case.type)
def test_a_secret_that_cannot_be_sent_is_not_told(case: Case, secret: str) -> None:
    prober = prober_of(case)
    with peer_of(Manner.LIE) as peer:
        look = look_at(prober, case.settings(peer.port), secrets={case.secret: secret})
        reading = looked(prober, look)
    assert reading.verdict is not Verdict.UP
    assert b"X-Other" not in peer.heard


@pytest.mark.parametrize("case", [c for c in CASES if c.manners], ids=lambda case: case.type)
def test_looks_that_hang_leave_no_threads_behind(case: Case) -> None:
    prober = prober_of(case)

    async def many() -> int:
        before = threading.active_count()
        for number in range(3):
            look = look_at(
                prober,
                case.settings(peer.port),
                deadline_s=0.2,
                secrets={case.secret: SECRET},
                source_id=f"s{number}",
            )
            hold_to_the_rules(await prober.look(look), look)
        await prober.aclose()
        return threading.active_count() - before

    with peer_of(Manner.HANG) as peer:
        # The peer itself has one thread for each connection.
        assert asyncio.run(many()) <= peer.connections + 2


@pytest.mark.parametrize("case", [c for c in CASES if c.manners], ids=lambda case: case.type)
def test_a_look_that_is_cancelled_leaves_nothing_running(case: Case) -> None:
    async def work(port: int) -> list[asyncio.Task[Any]]:
        prober = prober_of(case)
        look = look_at(prober, case.settings(port), secrets={case.secret: SECRET})
        task = asyncio.get_running_loop().create_task(prober.look(look))
        for _ in range(3):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await prober.aclose()
        return [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]

    with peer_of(Manner.MUTE) as peer:
        assert asyncio.run(work(peer.port)) == []


def test_nothing_is_loaded_before_a_source_of_its_type_is_there() -> None:
    probe = (
        "import sys, crisisdesk.sources.probes.registry, crisisdesk.engine.runtime;"
        "print([m for m in ('psutil', 'crisisdesk.sources.probes.host_probe') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
