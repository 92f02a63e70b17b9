"""A page that publishes: a list of what counts, an editor of drafts beside it, and its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.planning.policies.drafts import (
    Draft,
    checked,
    encoded,
    faults_of,
    is_missing,
)
from crisisdesk.desk.planning.policies.orders import Orders
from crisisdesk.desk.planning.policies.publishing import Publisher
from crisisdesk.desk.planning.policies.standing import Standing, standing_of
from crisisdesk.domain.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QShowEvent

    from crisisdesk.desk.planning.policies.book import BookOf
    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.file_editor import FileEditor
    from crisisdesk.desk.planning.policies.list_pane import ListPane
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.store.queries import StationReader

# Quiet hours and gaps come closer by themselves; nothing in the store tells of it.
_LOOK_AGAIN_MS = 60_000
_REST, _LOST_MS = 4, 10_000
_UNREAD_MS = 2_000


class DraftingPage(QWidget):
    """``acted`` says that ``actions()`` has changed.

    A page says how it reads (`question`), what is open (`show_open`), what else stays up to date
    (`tick_more`), and where the keyboard goes.
    """

    word = ""
    help_page = ""
    # Where the window keeps drafts, and which one is open.
    drafts_key = opened_key = ""
    first_tab = ""
    kinds: Sequence[str] = ()
    acted = Signal()

    def __init__(
        self,
        desk: Desk,
        book: BookOf[Any],
        listed: ListPane,
        editor: FileEditor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk, self.book = desk, book
        self.list, self.editor = listed, editor
        self.book.selected = desk.remembered(self.opened_key, "")
        self.standing = Standing()
        self._unread = book.known
        self._fault: DomainError | None = None
        self._insisted = ""
        self._away = desk.engine_away()
        self._stale, self._asking = True, False
        self._asked_ms = self._not_before_ms = 0
        self.publisher = self.make_publisher()
        self.orders = Orders(self)
        self.setAccessibleName(self.word)
        self._connect_editor()

    def _connect_editor(self) -> None:
        listed, editor, orders = self.list, self.editor, self.orders
        listed.chosen.connect(self.open)
        listed.opened.connect(self.edit)
        editor.yaml.written.connect(self._write)
        editor.publish_wanted.connect(orders.publish)
        editor.withdraw_wanted.connect(orders.withdraw)
        editor.discard_wanted.connect(orders.discard)
        editor.duplicate_wanted.connect(orders.duplicate)
        editor.tab_changed.connect(lambda _: self.acted.emit())
        editor.history.taken.connect(orders.take_version)
        editor.history.again.connect(orders.publish_again)

    # -- what a page says of itself ------------------------------------------------------------

    def make_publisher(self) -> Publisher:
        """What publishes and takes away."""
        return Publisher(self.desk, lambda: self.book.known, self.show_standing, self.book.noun)

    # What is read at a moment (UTC ms): what is published, as the book knows it.
    question: Callable[[int], Callable[[StationReader], Any]]

    def show_open(self, draft: Draft | None, faults: Sequence[DomainError]) -> None:
        """Show what is open; None when nothing is."""

    def show_unread(self) -> None:
        """Say that the file cannot be read yet."""

    def tick_more(self, now_ms: int) -> None:
        """Turn what else moves with time."""

    def focus_name(self) -> None:
        """Put the keyboard where a new one is named."""
        self.editor.focus_first()

    # -- what the room asks --------------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again when policies or people changed."""
        touched = any(name.startswith("POL-") for name in change.touched)
        if change.full or change.contacts_changed or touched:
            self._stale = True
            if change.full:
                self._asking, self._not_before_ms = False, 0
        self.tick(self.desk.now_ms())

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while nobody looked."""
        super().showEvent(event)
        self.tick(self.desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Read what is stale, in measure, and turn what moves; both while in view."""
        if not self.isVisible():
            return
        waits = self._asking and now_ms - self._asked_ms < _LOST_MS
        due = self._stale or now_ms - self._asked_ms >= _LOOK_AGAIN_MS
        if due and not waits and now_ms >= self._not_before_ms:
            self._stale, self._asking, self._asked_ms = False, True, now_ms
            self.desk.ask(self.question(now_ms), self._take)
        unread = self.book.known is self._unread
        if self._asking and unread and now_ms - self._asked_ms >= _UNREAD_MS:
            self.show_unread()
        self.tick_more(now_ms)

    def engine_changed(self, away: bool) -> None:
        """Nothing can be changed while the engine is away."""
        self._away = away
        self.editor.set_read_only(away)
        self.list.new.setEnabled(not away)
        self.show_standing()

    def focus_first(self) -> None:
        """The list."""
        self.list.list.focus_row()

    def is_away(self) -> bool:
        """Whether the engine is away."""
        return self._away

    def can_change(self) -> bool:
        """Whether something is open and may be changed now."""
        return not self._away and not self.editor.is_empty()

    # -- what is shown -------------------------------------------------------------------------

    def _take(self, known: Any) -> None:
        now_ms = self.desk.now_ms()
        self._asking = False
        # With many policies an answer takes its time; the reader has others to serve meanwhile.
        self._not_before_ms = now_ms + _REST * (now_ms - self._asked_ms)
        self.book.take(known)
        self.keep()
        self.show_all()

    def show_all(self) -> None:
        """Show everything as it is now."""
        draft = self.book.working()
        faults = self.faults_of(draft) if draft is not None else []
        self._fault = next(iter(faults), None)
        self.show_open(draft, faults)
        self.show_standing()

    def show_standing(self) -> None:
        """Say how the open one stands."""
        busy = self.publisher.busy
        self.standing = standing_of(self.book, self._fault, away=self._away, busy=busy)
        self.editor.show_standing(self.standing)
        self.acted.emit()

    # -- what is edited ------------------------------------------------------------------------

    def faults_of(self, draft: Draft) -> list[DomainError]:
        """Why it cannot be published, as the engine would say."""
        return faults_of(draft, self.kinds)

    def checked(self, draft: Draft) -> Content:
        """Its content as it is published; raises Malformed naming the field."""
        return checked(draft, self.kinds)

    def open(self, key: str) -> None:
        """Open one or a draft by its key in the list."""
        self.editor.settle()
        self.book.select(key)
        self.desk.remember(self.opened_key, self.book.selected)
        self.show_all()

    def go(self, step: int) -> None:
        """Open the one ``step`` lines further down (negative: up)."""
        self.list.list.go(step)

    def edit(self) -> None:
        """Put the keyboard into the open one."""
        if not self.editor.is_empty():
            self.editor.focus_first()

    def open_tab(self, key: str) -> None:
        """Open a tab of the editor and put the keyboard there; the open one leads to the first."""
        if not self.editor.is_empty():
            self.editor.open_tab(self.first_tab if self.editor.tab() == key else key)
            self.editor.focus_first()

    def jump(self, field: str) -> None:
        """Put the keyboard on a field by the domain's name."""
        if self.book.working() is not None:
            self.editor.jump(field)

    def _write(self, text: str) -> None:
        draft = self.book.working()
        if draft is None:
            return
        try:
            self.put(self.editor.yaml.shape.draft(text, draft))
        except DomainError:
            self.put(draft._replace(raw=text))

    def put(self, draft: Draft) -> None:
        """Keep a draft as it is now, and show it."""
        self.book.put(draft)
        self.keep()
        self.show_all()

    def keep(self) -> None:
        """Keep the drafts over restarts, and which one is open."""
        self.desk.remember(self.drafts_key, encoded(self.book.listed()))
        self.desk.remember(self.opened_key, self.book.selected)

    def fault(self) -> DomainError | None:
        """Why the open draft cannot be published; None when it can."""
        return self._fault

    def told(self, draft: Draft, faults: Sequence[DomainError]) -> DomainError | None:
        """What stands in red at its field: what is merely missing only once it was asked for."""
        insisted = draft.key == self._insisted
        return next((one for one in faults if insisted or not is_missing(one)), None)

    def insist(self, fault: DomainError) -> None:
        """Say of the open draft whatever keeps it from being published, and go there."""
        draft = self.book.working()
        self._insisted = draft.key if draft is not None else ""
        self.show_all()
        self.jump(fault.field)

    def refuse(self, fault: DomainError) -> None:
        """Say at its field why it was not published, and go there."""
        self._fault = fault
        self.editor.show_fault(fault)
        self.show_standing()
        self.jump(fault.field)

    def read_anew(self) -> None:
        """Read at once what is published."""
        self._stale, self._not_before_ms = True, 0
        self.tick(self.desk.now_ms())
