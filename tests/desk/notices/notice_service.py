"""A session bus of its own and a notification service on it that writes down what it is asked."""

from __future__ import annotations

import select
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus import get_bus
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, prep_socket

NAME = "org.freedesktop.Notifications"
ADDRESS = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)
GNOME = ("actions", "body", "body-markup", "icon-static", "persistence", "sound")


class Bus:
    """A running dbus-daemon; ``address`` is where it listens."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address

    def stop(self) -> None:
        """End the daemon and with it every connection."""
        self.process.kill()
        self.process.wait()


@contextmanager
def private_bus() -> Iterator[Bus]:
    """A bus nobody else is on."""
    process = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    bus = Bus(process, process.stdout.readline().strip())
    try:
        yield bus
    finally:
        bus.stop()
        process.stdout.close()


class Asked(NamedTuple):
    """One call of Notify as it came."""

    number: int
    replaces: int
    icon: str
    title: str
    body: str
    actions: list[str]
    hints: dict[str, Any]
    timeout_ms: int


class NoticeService:
    """Answers on its own thread. ``silent`` takes calls and never answers them."""

    def __init__(
        self, bus: Bus, abilities: Sequence[str] = GNOME, *, silent: bool = False, first: int = 1
    ) -> None:
        self.abilities, self.silent, self.refuses = list(abilities), silent, ""
        self.asked: list[Asked] = []
        self.taken_back: list[int] = []
        self._number = first - 1
        self._socket: socket.socket = prep_socket(get_bus(bus.address))
        self._connection: Any = DBusConnection(self._socket)
        reply = self._connection.send_and_get_reply(message_bus.RequestName(NAME, 4), timeout=5)
        assert reply.body == (1,), "somebody else shows notices on this bus"
        self._ending, self._end = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="notice service")
        self._thread.start()

    def close(self) -> None:
        """Leave the bus."""
        if self._thread.is_alive():
            self._end.send(b"!")
            self._thread.join()
        self._connection.close()
        self._ending.close()
        self._end.close()

    def __enter__(self) -> NoticeService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def titles(self) -> list[str]:
        """Of all notices asked for, in turn."""
        return [asked.title for asked in self.asked]

    def showing(self) -> list[str]:
        """The titles that stand now."""
        latest = {a.number: a.title for a in self.asked}
        return [title for number, title in latest.items() if number not in self.taken_back]

    def press(self, number: int, action: str, token: str = "") -> None:
        """A person presses a button."""
        if token:
            self.send("ActivationToken", "us", (number, token))
        self.send("ActionInvoked", "us", (number, action))

    def put_away(self, number: int) -> None:
        """A person closes a notice."""
        self.send("NotificationClosed", "uu", (number, 2))

    def send(self, signal: str, signature: str, body: tuple[Any, ...]) -> None:
        """Tell everybody on the bus."""
        self._connection.send(new_signal(ADDRESS, signal, signature, body))

    def _run(self) -> None:
        while True:
            try:
                self._answer(self._connection.receive(timeout=0))
                continue
            except TimeoutError:
                pass
            except ConnectionError:
                return
            ready, _, _ = select.select([self._socket, self._ending], [], [])
            if self._ending in ready:
                return

    def _answer(self, message: Any) -> None:
        if message.header.message_type is not MessageType.method_call:
            return
        member = message.header.fields[HeaderFields.member]
        if self.silent:
            return
        if member == "GetServerInformation":
            body: tuple[Any, ...] = ("Pretend", "Tests", "1", "1.2")
            self._connection.send(new_method_return(message, "ssss", body))
        elif member == "GetCapabilities":
            self._connection.send(new_method_return(message, "as", (self.abilities,)))
        elif member == "Notify":
            self._notify(message)
        elif member == "CloseNotification":
            (number,) = message.body
            self.taken_back.append(number)
            self.send("NotificationClosed", "uu", (number, 3))

    def _notify(self, message: Any) -> None:
        if self.refuses:
            self._connection.send(new_error(message, self.refuses, "s", ("too many",)))
            return
        _, replaces, icon, title, body, actions, hints, timeout_ms = message.body
        if not replaces:
            self._number += 1
        number = replaces or self._number
        plain = {name: value for name, (_, value) in hints.items()}
        self.asked.append(Asked(number, replaces, icon, title, body, actions, plain, timeout_ms))
        self._connection.send(new_method_return(message, "u", (number,)))
