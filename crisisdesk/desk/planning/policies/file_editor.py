"""The editor of what is published as a file: its text, its versions, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.frame.empty_state import EmptyState, EmptyView
from crisisdesk.desk.frame.heads import Tab, TabRow
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import chip_width, draw_chip, draw_text, fill
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.history_pane import HistoryPane
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane
from crisisdesk.desk.settings_room.card import row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.desk.planning.policies.history import HistoryRow
    from crisisdesk.desk.planning.policies.standing import Standing
    from crisisdesk.domain.errors import DomainError

FORM, YAML, HISTORY = "form", "yaml", "history"


class _Title(Painted):
    """Name, chip and facts in one line; the facts give way first, then the name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = self._chip = self._facts = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, title: str, chip: str, facts: str) -> None:
        """Say these."""
        self._title, self._chip, self._facts = title, chip, facts
        self.setAccessibleName(", ".join(word for word in (title, chip, facts) if word))
        self.update()

    def sizeHint(self) -> QSize:
        """One line of the title's type."""
        return QSize(theme().px(200), theme().px(26))

    def paint(self, painter: QPainter) -> None:
        """What counts is in the colour of all that is well."""
        px, color = theme().px, theme().color
        room = chip_width(self._chip) + px(20)
        box = QRectF(0, 0, max(0.0, self.width() - room), self.height())
        x = draw_text(painter, box, self._title, color.primary, "title") + px(10)
        tone = theme().state("ok").fg if self._chip == "counts now" else None
        ink = tone or color.primary
        middle = self.height() / 2 + 1
        x += draw_chip(painter, x, middle, self._chip, color=ink, line=tone) + px(10)
        box = QRectF(x, 1, max(0.0, self.width() - x), self.height())
        draw_text(painter, box, self._facts, color.tertiary, "small")


