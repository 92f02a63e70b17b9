"""The contract that every prober of a network place holds to, whatever it meets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.source import storable
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Prober
from crisisdesk.sources.probes.dns_probe import DnsProber
from crisisdesk.sources.probes.http_probe import HttpProber
from crisisdesk.sources.probes.icmp_probe import IcmpProber
from crisisdesk.sources.probes.registry import FACTORIES
from crisisdesk.sources.probes.tcp_probe import TcpProber

from tests.sources.probes.looks import hold_to_the_rules, look_at, look_once
from tests.sources.probes.name_servers import UDP_MANNERS, bad_server
from tests.sources.probes.peers import Manner, peer_of

SECRET = "s3cret-0f-the-look"
DEADLINE_S = 0.5
# Nothing may take so long; a machine may be busy.
NEVER_S = 60.0


TCP_MANNERS = tuple(manner.name.lower() for manner in Manner)


@contextmanager
def tcp_peer(manner: str) -> Iterator[int]:
    """The port of a peer with this manner."""
    with peer_of(Manner[manner.upper()]) as peer:
        yield peer.port


@dataclass(frozen=True, slots=True)
class Case:
    """One type. ``settings`` are good ones for a peer's port, ``wrong`` refused ones with the field
    that is named, ``manners`` those of its peers."""

    make: Callable[[], Prober]
    settings: Callable[[int], Mapping[str, Any]]
    wrong: tuple[tuple[Mapping[str, Any], str], ...]
    manners: tuple[str, ...] = ()
    peer: Callable[[str], AbstractContextManager[int]] = tcp_peer
    secrets: tuple[str, ...] = ()


CASES = {
    "http": Case(
        HttpProber,
        lambda port: {
            "url": f"http://127.0.0.1:{port}/health",
            "bearer": "reader",
            "contains": "fine",
            "secret_headers": {"X-Key": "reader"},
        },
        (
            ({}, "settings.url"),
            ({"url": 5}, "settings.url"),
            ({"url": "ftp://a"}, "settings.url"),
            ({"url": "http://"}, "settings.url"),
            ({"url": "http://a b"}, "settings.url"),
            ({"url": "http://a:99999999"}, "settings.url"),
            ({"url": "http://me:pw@a/"}, "settings.url"),
            ({"url": "http://a", "method": "BREW"}, "settings.method"),
            ({"url": "http://a", "status": "ok"}, "settings.status"),
            ({"url": "http://a", "status": "299-200"}, "settings.status"),
            ({"url": "http://a", "headers": {"Authorization": "x"}}, "settings.headers"),
            ({"url": "http://a", "headers": {"X": "a\r\nY: b"}}, "settings.headers"),
            ({"url": "http://a", "headers": {"a b": "x"}}, "settings.headers"),
            ({"url": "http://a", "headers": {"Host": "x"}}, "settings.headers"),
            ({"url": "http://a", "headers": ["x"]}, "settings.headers"),
            ({"url": "http://a", "bearer": "it is secret"}, "settings.bearer"),
            ({"url": "http://a", "secret_headers": {"X": "it is"}}, "settings.secret_headers.X"),
            ({"url": "http://a", "user": "me"}, "settings.password"),
            ({"url": "http://a", "password": "p"}, "settings.password"),
            ({"url": "http://a", "user": "u", "password": "p", "bearer": "b"}, "settings.bearer"),
            ({"url": "http://a", "json_equals": "1"}, "settings.json_equals"),
            ({"url": "http://a", "redirects": 11}, "settings.redirects"),
            ({"url": "http://a", "redirects": True}, "settings.redirects"),
            ({"url": "http://a", "verify": "maybe"}, "settings.verify"),
            ({"url": "http://a", "tls_days": -1}, "settings.tls_days"),
            ({"url": "http://a", "stranger": 1}, "settings.stranger"),
        ),
        TCP_MANNERS,
        secrets=("reader",),
    ),
    "tcp": Case(
        TcpProber,
        lambda port: {"host": "127.0.0.1", "port": port, "send": "HELO\\r\\n", "expect": "250 "},
        (
            ({"port": 1}, "settings.host"),
            ({"host": "", "port": 1}, "settings.host"),
            ({"host": "a b", "port": 1}, "settings.host"),
            ({"host": "http://a", "port": 1}, "settings.host"),
            ({"host": "a"}, "settings.port"),
            ({"host": "a", "port": 0}, "settings.port"),
            ({"host": "a", "port": "65536"}, "settings.port"),
            ({"host": "a", "port": 1, "tls": "maybe"}, "settings.tls"),
            ({"host": "a", "port": 1, "tls_days": 5}, "settings.tls_days"),
            ({"host": "a", "port": 1, "send": 5}, "settings.send"),
            ({"host": "a", "port": 1, "stranger": 1}, "settings.stranger"),
        ),
        TCP_MANNERS,
    ),
    "dns": Case(
        DnsProber,
        lambda port: {"name": "www.example.org", "server": "127.0.0.1", "port": port},
        (
            ({}, "settings.name"),
            ({"name": "a..b"}, "settings.name"),
            ({"name": "a" * 64}, "settings.name"),
            ({"name": "a", "record": "ANY"}, "settings.record"),
            ({"name": "a", "server": "a/b"}, "settings.server"),
            ({"name": "a", "port": 0}, "settings.port"),
            ({"name": "a", "expect": {"x": 1}}, "settings.expect"),
            ({"name": "a", "stranger": 1}, "settings.stranger"),
        ),
        UDP_MANNERS,
        bad_server,
    ),
    "icmp": Case(
        IcmpProber,
        lambda _port: {"host": "127.0.0.1"},
        (
            ({}, "settings.host"),
            ({"host": "a b"}, "settings.host"),
            ({"host": "a", "count": 0}, "settings.count"),
            ({"host": "a", "stranger": 1}, "settings.stranger"),
        ),
    ),
}
NAMED = pytest.mark.parametrize("case", [pytest.param(c, id=n) for n, c in CASES.items()])


def may_ping() -> bool:
    try:
        IcmpProber().check({"host": "a"})
    except Malformed:
        return False
    return True


@pytest.fixture(autouse=True)
def _allowed(request: pytest.FixtureRequest) -> None:
    case = getattr(request.node, "callspec", None)
    if case is not None and case.params.get("case") is CASES["icmp"] and not may_ping():
        pytest.skip("this user may send no pings")


def test_every_type_of_the_registry_is_made_and_bears_its_name() -> None:
    assert set(CASES) <= set(FACTORIES)
    assert {name: make().type for name, make in FACTORIES.items()} == {n: n for n in FACTORIES}


@NAMED
def test_good_settings_come_back_whole_and_can_be_published(case: Case) -> None:
    prober = case.make()
    checked = prober.check(case.settings(9_090))
    assert prober.check(checked) == checked
    assert canonical_bytes(checked)
    assert storable(checked) == checked
    assert tuple(prober.secret_names(checked)) == case.secrets


@pytest.mark.parametrize(
    ("case", "settings", "field"),
    [
        pytest.param(case, settings, field, id=f"{name}-{number}-{field}")
        for name, case in CASES.items()
        for number, (settings, field) in enumerate(case.wrong)
    ],
)
def test_wrong_settings_name_the_field_and_the_remedy(
    case: Case, settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(Malformed) as caught:
        case.make().check(settings)
    assert caught.value.field == field
    assert caught.value.problem
    assert caught.value.remedy
    # What stands in place of a secret's name may be the secret.
    assert "it is" not in str(caught.value)


@pytest.mark.parametrize(
    ("case", "manner"),
    [
        pytest.param(case, manner, id=f"{name}-{manner}")
        for name, case in CASES.items()
        for manner in case.manners
    ],
)
def test_a_bad_peer_is_down_within_the_deadline_and_learns_nothing(case: Case, manner: str) -> None:
    async def work(port: int) -> Reading:
        prober = case.make()
        secrets = dict.fromkeys(case.secrets, SECRET)
        look = look_at(prober, case.settings(port), deadline_s=DEADLINE_S, secrets=secrets)
        async with asyncio.timeout(NEVER_S):
            reading = await prober.look(look)
        await prober.aclose()
        hold_to_the_rules(reading, look)
        return reading

    with case.peer(manner) as port:
        reading = asyncio.run(work(port))
    assert reading.verdict == Verdict.DOWN


@NAMED
def test_a_look_that_is_cancelled_leaves_nothing_running(case: Case) -> None:
    async def work(port: int) -> set[asyncio.Task[Any]]:
        prober = case.make()
        secrets = dict.fromkeys(case.secrets, SECRET)
        look = look_at(prober, case.settings(port), secrets=secrets)
        task = asyncio.get_running_loop().create_task(prober.look(look))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await prober.aclose()
        return asyncio.all_tasks() - {asyncio.current_task()}

    with case.peer("mute") as port:
        assert asyncio.run(work(port)) == set()


@pytest.mark.parametrize("name", ["http", "tcp"])
def test_a_host_that_has_no_name_is_down(name: str) -> None:
    settings: dict[str, Any] = {"url": "http://nowhere.invalid/"}
    if name == "tcp":
        settings = {"host": "nowhere.invalid", "port": 1}
    reading = look_once(CASES[name].make(), settings, deadline_s=20.0)
    assert reading.verdict == Verdict.DOWN
    assert "name" in reading.words or "answer" in reading.words
