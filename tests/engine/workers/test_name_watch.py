"""A station is called as people named it, from that moment on."""

from __future__ import annotations

import asyncio
from typing import Any

from crisisdesk.engine.commands import NameStation
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workers import name_watch
from crisisdesk.engine.workers.name_watch import NameWatch

from tests.engine.workers.live import Live


def test_the_name_of_the_settings_stands_until_somebody_gives_one(live: Live) -> None:
    before = live.engine.health().station
    live.do(NameStation(name="BRNO-1"))
    live.until(lambda: live.engine.health().station == "BRNO-1")
    assert before != "BRNO-1"
    live.stop()
    live.start()
    live.until(lambda: live.engine.health().station == "BRNO-1")


def test_a_name_that_cannot_be_read_is_asked_for_again(expect_log: Any, monkeypatch: Any) -> None:
    expect_log("the station's name could not be read", level="ERROR")
    monkeypatch.setattr(name_watch, "RETRY_S", 0.0)
    fails = [True]

    def submit(_command: Any, _actor: str) -> Any:
        done = asyncio.get_running_loop().create_future()
        if fails.pop() if fails else False:
            done.set_exception(StoreFailed("away"))
        else:
            done.set_result("BRNO-1")
        return done

    async def look() -> str:
        watch = NameWatch(submit, "host")
        work = asyncio.create_task(watch.run())
        while watch.name == "host":
            await asyncio.sleep(0)
        work.cancel()
        return watch.name

    assert asyncio.run(look()) == "BRNO-1"
