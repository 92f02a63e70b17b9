"""Whether this station's own network works: routing table, name servers, anchors."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import dns.message
import dns.rcode
import pytest

from crisisdesk.sources.probes import own_network
from crisisdesk.sources.probes.names import Names
from crisisdesk.sources.probes.own_network import (
    Near,
    NearProbe,
    default_gateway,
    is_neighbour,
    name_servers,
)

from tests.comms.receivers import raw_server
from tests.sources.probes.name_servers import bad_server
from tests.sources.probes.test_dns_probe import from_zone, name_server

ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t200\t00000000\t0\t0\t0
wlan0\t00000000\tFE0200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth1\t00000000\t630200C0\t0002\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
"""
NEIGHBOURS = """IP address       HW type     Flags       HW address            Mask     Device
192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0
192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0
"""
NOTHING = Near(gateway="", name_servers=(), anchors=())


def checked(
    near: Near, names: Names | None = None, *, deadline_s: float = 20.0, name_port: int = 53
) -> str:
    async def work() -> str:
        probe = NearProbe(near, names, name_port)
        try:
            return await probe.check(deadline_s)
        finally:
            probe.close()

    return asyncio.run(work())


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_the_gateway_is_that_of_the_best_route_that_is_up(tmp_path: Path) -> None:
    routes = tmp_path / "route"
    routes.write_text(ROUTES)
    assert default_gateway(routes) == "192.0.2.254"
    routes.write_text(ROUTES.splitlines()[0])
    assert default_gateway(routes) == ""
    assert default_gateway(tmp_path / "none") == ""


def test_name_servers_are_those_of_the_system(tmp_path: Path) -> None:
    told = tmp_path / "resolv.conf"
    told.write_text("# x\nsearch a\nnameserver 192.0.2.53\nnameserver\nnameserver ::1\n")
    assert name_servers(told) == ["192.0.2.53", "::1"]
    assert name_servers(tmp_path / "none") == []


def test_a_neighbour_has_a_hardware_address(tmp_path: Path) -> None:
    told = tmp_path / "arp"
    told.write_text(NEIGHBOURS)
    assert is_neighbour("192.0.2.1", told)
    assert not is_neighbour("192.0.2.9", told)
    assert not is_neighbour("192.0.2.2", told)


def test_where_nothing_can_be_asked_nothing_is_suspected() -> None:
    assert checked(NOTHING) == ""


def test_one_anchor_that_answers_is_enough_and_a_refusal_is_an_answer(closed_port: int) -> None:
    with raw_server(lambda _peer: None) as port:
        assert checked(Near(gateway="", name_servers=(), anchors=(f"127.0.0.1:{port}",))) == ""
    assert checked(Near(gateway="", name_servers=(), anchors=(f"127.0.0.1:{closed_port}",))) == ""


def test_anchors_of_which_none_answers_are_named() -> None:
    def dead(_host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    near = Near(gateway="", name_servers=(), anchors=("a.example.org:443", "b.example.org:443"))
    words = checked(near, Names(dead))
    assert words == "none of a.example.org:443, b.example.org:443 answers"


def test_a_name_server_that_does_not_answer_is_told() -> None:
    near = Near(gateway="", name_servers=("127.0.0.1",), anchors=())
    for manner in ("mute", "rubbish", "refuses"):
        with bad_server(manner) as port:
            words = checked(near, deadline_s=0.5, name_port=port)
            assert words == "no name server answers", manner


def test_any_answer_of_a_name_server_is_one_but_a_failure_of_this_machine_s_own() -> None:
    def failing(question: dns.message.Message) -> dns.message.Message:
        said = dns.message.make_response(question)
        said.set_rcode(dns.rcode.SERVFAIL)
        return said

    near = Near(gateway="", name_servers=("127.0.0.1",), anchors=())
    with name_server(from_zone) as port:
        assert checked(near, name_port=port) == ""
    with name_server(failing) as port:
        assert checked(near, name_port=port) == "no name server answers"


def test_a_gateway_counts_only_where_nothing_better_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def silent(_address: str) -> bool:
        return False

    monkeypatch.setattr(own_network, "_gateway_answers", silent)
    near = Near(gateway="192.0.2.1", name_servers=(), anchors=())
    assert checked(near) == "the gateway 192.0.2.1 does not answer"
    with raw_server(lambda _peer: None) as port:
        near = Near(gateway="192.0.2.1", name_servers=(), anchors=(f"127.0.0.1:{port}",))
        assert checked(near) == ""


def test_a_gateway_that_refuses_is_there() -> None:
    assert checked(Near(gateway="127.0.0.1", name_servers=(), anchors=())) == ""
