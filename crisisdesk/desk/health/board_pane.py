"""The left side of the Health room: the services, the worst first, or the sources.

While somebody is in the list its order is held; what would stand elsewhere waits for a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyView
from crisisdesk.desk.frame.heads import PaneHead, Tab, TabRow
from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.health.board_reading import BoardFound
from crisisdesk.desk.health.board_words import (
    held_order,
    matching_services,
    matching_sources,
    moved,
    source_order,
    spoken_service,
    spoken_source,
)
from crisisdesk.desk.health.note_pages import NotePages
from crisisdesk.desk.health.service_list import ServiceDelegate
from crisisdesk.desk.health.source_list import SourceDelegate
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.service_board.judging import ServiceLine
from crisisdesk.domain.service_board.watching import SourceLine, count_sources
from crisisdesk.domain.service_board.words import freshness_words, unwell_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent

    from crisisdesk.desk.health.sparkline import Spark

SERVICES, SOURCES = "services", "sources"
NO_SERVICE = EmptyView(
    title="No service is known yet.",
    text="Publish a catalogue with “crisisdesk catalogue publish”, or name the service of a source "
    "with “--service”. Services that alerts name appear by themselves.",
)
NO_SOURCE = EmptyView(
    title="No source is declared.",
    text="Add one with “crisisdesk source add”; it is looked at from then on.",
)
NO_SERVICE_MATCH = EmptyView(
    title="No service has all of these words.",
    text="The filter looks at names, states, owners, tiers and sources.",
    buttons=(EmptyButton("all", "Show all"),),
)
NO_SOURCE_MATCH = EmptyView(
    title="No source has all of these words.",
    text="The filter looks at names, types, services and states.",
    buttons=(EmptyButton("all", "Show all"),),
)


class ChoosingList(LineList["ServiceLine | SourceLine"]):
    """A list in which nothing may be selected: ``Esc`` lets go."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc selects nothing; Enter opens."""
        if event.key() == Qt.Key.Key_Escape and self.selected() is not None:
            self.clearSelection()
            event.accept()
            return
        super().keyPressEvent(event)


