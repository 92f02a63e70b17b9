"""The running engine: change is told, health and counters are true, a stop keeps what was taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk import __version__
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import NoteAlert, TakeIn
from crisisdesk.engine.committer import Stopped
from crisisdesk.engine.runtime import TROUBLE_SHOWN_MS
from crisisdesk.engine.workers.pager import Pager
from crisisdesk.store.chain import verify_log

from tests.comms.receivers import answer, receiving
from tests.engine.workers.live import START_MS, Live


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    made = Live(tmp_path)
    made.start()
    try:
        yield made
    finally:
        made.close()


def signal(key: str) -> Signal:
    return Signal(
        source="test", key=key, action=SignalAction.FIRE, severity=Severity.LOW, title=key
    )


def test_whoever_waits_for_a_change_is_woken_by_it(live: Live) -> None:
    async def wait_and_fire() -> tuple[int, int]:
        before = live.engine.health().last_pos
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(live.engine.wait_change(before, 20)) for _ in range(5)]
            await live.engine.submit(TakeIn(signals=[signal("a")]), "source:test")
        assert len({task.result() for task in waiting}) == 1
        return before, waiting[0].result()

    before, after = live.runner.run(wait_and_fire())
    assert after == before + 1


def test_without_a_change_the_wait_ends_in_time(live: Live) -> None:
    pos = live.engine.health().last_pos
    assert live.runner.run(live.engine.wait_change(pos, 0.05)) == pos
    assert live.runner.run(live.engine.wait_change(pos - 1, 5)) == pos


def test_health_says_what_is(live: Live) -> None:
    live.fire()
    # The timers ask a few times a second whether anything is due.
    live.until(lambda: live.engine.health().queued_commands == 0)
    health = live.engine.health()
    assert (health.station, health.version) == ("Test station", __version__)
    assert (health.started_ms, health.last_pos) == (START_MS, live.read(lambda r: r.head_pos()))
    assert (health.deliveries_waiting, health.problems) == (0, ())
    assert len(health.origin) == 32
    assert live.engine.now_ms() == START_MS


def test_counters_count_events_by_kind(live: Live) -> None:
    for _ in range(3):
        live.fire("one")
    live.fire("two")
    counters = live.engine.counters()
    assert counters['crisisdesk_events_total{kind="alert.fired"}'] == 2
    assert counters['crisisdesk_events_total{kind="alert.repeated"}'] == 2
    assert counters["crisisdesk_log_position"] == live.read(lambda r: r.head_pos())
    assert counters["crisisdesk_commit_groups_total"] == 4
    live.until(lambda: live.engine.counters()["crisisdesk_commands_waiting"] == 0)


def test_a_refusal_keeps_nothing(live: Live) -> None:
    before = live.engine.health().last_pos
    with pytest.raises(NotFound, match="alert_id"):
        live.do(NoteAlert(alert_id="A-NONE", text="hm"))
    assert live.engine.health().last_pos == before


def test_a_stop_keeps_what_was_submitted_and_takes_no_more(live: Live) -> None:
    async def submit_and_stop() -> list[str]:
        futures = [
            live.engine.submit(TakeIn(signals=[signal(f"k{n}")]), "source:test") for n in range(500)
        ]
        await live.engine.stop()
        with pytest.raises(Stopped):
            live.engine.submit(TakeIn(signals=[signal("late")]), "source:test")
        return [ids[0] for ids in await asyncio.gather(*futures)]

    ids = live.runner.run(submit_and_stop())
    rows = live.read(lambda reader: reader.alert_rows())
    assert {row.alert_id for row in rows} == set(ids)
    assert len(rows) == 500
    assert verify_log(live.store).first_bad is None
    live.start()
    assert live.fire("k0") == ids[0]
    assert live.alert(ids[0]).count == 2


class Unready:
    """A keeper with a bug of its own, until it is mended."""

    def __init__(self) -> None:
        self.mended = False
        self.asked = 0

    def back_up(self) -> None:
        self.asked += 1
        if not self.mended:
            raise ZeroDivisionError

    def last_backup_ms(self) -> int | None:
        return START_MS if self.mended else None


@pytest.mark.expect_log("worker backups failed: ZeroDivisionError", "CRITICAL")
def test_a_worker_with_a_bug_is_told_of_and_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisdesk.engine.runtime.RESTART_S", 0.01)
    live, keeper = Live(tmp_path), Unready()
    live.keeper = keeper
    live.start()
    try:
        live.until(lambda: keeper.asked >= 2)
        [problem] = live.engine.health().problems
        assert problem.startswith("the backups failed (ZeroDivisionError)")
        assert live.alert(live.fire()).count == 1
        keeper.mended = True

        def is_past() -> bool:
            live.clock.advance(TROUBLE_SHOWN_MS)
            return not live.engine.health().problems

        live.until(is_past)
    finally:
        live.close()


@pytest.mark.expect_log("worker pager failed", "CRITICAL")
def test_paging_goes_on_after_a_bug_in_it(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisisdesk.engine.runtime.RESTART_S", 0.01)
    claim, failures = Pager._claim, [KeyError("planted")]

    async def claim_or_fail(self: Pager, attempts: asyncio.TaskGroup) -> None:
        if failures:
            raise failures.pop()
        await claim(self, attempts)

    with receiving(lambda _: answer(200, "ok")) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/")
        monkeypatch.setattr(Pager, "_claim", claim_or_fail)
        live.until_status(live.fire(), "sent")
    assert failures == []


@pytest.mark.expect_log("worker extra ended: KeyError", "CRITICAL")
def test_a_failed_extra_worker_does_not_hold_up_the_stop(live: Live) -> None:
    async def extra() -> None:
        raise KeyError("planted")

    async def begin() -> None:
        live.engine.spawn("extra", extra())

    live.runner.run(begin())
    alert_id = live.fire()
    live.stop()
    assert live.alert(alert_id).count == 1
