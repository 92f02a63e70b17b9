"""Checks of the station's own network: shared, no older than the question, told after two."""

from __future__ import annotations

import asyncio

from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine.source_signals import network_key
from crisisdesk.engine.workers.network_watch import CRY_AGAIN_MS, RECHECK_MS, NetworkWatch

from tests.engine.workers.looking_out import ToldNetwork

STATION = ("ST-A", "North")
KEY = network_key("ST-A")


class Slow(ToldNetwork):
    """Answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def check(self, deadline_s: float) -> str:
        await self.gate.wait()
        return await super().check(deadline_s)


def test_all_who_ask_share_one_check_that_is_young_enough() -> None:
    async def work() -> None:
        network, now = Slow(), [100]
        watch = NetworkWatch(network, lambda: now[0])
        network.words = "gone"
        loop = asyncio.get_running_loop()
        asking = [loop.create_task(watch.why_not(100)) for _ in range(50)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asking[0].cancel()
        # A look that began while the check ran needs one of its own.
        now[0] = 200
        late = loop.create_task(watch.why_not(200))
        await asyncio.sleep(0)
        network.gate.set()
        assert set(await asyncio.gather(*asking[1:])) == {"gone"}
        assert await late == "gone"
        assert network.checks == 2
        assert await watch.why_not(150) == "gone"
        assert network.checks == 2
        await watch.close()

    asyncio.run(work())


def test_it_is_told_after_two_checks_and_ended_by_one_that_is_good() -> None:
    async def work() -> None:
        network, now = ToldNetwork(), [0]
        watch = NetworkWatch(network, lambda: now[0])
        assert watch.signals((), STATION) == []
        network.words = "gone"
        for at in (0, 1, 2):
            now[0] = at
            await watch.check_again()
            assert watch.signals((), STATION) == [], "checks of one moment count as one"
        now[0] = RECHECK_MS
        await watch.check_again()
        (signal,) = watch.signals((), STATION)
        assert (signal.action, signal.key) == (SignalAction.FIRE, KEY)
        watch.cried()
        assert watch.signals((KEY,), STATION) == []
        # Somebody ended it although it is still so.
        assert watch.signals((), STATION) == []
        now[0] += CRY_AGAIN_MS
        assert len(watch.signals((), STATION)) == 1
        network.words = ""
        await watch.check_again()
        (signal,) = watch.signals((KEY,), STATION)
        assert signal.action == SignalAction.RESOLVE
        assert watch.signals((), STATION) == []

    asyncio.run(work())


def test_nobody_is_asked_without_a_reason() -> None:
    async def work() -> None:
        network, now = ToldNetwork(), [0]
        watch = NetworkWatch(network, lambda: now[0])
        assert not watch.is_due((), "ST-A")
        assert watch.is_due((KEY,), "ST-A")
        await watch.check_again()
        assert not watch.is_due((KEY,), "ST-A")
        now[0] = RECHECK_MS
        assert watch.is_due((KEY,), "ST-A")
        assert not watch.is_due((), "ST-A")
        # A clock that was set back puts nothing off.
        now[0] = -1
        assert watch.is_due((KEY,), "ST-A")

    asyncio.run(work())
