"""What lists of painted lines share: how they are set up, and the ground under a line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle

from crisisdesk.desk.look.paint import draw_ring, fill
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QPainter


def dress(view: QListView, name: str) -> None:
    """Set up a list of painted lines; ``name`` is what a screen reader calls it."""
    view.setAccessibleName(name)
    view.setMouseTracking(True)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    look().changed.connect(view.doItemsLayout)


@contextmanager
def line_ground(
    painter: QPainter,
    rect: QRectF,
    state: QStyle.StateFlag,
    *,
    hovers: bool = True,
    rest: Callable[[], None] | None = None,
) -> Iterator[None]:
    """Paint a line's ground and the hair line below; the keyboard's ring comes over what follows.

    ``hovers`` says whether it shows the pointer; ``rest`` paints the ground of a line that is
    neither selected nor under the pointer.
    """
    color = theme().color
    selected = bool(state & QStyle.StateFlag.State_Selected)
    focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
    painter.save()
    if selected:
        painter.fillRect(rect, color.selected if focused else color.selected_idle)
    elif hovers and state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, color.hover)
    elif rest is not None:
        rest()
    fill(painter, rect.x(), rect.bottom() - 1, rect.width(), 1, color.hair)
    yield
    if focused:
        draw_ring(painter, rect.adjusted(0, 0, 0, -1))
    painter.restore()