class BoardPane(PaneGround):
    """``chosen`` says that something else is selected (see `chosen_line`), ``entered`` that it is
    to be opened, ``cleared`` that the filter is to be emptied, ``waiting`` that what `U` does has
    changed."""

    chosen = Signal()
    entered = Signal()
    cleared = Signal()
    waiting = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = BoardFound()
        self.moved = 0
        self._words, self._now_ms, self._is_read = "", 0, False
        self.tabs = TabRow([Tab(SERVICES, "Services"), Tab(SOURCES, "Sources")])
        self.head = PaneHead("Services")
        self._painter_of_services = ServiceDelegate()
        self.services = ChoosingList(
            "Services, the worst first",
            self._painter_of_services,  # type: ignore[arg-type]
            _key,
            self._spoken,
            picks=False,
        )
        self.sources = ChoosingList(
            "Sources, those that want somebody first",
            SourceDelegate(),  # type: ignore[arg-type]
            _key,
            self._spoken,
            picks=False,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.services)
        self._stack.addWidget(self.sources)
        self.pages = NotePages(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        tabs = QVBoxLayout()
        px = theme().px
        tabs.setContentsMargins(px(8), px(6), px(8), px(6))
        tabs.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(tabs)
        column.addWidget(self.head)
        column.addWidget(self.pages, 1)
        self.tabs.chosen.connect(self.show_side)
        self.pages.asked.connect(self.cleared)
        for of in (self.services, self.sources):
            of.moved.connect(self.chosen)
            of.entered.connect(self.entered)

    # -- what is shown -----------------------------------------------------------------------

    def show_found(self, found: BoardFound, now_ms: int) -> None:
        """Take a newer answer."""
        self.found, self._now_ms, self._is_read = found, now_ms, True
        self._show()

    def show_sparks(self, sparks: Mapping[str, Spark]) -> None:
        """Take the small lines of what is in view."""
        self._painter_of_services.sparks = sparks
        self.services.viewport().update()

    def filter(self, words: str) -> None:
        """Show what has all of these words."""
        if words != self._words:
            self._words = words
            self._show()

    def sort_anew(self) -> None:
        """Put the services in their order, the selected one among them."""
        self._show(anew=True)
        line = self.services.selected()
        if line is not None:
            self.services.scrollTo(self.services.lines.index_of(_key(line)))

    def show_side(self, side: str) -> None:
        """Show the services, or the sources; each keeps what was selected."""
        self.tabs.set_current(side)
        self._stack.setCurrentWidget(self.services if side == SERVICES else self.sources)
        self._show()
        self.chosen.emit()

    def side(self) -> str:
        """Which of them is shown."""
        return self.tabs.current()

    def focus_list(self) -> None:
        """Put the keyboard into the list, on its first line where none is selected."""
        shown = self.shown()
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if shown.selected() is None and shown.lines.rowCount():
            shown.setCurrentIndex(shown.lines.index(0, 0))

    def select(self, key: str) -> None:
        """Select a line of the side that is shown by its key, if it is there."""
        index = self.shown().lines.index_of(key)
        if index.isValid():
            self.shown().setCurrentIndex(index)

    def let_go(self) -> None:
        """Select nothing."""
        self.shown().clearSelection()

    def shown(self) -> ChoosingList:
        """The list in view."""
        return self.services if self.side() == SERVICES else self.sources

    def chosen_line(self) -> ServiceLine | SourceLine | None:
        """What is selected, as it stands now."""
        return self.shown().selected()

    def in_view(self) -> list[str]:
        """The names of the services whose lines can be seen."""
        if self.side() != SERVICES or not self.services.isVisible():
            return []
        area = self.services.viewport().rect()
        first = self.services.indexAt(area.topLeft()).row()
        if first < 0:
            return []
        last = self.services.indexAt(QRect(area).bottomLeft()).row()
        rows = self.services.lines.rows()
        return [_key(row) for row in rows[first : len(rows) if last < 0 else last + 1]]

    def tick(self, now_ms: int) -> None:
        """Count what counts the time, once a second."""
        if self._now_ms // 1000 != now_ms // 1000:
            self._now_ms = now_ms
            shown = self.shown()
            shown.painter_of_lines.now_ms = now_ms
            shown.viewport().update()

    def _show(self, *, anew: bool = False) -> None:
        """Show what there is of the side in view; the other one is put in order when it is."""
        before = self.moved
        if self.side() == SERVICES:
            self._show_services(anew=anew)
        else:
            self._show_sources()
        self._show_heads()
        self.pages.show_empty(self._empty())
        if bool(before) != bool(self.moved):
            self.waiting.emit()

    def _show_services(self, *, anew: bool) -> None:
        services = matching_services(self.found.board.lines, self._words)
        shown: Sequence[ServiceLine] = services
        if not anew and _is_held(self.services):
            shown = held_order([_key(row) for row in self.services.lines.rows()], services)
        self._put(self.services, shown)
        self.moved = moved(shown, services)

    def _show_sources(self) -> None:
        found = matching_sources(self.found.sources, self._words)
        sources = source_order(found, self._now_ms)
        if _is_held(self.sources):
            places = {_key(row): at for at, row in enumerate(self.sources.lines.rows())}
            sources.sort(key=lambda one: places.get(_key(one), len(places)))
        self._put(self.sources, sources)

    def _put(self, of: ChoosingList, lines: Sequence[ServiceLine | SourceLine]) -> None:
        """Show these. Where the selected one is gone nothing is; Qt would select the next."""
        before = of.selected()
        of.blockSignals(True)
        of.show_lines(lines, self._now_ms)
        after = of.selected()
        is_gone = before is not None and (after is None or _key(after) != _key(before))
        if is_gone:
            of.setCurrentIndex(QModelIndex())
            of.clearSelection()
        of.blockSignals(False)
        if is_gone:
            self.chosen.emit()

    def _show_heads(self) -> None:
        found = self.found
        count = count_sources(found.sources, self._now_ms)
        self.tabs.show_tabs(
            [
                Tab(SERVICES, "Services", str(len(found.board.lines))),
                Tab(SOURCES, "Sources", str(len(found.sources))),
            ]
        )
        if self.side() == SOURCES:
            self.head.show_words(freshness_words(count) or "No source", found.problem)
            return
        waits = f"{self.moved} moved: U sorts" if self.moved else ""
        self.head.show_words(unwell_words(found.board) or "No service", _unplaced(found), waits)

    def _empty(self) -> EmptyView | None:
        if not self._is_read:
            return None
        if self.side() == SERVICES:
            if not self.found.board.lines:
                return NO_SERVICE
            return None if self.services.lines.rowCount() else NO_SERVICE_MATCH
        if not self.found.sources:
            return NO_SOURCE
        return None if self.sources.lines.rowCount() else NO_SOURCE_MATCH

    def _spoken(self, line: ServiceLine | SourceLine) -> str:
        if isinstance(line, ServiceLine):
            return spoken_service(line, self._now_ms)
        return spoken_source(line, self._now_ms)


def _is_held(of: ChoosingList) -> bool:
    """Whether somebody is in a list: nothing moves under the hand."""
    return of.hasFocus() or of.underMouse()


def _key(line: ServiceLine | SourceLine) -> str:
    return line.name if isinstance(line, ServiceLine) else line.source.source_id


def _unplaced(found: BoardFound) -> str:
    """Alerts that the board cannot show anywhere."""
    return f"{found.board.unplaced} of no service" if found.board.unplaced else ""
