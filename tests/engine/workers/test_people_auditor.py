"""A living engine audits its people by itself, where it has duty and its file can be written."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crisisdesk.domain.audit_outcome import KEY, SOURCE
from crisisdesk.domain.audit_week import Weekly, last_run
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workers import people_auditor
from crisisdesk.engine.workers.people_auditor import PeopleAuditor

from tests.engine.workers.live import Live

WEEKLY = Weekly()


def test_it_runs_by_itself_and_survives_a_restart(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_auditor, "LOOK_S", 0.02)
    live.stop()
    live.weekly = WEEKLY
    live.start()
    live.contact("Ann", "mailto://u:p@mail.example.org")
    due = WEEKLY.next_due(live.clock.now_ms())
    live.stop()
    live.clock.advance(due - live.clock.now_ms() + 3_600_000)
    live.start()
    alert_id = alert_id_of(SOURCE, KEY)
    live.until(lambda: live.read(lambda reader: reader.alert(alert_id)))
    ran = live.read(lambda r: last_run(r.policies(declared=True), live.clock.now_ms()))
    assert ran is not None
    assert ran.due == due
    assert live.read(lambda reader: reader.policies()) == [], "it is no policy"


def test_a_station_without_duty_leaves_it_to_the_one_that_pages() -> None:
    asked: list[Any] = []

    def submit(command: Any, _actor: str) -> Any:
        asked.append(command)
        done = asyncio.get_running_loop().create_future()
        done.set_result(False)
        return done

    asyncio.run(PeopleAuditor(submit, WEEKLY, lambda: False).look())
    assert asked == []
    asyncio.run(PeopleAuditor(submit, WEEKLY, lambda: True).look())
    assert [one.weekly for one in asked] == [WEEKLY]


def test_what_could_not_be_written_is_told_until_it_can(expect_log: Any) -> None:
    expect_log("the audit of people could not be minded", level="ERROR")
    fails = [True]

    def submit(_command: Any, _actor: str) -> Any:
        done = asyncio.get_running_loop().create_future()
        if fails:
            done.set_exception(StoreFailed("the disk is full"))
        else:
            done.set_result(True)
        return done

    auditor = PeopleAuditor(submit, WEEKLY, lambda: True)
    asyncio.run(auditor.look())
    assert auditor.problem == "the audit of people could not run: the disk is full"
    fails.clear()
    asyncio.run(auditor.look())
    assert auditor.problem == ""
