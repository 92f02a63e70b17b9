"""A mail relay for tests that says what a script wants, and notes what it was told and how."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.comms.listening import Listening

CUT = "cut"
HANG = "hang"


@dataclass
class Relay(Listening):
    """``script`` maps a verb (``RCPT``, or ``END`` for a mail's end) to its next answers.

    Each is a reply, ``CUT`` or ``HANG``; when none is left the answer is a yes. A 421 ends the
    connection.
    """

    script: dict[str, list[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("PIPELINING",)
    commands: list[str] = field(default_factory=list)
    packets: list[bytes] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer:
            if not self.say(peer, "HELLO", "220 relay"):
                return
            rest = b""
            while not self.closing.is_set():
                rest = self.step(peer, rest)

    def step(self, peer: socket.socket, rest: bytes) -> bytes:
        """Take one command; what was read beyond it. Raises OSError at the end."""
        line, rest = self.until(peer, rest, b"\r\n")
        command = line.decode()
        self.commands.append(command)
        verb = command[:4].upper()
        usual = "250 ok"
        if verb == "EHLO":
            usual = "\r\n".join(["250-relay", *(f"250-{e}" for e in self.extensions), "250 HELP"])
        elif verb == "DATA":
            usual = "354 go on"
        elif verb == "QUIT":
            raise OSError
        if not self.say(peer, verb, usual):
            raise OSError
        if verb == "DATA" and self.said.startswith("354"):
            mail, rest = self.until(peer, rest, b"\r\n.\r\n")
            self.mails.append(mail + b"\r\n")
            if not self.say(peer, "END", f"250 queued as Q{len(self.mails)}"):
                raise OSError
        return rest

    def until(self, peer: socket.socket, rest: bytes, end: bytes) -> tuple[bytes, bytes]:
        while end not in rest:
            more = peer.recv(65536)
            if not more:
                raise OSError
            self.packets.append(more)
            rest += more
        found, _, rest = rest.partition(end)
        return found, rest

    def say(self, peer: socket.socket, verb: str, usual: str) -> bool:
        """Answer; whether the connection goes on."""
        waiting = self.script.get(verb)
        self.said = waiting.pop(0) if waiting else usual
        if self.said == CUT:
            return False
        if self.said == HANG:
            self.closing.wait()
            return False
        peer.sendall(f"{self.said}\r\n".encode())
        return not self.said.startswith("421")


@contextmanager
def relaying(relay: Relay | None = None) -> Iterator[Relay]:
    relay = relay or Relay()
    thread = threading.Thread(target=relay.run, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        relay.close()
        for each in (thread, *relay.threads):
            each.join(5)
