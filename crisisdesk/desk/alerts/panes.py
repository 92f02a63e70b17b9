"""The two panes of the Alerts room: side by side where there is room, else one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.alerts.detail import DetailPane
    from crisisdesk.desk.alerts.list_pane import ListPane
    from crisisdesk.desk.room import Desk

_ONE_PANE_BELOW = 1060
_KEPT_AS = "alerts.split"


class Panes:
    """Lays list and detail out in ``split``; ``room`` is the page they share."""

    def __init__(self, desk: Desk, room: QWidget, listed: ListPane, detail: DetailPane) -> None:
        self._desk, self._room, self._list, self._detail = desk, room, listed, detail
        self._sized = False
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(listed, stretch=1)
        self.split.add_pane(detail)
        detail.setMinimumWidth(theme().px(360))
        listed.setMinimumWidth(theme().px(480))
        self.split.splitterMoved.connect(lambda: desk.remember(_KEPT_AS, self.split.sizes()[1]))

    @property
    def _is_one(self) -> bool:
        return self._room.width() < theme().px(_ONE_PANE_BELOW)

    def show(self) -> None:
        """Show what there is room for."""
        if not self._is_one:
            self._list.setVisible(True)
            self._detail.setVisible(not self._list.is_empty)
        elif self._list.isVisibleTo(self.split):
            self._detail.setVisible(False)

    def open_detail(self) -> None:
        """Bring the detail to the front where only one has room."""
        if self._is_one:
            self._list.hide()
            self._detail.show()

    def leave_detail(self) -> bool:
        """Go back to the list where only one has room; False when it was there already."""
        if not self._is_one or self._list.isVisibleTo(self.split):
            return False
        self._detail.hide()
        self._list.show()
        return True

    def resized(self) -> None:
        """Give the detail the width it had, or its own of this window."""
        self.show()
        if not self._sized and self._room.width() > 200:
            self._sized = True
            own = 600 if self._room.width() >= theme().px(1500) else 464
            wide = self._desk.remembered(_KEPT_AS, 0) or theme().px(own)
            self.split.setSizes([self._room.width() - wide - 1, wide])
