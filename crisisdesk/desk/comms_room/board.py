"""The delivery board: the counts, the list of deliveries, and one of them in full."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.comms_room.board_feed import BoardFeed
from crisisdesk.desk.comms_room.detail import DetailPane
from crisisdesk.desk.comms_room.empty_pages import (
    NOBODY_PAGED,
    EmptyPages,
    nothing_found,
    unreadable,
)
from crisisdesk.desk.comms_room.filter_strip import FilterStrip
from crisisdesk.desk.comms_room.model import BoardModel
from crisisdesk.desk.comms_room.one_delivery import OneDelivery
from crisisdesk.desk.comms_room.view import BoardView, board_head
from crisisdesk.desk.frame.heads import FilterField
from crisisdesk.desk.frame.new_bar import NewBar, NewView
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Action
from crisisdesk.domain.delivery_words import EVERYTHING, GROUPS, counts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.delivery_words import State
    from crisisdesk.domain.queue_rows import Edit

# Narrower than this the detail is a page over the list, pixels at 100 %.
ONE_PANE_BELOW = 1000
_TYPED_MS = 150


class Board(QWidget):
    """``acted`` says that other actions are in force, ``people`` asks for the page of people,
    ``counted`` carries how many deliveries there are."""

    acted = Signal()
    people = Signal()
    counted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.model = BoardModel(self)
        self.model.now_ms = desk.now_ms()
        self.view = BoardView(self.model)
        self.detail = DetailPane()
        self.one = OneDelivery(desk, self.view, self.detail)
        self.strip = FilterStrip()
        self.filter = FilterField("Filter deliveries", width=220)
        self.new_bar = NewBar()
        self.feed = BoardFeed(desk, lambda: self.view.is_read, self)
        self.counts: dict[str, int] = {}
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self._choose)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (board_head(self.view), self.new_bar):
            column.addWidget(part)
        column.addWidget(self.view, 1)
        self.listing = listing
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(listing, stretch=1)
        self.split.add_pane(self.detail)
        listing.setMinimumWidth(theme().px(420))
        self.detail.setMinimumWidth(theme().px(320))
        self.pages = EmptyPages(self.split)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.strip)
        outer.addWidget(self.pages, 1)
        self._sized = False

    def _connect(self) -> None:
        feed, view = self.feed, self.view
        self.pages.asked.connect(self._empty_asked)
        feed.edited.connect(self._edit)
        feed.counted.connect(self._count)
        feed.named.connect(self._name)
        feed.failed.connect(self._show_unread)
        feed.loaded.connect(self._show_emptiness)
        view.selected.connect(self._select)
        view.opened.connect(self.open_alert)
        self.one.opened.connect(self.open_alert)
        self.one.acted.connect(self.acted)
        view.near_end.connect(feed.older)
        self.strip.chosen.connect(self.show_group)
        self.filter.textChanged.connect(lambda _: self._typed.start())
        self.filter.installEventFilter(self)
        self.new_bar.wanted.connect(self.show_new)
        self.split.splitterMoved.connect(
            lambda: self.desk.remember("comms.split", self.split.sizes()[1])
        )

    # -- what the room hands on --------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Take what changed."""
        self.feed.on_snapshot(change)
        self.one.on_snapshot(change)

    def tick(self, now_ms: int) -> None:
        """Read what is new."""
        self.model.now_ms = now_ms
        self.feed.tick(now_ms)

    def engine_changed(self, away: bool) -> None:
        """Disable or enable what needs the engine."""
        self.one.engine_changed(away)

    def focus_first(self) -> None:
        """The list."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """On the selected delivery, then those of the board."""

        def make(key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
            return Action(
                key=f"board {key}", title=title, keys=keys, icon=icon, group="Comms", run=run
            )

        return [
            *self.one.actions(),
            make("next", "Next delivery", "J", "arrow-down", partial(self.view.step, 1)),
            make("previous", "Previous delivery", "K", "arrow-up", partial(self.view.step, -1)),
            make("new", "Show new deliveries", "U", "arrow-up-to-line", self.show_new),
            make("filter", "Filter the deliveries", "/", "list-filter", self._start_filter),
            *(
                make(
                    group.key,
                    f"Show deliveries: {group.word.lower()}",
                    group.keys,
                    "list-filter",
                    partial(self.show_group, group.key),
                )
                for group in GROUPS
            ),
            make("leave", "Select nothing", "Esc", "x", self.leave),
        ]

    # -- rows --------------------------------------------------------------------------------

    def _edit(self, edits: Sequence[Edit]) -> None:
        self.view.carry(edits)
        waiting = self.feed.rows.waiting()
        self.new_bar.show_view(NewView(sum(count for _, count in waiting), tuple(waiting)))
        self.one.rows_changed()
        self._show_emptiness()

    def _count(self, by_state: dict[State, int]) -> None:
        self.counts = counts_of(by_state)
        self.strip.show_counts(self.counts)
        self.counted.emit(self.counts[EVERYTHING])

    def _name(self, names: dict[str, str]) -> None:
        self.model.names = names

    def show_new(self) -> None:
        """Let in what waits, and go to the top."""
        self.feed.show_new()
        self.view.verticalScrollBar().setValue(0)

    def show_group(self, key: str) -> None:
        """Show only these states; all of them lets go of the text too."""
        self.strip.set_current(key)
        if key == EVERYTHING and self.strip.current() == self.feed.rows.group:
            self.filter.clear()
        self._choose()

    def _choose(self) -> None:
        self._typed.stop()
        self.view.select_row(-1)
        self.view.verticalScrollBar().setValue(0)
        self.feed.choose(self.strip.current(), self.filter.text().strip())

    def _start_filter(self) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def leave(self) -> None:
        """Select nothing; on a narrow page first come back to the list."""
        if self._one_pane and not self.listing.isVisibleTo(self.split):
            self._show_panes()
        else:
            self.view.select_row(-1)
        self.focus_first()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the filter Enter and Down go to the list, Esc clears it and goes there too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.filter.clear()
            if event.key() in (
                Qt.Key.Key_Escape,
                Qt.Key.Key_Return,
                Qt.Key.Key_Enter,
                Qt.Key.Key_Down,
            ):
                self.focus_first()
                return True
        return super().eventFilter(watched, event)

    # -- one delivery ------------------------------------------------------------------------

    def _select(self, delivery_id: str) -> None:
        if not delivery_id:
            self._edit(self.feed.rows.release() if not self.view.is_read else [])
        self.one.select()

    def open_alert(self) -> None:
        """Go to the alert of the selected delivery; on a narrow page first to the delivery."""
        if self.one.selected() is None:
            return
        if self._one_pane and self.listing.isVisibleTo(self.split):
            self.listing.hide()
            self.detail.show()
        else:
            self.one.open_alert()

    # -- emptiness ---------------------------------------------------------------------------

    def _show_emptiness(self) -> None:
        rows = self.feed.rows
        if not self.feed.is_loaded or rows.rows:
            self.pages.show_empty(None)
        elif rows.group != EVERYTHING or rows.text:
            self.pages.show_empty(nothing_found(rows.group, rows.text))
        else:
            self.pages.show_empty(NOBODY_PAGED)

    def _show_unread(self, words: str) -> None:
        """Say so unless something is there to be read; the banner tells of the file as well."""
        if not self.feed.rows.rows:
            self.pages.show_empty(unreadable("Deliveries", words))

    def _empty_asked(self, key: str) -> None:
        if key == "people":
            self.people.emit()
        elif key == "again":
            self.feed.refresh()
        else:
            self.filter.clear()
            self.show_group(EVERYTHING)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the detail the width it had, or its own of this window."""
        self._show_panes()
        if not self._sized and self.width() > theme().px(200):
            self._sized = True
            own = 600 if self.width() >= theme().px(1500) else 424
            wide = self.desk.remembered("comms.split", 0) or theme().px(own)
            self.split.setSizes([self.width() - wide - 1, wide])

    @property
    def _one_pane(self) -> bool:
        return self.width() < theme().px(ONE_PANE_BELOW)

    def _show_panes(self) -> None:
        """Both where there is room, else the list."""
        self.listing.show()
        self.detail.setVisible(not self._one_pane)
