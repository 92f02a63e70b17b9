"""The status bar: who pages, how far away the hub is, and what is stale, down or armed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QRectF, QSize, Signal

from crisisdesk.desk.frame.painted import Painted, PaintedButton
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_dots, draw_key, draw_ring, draw_text, fill, key_width
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

StatusTone = Literal["", "ok", "stale", "down"]
_HEIGHT = 26


class StatusSegment(NamedTuple):
    """One statement: ``label`` then ``strong`` (in bold); ``short`` and
    ``short_strong`` replace them when narrow.

    ``dots`` are the durability dots (disk, hub, peer); ``tail`` follows them. ``keys`` shows a key
    cap before the label. ``right`` puts it at the right end; ``drop`` hides it when narrow.
    ``tip`` says more under the mouse and to a screen reader.
    """

    key: str
    label: str
    strong: str = ""
    icon: str = ""
    tone: StatusTone = ""
    short: str = ""
    dots: tuple[bool, ...] = ()
    tail: str = ""
    keys: str = ""
    right: bool = False
    drop: bool = False
    short_strong: str = ""
    tip: str = ""


class _Segment(PaintedButton):
    """One statement in the bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ring", False)
        self.segment = StatusSegment(key="", label="")
        self.slim = False

    def show_segment(self, segment: StatusSegment, slim: bool) -> None:
        changed = segment != self.segment or slim != self.slim
        self.segment, self.slim = segment, slim
        if changed:
            state = {"stale": ", stale", "down": ", down"}.get(segment.tone, "")
            words = f"{segment.label} {segment.strong} {segment.tail}".split()
            self.setAccessibleName(" ".join(words) + state)
            self.setAccessibleDescription(segment.tip)
            self.setToolTip(segment.tip)
            self.update()

    def _texts(self, *, slim: bool) -> list[tuple[str, int, bool]]:
        """Text, weight and whether it stands out."""
        segment = self.segment
        label, strong = segment.label, segment.strong
        if slim and segment.short:
            label, strong = segment.short, segment.short_strong
        texts = [(label, 400, False)]
        if strong:
            texts.append((" " + strong, 500, True))
        return texts

    def _tail(self, *, slim: bool) -> str:
        return "" if slim and self.segment.short else self.segment.tail

    def width_as(self, *, slim: bool) -> int:
        """What it needs with its long words, or ``slim`` with its short ones."""
        look = theme()
        width = float(look.px(24))
        if self.segment.icon:
            width += look.px(14 + 6)
        if self.segment.keys:
            width += key_width(self.segment.keys) + look.px(6)
        for text, weight, _ in self._texts(slim=slim):
            width += look.width(text, "small", weight=weight)
        if self.segment.dots:
            width += look.px(6) + len(self.segment.dots) * look.px(9) - look.px(3)
        if tail := self._tail(slim=slim):
            width += look.px(6) + look.width(tail, "small")
        return round(width + 2)

    def paint(self, painter: QPainter) -> None:
        px, color = theme().px, theme().color
        segment, height = self.segment, self.height()
        middle = height / 2
        if self.underMouse():
            fill(painter, 0, 1, self.width(), height, color.hover)
        if segment.keys or not segment.right:
            edge = 0 if segment.right else self.width() - 1
            fill(painter, edge, 0, 1, height, color.hair)
        x = float(px(12))
        if segment.icon:
            tone = ink_color(segment.tone) if segment.tone else color.secondary
            draw_icon(painter, x, round(middle - px(14) / 2), segment.icon, tone, 14)
            x += px(14 + 6)
        if segment.keys:
            x += draw_key(painter, x, middle + 0.5, segment.keys) + px(6)
        for text, weight, strong in self._texts(slim=self.slim):
            ink = color.primary if strong else color.secondary
            box = QRectF(x, 0, self.width() - x, height)
            x += draw_text(painter, box, text, ink, "small", weight=weight)
        if segment.dots:
            x += px(6)
            x += draw_dots(painter, x, middle, segment.dots)
        if tail := self._tail(slim=self.slim):
            box = QRectF(x + px(6), 0, self.width() - x - px(6), height)
            draw_text(painter, box, tail, color.secondary, "small")
        if self.hasFocus():
            draw_ring(painter, QRectF(self.rect()))


class StatusBar(Painted):
    """A 26 px bar of statements; pressing one emits its key."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: tuple[StatusSegment, ...] = ()
        self._buttons: list[_Segment] = []
        self.setAccessibleName("Status")
        self.setFixedHeight(theme().px(_HEIGHT))

    def show_segments(self, segments: Sequence[StatusSegment]) -> None:
        """Take all statements, left ones first."""
        self._segments = tuple(segments)
        self._lay_out()

    def segments(self) -> tuple[StatusSegment, ...]:
        """What it says now."""
        return self._segments

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_HEIGHT))
        self._lay_out()
        super().retheme()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme().px(640), theme().px(_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use short words where the long ones do not fit."""
        self._lay_out()

    def _shorten(self) -> None:
        """Long words as far as there is room: what saves most gives way first, and the first
        statement, which matters most, last."""
        used = list(zip(self._buttons, self._segments, strict=False))
        for button, segment in used:
            button.show_segment(segment, button.slim)
        wide = [button.width_as(slim=False) for button, _ in used]
        slim = [0 if one.drop else button.width_as(slim=True) for button, one in used]
        saved = [before - after for before, after in zip(wide, slim, strict=True)]
        too_wide, short = sum(wide) - self.width(), set[int]()
        for index in sorted(range(len(used)), key=lambda i: (i == 0, -saved[i])):
            if too_wide > 0:
                short.add(index)
                too_wide -= saved[index]
        for index, (button, segment) in enumerate(used):
            button.show_segment(segment, index in short)

    def _lay_out(self) -> None:
        while len(self._buttons) < len(self._segments):
            button = _Segment(self)
            button.clicked.connect(self._pressed)
            self._buttons.append(button)
        self._shorten()
        left, right = 0, self.width()
        for button in self._buttons[len(self._segments) :]:
            button.hide()
        used = list(zip(self._buttons, self._segments, strict=False))
        for button, segment in reversed(used):
            if segment.right:
                width = button.width_as(slim=button.slim)
                right -= width
                button.setGeometry(right, 1, width, self.height() - 1)
                button.show()
        for button, segment in used:
            if not segment.right:
                width = button.width_as(slim=button.slim)
                fits = left + width <= right and not (button.slim and segment.drop)
                button.setVisible(fits)
                if fits:
                    button.setGeometry(left, 1, width, self.height() - 1)
                    left += width

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, _Segment):
            self.chosen.emit(button.segment.key)

    def paint(self, painter: QPainter) -> None:
        """The ground and its line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.window)
        fill(painter, 0, 0, self.width(), 1, color.hair)
