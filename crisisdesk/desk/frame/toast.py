"""Toasts: what was just done and can be undone, and alerts while the window lies elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Signal
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.overlay import add_shadow
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.countdown import Countdown, countdown
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import (
    CENTER,
    countdown_width,
    draw_box,
    draw_countdown,
    draw_dots,
    draw_text,
)
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QResizeEvent

LIFE_MS = 10_000
SHOWN_AT_MOST = 3
_WIDTH, _GAP, _MARGIN = 380, 8, 24


class ToastAction(NamedTuple):
    """One button of a toast."""

    key: str
    word: str
    keys: str = ""
    primary: bool = False


class ToastView(NamedTuple):
    """One toast.

    ``severity`` shows that mark and edge, else ``icon`` with an accent edge. ``deadline_ms`` (UTC)
    and ``total_ms`` drive the clock; a toast that is not ``lasting`` goes when it has run out, or
    ten seconds after it came when it has none. ``dots`` are disk, hub, peer.
    """

    key: str
    title: str
    text: str = ""
    severity: str = ""
    icon: str = "check"
    deadline_ms: int = 0
    total_ms: int = LIFE_MS
    actions: tuple[ToastAction, ...] = ()
    aside: str = ""
    aside_icon: str = ""
    dots: tuple[bool, ...] = ()
    lasting: bool = False


def undo_toast(key: str, title: str, text: str, now_ms: int, *, keys: str = "Ctrl Z") -> ToastView:
    """The toast after a bulk action: ten seconds to take it back."""
    return ToastView(
        key=key,
        title=title,
        text=text,
        deadline_ms=now_ms + LIFE_MS,
        actions=(ToastAction(key="undo", word="Undo", keys=keys),),
    )


class _Toast(Painted):
    """One card of the stack."""

    acted = Signal(str, str)

    def __init__(self, view: ToastView, born_ms: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.view, self.born_ms = view, born_ms
        self._clock: Countdown | None = None
        self.buttons: list[KeyButton] = []
        add_shadow(self)
        self.show_view(view)

    @property
    def ends_ms(self) -> int | None:
        if self.view.lasting:
            return None
        return self.view.deadline_ms or self.born_ms + LIFE_MS

    def show_view(self, view: ToastView) -> None:
        self.view = view
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        for action in view.actions:
            button = KeyButton(
                action.word, action.keys, "primary" if action.primary else "normal", parent=self
            )
            button.setProperty("action", action.key)
            button.clicked.connect(self._pressed)
            button.show()
            self.buttons.append(button)
        said = f"{view.severity} " if view.severity else ""
        self.setAccessibleName(f"{said}{view.title}. {view.text}".strip())
        self.place_buttons()
        self.update()

    def set_now(self, now_ms: int) -> None:
        if not self.view.deadline_ms:
            return
        clock = countdown(
            deadline_ms=self.view.deadline_ms, now_ms=now_ms, total_ms=self.view.total_ms
        )
        if clock.text != (self._clock.text if self._clock else ""):
            self._clock = clock
            self.update()

    def sizeHint(self) -> QSize:
        px = theme().px
        tall = 12 + 20 + (4 + 16 if self.view.text else 0) + 12
        foot = 10 + 28 if self.view.actions or self.view.aside else 0
        return QSize(px(_WIDTH), px(tall + foot))

    def retheme(self) -> None:
        self.place_buttons()
        effect = self.graphicsEffect()
        if isinstance(effect, QGraphicsDropShadowEffect):
            effect.setBlurRadius(theme().px(24))
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.place_buttons()

    def place_buttons(self) -> None:
        px = theme().px
        x = px(18)
        for button in self.buttons:
            size = button.sizeHint()
            button.setGeometry(
                x, self.height() - px(12) - size.height(), size.width(), size.height()
            )
            x += size.width() + px(8)

    def _pressed(self) -> None:
        self.acted.emit(self.view.key, str(self.sender().property("action")))

    def paint(self, painter: QPainter) -> None:
        look, px, color = theme(), theme().px, theme().color
        rect = QRectF(self.rect())
        draw_box(painter, rect, fill=color.popup, line=color.strong, radius=px(6))
        edge = look.severity(self.view.severity).solid if self.view.severity else color.accent
        painter.save()
        painter.setClipRect(QRectF(0, 0, px(4), rect.height()))
        draw_box(painter, rect, fill=edge, radius=px(6))
        painter.restore()
        x, middle = float(px(18)), px(12) + px(20) / 2
        y = round(middle - px(16) / 2)
        if self.view.severity:
            draw_mark(painter, x, y, self.view.severity)
        elif self.view.icon:
            draw_icon(painter, x, y, self.view.icon, look.state("ok").fg)
        x += px(16 + 8)
        right = rect.right() - px(14)
        if self._clock is not None:
            plain = self.view.icon != "" and not self.view.severity
            draw_countdown(painter, right, middle, self._clock, plain=plain)
            right -= countdown_width(self._clock) + px(8)
        box = QRectF(x, px(12), right - x, px(20))
        draw_text(painter, box, self.view.title, color.primary, "strong")
        box = QRectF(px(18), px(36), rect.width() - px(18 + 14), px(16))
        draw_text(painter, box, self.view.text, color.secondary, "small")
        self._paint_aside(painter)

    def _paint_aside(self, painter: QPainter) -> None:
        view, look, px, color = self.view, theme(), theme().px, theme().color
        if not view.aside:
            return
        middle = self.height() - px(12 + 14)
        width = look.width(view.aside, "small")
        x = self.width() - px(14) - width
        box = QRectF(x, middle - px(8), width + 1, px(16))
        draw_text(painter, box, view.aside, color.tertiary, "small")
        if view.dots:
            x -= px(6) + len(view.dots) * px(9) - px(3)
            draw_dots(painter, x, middle, view.dots)
            saved = look.width("saved", "small")
            box = QRectF(x - px(6) - saved, middle - px(8), saved + 1, px(16))
            draw_text(painter, box, "saved", color.tertiary, "small")
        elif view.aside_icon:
            draw_icon(
                painter, x - px(20), round(middle - px(7)), view.aside_icon, color.tertiary, 14
            )


class _More(Painted):
    """The line that stands for toasts not shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.count = 0

    def paint(self, painter: QPainter) -> None:
        px, color = theme().px, theme().color
        rect = QRectF(self.rect())
        draw_box(painter, rect, fill=color.popup, line=color.strong, radius=px(6))
        text = f"{self.count} more"
        draw_text(painter, rect, text, color.secondary, "small", align=CENTER, weight=500)


