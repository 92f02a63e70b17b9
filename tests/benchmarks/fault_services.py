"""Faults of services that are looked at from outside: pages, certificates, ports, name servers."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from functools import partial

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.benchmarks.fault_stage import Expected, Fault, Stage
from tests.chain.nginx import Nginx, nginx
from tests.comms.receivers import Receiver, answer, receiving
from tests.sources.probes.certificates import served

HTTP_500, EXPIRED, STOPPED, HUNG = "HTTP 500", "certificate expired", "stopped", "hung"
NAMES_STOPPED, NAMES_WRONG = "name server stopped", "wrong name"


def broken_pages(stage: Stage, count: int, *, paused: bool = False) -> Iterator[Fault]:
    """Pages of one nginx, each of which answers 500 when it is told to."""
    mark = "hushed" if paused else "page"
    server = stage.stack.enter_context(nginx(stage.folder / f"nginx-{mark}"))
    for number in range(count):
        place = f"p{number:02}"
        settings = {"url": f"http://{server.host}/at/{place}", "contains": "fine"}
        stage.watch(f"{mark} {place}", "http", settings, paused=paused)
        yield Fault(
            expected=(Expected(kind=HTTP_500, words=f"{mark} {place} is down"),),
            begin=partial(server.fail, failing=True, place=place),
            end=partial(server.fail, failing=False, place=place),
        )


def expired_certificates(stage: Stage, count: int) -> Iterator[Fault]:
    """Servers whose certificate is one that has run out, as after a renewal that never came."""
    folders = [stage.folder / name for name in ("good", "bad")]
    for folder in folders:
        folder.mkdir()
    (good, good_file), (bad, bad_file) = served(folders[0], days=30), served(folders[1], days=-1)
    trusted = stage.folder / "trusted.pem"
    trusted.write_bytes(good_file.read_bytes() + bad_file.read_bytes())

    def show(server: Receiver, *, expired: bool) -> None:
        server.tls = bad if expired else good

    for number in range(count):
        name = f"certificate c{number:02}"
        told = receiving(lambda _request: answer(200, "fine"), good, tunnel=False)
        server = stage.stack.enter_context(told)
        stage.watch(name, "http", {"url": f"https://{server.host}/", "ca_file": str(trusted)})
        yield Fault(
            expected=(Expected(kind=EXPIRED, words=f"{name} is down"),),
            begin=partial(show, server, expired=True),
            end=partial(show, server, expired=False),
        )


def stopped_services(stage: Stage, count: int) -> Iterator[Fault]:
    """Programs that end: their port refuses."""
    for number, server in _services(stage, "service", count):
        yield Fault(
            expected=(Expected(kind=STOPPED, words=f"service s{number:02} is down"),),
            begin=server.stop,
        )


def hung_services(stage: Stage, count: int) -> Iterator[Fault]:
    """Programs that stop in their tracks: their port still takes connections."""
    for number, server in _services(stage, "hanging", count):
        yield Fault(
            expected=(Expected(kind=HUNG, words=f"hanging s{number:02} is down"),),
            begin=partial(server.process.send_signal, signal.SIGSTOP),
            end=partial(server.process.send_signal, signal.SIGCONT),
        )


def _services(stage: Stage, what: str, count: int) -> Iterator[tuple[int, Nginx]]:
    for number in range(count):
        server = stage.stack.enter_context(nginx(stage.folder / f"{what}-{number}"))
        host, _, port = server.host.rpartition(":")
        asked = {"host": host, "port": int(port), "send": "GET / HTTP/1.0\\r\\n\\r\\n"}
        stage.watch(f"{what} s{number:02}", "tcp", {**asked, "expect": "200"})
        yield number, server


def stopped_name_servers(stage: Stage, count: int) -> Iterator[Fault]:
    """Name servers that end."""
    for number in range(count):
        server, name = NameServer(), f"names n{number:02}"
        stage.stack.callback(server.stop)
        server.zone["www.example.org."] = "192.0.2.1"
        stage.watch(name, "dns", _asked(server, "www.example.org"))
        yield Fault(
            expected=(Expected(kind=NAMES_STOPPED, words=f"{name} is down"),), begin=server.stop
        )


def wrong_names(stage: Stage, count: int) -> Iterator[Fault]:
    """Names of one server, each of which leads elsewhere when it is told to."""
    server = NameServer()
    stage.stack.callback(server.stop)
    for number in range(count):
        host, name = f"w{number:02}.example.org.", f"name w{number:02}"
        server.zone[host] = "192.0.2.1"
        stage.watch(name, "dns", {**_asked(server, host), "expect": ["192.0.2.1"]})
        yield Fault(
            expected=(Expected(kind=NAMES_WRONG, words=f"{name} is down"),),
            begin=partial(server.zone.update, {host: "203.0.113.66"}),
            end=partial(server.zone.update, {host: "192.0.2.1"}),
        )


def _asked(server: NameServer, name: str) -> dict[str, object]:
    return {"name": name, "server": "127.0.0.1", "port": server.port}


class NameServer:
    """Answers questions for A records of its ``zone`` (absolute names) by UDP until it is
    stopped."""

    def __init__(self) -> None:
        self.zone: dict[str, str] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="names")
        self._thread.start()

    def _serve(self) -> None:
        while True:
            data, asker = self._socket.recvfrom(4_096)
            if self._stopping.is_set():
                return
            self._socket.sendto(self._said(dns.message.from_wire(data)).to_wire(), asker)

    def _said(self, question: dns.message.Message) -> dns.message.Message:
        said = dns.message.make_response(question)
        asked = question.question[0]
        address = self.zone.get(str(asked.name))
        if address is None or asked.rdtype != dns.rdatatype.A:
            said.set_rcode(dns.rcode.NXDOMAIN)
        else:
            said.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", address))
        return said

    def stop(self) -> None:
        """End it; its port is free afterwards. May be repeated."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"end", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()
