"""Look-ups on threads of their own, shared by those who ask for the same."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from crisisdesk.sources.probes.names import THREADS, Names, addresses


def test_an_address_is_its_own() -> None:
    def never(_host: str) -> list[str]:
        raise AssertionError("nobody looks an address up")

    async def work() -> None:
        names = Names(never)
        for address in ("127.0.0.1", "::1", "fe80::1%eth0"):
            assert await names.resolve(address) == [address]

    asyncio.run(work())


def test_many_who_ask_for_one_name_share_one_look_up() -> None:
    gate, asked = threading.Event(), list[str]()

    def slow(host: str) -> list[str]:
        asked.append(host)
        gate.wait()
        return ["192.0.2.1"]

    async def work() -> None:
        names = Names(slow)
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(names.resolve("a")) for _ in range(50)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        gate.set()
        found = await asyncio.gather(*tasks[1:])
        assert found == [["192.0.2.1"]] * 49
        assert asked == ["a"]
        await names.resolve("a")
        assert asked == ["a", "a"], "an answer is not kept: whether a name resolves is the question"
        names.close()

    asyncio.run(work())


def test_a_dead_name_server_holds_no_more_threads_than_are_bound() -> None:
    gate = threading.Event()

    def dead(_host: str) -> list[str]:
        gate.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    async def work() -> None:
        names = Names(dead)
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(names.resolve(f"h{n}")) for n in range(100)]
        await asyncio.sleep(0)
        running = [t for t in threading.enumerate() if t.name == "probe-names"]
        assert len(running) == THREADS
        gate.set()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, socket.gaierror) for one in found)
        names.close()
        for thread in running:
            await asyncio.to_thread(thread.join, 30)
            assert not thread.is_alive()

    asyncio.run(work())


def test_a_name_that_nobody_can_have_is_not_found() -> None:
    def strange(_host: str) -> list[str]:
        raise UnicodeError("label too long")

    async def work() -> None:
        names = Names(strange)
        with pytest.raises(socket.gaierror):
            await names.resolve("a" * 70)
        names.close()

    asyncio.run(work())


def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in addresses("localhost")