class ToastStack(QObject):
    """Toasts in the lower right corner of a window, newest at the bottom, three at most."""

    acted = Signal(str, str)
    ended = Signal(str)

    def __init__(self, window: QWidget, foot: int = 26) -> None:
        """``foot`` is the height of the status bar below, at 100 %."""
        super().__init__(window)
        self._window, self._foot, self._now_ms = window, foot, 0
        self._toasts: dict[str, _Toast] = {}
        self._more = _More(window)
        self._more.hide()
        window.installEventFilter(self)

    def show_toast(self, view: ToastView, now_ms: int) -> None:
        """Show a toast, or change the one of the same key."""
        self._now_ms = now_ms
        toast = self._toasts.get(view.key)
        if toast is None:
            toast = self._toasts[view.key] = _Toast(view, now_ms, self._window)
            toast.acted.connect(self.acted)
        else:
            toast.show_view(view)
        toast.set_now(now_ms)
        self.place()

    def dismiss(self, key: str) -> None:
        """Take a toast away; one that is gone is no error."""
        toast = self._toasts.pop(key, None)
        if toast is None:
            return
        toast.hide()
        toast.deleteLater()
        self.place()
        self.ended.emit(key)

    def set_now(self, now_ms: int) -> None:
        """Turn the clocks and end the toasts whose time is up."""
        self._now_ms = now_ms
        for key, toast in list(self._toasts.items()):
            ends = toast.ends_ms
            if ends is not None and now_ms >= ends:
                self.dismiss(key)
            else:
                toast.set_now(now_ms)

    def keys(self) -> list[str]:
        """The keys of all toasts, oldest first."""
        return list(self._toasts)

    def place(self) -> None:
        """Stack the cards from the lower right corner up."""
        px = theme().px
        right = self._window.width() - px(_MARGIN)
        bottom = self._window.height() - px(self._foot) - px(_MARGIN)
        toasts = list(self._toasts.values())
        for toast in toasts[:-SHOWN_AT_MOST]:
            toast.hide()
        for toast in reversed(toasts[-SHOWN_AT_MOST:]):
            size = toast.sizeHint()
            bottom -= size.height()
            toast.setGeometry(right - size.width(), bottom, size.width(), size.height())
            toast.show()
            toast.raise_()
            bottom -= px(_GAP)
        self._more.count = max(0, len(toasts) - SHOWN_AT_MOST)
        self._more.setVisible(self._more.count > 0)
        if self._more.count:
            self._more.setAccessibleName(f"{self._more.count} more messages")
            self._more.setGeometry(right - px(96), bottom - px(28), px(96), px(28))
            self._more.raise_()
            self._more.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.place()
        return False
