"""The window of the desk: its frame, its rooms, and what the rooms may ask of it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QByteArray, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.alerts.room import AlertsRoom
from crisisdesk.desk.channel_map.reading import concerns, read_out
from crisisdesk.desk.frame.toast import ToastStack, ToastView, undo_toast
from crisisdesk.desk.front import ROOMS, Front
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.looks import Looks
from crisisdesk.desk.ops import Op
from crisisdesk.desk.room import Refusal, Room
from crisisdesk.desk.status_words import ChannelCount, count_channels
from crisisdesk.domain.loop_standing import loop_lines, loop_uses

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QResizeEvent

    from crisisdesk.api.client import Client
    from crisisdesk.desk.feed import Feed
    from crisisdesk.desk.fleet.banner_words import Rejoined
    from crisisdesk.desk.fleet.standing import Standing
    from crisisdesk.desk.frame.ticker import Ticker
    from crisisdesk.desk.ops import Ops
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.desk.sound.player import SoundState
    from crisisdesk.desk.supervisor import EngineState, Supervisor
    from crisisdesk.desk.window_state import WindowState
    from crisisdesk.domain.station import Station
    from crisisdesk.store.queries import IncidentRow, StationReader

T = TypeVar("T")

__all__ = ["ROOMS", "Shell"]
_LATEST_DELIVERIES = 200


class Shell(QWidget):
    """Implements `room.Desk`. ``settled`` comes after each change has been shown."""

    settled = Signal()
    station_known = Signal(object)
    room_changed = Signal(int)

    def __init__(
        self, *, ticker: Ticker, feed: Feed, ops: Ops, supervisor: Supervisor, state: WindowState
    ) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setWindowTitle("CrisisDesk")
        self._ticker, self._feed, self._ops = ticker, feed, ops
        self.supervisor, self.state = supervisor, state
        self.looks = Looks(supervisor, self)
        self.engine: EngineState = supervisor.state
        # What a room that comes later has to know; alerts are left to the first room.
        self._known: Change | None = None
        self._incidents: dict[str, IncidentRow] = {}
        self.last_station: Station | None = None
        self._asking_channels = False
        self._undo: dict[str, Callable[[], None]] = {}
        self._toast_number = 0
        self.rooms: dict[int, Room] = {}
        self._build()
        ticker.ticked.connect(self._tick)
        feed.changed.connect(self._take)
        feed.unreadable.connect(self._store_unreadable)
        supervisor.changed.connect(self._engine_changed)
        look().changed.connect(self._mark_stale)

    def _build(self) -> None:
        front = self.front = Front()
        self.banner, self.strip = front.banner, front.strip
        self.rail, self.status = front.rail, front.status
        self.stack = QStackedWidget()
        self.alerts = AlertsRoom(self)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.rail)
        body.addWidget(self.stack, 1)
        self.desk_page = QWidget()
        column = QVBoxLayout(self.desk_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.strip)
        column.addLayout(body, 1)
        column.addWidget(self.status)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.desk_page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        self.toasts = ToastStack(self)
        self.toasts.acted.connect(self._toast_acted)
        self.toasts.ended.connect(lambda key: self._undo.pop(key, None))
        self.rail.chosen.connect(lambda key: self.open_room(int(key)))
        self.strip.chosen.connect(self.show_thing)
        self.strip.more.connect(lambda: self.open_room(1))
        self.banner.go.connect(self.go_to_worst)
        self.add_room(self.alerts)
        self.rail.set_current("1")
        self._restore_geometry()

    def _restore_geometry(self) -> None:
        self.resize(theme().px(1280), theme().px(800))
        kept = self.state.get("window.geometry", "")
        if kept:
            self.restoreGeometry(QByteArray(b64decode(kept)))

    def add_room(self, room: Room) -> None:
        """Give a room its place; one that comes later is told what is known already."""
        self.rooms[room.key] = room
        self.stack.addWidget(room)
        room.counted.connect(self._mark_stale)
        if self._known is not None:
            room.on_snapshot(self._known)
            room.engine_changed(self.engine_away())

    # -- what rooms ask --------------------------------------------------------------------

    def now_ms(self) -> int:
        """UTC ms."""
        return self._ticker.now_ms()

    def operator(self) -> str:
        """Who sits here."""
        return self.front.operator

    def station(self) -> str:
        """This station's name."""
        return self.front.station

    def engine_away(self) -> bool:
        """Whether commands cannot be saved."""
        return self.engine.kind != "up"

    def command(
        self,
        words: str,
        call: Callable[[Client], T],
        done: Callable[[T], None] | None = None,
        refused: Callable[[Refusal], None] | None = None,
    ) -> None:
        """Send a command; see `room.Desk`."""
        op = Op(self._ops, call)
        if done is not None:
            op.success(done)

        def say(refusal: Refusal) -> None:
            self.say(f"Not saved: {words}", f"{refusal.words}. {refusal.remedy}", "high")

        op.failure(refused if refused is not None else say).start()

    def look(
        self,
        call: Callable[[Client], T],
        done: Callable[[T], None],
        refused: Callable[[Refusal], None],
    ) -> None:
        """Ask the engine apart from commands; see `room.Desk`."""
        self.looks.ask(call, done, refused)

    def ask(self, question: Callable[[StationReader], T], answer: Callable[[T], None]) -> None:
        """Read from the store off this thread."""
        self._feed.ask(question, answer)

    def say(self, title: str, body: str = "", severity: str = "", icon: str = "") -> None:
        """Show a toast."""
        self._toast_number += 1
        view = ToastView(
            key=f"say {self._toast_number}",
            title=title,
            text=body,
            severity=severity,
            icon=icon or "check",
        )
        self.toasts.show_toast(view, self.now_ms())

    def offer_undo(self, title: str, undo: Callable[[], None]) -> None:
        """Show a toast with an undo that stands for ten seconds."""
        self._toast_number += 1
        key = f"undo {self._toast_number}"
        self._undo[key] = undo
        self.toasts.show_toast(undo_toast(key, title, "", self.now_ms()), self.now_ms())

    def undo_last(self) -> None:
        """Take the last thing back that still can be."""
        if self._undo:
            self._toast_acted(next(reversed(self._undo)), "undo")

    def _toast_acted(self, key: str, action: str) -> None:
        undo = self._undo.pop(key, None)
        self.toasts.dismiss(key)
        if action == "undo" and undo is not None:
            undo()

    def show_thing(self, aggregate_id: str) -> None:
        """Go to what this id names."""
        for room in self.rooms.values():
            if room.owns(aggregate_id):
                self.open_room(room.key)
                room.go_to(aggregate_id)
                return

    def open_room(self, key: int) -> None:
        """Go to a room by its number; nothing happens for a number without a room."""
        room = self.rooms.get(key)
        if room is None:
            return
        self.stack.setCurrentWidget(room)
        if any(entry.key == str(key) for entry in ROOMS):
            self.rail.set_current(str(key))
            self.state.set("window.room", key)
        room.tick(self.now_ms())
        room.focus_first()
        self.room_changed.emit(key)

    @property
    def room(self) -> Room:
        """The room that is open."""
        current = self.stack.currentWidget()
        return current if isinstance(current, Room) else self.alerts

    def remember(self, key: str, value: Any) -> None:
        """Keep a value over restarts."""
        self.state.set(key, value)

    def remembered(self, key: str, default: Any) -> Any:
        """A value kept before."""
        return self.state.get(key, default)

    def go_to_worst(self) -> None:
        """Select the worst alert nobody has."""
        worst = self.alerts.tally.worst()
        if worst is not None:
            self.show_thing(worst.alert_id)

    # -- what comes in ---------------------------------------------------------------------

    def _take(self, change: Change) -> None:
        self.front.take(change)
        if change.station is not None:
            self.last_station = change.station
            self.supervisor.set_operator(change.station.operator)
            self.station_known.emit(change.station)
        if change.full:
            self._incidents.clear()
        self._incidents.update((row.incident_id, row) for row in change.incidents)
        self._known = replace(
            change,
            alerts=(),
            incidents=tuple(self._incidents.values()),
            station=self.last_station,
            full=True,
            loading=False,
            contacts_changed=True,
        )
        for room in list(self.rooms.values()):
            room.on_snapshot(change)
        if change.deliveries_changed or concerns(change):
            self._ask_channels()
        self.settled.emit()

    def _ask_channels(self) -> None:
        if self._asking_channels:
            return
        self._asking_channels = True

        now_ms = self.now_ms()

        def question(reader: StationReader) -> ChannelCount:
            latest = reader.deliveries(_LATEST_DELIVERIES)
            loops = loop_uses(loop_lines(reader, now_ms))
            out = read_out(reader, now_ms)
            return count_channels(reader.contacts(), latest, now_ms, out, loops)

        def answer(found: ChannelCount) -> None:
            self._asking_channels = False
            self.front.channels = found
            self._mark_stale()

        self.ask(question, answer)

    def _store_unreadable(self, words: str) -> None:
        self.front.unreadable = words
        self._asking_channels = False
        self._mark_stale()

    def _engine_changed(self, state: EngineState) -> None:
        was_away, self.engine = self.engine_away(), state
        self.alerts.show_restart(state.steps, state.tries)
        if self.engine_away() != was_away:
            for room in self.rooms.values():
                room.engine_changed(self.engine_away())
        self._mark_stale()

    def set_sound(self, state: SoundState) -> None:
        """Take the state of the sound for the status bar."""
        self.front.sound = state
        self._mark_stale()

    def set_tray_words(self, words: str) -> None:
        """Say in the status bar how notices reach the desktop."""
        self.front.tray_words = words
        self._mark_stale()

    def set_standing(self, standing: Standing) -> None:
        """Take how the station stands towards hub, duty and the other stations."""
        self.front.standing = standing
        self._mark_stale()

    def set_rejoined(self, rejoined: Rejoined | None) -> None:
        """Say in the banner that a split has ended; None when there is nothing to look at."""
        self.front.rejoined = rejoined
        self._mark_stale()

    def _mark_stale(self) -> None:
        self.front.stale = True

    # -- time ------------------------------------------------------------------------------

    def _tick(self, now_ms: int) -> None:
        self.banner.set_now(now_ms)
        if self.front.due(now_ms) or self.engine_away():
            self.front.show(self.engine, self.rooms, self.alerts, now_ms)
        self.strip.set_now(now_ms)
        self.toasts.set_now(now_ms)
        self.room.tick(now_ms)

    # -- the window ------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows have a slim rail."""
        self.rail.fit(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Quit the desk; the first time, say that the engine keeps running."""
        self.state.set("window.geometry", b64encode(self.saveGeometry().data()).decode())
        leaving = isinstance(app := QApplication.instance(), QApplication) and app.isSavingSession()
        told = self.state.get("told.engine_stays", False) or leaving
        if not told and self.engine.kind == "up":
            self.state.set("told.engine_stays", True)
            self.say(
                "The engine keeps running",
                "It goes on taking alerts in and paging. Close again to quit the desk.",
                icon="info",
            )
            event.ignore()
            return
        self.state.save()
        event.accept()
