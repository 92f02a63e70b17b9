"""The versions of the selected policy, and the way to take one up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.policies.history import HistoryRow, spoken_version
from crisisdesk.desk.planning.policies.painters import HistoryPainter
from crisisdesk.desk.planning.policies.row_list import RowList
from crisisdesk.desk.settings_room.card import row

if TYPE_CHECKING:
    from collections.abc import Sequence

_NONE = "Nothing was published under this name yet."
_PINNED = "Published versions never change."


class HistoryPane(QWidget):
    """``taken`` carries the id of the version to begin a draft with, ``again`` that of one to be
    published once more."""

    taken = Signal(str)
    again = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._read_only = False
        self.list: RowList[HistoryRow] = RowList(
            "Versions", HistoryPainter(), lambda one: one.version_id, spoken_version
        )
        self.list.entered.connect(self._take)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self.none = Text(_NONE, "body", "secondary", wrap=True)
        self.none.setContentsMargins(px(16), px(16), px(16), px(16))
        self.take = KeyButton("Begin a draft with it", "Enter")
        self.publish = KeyButton("Publish this version again", "P")
        self.take.clicked.connect(self._take)
        self.publish.clicked.connect(self._again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        buttons = row(Text(_PINNED, "small", "tertiary", wrap=True), self.take, self.publish)
        buttons.setStretch(0, 1)
        buttons.setContentsMargins(px(16), px(8), px(16), px(8))
        column.addLayout(buttons)
        self.show_rows([])

    def show_rows(self, rows: Sequence[HistoryRow]) -> None:
        """Show these versions."""
        self.list.show_rows(rows)
        if rows and self.list.selected() is None:
            self.list.select(rows[0].version_id)
        self.none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self._enable()

    def set_read_only(self, read_only: bool) -> None:
        """Nothing can be published now."""
        self._read_only = read_only
        self._enable()

    def can_publish_again(self) -> bool:
        """Whether the selected version is another than the one that counts."""
        chosen = self.list.selected()
        return chosen is not None and chosen.standing != "counts now" and not self._read_only

    def _enable(self) -> None:
        self.take.setEnabled(self.list.selected() is not None and not self._read_only)
        self.publish.setEnabled(self.can_publish_again())

    def _take(self) -> None:
        chosen = self.list.selected()
        if chosen is not None and not self._read_only:
            self.taken.emit(chosen.version_id)

    def _again(self) -> None:
        chosen = self.list.selected()
        if chosen is not None and self.can_publish_again():
            self.again.emit(chosen.version_id)
