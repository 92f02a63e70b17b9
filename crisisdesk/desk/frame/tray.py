"""The desk's place in the tray, where the session has one, and the words for when it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon

from crisisdesk.desk.look.marks import paint_mark
from crisisdesk.desk.look.paths import painter_path
from crisisdesk.desk.look.theme import look, theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

TrayState = Literal["quiet", "low", "medium", "high", "critical", "emergency", "away"]

_BELL = "M11 3a5 5 0 0 1 5 5v4l2 3H4l2-3V8a5 5 0 0 1 5-5z"
_LINE = QColor("#C9CDD3")
_SIZES = (22, 44)


def tray_pixmap(state: TrayState, size: int = 22) -> QPixmap:
    """A bell with the mark of the worst severity, or dashed while the engine is away."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 22, size / 22)
    pen = QPen(_LINE, 1.75)
    if state == "away":
        pen.setDashPattern([1.2, 1.2])
    painter.strokePath(painter_path(_BELL), pen)
    if state == "away":
        painter.setPen(QPen(theme().state("stale").fg, 2))
        painter.drawLine(QPointF(3, 3), QPointF(19, 19))
    elif state != "quiet":
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.fillRect(QRectF(9, 9, 13, 13), Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.translate(10, 10)
        painter.scale(0.75, 0.75)
        tone = theme().severity(state).solid
        paint_mark(painter, state, "filled", tone, tone)
    painter.end()
    return pixmap


class TrayPresence(QObject):
    """Shows the worst open severity in the tray; does nothing in a session without one."""

    activated = Signal()
    notice_pressed = Signal()

    def __init__(self, parent: QObject | None = None, menu: QMenu | None = None) -> None:
        super().__init__(parent)
        self._state: TrayState = "quiet"
        self._icon: QSystemTrayIcon | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(self)
            self._icon.activated.connect(self._pressed)
            self._icon.messageClicked.connect(self.notice_pressed)
            if menu is not None:
                self._icon.setContextMenu(menu)
            self._draw()
            self._icon.show()
        look().changed.connect(self._draw)

    @property
    def available(self) -> bool:
        """Whether this session has a tray."""
        return self._icon is not None

    @property
    def words(self) -> str:
        """What the status bar says about it."""
        return "In the tray" if self.available else "No tray in this session"

    def show_state(self, state: TrayState, words: str) -> None:
        """Take the worst open severity, quiet or away; ``words`` is the tooltip."""
        self._state = state
        self._draw()
        if self._icon is not None:
            self._icon.setToolTip(words)

    def notify(self, title: str, text: str, *, grave: bool = False) -> bool:
        """Ask the session to show a notice; False where it cannot."""
        if self._icon is None or not QSystemTrayIcon.supportsMessages():
            return False
        kind = QSystemTrayIcon.MessageIcon
        self._icon.showMessage(title, text, kind.Critical if grave else kind.Warning, 10_000)
        return True

    def _draw(self) -> None:
        if self._icon is None:
            return
        icon = QIcon()
        for size in _SIZES:
            icon.addPixmap(tray_pixmap(self._state, size))
        self._icon.setIcon(icon)

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.activated.emit()
