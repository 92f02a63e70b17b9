"""The session's notification service, spoken to over D-Bus (Desktop Notifications 1.2).

Every call has a deadline, and another thread may hang up at any time.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MatchRule,
    MessageFlag,
    MessageType,
    new_method_call,
)
from jeepney.bus import get_bus
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, prep_socket

from crisisdesk.domain.notice_words import ACKNOWLEDGE, OPEN

if TYPE_CHECKING:
    from crisisdesk.domain.notice_words import Notice

SERVICE = "org.freedesktop.Notifications"
CONNECT_S, CALL_S = 1.0, 5.0
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", bus_name=SERVICE, interface=SERVICE)
_OURS = MatchRule(type="signal", interface=SERVICE, path="/org/freedesktop/Notifications")
_MOVED = MatchRule(
    type="signal",
    sender="org.freedesktop.DBus",
    interface="org.freedesktop.DBus",
    member="NameOwnerChanged",
)
_MOVED.add_arg_condition(0, SERVICE)
_URGENCY = {False: 1, True: 2}
_ICON = {False: "dialog-warning", True: "dialog-error"}


class BusGone(Exception):
    """There is no bus, or it no longer answers; the words say which."""


class CallRefused(Exception):
    """The service, or the bus in its place, answered a call with an error; its name and words."""


class Server(NamedTuple):
    """What the service said of itself; ``owner`` is its name for this connection."""

    owner: str
    name: str
    actions: bool
    body: bool
    markup: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a notice (``OPEN``) or a button on it.

    ``token`` lets a window take the focus where the session guards it.
    """

    number: int
    action: str
    token: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A notice is no longer shown; ``by_person`` says that somebody put it away."""

    number: int
    by_person: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Another service, or none (``owner`` ""), answers from now on; old numbers are void."""

    owner: str


BusEvent = Pressed | Closed | Moved


