"""The help inside the window: pages at the left, the open one at the right, search over both."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyState, EmptyView
from crisisdesk.desk.frame.heads import FilterField, PaneHead, RoomHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.help.browser import HelpBrowser
from crisisdesk.desk.help.outside_bar import OutsideBar
from crisisdesk.desk.help.page_list import PageList
from crisisdesk.desk.help.pages import (
    FIRST,
    help_root,
    load_pages,
    query_words,
    read_page,
    resolve,
    search,
)
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.room import Action, Room

if TYPE_CHECKING:
    from pathlib import Path

    from crisisdesk.desk.room import Desk

GROUP = "In the help"
_LIST = 280


class Place(NamedTuple):
    """A page and how far it was scrolled, pixels."""

    page: str
    scrolled: int


class HelpRoom(Room):
    """Has no number on the rail; ``left`` asks for the place the operator came from."""

    word = "Help"
    icon = "circle-help"

    left = Signal()

    def __init__(self, desk: Desk, root: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._root = root or help_root()
        self.pages = load_pages(self._root)
        self._behind: list[Place] = []
        self._ahead: list[Place] = []
        self._build()
        look().changed.connect(self._retheme)
        self._search("")

    def _build(self) -> None:
        self.field = FilterField("Search the help", "/", "search", 240)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.close_button = KeyButton("Back to work", "Esc")
        self.close_button.clicked.connect(self.left)
        head = RoomHead("Help")
        head.add_right(self.field)
        head.add_right(self.close_button)
        self.list, self.list_head = PageList(), PaneHead("Pages")
        self.list.picked.connect(self._picked)
        self.browser, self.bar = HelpBrowser(self._root), OutsideBar()
        self.browser.followed.connect(self._follow)
        self.bar.closed.connect(self.browser.setFocus)
        self._right = QStackedWidget()
        page = QWidget()
        self._right.addWidget(page)
        column = _column(page)
        column.addWidget(self.browser, 1)
        column.addWidget(self.bar)
        self._empty: EmptyState | None = None
        left = QWidget()
        column = _column(left)
        column.addWidget(self.list_head)
        column.addWidget(self.list, 1)
        self._split = SplitPane()
        self._split.add_pane(left, _LIST)
        self._split.add_pane(self._right, stretch=1)
        outer = _column(self)
        outer.addWidget(head)
        outer.addWidget(self._split, 1)
        self._retheme()

    def sizeHint(self) -> QSize:
        """As large as the window gives."""
        return QSize(theme().px(900), theme().px(600))

    # -- pages -----------------------------------------------------------------------------

    def open_page(self, name: str, fragment: str = "") -> None:
        """Show a page, the first one when there is none of that name; the way back is kept."""
        known = {page.name for page in self.pages}
        if name not in known and not (self._root / f"{name}.md").is_file():
            name = FIRST
        if not self.pages:
            return
        now = self.browser.page
        if now is not None and now.name != name:
            self._behind.append(self._here())
            self._ahead.clear()
        if now is None or now.name != name or self.field.text():
            self._show(name)
        if fragment:
            self.browser.go_to_heading(fragment)

    def back(self) -> None:
        """The page before this one, where it was left."""
        if self._behind:
            self._ahead.append(self._here())
            self._return_to(self._behind.pop())

    def forward(self) -> None:
        """The page that was left by going back."""
        if self._ahead:
            self._behind.append(self._here())
            self._return_to(self._ahead.pop())

    def _here(self) -> Place:
        page = self.browser.page
        assert page is not None
        return Place(page.name, self.browser.verticalScrollBar().value())

    def _return_to(self, place: Place) -> None:
        self._show(place.page)
        self.browser.verticalScrollBar().setValue(place.scrolled)

    def _show(self, name: str) -> None:
        page = next((page for page in self.pages if page.name == name), None)
        words = query_words(self.field.text())
        self.browser.show_page(page or read_page(self._root, name), words)
        self.list.select(name)
        self.bar.leave()
        self.acted.emit()

    def _picked(self, name: str) -> None:
        self.open_page(name)

    def _follow(self, address: str) -> None:
        assert self.browser.page is not None
        target = resolve(self._root, self.browser.page.name, address)
        if target.kind == "page":
            self.open_page(target.page, target.fragment)
        elif target.kind == "outside":
            self.bar.offer(target.url)
        else:
            self.bar.refuse(target.why)

    # -- search ----------------------------------------------------------------------------

    def _search(self, query: str) -> None:
        hits, total = search(self.pages, query), len(self.pages)
        now = self.browser.page
        quiet = f"{len(hits)} of {total}" if query.strip() else f"{total}"
        self.list_head.show_words("Pages", quiet)
        self.list.show_hits(hits, now.name if now is not None else "")
        if not hits:
            self._show_empty(query.strip())
            return
        self._right.setCurrentIndex(0)
        if query.strip():
            self.open_page(hits[0].page.name)
        elif now is not None:
            self._show(now.name)

    def _show_empty(self, query: str) -> None:
        if self._empty is not None:
            self._right.removeWidget(self._empty)
            self._empty.deleteLater()
        if self.pages:
            view = EmptyView(
                f"No page speaks of “{query}”",
                "Titles and texts of all pages were searched. Try fewer or other words.",
                buttons=(EmptyButton("clear", "Show all pages", "Esc", primary=True),),
            )
        else:
            view = EmptyView(
                "The help pages are missing",
                f"None were found in {self._root}. Install CrisisDesk again to have them back.",
            )
        self._empty = EmptyState(view)
        self._empty.chosen.connect(self._clear)
        self._right.addWidget(self._empty)
        self._right.setCurrentWidget(self._empty)

    def _clear(self) -> None:
        self.field.clear()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- keys ------------------------------------------------------------------------------

    def actions(self) -> list[Action]:  # type: ignore[override]
        """Moving about in the help."""
        entries = (
            ("next", "Next page", "J", "arrow-down", lambda: self.list.step(1)),
            ("previous", "Previous page", "K", "arrow-up", lambda: self.list.step(-1)),
            ("search", "Search the help", "/", "search", self.field.setFocus),
            ("back", "Back to the page before", "Backspace", "arrow-left", self.back),
            ("back too", "Back, as in a browser", "Alt Left", "arrow-left", self.back),
            ("forward", "Forward", "Alt Right", "arrow-right", self.forward),
            ("outside", "Open the address shown below", "O", "external-link", self.bar.open_it),
            ("leave", "Leave the help", "Esc", "log-out", self.leave),
        )
        return [
            Action(key=f"help {key}", title=title, keys=keys, icon=icon, run=run, group=GROUP)
            for key, title, keys, icon, run in entries
        ]

    def leave(self) -> None:
        """Close the bar, then the search, then the help."""
        if self.bar.isVisible():
            self.bar.leave()
        elif self.field.text():
            self._clear()
        else:
            self.left.emit()

    def focus_first(self) -> None:
        """The list."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search Enter and Down go to the list; Esc clears it, then leaves."""
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._press(event.key())
        ):
            return True
        return super().eventFilter(watched, event)

    def _press(self, key: int) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.focus_first()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            return False
        return True

    def _retheme(self) -> None:
        self.browser.retheme()
        left = theme().px(_LIST)
        self._split.setSizes([left, max(left, self.width() - left)])
        if self._empty is not None and self._right.currentWidget() is self._empty:
            self._show_empty(self.field.text().strip())


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
