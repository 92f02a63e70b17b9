"""The Comms room: the delivery board, the channels, their map, what is missed when silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.channel_map.page import ChannelMapPage
from crisisdesk.desk.comms_room.board import Board
from crisisdesk.desk.comms_room.channels_page import ChannelsPage
from crisisdesk.desk.comms_room.reading import Bad, Unread, guarded, read_bad
from crisisdesk.desk.comms_room.watches_page import WatchesPage
from crisisdesk.desk.frame.heads import RoomHead, Tab, TabRow
from crisisdesk.desk.room import Action, Desk, Room
from crisisdesk.domain.amounts import count_words

if TYPE_CHECKING:
    from crisisdesk.desk.snapshot import Change

_BOARD, _CHANNELS, _MAP, _WATCHES = "board", "channels", "map", "watches"
_SETTINGS = 9
# What needs somebody is counted at most this often, ms: in view and not.
_SEEN_MS, _HIDDEN_MS = 1_000, 5_000


class CommsRoom(Room):
    """Key 4. What needs somebody here: pages that failed for good, or came too late, for alerts
    that nobody has taken."""

    key = 4
    word = "Comms"
    icon = "megaphone"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.bad = Bad(0, "")
        self._stale, self._asking, self._read_ms = True, False, 0
        self.board, self.channels = Board(desk), ChannelsPage(desk)
        self.map, self.watches = ChannelMapPage(desk), WatchesPage(desk)
        self.tabs = TabRow(
            (
                Tab(_BOARD, "Delivery board"),
                Tab(_CHANNELS, "Channels"),
                Tab(_MAP, "Channel map"),
                Tab(_WATCHES, "Heartbeats and tests"),
            )
        )
        self.head = RoomHead("Comms", self.tabs)
        self.head.add_right(self.board.filter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.board)
        self.stack.addWidget(self.channels)
        self.stack.addWidget(self.map)
        self.stack.addWidget(self.watches)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        outer.addWidget(self.stack, 1)
        self.tabs.chosen.connect(self.open_page)
        for page in (self.board, self.channels, self.map):
            page.acted.connect(self.acted)
            page.people.connect(lambda: desk.open_room(_SETTINGS))
        self.watches.acted.connect(self.acted)
        self.board.counted.connect(
            lambda count: self.tabs.show_tabs([Tab(_BOARD, "Delivery board", count_words(count))])
        )
        self.channels.judged.connect(self._show_failing)
        self.map.judged.connect(self._show_out)
        self._show(str(desk.remembered("comms.page", _BOARD)))

    # -- what the desk asks ------------------------------------------------------------------

    def count(self) -> int:
        """Pages that ended badly while nobody has their alert."""
        return self.bad.number

    def count_severity(self) -> str:
        """The worst severity of their alerts."""
        return self.bad.severity

    def on_snapshot(self, change: Change) -> None:
        """Take what changed; count again what needs somebody."""
        if change.full:
            # What was asked of a store that could not be read never comes back.
            self._asking = False
        if change.full or change.deliveries_changed or change.alerts:
            self._stale = True
        self.board.on_snapshot(change)
        self.channels.on_snapshot(change)
        self.map.on_snapshot(change)
        self.watches.on_snapshot(change)
        self._count_bad(self.desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Read what is new for the page in view."""
        self._count_bad(now_ms)
        self.page.tick(now_ms)

    def engine_changed(self, away: bool) -> None:
        """Disable or enable what needs the engine."""
        self.board.engine_changed(away)
        self.channels.engine_changed(away)
        self.map.engine_changed(away)
        self.watches.engine_changed(away)

    def focus_first(self) -> None:
        """The list of the page in view."""
        self.page.focus_first()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """Those of the page in view, and the ways to the others."""
        return [
            *self.page.actions(),
            self._opener(_BOARD, "Show the delivery board", "B", "list"),
            self._opener(_CHANNELS, "Show the channels", "C", "radio-tower"),
            self._opener(_MAP, "Show the channel map", "M", "network"),
            self._opener(_WATCHES, "Show heartbeats and tests", "H", "activity"),
        ]

    def _opener(self, key: str, title: str, keys: str, icon: str) -> Action:
        return Action(
            key=f"comms {key}",
            title=title,
            keys=keys,
            icon=icon,
            group="Comms",
            run=lambda: self.open_page(key),
        )

    # -- pages -------------------------------------------------------------------------------

    @property
    def page(self) -> Board | ChannelsPage | ChannelMapPage | WatchesPage:
        """The page in view."""
        shown = self.stack.currentWidget()
        return next(p for p in (self.channels, self.map, self.watches, self.board) if p is shown)

    def help_page(self) -> str:
        """The channel map and heartbeats have pages of their own."""
        if self.page is self.map:
            return "channel-map"
        return "heartbeats" if self.page is self.watches else ""

    @property
    def on_board(self) -> bool:
        """Whether the delivery board is in view."""
        return self.stack.currentWidget() is self.board

    def open_page(self, key: str) -> None:
        """Show one of the pages and put the keyboard there."""
        self._show(key)
        self.desk.open_room(self.key)
        self.desk.remember("comms.page", key)
        self.acted.emit()

    def chosen(self, segment: str) -> None:
        """Show the channels when theirs is the segment of the status bar that was pressed."""
        if segment == _CHANNELS:
            self.open_page(_CHANNELS)

    def _show(self, key: str) -> None:
        pages: dict[str, QWidget] = {
            _CHANNELS: self.channels,
            _MAP: self.map,
            _WATCHES: self.watches,
        }
        page = pages.get(key, self.board)
        self.tabs.set_current(key if key in pages else _BOARD)
        self.stack.setCurrentWidget(page)
        self.board.filter.setVisible(page is self.board)

    def _show_failing(self, failing: int) -> None:
        quiet = f"{failing} failing" if failing else ""
        self.tabs.show_tabs([Tab(_CHANNELS, "Channels", quiet)])

    def _show_out(self, out: int) -> None:
        self.tabs.show_tabs([Tab(_MAP, "Channel map", f"{out} out" if out else "")])

    # -- what needs somebody -----------------------------------------------------------------

    def _count_bad(self, now_ms: int) -> None:
        rest = _SEEN_MS if self.isVisible() else _HIDDEN_MS
        if self._stale and not self._asking and now_ms - self._read_ms >= rest:
            self._stale, self._asking, self._read_ms = False, True, now_ms
            self.desk.ask(guarded(read_bad), self._take_bad)

    def _take_bad(self, found: Bad | Unread) -> None:
        self._asking = False
        if isinstance(found, Unread):
            self._stale = True
        elif found != self.bad:
            self.bad = found
            self.counted.emit()
