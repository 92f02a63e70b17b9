"""Serving: which hosts, which port, what comes first and last."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from crisisdesk.api.server import NotLoopback, check_host, serve

from tests.api.station import INTAKE, Station
from tests.api.test_feed import served


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "station.example", ""])
def test_hosts_that_others_reach_need_a_word(host: str) -> None:
    with pytest.raises(NotLoopback, match="TLS"):
        check_host(host, allow_remote=False)
    check_host(host, allow_remote=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_needs_none(host: str) -> None:
    check_host(host, allow_remote=False)


def test_a_taken_port_is_an_error(station: Station) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            station.run(serve(station.app, "127.0.0.1", port, lambda *_: None, asyncio.Event()))


def test_a_post_that_runs_is_answered_before_the_end(station: Station) -> None:
    async def run() -> list[int]:
        headers = {"authorization": f"Bearer {INTAKE}"}
        async with served(station) as (url, stop), httpx.AsyncClient(headers=headers) as http:
            assert (await http.get(f"{url}/healthz")).json()["ok"]
            body = [{"labels": {"alertname": f"a{n}"}} for n in range(500)]
            async with asyncio.TaskGroup() as tasks:
                posts = [
                    tasks.create_task(http.post(f"{url}/api/v2/alerts", json=body))
                    for _ in range(5)
                ]
                await station.engine.wait_change(0, 5)
                stop.set()
            return [post.result().status_code for post in posts]

    statuses = station.run(run())
    assert statuses == [200] * 5
    assert station.reader(lambda r: r.counts(0).open_alerts) == 500
