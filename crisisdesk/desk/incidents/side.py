"""The side of an incident's page: everything that is known, scrolled where the window is low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEAST_WIDTH, _LEAST_FACTS = 300, 140


class Side(QScrollArea):
    """Panes one below the other; the last one takes what is left. What gets the keyboard is
    brought into view, however it got it."""

    def __init__(self, panes: Iterable[QWidget], last: QWidget) -> None:
        super().__init__()
        px = theme().px
        body = self._body = PaneGround()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for pane in panes:
            layout.addWidget(pane)
        last.setMinimumHeight(px(_LEAST_FACTS))
        layout.addWidget(last, 1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(px(_LEAST_WIDTH))
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new):
            self.reveal(new, new.rect())

    def reveal(self, part: QWidget, rect: QRect) -> None:
        """Bring a place of a part of the side into view, whole where it fits."""
        place = QRect(part.mapTo(self._body, rect.topLeft()), rect.size())
        half = place.height() // 2 + theme().px(8)
        room = self.viewport().height() // 2
        # Of what does not fit the beginning is shown.
        middle = place.center().y() if half <= room else place.top() + room - theme().px(8)
        self.ensureVisible(0, middle, 0, min(half, room))
