"""Steps that wait for health."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.waiting import WaitExecutor

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def wait(states: list[str], timeout_s: float = 30, **more: Any) -> tuple[Done, str]:
    """Wait for a source that stands so at each look, the last way from then on."""
    said: list[str] = []
    looks = iter(states)
    last = [states[0]]

    def told() -> dict[str, str]:
        last[0] = next(looks, last[0])
        return {"shop": last[0]}

    step = {"kind": "wait", "source": "shop", "for_ms": 0, **more}
    job = Job(step=step, timeout_s=timeout_s, say=said.append, states=told)
    return await WaitExecutor(()).execute(job), "".join(said)


async def test_a_source_that_comes_up() -> None:
    done, said = await wait(["down", "up"])
    assert (done.outcome, done.words) == ("ok", "shop is up")
    assert said == "shop is down\nshop is up\n"


async def test_one_that_does_not_come_up_in_time() -> None:
    done, _said = await wait(["down"], timeout_s=0.0)
    assert (done.outcome, done.words) == ("failed", "not well in time: shop is down")


async def test_a_look_asks_once_and_waits_for_nothing() -> None:
    executor = WaitExecutor(("https://a/",))
    told = {"shop": "down"}
    step = {"kind": "wait", "source": "shop", "for_ms": 3_600_000}
    job = Job(step=step, timeout_s=5, say=print, states=lambda: told)
    assert await executor.look(job) == Done(outcome="failed", words="shop is down", value="down")
    told["shop"] = "up"
    assert (await executor.look(job)).outcome == "ok"
    assert executor.entry(step) == "source shop of this station"
    assert executor.entry({"url": "https://a/x"}) == 'recovery.urls "https://a/"'


async def test_well_for_a_while_begins_anew_after_a_fall() -> None:
    done, said = await wait(["up", "down", "up"], for_ms=500)
    assert done.outcome == "ok"
    assert said.splitlines() == ["shop is up", "shop is down", "shop is up"]


async def test_an_unknown_source_and_a_forbidden_address_are_refused() -> None:
    executor = WaitExecutor(("https://a/",))
    unknown = Job(step={"source": "nowhere"}, timeout_s=5, say=print)
    with pytest.raises(Malformed, match="is unknown here"):
        await executor.execute(unknown)
    elsewhere = {"url": "https://b/"}
    with pytest.raises(Malformed, match="may not be called"):
        executor.check(elsewhere)
    assert executor.check({"url": "https://a/x"}) == "would wait until https://a/x is well for 0 s"
    await executor.aclose()