class _Strip(Painted):
    """A strip with a line above (or below) it, on the ground of a pane."""

    def __init__(self, *, line_above: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._above = line_above

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        y = 0 if self._above else self.height() - 1
        fill(painter, 0, y, self.width(), 1, color.hair)


class FileEditor(QWidget):
    """Signals what is wanted; what is done about it is the page's affair."""

    publish_wanted = Signal()
    withdraw_wanted = Signal()
    discard_wanted = Signal()
    duplicate_wanted = Signal()
    new_wanted = Signal(str)
    tab_changed = Signal(str)

    def __init__(self, yaml: YamlPane, tabs: Sequence[Tab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.yaml, self.history = yaml, HistoryPane()
        self._tabs = TabRow([*tabs, Tab(YAML, "YAML"), Tab(HISTORY, "History")])
        self._tabs.chosen.connect(self.open_tab)
        self._read_only = False
        # Written as YAML only while that is in view: it takes longer than a key press may.
        self._draft: Draft | None = None
        self.stack = QStackedWidget()
        for page in (self.yaml, self.history):
            self.stack.addWidget(page)
        self._empty_view: EmptyView | None = None
        self._empty: EmptyState | None = None
        self._shown = _column(self._head(), self.stack, self._foot())
        self._pages = QStackedWidget()
        # Bare until the first answer, which takes a few frames.
        self._pages.addWidget(QWidget())
        self._pages.addWidget(self._shown)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        self.setAutoFillBackground(True)
        look().changed.connect(self._repaint_ground)
        self._repaint_ground()

    def _repaint_ground(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme().color.panel)
        self.setPalette(palette)

    def _head(self) -> QWidget:
        px = theme().px
        self.title = _Title()
        self.withdraw = KeyButton("Withdraw", "W", "destructive")
        self.duplicate = KeyButton("Duplicate", "D")
        self.withdraw.clicked.connect(self.withdraw_wanted)
        self.duplicate.clicked.connect(self.duplicate_wanted)
        self.notice = Text("", "small", "stale", wrap=True)
        self.notice.hide()
        strip = _Strip(line_above=False)
        column = QVBoxLayout(strip)
        column.setContentsMargins(px(16), px(10), px(16), px(8))
        column.setSpacing(px(6))
        column.addWidget(self.title)
        column.addWidget(self.notice)
        column.addLayout(row(self._tabs, 1, self.withdraw, self.duplicate))
        return strip

    def _foot(self) -> QWidget:
        px = theme().px
        self.foot = Text("", "small", "secondary", wrap=True)
        self.discard = KeyButton("Discard draft", "X")
        self.publish = KeyButton("Publish", "Ctrl Enter", "primary")
        self.discard.clicked.connect(self.discard_wanted)
        self.publish.clicked.connect(self.publish_wanted)
        strip = _Strip(line_above=True)
        line = QHBoxLayout(strip)
        line.setContentsMargins(px(16), px(10), px(16), px(10))
        line.setSpacing(px(8))
        line.addWidget(self.foot, 1)
        for button in (self.discard, self.publish):
            line.addWidget(button)
        return strip

    # -- what is shown -----------------------------------------------------------------------

    def show_empty(self, view: EmptyView) -> None:
        """Show that there is nothing to edit, and what to do next."""
        if self._empty is None or view is not self._empty_view:
            if self._empty is not None:
                self._pages.removeWidget(self._empty)
                self._empty.deleteLater()
            self._empty_view, self._empty = view, EmptyState(view)
            self._empty.chosen.connect(self._empty_chosen)
            self._pages.addWidget(self._empty)
        self._pages.setCurrentWidget(self._empty)

    def is_empty(self) -> bool:
        """Whether there is nothing to edit."""
        return self._pages.currentWidget() is not self._shown

    def shown_title(self) -> str:
        """What is said in place of a file, "" while one is shown."""
        return self._empty_view.title if self._empty_view is not None and self.is_empty() else ""

    def _empty_chosen(self, key: str) -> None:
        if key == "duplicate":
            self.duplicate_wanted.emit()
        else:
            self.new_wanted.emit(key)

    def show_file(self, draft: Draft, fault: DomainError | None) -> None:
        """Show a file, and what is wrong with it."""
        self._pages.setCurrentWidget(self._shown)
        self._draft = draft
        if self.tab() == YAML:
            self.yaml.show_draft(draft)
        self.yaml.show_fault(fault)

    def show_fault(self, fault: DomainError) -> None:
        """Say what is wrong with what is shown."""
        self.yaml.show_fault(fault)

    def show_history(self, rows: Sequence[HistoryRow]) -> None:
        """Show its versions."""
        self.history.show_rows(rows)
        self._tabs.show_tabs([Tab(HISTORY, "History", str(len(rows)) if rows else "")])

    def show_standing(self, standing: Standing) -> None:
        """Say how it stands, and what can be done."""
        self.title.show_words(standing.title, standing.chip, standing.facts)
        self.notice.setText(standing.notice)
        self.notice.setVisible(bool(standing.notice))
        self.foot.setText(standing.foot)
        self.foot.set_ink("stale" if standing.level == "bad" else "secondary")
        self.publish.setEnabled(standing.can_publish)
        self.withdraw.setVisible(standing.counts)
        self.withdraw.setEnabled(standing.can_withdraw)
        self.discard.setVisible(standing.chip == "unpublished draft")
        self.discard.setEnabled(standing.can_discard)

    def set_read_only(self, read_only: bool) -> None:
        """Keep everything as it is while nothing can be saved."""
        self._read_only = read_only
        for part in (self.yaml, self.history):
            part.set_read_only(read_only)
        self.duplicate.setEnabled(not read_only)

    def settle(self) -> None:
        """Give everything that was typed and not given yet: a text gives each change at once."""

    # -- tabs --------------------------------------------------------------------------------

    def tab(self) -> str:
        """Which tab is open."""
        return self._tabs.current()

    def _pages_of(self) -> dict[str, QWidget]:
        return {YAML: self.yaml, HISTORY: self.history}

    def open_tab(self, key: str) -> None:
        """Open a tab."""
        pages = self._pages_of()
        if key == YAML and self._draft is not None:
            self.yaml.show_draft(self._draft)
        if self.stack.currentWidget() is not pages[key]:
            self.settle()
            self.stack.setCurrentWidget(pages[key])
        self._tabs.set_current(key)
        self.tab_changed.emit(key)

    def jump(self, field: str) -> None:
        """Put the keyboard on a field by the domain's name."""
        self.open_tab(YAML)
        self.yaml.go_to(field)

    def focus_first(self) -> None:
        """Put the keyboard where the open tab begins."""
        if self.tab() == YAML:
            self.yaml.text.setFocus()
        else:
            self.history.list.focus_row()


def _column(head: QWidget, body: QWidget, foot: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(head)
    column.addWidget(body, 1)
    column.addWidget(foot)
    return holder
