"""Receivers of pages for tests: real HTTP, HTTPS behind a proxy, and mail, with chosen manners."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import json
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.comms.listening import Listening


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    host: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def answer(code: int, body: str = "", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {code} Said", f"Content-Length: {len(body.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"
Manner = Callable[[Request], bytes | str]


@dataclass
class Receiver(Listening):
    """A server in threads of its own; a manner gives the answer's bytes, "hang" or "reset"."""

    manner: Manner
    tls: ssl.SSLContext | None = None
    tunnel: bool = True
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), peer:
            host = ""
            if self.tls is not None:
                host = self.open_tunnel(peer) if self.tunnel else ""
                peer = self.tls.wrap_socket(peer, server_side=True)
                self.sockets.append(peer)
            with peer, peer.makefile("rb") as stream:
                while request := read_request(stream, host):
                    self.requests.append(request)
                    said = self.manner(request)
                    if said == "hang":
                        self.closing.wait()
                        return
                    if said == "reset":
                        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                        return
                    assert isinstance(said, bytes)
                    peer.sendall(said)
                    if said == HALF:
                        return

    def open_tunnel(self, peer: socket.socket) -> str:
        head = b""
        while b"\r\n\r\n" not in head:
            head += peer.recv(1)
        peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return head.split()[1].decode().partition(":")[0]


def read_request(stream: Any, host: str) -> Request | None:
    first = stream.readline().decode().split()
    if len(first) < 2:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().strip().decode():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return Request(
        method=first[0],
        host=host or headers.get("host", ""),
        path=first[1],
        headers=headers,
        body=body,
    )


@contextmanager
def receiving(
    manner: Manner, tls: ssl.SSLContext | None = None, *, tunnel: bool = True
) -> Iterator[Receiver]:
    receiver = Receiver(manner, tls, tunnel)
    thread = threading.Thread(target=receiver.run, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.close()
        # The accepting thread first: it may be about to start one more.
        for each in (thread, *receiver.threads):
            each.join(5)


@contextmanager
def proxied(manner: Manner, folder: Path, hosts: list[str]) -> Iterator[tuple[Receiver, Path]]:
    """A CONNECT proxy that plays these hosts with certificates of its own authority (the path)."""
    context, authority = authority_for(hosts, folder)
    with receiving(manner, context) as receiver:
        yield receiver, authority


def authority_for(hosts: list[str], folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for these hosts and 127.0.0.1, and the file of the authority to trust."""
    certificate, key = _certificate(hosts)
    chain = folder / "server.pem"
    chain.write_bytes(key + certificate)
    authority = folder / "authority.pem"
    authority.write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context, authority


def _certificate(hosts: list[str]) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CrisisDesk test authority")])
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


class Mailbox:
    """An aiosmtpd handler: keeps mail; ``refuse`` maps a step (RCPT, DATA) to its answer."""

    def __init__(self, **refuse: str) -> None:
        self.refuse = refuse
        self.mails: list[tuple[list[str], str]] = []

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if "RCPT" in self.refuse:
            return self.refuse["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if "DATA" in self.refuse:
            return self.refuse["DATA"]
        self.mails.append((list(envelope.rcpt_tos), envelope.content.decode()))
        return "250 2.0.0 OK queued as Q77"


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """A real relay; ``options`` are aiosmtpd's: TLS from the first byte, STARTTLS, a login."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, server_hostname="test", **options
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that talks as it likes on its first connections, each in turn."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop_read, stop_write = socket.socketpair()

        def run() -> None:
            while stop_read not in (ready := select.select([listener, stop_read], [], [])[0]):
                assert ready
                peer, _ = listener.accept()
                with peer, contextlib.suppress(OSError):
                    talk(peer)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stop_write.close()
            thread.join(5)
            stop_read.close()
