"""The thread that carries notices to the session's service and brings back what people press."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.notices.bus import BusEvent, NoticeBus, Server
    from crisisdesk.domain.notice_words import Notice

log = logging.getLogger(__name__)

RESTS_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
PATIENCE_S = 0.5
_REMEMBERED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class WayChanged:
    """Whether a service shows notices now; ``words`` name it, or say why none does."""

    on: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unshown:
    """No service took these."""

    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePressed:
    """A person pressed the notice of this key; ``action`` and ``token`` as `bus.Pressed` has."""

    key: str
    action: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeClosed:
    """The notice of this key is no longer shown."""

    key: str


News = WayChanged | Unshown | NoticePressed | NoticeClosed


class Courier:
    """Takes orders from one thread, never blocking it, and posts `News` from its own.

    Critical notices a service has lost are shown again by the next one; those taken back are not.
    """

    def __init__(
        self,
        post: Callable[[News], None],
        address: Callable[[], str],
        *,
        rests_s: Sequence[float] = RESTS_S,
    ) -> None:
        """``address`` finds the bus, "" for none; ``rests_s`` are the waits between tries."""
        self._post, self._address, self._rests_s = post, address, rests_s
        self._lock = threading.Lock()
        self._orders: dict[str, Notice | None] = {}
        self._stopping = False
        self._bus: NoticeBus | None = None
        self._reading, self._waking = socket.socketpair()
        for end in (self._reading, self._waking):
            end.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="desk notices", daemon=True)
        # The rest belongs to the thread alone.
        self._server: Server | None = None
        self._way: WayChanged | None = None
        self._tries = 0
        self._pending: dict[str, Notice] = {}
        self._standing: dict[str, Notice] = {}
        self._numbers: dict[str, int] = {}
        self._keys: dict[int, str] = {}
        self._past: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)

    # -- the desk's thread -----------------------------------------------------------------

    def start(self) -> None:
        """Begin to look for a service."""
        self._thread.start()

    def show(self, notice: Notice) -> None:
        """Show it, in place of an earlier one of its key."""
        self._order(notice.key, notice)

    def withdraw(self, key: str) -> None:
        """Take the notice of this key back, if it is shown."""
        self._order(key, None)

    def close(self) -> None:
        """Take everything back and end the thread; a service that hangs is not waited for."""
        with self._lock:
            if self._stopping:
                return
            self._stopping = True
            self._wake()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)
            while self._thread.is_alive():
                with self._lock:
                    if self._bus is not None:
                        self._bus.hang_up()
                self._thread.join(PATIENCE_S)
        self._reading.close()
        self._waking.close()

    def _order(self, key: str, notice: Notice | None) -> None:
        with self._lock:
            if self._stopping:
                return
            # Behind the others: what was withdrawn and shown again is a new notice.
            self._orders.pop(key, None)
            self._orders[key] = notice
            self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # full: it will wake as it is
            self._waking.send(b"!")

    # -- its own thread --------------------------------------------------------------------

    def _run(self) -> None:
        from crisisdesk.desk.notices.bus import BusGone

        while not self._stopping:
            try:
                self._serve_once()
            except BusGone as gone:
                self._lose(str(gone))
            except Exception as error:
                log.exception("desktop notices failed")
                self._lose(f"the desk itself failed ({type(error).__name__})")
            self._rest(self._rests_s[min(self._tries, len(self._rests_s) - 1)])
            self._tries += 1

    def _serve_once(self) -> None:
        """One connection, to its end."""
        from crisisdesk.desk.notices.bus import NoticeBus

        bus = NoticeBus(self._address())
        with self._lock:
            self._bus = bus
        try:
            bus.greet()
            self._meet(bus)
            while not self._stopping:
                self._carry_out(bus)
                # What came in during a call wakes nobody any more: look before waiting.
                events = bus.events()
                for event in events:
                    self._hear(bus, event)
                if not events:
                    self._wait(None, bus)
            for number in self._numbers.values():
                bus.withdraw(number)
        finally:
            with self._lock:
                self._bus = None
            bus.close()

    def _meet(self, bus: NoticeBus) -> None:
        self._server = bus.find_server()
        if self._server is None:
            self._say(WayChanged(on=False, words="no notification service answers on the bus"))
            return
        self._tries = 0
        self._pending = {**self._standing, **self._pending}
        self._say(WayChanged(on=True, words=self._server.name))

    def _lose(self, words: str) -> None:
        self._forget_server()
        self._say(WayChanged(on=False, words=words))

    def _forget_server(self) -> None:
        """Its numbers mean other notices to the next service."""
        self._server = None
        self._numbers.clear()
        self._keys.clear()
        self._past.clear()

    def _say(self, way: WayChanged) -> None:
        if way != self._way:
            self._way = way
            log.info("desktop notices %s: %s", "on" if way.on else "off", way.words)
            self._post(way)

    def _wait(self, timeout_s: float | None, bus: NoticeBus | None = None) -> None:
        """Until an order or the end is wanted, or the bus has something."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._reading, selectors.EVENT_READ)
            if bus is not None:
                selector.register(bus, selectors.EVENT_READ)
            selector.select(timeout_s)
        with contextlib.suppress(BlockingIOError):
            self._reading.recv(4096)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and (left := until - time.monotonic()) > 0:
            self._hand_back()
            self._wait(left)

    def _take_orders(self) -> list[str]:
        """Put what is to be shown with the pending; the keys to take back."""
        with self._lock:
            orders, self._orders = self._orders, {}
        withdrawn = []
        for key, notice in orders.items():
            self._pending.pop(key, None)
            if notice is None:
                self._standing.pop(key, None)
                withdrawn.append(key)
            else:
                self._pending[key] = notice
        return withdrawn

    def _hand_back(self) -> None:
        """Without a service: give what is new back; grave notices also wait for the next one."""
        self._take_orders()
        pending, self._pending = self._pending, {}
        for key, notice in pending.items():
            self._keep(key, notice)
        if pending:
            self._post(Unshown(notices=tuple(pending.values())))

    def _keep(self, key: str, notice: Notice) -> None:
        """What stands until it is taken back is shown again by the next service."""
        self._standing.pop(key, None)
        if notice.lasts_ms is None:
            self._standing[key] = notice

    def _carry_out(self, bus: NoticeBus) -> None:
        from crisisdesk.desk.notices.bus import CallRefused

        if self._server is None:
            self._hand_back()
            return
        for key in self._take_orders():
            number = self._drop(key)
            if number is not None:
                bus.withdraw(number)
        while self._pending:
            key, notice = next(iter(self._pending.items()))
            try:
                number = bus.notify(self._server, notice, self._numbers.get(key, 0))
            except CallRefused as refused:
                log.info("the notification service refused a notice: %s", refused)
                self._post(Unshown(notices=(notice,)))
            else:
                self._drop(key)
                self._numbers[key], self._keys[number] = number, key
            del self._pending[key]
            self._keep(key, notice)

    def _drop(self, key: str) -> int | None:
        self._standing.pop(key, None)
        number = self._numbers.pop(key, None)
        if number is not None:
            self._keys.pop(number, None)
            # A press may be under way, and some services tell of it only after the close.
            self._past.append((number, key))
        return number

    def _hear(self, bus: NoticeBus, event: BusEvent) -> None:
        from crisisdesk.desk.notices.bus import Closed, Pressed

        if isinstance(event, Pressed):
            key = self._keys.get(event.number) or dict(self._past).get(event.number)
            if key is not None:
                self._post(NoticePressed(key=key, action=event.action, token=event.token))
        elif isinstance(event, Closed):
            key = self._keys.get(event.number)
            if key is not None:
                self._drop(key)
                self._post(NoticeClosed(key=key))
        elif self._server is None or event.owner != self._server.owner:
            self._forget_server()
            if event.owner:
                self._meet(bus)
            else:
                self._say(WayChanged(on=False, words="the notification service has ended"))
