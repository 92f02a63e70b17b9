"""The list of policies: drafts, what is published, what was withdrawn, what is built in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import FilterField, PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.painters import ShelfPainter
from crisisdesk.desk.planning.policies.row_list import RowList
from crisisdesk.desk.planning.policies.shelf import ShelfLine, lines_of, spoken
from crisisdesk.desk.settings_room.card import row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.planning.policies.book import Published
    from crisisdesk.desk.planning.policies.drafts import Draft


class ListPane(QWidget):
    """``chosen`` carries the key of the line that was selected by hand, ``opened`` says Enter.

    ``word`` and ``new`` are what stands above it, ``lines`` makes its lines, ``said`` reads one
    out.
    """

    chosen = Signal(str)
    opened = Signal()
    new_wanted = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        word: str = "Policies",
        new: str = "New policy",
        lines: Callable[..., list[ShelfLine]] = lines_of,
        said: Callable[[ShelfLine], str] = spoken,
    ) -> None:
        super().__init__(parent)
        px = theme().px
        self._word, self._lines = word, lines
        self._known: Any = None
        self._drafts: Sequence[Draft] = ()
        self.head = PaneHead(word)
        self.filter = FilterField("Filter", width=0)
        self.filter.textChanged.connect(self._show)
        self.new = KeyButton(new, "N")
        self.new.clicked.connect(self.new_wanted)
        self.list: RowList[ShelfLine] = RowList(word, ShelfPainter(), lambda line: line.key, said)
        self.list.moved.connect(self._moved)
        self.list.entered.connect(self.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        above = row(self.filter, self.new)
        above.setStretch(0, 1)
        above.setContentsMargins(px(12), px(8), px(12), px(8))
        column.addLayout(above)
        column.addWidget(self.list, 1)
        self.setAutoFillBackground(True)
        look().changed.connect(self._repaint_ground)
        self._repaint_ground()

    def _repaint_ground(self) -> None:
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme().color.panel)
        self.setPalette(palette)

    def show_policies(self, known: Published, drafts: Sequence[Draft], selected: str) -> None:
        """Show all there is; the line of ``selected`` is selected, if the filter leaves it."""
        self._known, self._drafts = known, list(drafts)
        self._show()
        self.select(selected)
        count = sum(bool(version.version_id) for version in known.current.values())
        self.head.show_words(self._word, f"{count} published" if count else "none published")

    def select(self, key: str) -> None:
        """Select a line; a filter that hides it keeps it hidden."""
        chosen = self.list.selected()
        if chosen is None or chosen.key != key:
            self.list.select(key)

    def keys(self) -> list[str]:
        """The lines that can be selected, from the top, filtered or not."""
        if self._known is None:
            return []
        return [line.key for line in self._lines(self._known, self._drafts) if line.name]

    def _show(self) -> None:
        if self._known is not None:
            self.list.show_rows(self._lines(self._known, self._drafts, self.filter.text()))

    def _moved(self) -> None:
        chosen = self.list.selected()
        if chosen is not None:
            self.chosen.emit(chosen.key)
