"""The button of the desk: a word with its key beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.painted import PaintedButton
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_box, draw_key, draw_text, key_width
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

ButtonKind = Literal["normal", "primary", "destructive", "drill"]

_KEY_SHADE = QColor(0, 0, 0, 0x26)
_CLEAR = QColor(0, 0, 0, 0)


class KeyButton(PaintedButton):
    """A 28 px button (36 px when ``big``) with an optional key cap and icon on its left.

    The key is shown, not bound: the desk's actions own every shortcut.
    """

    def __init__(
        self,
        text: str,
        key: str = "",
        kind: ButtonKind = "normal",
        *,
        big: bool = False,
        icon: str = "",
        height: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._key, self._kind, self._big, self._icon = key, kind, big, icon
        self._height = height or (36 if big else 28)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    @property
    def kind(self) -> ButtonKind:
        """How loudly it asks to be pressed."""
        return self._kind

    def set_text(self, text: str) -> None:
        """Say something else; the accessible name follows."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(f"Key {self._key}" if self._key else "")
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: ButtonKind) -> None:
        """Become the primary button or give that up."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def _font(self) -> tuple[Role, int]:
        return ("lead" if self._big else "body", 500 if self._kind != "primary" else 600)

    def sizeHint(self) -> QSize:
        """Key, icon and word with their gaps."""
        look = theme()
        role, weight = self._font()
        left = (10 if self._big else 6) if self._key else (16 if self._big else 10)
        width = look.px(left) + look.width(self.text(), role, weight=weight)
        width += look.px(16 if self._big else 10)
        if self._key:
            width += key_width(self._key) + look.px(7)
        if self._icon:
            width += look.px(14 + 7)
        return QSize(round(width + 1), look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """It is never squeezed."""
        return self.sizeHint()

    def _inks(self) -> tuple[QColor, QColor, QColor]:
        """Ground, line and text."""
        look = theme()
        color = look.color
        if not self.isEnabled():
            return _CLEAR, color.hair, color.disabled
        if self._kind == "primary":
            ground = color.accent_hover if self.underMouse() or self.isDown() else color.accent
            return ground, ground, color.accent_on
        if self._kind == "drill":
            return color.drill_solid, color.drill_solid, color.drill_on
        ground = color.hover if self.underMouse() else color.raised
        if self.isDown():
            ground = color.selected_idle
        if self._kind == "destructive":
            tone = look.severity("critical")
            return ground, tone.line, tone.fg
        return ground, color.strong, color.primary

    def paint(self, painter: QPainter) -> None:
        """Ground, key cap, icon, word."""
        look = theme()
        ground, line, ink = self._inks()
        rect = QRectF(self.rect())
        draw_box(painter, rect, fill=ground, line=line, radius=look.px(4))
        left = (10 if self._big else 6) if self._key else (16 if self._big else 10)
        x, middle = float(look.px(left)), rect.center().y()
        if self._key:
            solid = self._kind in ("primary", "drill") and self.isEnabled()
            x += draw_key(
                painter,
                x,
                middle,
                self._key,
                color=ink if solid or not self.isEnabled() else None,
                fill_color=_KEY_SHADE if solid else (None if self.isEnabled() else _CLEAR),
                line=_CLEAR if solid else (None if self.isEnabled() else look.color.hair),
            )
            x += look.px(7)
        if self._icon:
            draw_icon(painter, x, round(middle - look.px(14) / 2), self._icon, ink, 14)
            x += look.px(14 + 7)
        role, weight = self._font()
        box = QRectF(x, 0, rect.width() - x - 1, rect.height())
        draw_text(painter, box, self.text(), ink, role, weight=weight)
