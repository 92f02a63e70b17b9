"""One image large over the window: fitted to it or pixel by pixel, with what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap

from crisisdesk.desk.frame.overlay import Overlay
from crisisdesk.desk.look.paint import draw_box, draw_text
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

_MARGIN, _FOOT, _STEP = 24, 34, 80
_FIT, _PIXELS = "fitted", "100 %"
_TURNS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ImageViewer(Overlay):
    """``turned`` asks for the image before (-1) or after (1) the one shown."""

    turned = Signal(int)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._pixmap: QPixmap | None = None
        self._caption = self._about = ""
        self._message = ""
        self.is_whole = True
        self._shift = QPointF()
        self._held: QPointF | None = None

    def wait_for(self, caption: str, about: str) -> None:
        """Open, and say what is being read."""
        self._caption, self._about, self._message = caption, about, "Being read"
        self._pixmap, self.is_whole, self._shift = None, True, QPointF()
        self._say()
        if not self.isVisible():
            self.open_over()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.update()

    def show_image(self, drawn: QImage | None, refusal: str = "") -> None:
        """Show it, or why there is nothing to show."""
        self._pixmap = None if drawn is None else QPixmap.fromImage(drawn)
        self._message = refusal
        self._say()
        self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"Image: {self._caption or 'without a caption'}")
        self.setAccessibleDescription(self._message or f"{self._about}, {self.foot()}")

    def foot(self) -> str:
        """What the keys do now."""
        mode = _FIT if self.is_whole else _PIXELS
        arrows = "arrows: other images" if self.is_whole else "arrows move it"
        return f"{mode}; Space: {_PIXELS if self.is_whole else _FIT}; {arrows}; Esc closes"

    # -- hands ----------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Plain keys are for the image, not for the room below it."""
        if event.type() == QEvent.Type.ShortcutOverride:
            plain = getattr(event, "modifiers", lambda: None)() == Qt.KeyboardModifier.NoModifier
            key = getattr(event, "key", lambda: 0)()
            if plain and not Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close, change the size, move, turn over."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.dismiss()
        elif key == Qt.Key.Key_Space:
            self._change_size()
        elif key in _TURNS:
            across, down = _TURNS[key]
            if self.is_whole and across:
                self.turned.emit(across)
            elif not self.is_whole:
                self._move(QPointF(-across, -down) * theme().px(_STEP))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the image closes it; on it, it is held."""
        if self._box().contains(event.position()):
            self._held = event.position()
        else:
            self.dismiss()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held."""
        if self._held is not None:
            self._move(event.position() - self._held)
            self._held = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change between fitted and 100 %; beside the image a press like any other."""
        if self._box().contains(event.position()):
            self._change_size()
        else:
            self.dismiss()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move it."""
        self._move(QPointF(event.angleDelta()) / 2)
        event.accept()

    def _change_size(self) -> None:
        self.is_whole, self._shift = not self.is_whole, QPointF()
        self._say()
        self.update()

    def _move(self, by: QPointF) -> None:
        """Never so far that its edge comes into the middle of the room."""
        if self._pixmap is None or self.is_whole:
            return
        size, room = self._size(), self._room()
        most_x = max(0.0, (size.width() - room.width()) / 2)
        most_y = max(0.0, (size.height() - room.height()) / 2)
        moved = self._shift + by
        self._shift = QPointF(
            min(most_x, max(-most_x, moved.x())), min(most_y, max(-most_y, moved.y()))
        )
        self.update()

    # -- painting -------------------------------------------------------------------------

    def _room(self) -> QRectF:
        px = theme().px
        rect = QRectF(self.rect()).adjusted(px(_MARGIN), px(_MARGIN), -px(_MARGIN), -px(_MARGIN))
        return rect.adjusted(0, 0, 0, -px(_FOOT))

    def _size(self) -> QSize:
        """In device-independent pixels; at 100 % one of the image is one of the screen."""
        assert self._pixmap is not None
        real = self._pixmap.size() / self.devicePixelRatioF()
        room = self._room().size().toSize()
        if self.is_whole and (real.width() > room.width() or real.height() > room.height()):
            return real.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return real

    def _box(self) -> QRectF:
        room = self._room()
        size = self._size() if self._pixmap is not None else QSize(theme().px(320), theme().px(80))
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(room.center() + self._shift)
        return box

    def paint(self, painter: QPainter) -> None:
        """Scrim, image, and the words at the foot."""
        super().paint(painter)
        color, px = theme().color, theme().px
        box, room = self._box(), self._room()
        if self._pixmap is None:
            draw_box(painter, box, fill=color.popup, line=color.strong, radius=px(6))
            words = box.adjusted(px(16), 0, -px(16), 0)
            draw_text(painter, words, self._message, color.primary, "body")
        else:
            painter.save()
            painter.setClipRect(room)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.is_whole)
            painter.fillRect(box, color.popup)
            painter.drawPixmap(box, self._pixmap, QRectF(self._pixmap.rect()))
            painter.restore()
        foot = QRectF(room.x(), room.bottom() + px(8), room.width(), px(_FOOT))
        draw_box(painter, foot, fill=color.popup, line=color.strong, radius=px(4))
        inner = foot.adjusted(px(12), 0, -px(12), 0)
        about = f"{self._about}; {self.foot()}"
        wide = theme().width(about, "small") + px(16)
        caption = inner.adjusted(0, 0, -wide, 0)
        draw_text(painter, caption, self._caption, color.primary, "strong")
        draw_text(
            painter, inner.adjusted(max(0.0, inner.width() - wide), 0, 0, 0), about,
            color.secondary, "small",
        )  # fmt: skip
