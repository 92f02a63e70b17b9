"""Keeps the rows of the delivery board true to the store: pages, news, counts, held rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.comms_room.reading import (
    Unread,
    guarded,
    read_first,
    read_news,
    read_older,
)
from crisisdesk.desk.comms_room.rows import BoardRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.comms_room.reading import First, News
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.delivery import Delivery
    from crisisdesk.domain.delivery_words import State
    from crisisdesk.domain.queue_rows import Edit
    from crisisdesk.store.queries import Page

_DELIVERY = "D-"
# News are taken in, and states counted, at most this often while the board is in view, ms.
_REST_MS, _COUNT_MS = 250, 1_000
# So many changed at once are read as a fresh page instead of one by one.
_FLOOD = 2_000


class BoardFeed(QObject):
    """``edited`` carries edits of the rows, ``counted`` the counts by state, ``named`` the stations
    by origin, ``failed`` why nothing can be read. ``hold`` tells whether somebody reads."""

    edited = Signal(object)
    counted = Signal(object)
    named = Signal(object)
    failed = Signal(str)
    loaded = Signal()

    def __init__(self, desk: Desk, hold: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._hold = desk, hold
        self.rows = BoardRows()
        self.is_loaded = False
        self._cursor: str | None = None
        self._round = 0
        self._asking = self._paging = False
        self._touched: set[str] = set()
        self._stale = True
        self._asked_ms = self._counted_ms = 0
        self._uncounted = False

    def on_snapshot(self, change: Change) -> None:
        """Remember what has to be read again."""
        if change.full:
            # What was asked of a store that could not be read never comes back.
            self._stale, self._asking, self._paging = True, False, False
            self._round += 1
        self._touched.update(name for name in change.touched if name.startswith(_DELIVERY))
        if len(self._touched) > _FLOOD and not self._hold():
            self._touched.clear()
            self._stale = True

    def tick(self, now_ms: int) -> None:
        """Read what is new, in measure; called while the board is in view."""
        if self._asking or now_ms - self._asked_ms < _REST_MS:
            return
        if self._stale:
            self.refresh()
            return
        due = now_ms - self._counted_ms >= _COUNT_MS
        if self._touched or (self._uncounted and due):
            ids, self._touched = self._touched, set()
            self._uncounted = not due
            self._counted_ms = now_ms if due else self._counted_ms
            self._news(ids, counted=due)

    def choose(self, group: str, text: str) -> None:
        """Show another group or text, from its newest rows on."""
        if (group, text) != (self.rows.group, self.rows.text):
            self.rows.choose(group, text)
            self.refresh()

    def refresh(self) -> None:
        """Read the first page anew."""
        self._stale = self._paging = self._uncounted = False
        self._counted_ms = self._desk.now_ms()
        self._touched.clear()
        self._round += 1
        self._ask(read_first(self.rows.group, self.rows.text), self._take_first, self._be_stale)

    def older(self) -> None:
        """Read the next older page, if there is one and it is not on its way."""
        if self._paging or self._cursor is None or not self.is_loaded:
            return
        self._paging, asked = True, self._round
        question = guarded(read_older(self.rows.group, self.rows.text, self._cursor))

        def answer(page: Page[Delivery] | Unread) -> None:
            if asked != self._round:
                return
            self._paging = False
            if isinstance(page, Unread):
                self.failed.emit(page.words)
                return
            self._cursor = page.next
            self.edited.emit(self.rows.extend(page.items, more=page.next is not None))

        self._desk.ask(question, answer)

    def show_new(self) -> None:
        """Let in what waits."""
        self._emit(self.rows.release())

    # -- answers -----------------------------------------------------------------------------

    def _news(self, ids: set[str], *, counted: bool) -> None:
        def again() -> None:
            self._touched |= ids
            self._uncounted = True

        self._ask(read_news(ids, counted=counted), self._take_news, again)

    def _be_stale(self) -> None:
        self._stale = True

    def _ask(
        self,
        question: Callable[..., object],
        take: Callable[..., None],
        again: Callable[[], None],
    ) -> None:
        """Ask and hand the answer to ``take``; ``again`` notes that it is to be asked once more."""
        self._asking, asked, self._asked_ms = True, self._round, self._desk.now_ms()

        def answer(found: object) -> None:
            if asked != self._round:
                return
            self._asking = False
            if isinstance(found, Unread):
                again()
                self.failed.emit(found.words)
            else:
                take(found)

        self._desk.ask(guarded(question), answer)

    def _take_first(self, first: First) -> None:
        self.is_loaded = True
        self._cursor = first.page.next
        self.named.emit(first.names)
        edits = self.rows.begin(first.page.items, more=first.page.next is not None)
        self._emit(edits)
        self._count(first.counts)

    def _take_news(self, news: News) -> None:
        self._emit(self.rows.learn(news.states, hold=self._hold()))
        if news.counts is not None:
            self._count(news.counts)

    def _count(self, counts: dict[State, int]) -> None:
        self.counted.emit(counts)
        self.loaded.emit()

    def _emit(self, edits: list[Edit]) -> None:
        self.edited.emit(edits)
