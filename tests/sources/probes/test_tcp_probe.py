"""TCP: connecting, what it says first, TLS."""

from __future__ import annotations

import socket
from pathlib import Path

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.names import Names
from crisisdesk.sources.probes.tcp_probe import TcpProber

from tests.comms.receivers import answer, raw_server, receiving
from tests.sources.probes.certificates import now_ms, served
from tests.sources.probes.looks import look_once, values


def test_a_port_that_takes_connections_is_up() -> None:
    with raw_server(lambda _peer: None) as port:
        reading = look_once(TcpProber(), {"host": "127.0.0.1", "port": port})
    assert (reading.verdict, reading.words) == (Verdict.UP, f"port {port} takes connections")


def test_what_it_says_first_is_what_was_expected() -> None:
    def talk(peer: socket.socket) -> None:
        peer.sendall(b"220 mail.exam")
        peer.sendall(b"ple.org ESMTP\r\n")
        peer.recv(100)

    with raw_server(talk) as port:
        settings = {"host": "localhost", "port": str(port), "expect": "example.org ESMTP"}
        # It listens on one address of this machine's two.
        prober = TcpProber(Names(lambda _host: ["::1", "127.0.0.1"]))
        assert look_once(prober, settings).verdict == Verdict.UP


def test_what_it_says_instead_is_told() -> None:
    with raw_server(lambda peer: peer.sendall(b"554 go away\x1b[0m\r\n")) as port:
        settings = {"host": "127.0.0.1", "port": port, "expect": "220 "}
        reading = look_once(TcpProber(), settings)
    assert reading.verdict == Verdict.DOWN
    assert "it said “554 go away·[0m” where “220” is expected" in reading.words


def test_it_is_spoken_to_first_where_it_waits_for_that() -> None:
    heard = bytearray()

    def talk(peer: socket.socket) -> None:
        heard.extend(peer.recv(100))
        peer.sendall(b"+PONG\r\n")

    with raw_server(talk) as port:
        settings = {"host": "127.0.0.1", "port": port, "send": r"PING\r\n", "expect": "PONG"}
        assert look_once(TcpProber(), settings).verdict == Verdict.UP
    assert bytes(heard) == b"PING\r\n"


def test_nothing_is_listening() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    reading = look_once(TcpProber(), {"host": "127.0.0.1", "port": port})
    assert (reading.verdict, reading.words) == (Verdict.DOWN, "connection refused")


def test_its_certificate_is_looked_at(tmp_path: Path) -> None:
    tls, authority = served(tmp_path, days=5)
    with receiving(lambda _request: answer(200), tls, tunnel=False) as server:
        settings = {"host": "127.0.0.1", "port": server.port, "tls": True}
        trusted = {**settings, "ca_file": str(authority)}
        reading = look_once(TcpProber(), trusted, now=now_ms())
        assert reading.verdict == Verdict.UP
        assert 4.9 < values(reading)["tls_days"] <= 5
        reading = look_once(TcpProber(), {**trusted, "tls_days": 6}, now=now_ms())
        assert "the certificate ends in" in reading.words
        reading = look_once(TcpProber(), settings)
        assert "certificate not accepted" in reading.words
        assert look_once(TcpProber(), {**settings, "verify": "no"}).verdict == Verdict.UP
