"""Name servers: what they answer, compared with what is expected."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.sources.probes.dns_probe import DnsProber

from tests.sources.probes.looks import look_once, values

ZONE = {
    "A": ["192.0.2.1", "192.0.2.2"],
    "MX": ["10 mail.example.org."],
    "TXT": ['"v=spf1 -all"'],
}


def from_zone(question: dns.message.Message) -> dns.message.Message:
    said = dns.message.make_response(question)
    asked = question.question[0]
    kind = dns.rdatatype.to_text(asked.rdtype)
    if str(asked.name) != "www.example.org.":
        said.set_rcode(dns.rcode.NXDOMAIN)
    elif kind in ZONE:
        said.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *ZONE[kind]))
    return said


@contextmanager
def name_server(
    say: Callable[[dns.message.Message], dns.message.Message], *, short: bool = False
) -> Iterator[int]:
    """Its port; with ``short`` the whole answer comes by TCP only."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tcp = socket.create_server(("127.0.0.1", 0))
    port = tcp.getsockname()[1]
    udp.bind(("127.0.0.1", port))
    closing = threading.Event()

    def by_udp() -> None:
        while True:
            data, asker = udp.recvfrom(4_096)
            if closing.is_set():
                return
            said = say(dns.message.from_wire(data))
            if short:
                said.answer.clear()
                said.flags |= dns.flags.TC
            udp.sendto(said.to_wire(), asker)

    def by_tcp() -> None:
        while True:
            peer, _ = tcp.accept()
            with peer, peer.makefile("rb") as stream:
                if closing.is_set():
                    return
                length = int.from_bytes(stream.read(2), "big")
                wire = say(dns.message.from_wire(stream.read(length))).to_wire()
                peer.sendall(len(wire).to_bytes(2, "big") + wire)

    threads = [threading.Thread(target=run, daemon=True) for run in (by_udp, by_tcp)]
    for thread in threads:
        thread.start()
    try:
        yield port
    finally:
        closing.set()
        udp.sendto(b"end", ("127.0.0.1", port))
        socket.create_connection(("127.0.0.1", port)).close()
        for thread in threads:
            thread.join(5)
        udp.close()
        tcp.close()


def looked(*, short: bool = False, **settings: Any) -> Reading:
    with name_server(from_zone, short=short) as port:
        told = {"name": "www.example.org", "server": "127.0.0.1", "port": port, **settings}
        return look_once(DnsProber(), told)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"expect": ["192.0.2.2"]},
        {"expect": "192.0.2.2, 192.0.2.1"},
        {"record": "mx", "expect": ["10 MAIL.example.org"]},
        {"record": "TXT", "expect": ["v=spf1 -all"]},
    ],
)
def test_an_answer_as_expected_is_up(settings: dict[str, Any]) -> None:
    reading = looked(**settings)
    assert reading.verdict == Verdict.UP, reading.words
    assert values(reading)["answers"] >= 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"name": "gone.example.org"}, "it answers NXDOMAIN"),
        ({"record": "AAAA"}, "it has no AAAA record of the name"),
        ({"expect": ["192.0.2.9"]}, "where “192.0.2.9” is expected"),
    ],
)
def test_another_answer_is_down_and_told(settings: dict[str, Any], words: str) -> None:
    reading = looked(**settings)
    assert reading.verdict == Verdict.DOWN
    assert words in reading.words


def test_a_long_answer_is_fetched_by_tcp() -> None:
    reading = looked(short=True)
    assert (reading.verdict, values(reading)) == (Verdict.UP, {"answers": 2.0})


def test_without_a_server_the_system_s_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    where = "crisisdesk.sources.probes.dns_probe.name_servers"
    with name_server(from_zone) as port:
        monkeypatch.setattr(where, lambda: ["127.0.0.1"])
        reading = look_once(DnsProber(), {"name": "www.example.org", "port": port})
        assert reading.verdict == Verdict.UP
    monkeypatch.setattr(where, list)
    reading = look_once(DnsProber(), {"name": "www.example.org"})
    assert reading.verdict == Verdict.UNSURE
    assert "no name server" in reading.words
