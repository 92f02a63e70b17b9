"""The shelf of silences: what is quiet, will be and was lately, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.alerts.sections import Lines
from crisisdesk.desk.alerts.silence_words import when_words
from crisisdesk.desk.frame.empty_state import EmptyState, EmptyView
from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import RIGHT, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.alerts.history import Line
    from crisisdesk.domain.silence import Silence

NOTHING = EmptyView(
    title="Nothing is silenced.",
    text=(
        "Press S on an alert to keep its pages quiet for a while. A silence never hides an alert: "
        "it stays in the list with its clock, and its page is sent when the silence ends."
    ),
)
_HEADS = {"active": "Quiet now", "planned": "Planned", "over": "Over in the last day"}
_ROW, _WHEN, _LIFT = 52, 170, 76


class ShelfRow(Painted):
    """One silence: what matches, why, by whom, what it hides now, the time that is left, Lift."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._silence: Silence | None = None
        self._hides = self._now_ms = 0
        self._drawn = ""
        self.lift = KeyButton("Lift", parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, theme().px(12), 1)
        layout.addStretch(1)
        layout.addWidget(self.lift)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme().px(_ROW))

    def show_silence(self, silence: Silence, hides: int, now_ms: int) -> None:
        """Show this one."""
        self._silence, self._hides, self._now_ms = silence, hides, now_ms
        self.lift.setVisible(silence.standing(now_ms) in ("active", "planned"))
        self.lift.setAccessibleName(f"Lift the silence of {silence.in_text()}")
        self.setAccessibleName(
            f"{silence.in_text()}. {silence.reason}. {self._hidden()}. By {silence.set_by}. "
            f"{when_words(silence, now_ms)}"
        )
        self.update()

    def tick(self, now_ms: int) -> None:
        """Turn the clock."""
        self._now_ms = now_ms
        if self._silence is not None and when_words(self._silence, now_ms) != self._drawn:
            self.update()

    def retheme(self) -> None:
        """Take the new height."""
        self.setFixedHeight(theme().px(_ROW))
        super().retheme()

    def _hidden(self) -> str:
        return f"covers {self._hides} open alert{'' if self._hides == 1 else 's'}"

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(theme().px(400), theme().px(_ROW))

    def paint(self, painter: QPainter) -> None:
        """Glyph, matchers and reason at the left, clock and author at the right."""
        px, color, silence = theme().px, theme().color, self._silence
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)
        if silence is None:
            return
        standing = silence.standing(self._now_ms)
        over = standing in ("ended", "lifted")
        icon = {"active": "bell-off", "planned": "timer"}.get(standing, "circle-check")
        draw_icon(painter, px(12), px(10), icon, color.tertiary if over else color.secondary, 14)
        first, second = QRectF(0, px(7), 0, px(18)), QRectF(0, px(26), 0, px(18))
        end = self.width() - px(12 + _LIFT)
        self._drawn = when_words(silence, self._now_ms)
        wide = max(float(px(_WHEN)), theme().width(self._drawn, "body", tabular=True) + px(4))
        for box in (first, second):
            box.setLeft(end - wide)
            box.setRight(end)
        ink = color.primary if standing == "active" else color.secondary
        draw_text(painter, first, self._drawn, ink, "body", align=RIGHT, tabular=True, weight=500)
        by = f"set by {short_name(silence.set_by)}"
        draw_text(painter, second, by, color.tertiary, "small", align=RIGHT)
        for box in (first, second):
            box.setLeft(px(36))
            box.setRight(end - wide - px(12))
        draw_mono(painter, first, silence.in_text(), color.tertiary if over else color.primary)
        words = silence.reason if over else f"{self._hidden()} · {silence.reason}"
        draw_text(painter, second, words, color.secondary, "small")


class SilenceShelf(Painted):
    """``lifted`` carries the id of the silence to lift. Rows are kept and told anew, never remade,
    so that a button keeps the keyboard while the shelf changes."""

    lifted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Silences")
        self._rows: dict[str, ShelfRow] = {}
        self._heads = {key: PaneHead(word) for key, word in _HEADS.items()}
        self.kept = Lines("Kept quiet by a cause, or flapping", "")
        self._lines: list[Line] = []
        self._empty = EmptyState(NOTHING)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for ground in (scroll.viewport(), self._body):
            ground.setAutoFillBackground(False)
        self._scroll = scroll
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        outer.addWidget(self._empty)
        self.show_silences([], 0)

    def row(self, silence_id: str) -> ShelfRow | None:
        """The row of a silence, if it is on the shelf."""
        return self._rows.get(silence_id)

    def shown(self) -> list[str]:
        """The ids on the shelf, from the top."""
        return list(self._rows)

    def show_silences(self, found: Sequence[tuple[Silence, int]], now_ms: int) -> None:
        """Show these with the number of open alerts each covers, in their order."""
        rows: dict[str, ShelfRow] = {}
        parts: dict[str, list[ShelfRow]] = {key: [] for key in _HEADS}
        for silence, hides in found:
            row = self._rows.pop(silence.silence_id, None) or self._made(silence.silence_id)
            row.show_silence(silence, hides, now_ms)
            rows[silence.silence_id] = row
            standing = silence.standing(now_ms)
            parts[standing if standing in parts else "over"].append(row)
        for gone in self._rows.values():
            gone.setParent(None)
            gone.deleteLater()
        self._rows = rows
        self._lay_out(parts)
        self._show_emptiness()

    def show_kept(self, lines: Sequence[Line]) -> None:
        """Show below them what else keeps quiet now."""
        if list(lines) != self._lines:
            self._lines = list(lines)
            self.kept.show_lines(lines, str(len(lines)))
            self._show_emptiness()

    def _show_emptiness(self) -> None:
        anything = bool(self._rows or self._lines)
        self.kept.setVisible(bool(self._lines))
        self._empty.setVisible(not anything)
        self._scroll.setVisible(anything)

    def _made(self, silence_id: str) -> ShelfRow:
        row = ShelfRow(self._body)
        row.lift.clicked.connect(lambda: self.lifted.emit(silence_id))
        return row

    def _lay_out(self, parts: dict[str, list[ShelfRow]]) -> None:
        while self._column.takeAt(0) is not None:
            pass
        for key, rows in parts.items():
            head = self._heads[key]
            head.setVisible(bool(rows))
            head.show_words(_HEADS[key], str(len(rows)))
            for widget in (head, *rows):
                self._column.addWidget(widget)
        self._column.addWidget(self.kept)
        self._column.addStretch(1)

    def tick(self, now_ms: int) -> None:
        """Turn the clocks."""
        for row in self._rows.values():
            row.tick(now_ms)

    def paint(self, painter: QPainter) -> None:
        """The ground of a list."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)

    def focus_first(self) -> None:
        """Put the keyboard on the first silence that can be lifted."""
        for row in self._rows.values():
            if row.lift.isVisibleTo(self):
                row.lift.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
