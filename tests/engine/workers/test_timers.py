"""Moments that come by themselves: pre-alarm, breach, a source gone silent, the hourly copy."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crisisdesk.domain.severity import Severity
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.commands import (
    AcknowledgeAlerts,
    Command,
    MindDueAlerts,
    ReopenAlert,
    ResolveAlert,
)
from crisisdesk.engine.escalation_commands import MindEscalations, MindUnattended
from crisisdesk.engine.hold_commands import MindHolds
from crisisdesk.engine.workers import timers
from crisisdesk.store.backup import BackupKeeper, check_backup, list_backups

from tests.comms.receivers import answer, receiving
from tests.engine.workers.live import HOUR_MS, START_MS, Live


def test_pre_alarm_and_breach_come_once_at_their_moments(live: Live) -> None:
    alert_id = live.fire()
    alert = live.alert(alert_id)
    live.clock.advance(alert.sla_prealarm_at - START_MS - 1)
    assert live.do(MindDueAlerts(), "engine") == 0
    live.clock.advance(1)
    live.until(lambda: live.alert(alert_id).sla_prealarmed)
    live.clock.advance(alert.sla_deadline - alert.sla_prealarm_at - 1)
    assert live.do(MindDueAlerts(), "engine") == 0
    live.clock.advance(1)
    live.until(lambda: live.alert(alert_id).sla_breached_at)
    live.clock.advance(HOUR_MS)
    assert live.do(MindDueAlerts(), "engine") == 0
    assert live.alert(alert_id).sla_breached_at == alert.sla_deadline
    kinds = live.kinds(alert_id)
    assert kinds == ["alert.fired", "alert.sla_prealarmed", "alert.sla_breached"]


def test_a_breach_is_not_recorded_again_after_a_restart(live: Live) -> None:
    alert_id = live.fire()
    live.clock.advance(HOUR_MS)
    live.until(lambda: live.alert(alert_id).sla_breached_at)
    live.stop()
    live.clock.advance(HOUR_MS)
    live.start()
    assert live.do(MindDueAlerts(), "engine") == 0
    assert live.kinds(alert_id).count("alert.sla_breached") == 1


def test_what_fell_due_while_the_engine_was_down_is_minded_at_its_start(live: Live) -> None:
    alert_id = live.fire()
    deadline = live.alert(alert_id).sla_deadline
    live.stop()
    live.clock.advance(HOUR_MS)
    live.start()
    live.until(lambda: live.alert(alert_id).sla_breached_at)
    assert live.alert(alert_id).sla_breached_at == deadline


def test_an_escalation_goes_on_by_itself_also_after_a_restart(live: Live) -> None:
    with receiving(lambda _: answer(200)) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        alert_id = live.fire()
        live.until_status(alert_id, "sent")
        live.stop()
        live.clock.advance(HOUR_MS)
        live.start()
        first, again = live.until_status(alert_id, "sent", "sent")
    assert abs(again.queued_at - first.queued_at) >= HOUR_MS


@pytest.mark.parametrize(("on_duty", "late_ms", "looks"), [(True, 0, 2), (False, 5_000, 1)])
@pytest.mark.anyio
async def test_a_station_without_duty_leaves_it_to_the_others_for_a_while(
    on_duty: bool, late_ms: int, looks: int
) -> None:
    asked: list[Command] = []

    def submit(command: Command, _actor: str) -> asyncio.Future[int]:
        asked.append(command)
        answer = asyncio.get_running_loop().create_future()
        answer.set_result(0)
        return answer

    clock = ManualClock(START_MS)
    timer = timers.DueTimer(submit, clock, lambda: on_duty)
    for _ in range(3):
        await timer.mind()
        clock.advance(10_000)
    found = [command.late_ms for command in asked if isinstance(command, MindEscalations)]
    assert found == [late_ms] * 3
    assert sum(isinstance(command, MindUnattended) for command in asked) == looks


def test_an_acknowledged_alert_is_never_late(live: Live) -> None:
    alert_id = live.fire()
    live.clock.advance(10_000)
    live.do(AcknowledgeAlerts(alert_ids=[alert_id]))
    live.clock.advance(HOUR_MS)
    assert live.do(MindDueAlerts(), "engine") == 0
    alert = live.alert(alert_id)
    assert (alert.sla_breached_at, alert.response_ms) == (None, 10_000)


def test_a_reopened_alert_can_be_late_anew(live: Live) -> None:
    alert_id = live.fire()
    live.clock.advance(HOUR_MS)
    live.until(lambda: live.alert(alert_id).sla_breached_at)
    live.do(ResolveAlert(alert_id=alert_id))
    live.do(ReopenAlert(alert_id=alert_id))
    assert live.alert(alert_id).sla_breached_at is None
    live.clock.advance(HOUR_MS)
    live.until(lambda: live.alert(alert_id).sla_breached_at)
    assert live.kinds(alert_id).count("alert.sla_breached") == 2


def test_a_silent_source_ends_its_alert(live: Live) -> None:
    alert_id = live.fire(severity=Severity.LOW, ends_at=START_MS + 60_000)
    live.clock.advance(30_000)
    live.fire(severity=Severity.LOW, ends_at=START_MS + 90_000)
    live.clock.advance(59_999)
    assert live.do(MindDueAlerts(), "engine") == 0
    live.clock.advance(1)
    live.until(lambda: live.alert(alert_id).status == "resolved")
    alert = live.alert(alert_id)
    assert (alert.resolved_at, alert.resolved_by) == (START_MS + 90_000, "engine")
    assert alert.resolution == "its source stopped repeating it"


def test_many_due_alerts_are_minded_in_batches(live: Live) -> None:
    alerts = [live.fire(f"disk {n}") for n in range(timers.BATCH + 50)]
    live.clock.advance(HOUR_MS)
    live.until(lambda: all(live.alert(alert_id).sla_breached_at for alert_id in alerts))
    assert {tuple(live.kinds(alert_id)) for alert_id in alerts} <= {
        ("alert.fired", "alert.sla_breached"),
        ("alert.fired", "alert.sla_prealarmed", "alert.sla_breached"),
    }


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Live:
    """A station, not started, that looks every few milliseconds whether a copy is due."""
    monkeypatch.setattr(timers, "TICK_S", 0.0002)
    return Live(tmp_path)


def test_a_verified_copy_is_made_every_hour(quick: Live) -> None:
    quick.start()
    try:
        quick.fire()
        for hours in (1, 2, 3):
            quick.until(lambda: quick.engine.health().last_backup_ms == quick.clock.now_ms())
            assert len(list_backups(quick.backups)) == hours
            quick.clock.advance(HOUR_MS)
    finally:
        quick.close()
    copies = list_backups(quick.backups)
    assert [at for at, _ in copies][:3] == [START_MS + n * HOUR_MS for n in (2, 1, 0)] or (
        [at for at, _ in copies][:4] == [START_MS + n * HOUR_MS for n in (3, 2, 1, 0)]
    )
    assert [check_backup(path).first_bad for _, path in copies] == [None] * len(copies)


@pytest.mark.expect_log("the backup failed", "ERROR")
def test_a_copy_that_fails_is_shown_and_tried_again(quick: Live) -> None:
    quick.backups.write_text("a file where the folder should be")
    quick.start()
    try:
        problem = quick.until(lambda: quick.engine.health().problems)
        assert problem[0].startswith("no backup: ")
        quick.backups.unlink()
        quick.clock.advance(timers.BACKUP_RETRY_MS - 1)
        timer = timers.BackupTimer(
            BackupKeeper(quick.store, quick.backups, quick.clock), quick.clock, HOUR_MS
        )
        assert timer.problem == ""
        assert quick.engine.health().last_backup_ms is None
        quick.clock.advance(1)
        quick.until(lambda: not quick.engine.health().problems)
        assert quick.engine.health().last_backup_ms == quick.clock.now_ms()
    finally:
        quick.close()


def test_a_clock_set_back_does_not_stop_the_copies(quick: Live) -> None:
    quick.start()
    try:
        quick.until(lambda: quick.engine.health().last_backup_ms == START_MS)
        quick.clock.advance(-24 * HOUR_MS)
        quick.until(lambda: quick.engine.health().last_backup_ms == START_MS - 24 * HOUR_MS)
    finally:
        quick.close()


def test_who_fell_asleep_is_asked_by_a_real_page_and_then_others_are_told_why(live: Live) -> None:
    minute = 60_000
    with (
        receiving(lambda _: answer(200, "ok")) as sam,
        receiving(lambda _: answer(200, "ok")) as priya,
    ):
        live.contact("Sam", f"webhook://{sam.host}/page")
        live.contact("Priya", f"webhook://{priya.host}/page")
        alert_id = live.fire()
        live.until_status(alert_id, "sent", "sent")
        live.do(AcknowledgeAlerts(alert_ids=[alert_id]), "Sam")
        live.clock.advance(25 * minute)
        live.until(lambda: len(sam.requests) == 2)
        asked = sam.requests[1].json()
        assert asked["title"] == "Still on it? CRITICAL: Trouble with disk"
        assert "Without an answer others are paged then." in asked["text"]
        assert f"To answer: crisisdesk alert still {alert_id}" in asked["text"]
        assert len(priya.requests) == 1
        live.clock.advance(5 * minute)
        live.until(lambda: len(priya.requests) == 2)
        told = priya.requests[1].json()
        assert told["title"] == "CRITICAL: Trouble with disk"
        assert "Sam had it from" in told["text"]
        assert "ran out at" in told["text"]
    assert live.alert(alert_id).owner == ""
    assert "alert.ack_expired" in live.kinds(alert_id)


def test_a_station_without_duty_lets_the_one_with_it_decide_first(live: Live) -> None:
    live.contact("Sam")
    alert_id = live.fire()
    live.do(AcknowledgeAlerts(alert_ids=[alert_id]), "Sam")
    live.stop()
    seen: list[MindHolds] = []

    async def submit(command: Command, _actor: str) -> int:
        if isinstance(command, MindHolds):
            seen.append(command)
        return 0

    for on_duty in (True, False):
        timer = timers.DueTimer(submit, live.clock, lambda on_duty=on_duty: on_duty)  # type: ignore[arg-type, misc]
        asyncio.run(timer.mind())
    assert [(one.late_ms, one.look) for one in seen] == [(0, True), (timers.OTHERS_LATE_MS, True)]