def session_bus_address() -> str:
    """Where the session's bus listens; "" when this session names none."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not address and runtime and (Path(runtime) / "bus").is_socket():
        address = f"unix:path={runtime}/bus"
    return address


class _Connection(DBusConnection):  # type: ignore[misc]
    """A connection none of whose calls waits without end, the very first one included."""

    def send_and_get_reply(self, message: Any, *, timeout: float | None = None) -> Any:
        return super().send_and_get_reply(message, timeout=CALL_S if timeout is None else timeout)


class NoticeBus:
    """One connection, for one thread but for ``hang_up``; every call may raise `BusGone`."""

    def __init__(self, address: str) -> None:
        if not address:
            msg = "this session has no bus"
            raise BusGone(msg)
        try:
            self._socket: socket.socket = prep_socket(get_bus(address), timeout=CONNECT_S)
        except (OSError, RuntimeError, ValueError) as error:
            msg = f"the session's bus cannot be reached: {error}"
            raise BusGone(msg) from error
        self._owner = ""
        self._signals: deque[Any] = deque(maxlen=256)
        self._tokens: dict[int, str] = {}
        self._connection: Any = None
        self._socket.settimeout(CALL_S)

    def greet(self) -> None:
        """Take a name on the bus and ask for the signals; first of all calls."""
        try:
            self._connection = _Connection(self._socket)
            for rule in (_OURS, _MOVED):
                self._connection.filter(rule, queue=self._signals)
                self._ask(message_bus.AddMatch(rule))
        except (OSError, DBusErrorResponse, CallRefused) as error:
            msg = f"the session's bus does not answer: {str(error) or 'too slow'}"
            raise BusGone(msg) from error

    def fileno(self) -> int:
        """The socket, to wait on."""
        return self._socket.fileno()

    def hang_up(self) -> None:
        """From any thread: end the call in hand and every later one at once."""
        with contextlib.suppress(OSError):  # the other side was faster
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the socket."""
        if self._connection is not None:
            self._connection.close()
        self._socket.close()

    def find_server(self) -> Server | None:
        """Ask who shows notices here; the bus may start one. None when nobody does."""
        self._owner = ""
        try:
            name, vendor, _, _ = self._call("GetServerInformation")
            (abilities,) = self._call("GetCapabilities")
            (self._owner,) = self._ask(message_bus.GetNameOwner(SERVICE))
        except CallRefused:
            return None
        return Server(
            owner=self._owner,
            name=f"{name} ({vendor})" if vendor else name,
            actions="actions" in abilities,
            body="body" in abilities,
            markup="body-markup" in abilities,
        )

    def notify(self, server: Server, notice: Notice, replaces: int = 0) -> int:
        """Show a notice, or replace that number; its number. Raises `CallRefused`."""
        body = notice.body if server.body else ""
        arguments = (
            "CrisisDesk",
            replaces,
            _ICON[notice.grave],
            notice.title,
            escaped(body) if server.markup else body,
            buttons(notice) if server.actions else [],
            hints(notice),
            0 if notice.lasts_ms is None else notice.lasts_ms,
        )
        (number,) = self._call("Notify", "susssasa{sv}i", arguments)
        return int(number)

    def withdraw(self, number: int) -> None:
        """Take a notice back; nobody waits for the answer."""
        message = new_method_call(_ADDRESS, "CloseNotification", "u", (number,))
        message.header.flags = MessageFlag.no_reply_expected | MessageFlag.no_auto_start
        try:
            self._connection.send(message)
        except OSError as error:
            raise BusGone(str(error)) from error

    def events(self) -> list[BusEvent]:
        """What has come in since; does not wait."""
        try:
            while True:
                self._connection.recv_messages(timeout=0)
        except TimeoutError:
            pass
        except OSError as error:
            raise BusGone(str(error)) from error
        found = []
        while self._signals:
            event = self._read(self._signals.popleft())
            if event is not None:
                found.append(event)
        return found

    def _read(self, signal: Any) -> BusEvent | None:
        """Only the service itself is believed: anybody on the bus may send such signals."""
        fields, body = signal.header.fields, signal.body
        member, sender = fields.get(HeaderFields.member), fields.get(HeaderFields.sender)
        signature = fields.get(HeaderFields.signature)
        if member == "NameOwnerChanged":
            return Moved(str(body[2]))
        if sender != self._owner:
            return None
        if (member, signature) == ("ActionInvoked", "us"):
            return Pressed(body[0], body[1], self._tokens.pop(body[0], ""))
        if (member, signature) == ("NotificationClosed", "uu"):
            return Closed(body[0], body[1] == 2)
        if (member, signature) == ("ActivationToken", "us"):
            self._tokens = {body[0]: body[1]}
        return None

    def _call(self, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        return self._ask(new_method_call(_ADDRESS, method, signature, body))

    def _ask(self, message: Any) -> Any:
        try:
            reply = self._connection.send_and_get_reply(message)
        except TimeoutError as error:
            msg = f"no answer within {CALL_S:g} s"
            raise BusGone(msg) from error
        except OSError as error:
            raise BusGone(str(error)) from error
        if reply.header.message_type is MessageType.error:
            name = reply.header.fields.get(HeaderFields.error_name, "")
            words = reply.body[0] if reply.body else ""
            msg = f"{name}: {words}"
            raise CallRefused(msg)
        return reply.body


def escaped(text: str) -> str:
    """Text for a service that reads markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def buttons(notice: Notice) -> list[str]:
    """Name and words of each action, in turn; the default one is the notice itself."""
    if not notice.alert_id:
        return [OPEN, "Open"]
    return [OPEN, "Open", ACKNOWLEDGE, "Acknowledge", "open", "Open"]


def hints(notice: Notice) -> dict[str, tuple[str, Any]]:
    """How urgent it is and whose; the desk sounds by itself."""
    return {
        "urgency": ("y", _URGENCY[notice.grave]),
        "desktop-entry": ("s", "crisisdesk"),
        "category": ("s", "x-crisisdesk.alert"),
        "suppress-sound": ("b", True),
    }
