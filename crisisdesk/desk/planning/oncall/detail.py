"""The selected shift in words: who, when in three zones, why, and how to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text, ink_color
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.words import Fact, facts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QResizeEvent

    from crisisdesk.desk.planning.oncall.reading import Published
    from crisisdesk.domain.oncall.reasons import Hold

_LABEL = 88
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
NOTHING = "No shift is selected. Arrows and J and K move through the calendar."
AWAY = "The engine is away: nothing can be published until it is back."


class FactList(Painted):
    """Labels at the left, values wrapped beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts: Sequence[Fact] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these."""
        self.facts = facts
        said = (f"{f.label}: {f.value}" if f.label else f.value for f in facts)
        self.setAccessibleName(". ".join(said))
        self._fit()

    def retheme(self) -> None:
        """Take the new heights."""
        self._fit()
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px = theme().px
        self.setFixedHeight(round(sum(tall for _, tall in self._lines())) + px(4))
        self.update()

    def _lines(self) -> list[tuple[Fact, float]]:
        px = theme().px
        wide = max(px(80), self.width() - px(_LABEL))
        metrics: QFontMetricsF = theme().metrics("body", tabular=True)
        found = []
        for fact in self.facts:
            box = metrics.boundingRect(QRectF(0, 0, wide, 10_000), _WRAP, fact.value)
            found.append((fact, max(float(px(20)), box.height() + px(4))))
        return found

    def sizeHint(self) -> QSize:
        """As tall as its lines."""
        return QSize(theme().px(200), self.minimumHeight())

    def paint(self, painter: QPainter) -> None:
        """Line by line."""
        look = theme()
        px, color, y = look.px, look.color, 0.0
        for fact, tall in self._lines():
            label = QRectF(0, y, px(_LABEL - 8), px(18))
            draw_text(painter, label, fact.label, color.tertiary, "small")
            box = QRectF(px(_LABEL), y, self.width() - px(_LABEL), tall)
            painter.setFont(look.font("body", tabular=True))
            painter.setPen(ink_color(fact.ink))
            painter.drawText(box, _WRAP, fact.value)
            y += tall


class _Title(Painted):
    """Who, or the gap with its mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._gap = "", False
        self.setFixedHeight(theme().px(28))

    def show_words(self, words: str, *, gap: bool) -> None:
        self._words, self._gap = words, gap
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def retheme(self) -> None:
        self.setFixedHeight(theme().px(28))
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        look = theme()
        px, box = look.px, QRectF(self.rect())
        if self._gap:
            draw_mark(painter, 0, box.center().y() - px(8), "critical")
            box.setLeft(px(24))
        ink = look.state("down").fg if self._gap else look.color.primary
        draw_text(painter, box, self._words, ink, "title")


class ShiftDetail(Painted):
    """Title, facts and what can be done about the shift."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._filling = self._overridden = False
        self.setAccessibleName("Selected shift")
        self.title, self.facts = _Title(), FactList()
        self.nothing = Text(NOTHING, "body", "tertiary", wrap=True)
        self.away = Text(AWAY, "small", "stale", wrap=True)
        self.add = KeyButton("Add override", "O", "primary")
        self.back = KeyButton("Take it back", "B")
        self.away.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        for button in (self.add, self.back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        for widget in (self.title, self.nothing):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self.away)
        column.addSpacing(px(4))
        column.addWidget(self.facts)
        column.addStretch(1)
        self.show_hold(None, "", None)

    def show_hold(self, hold: Hold | None, zone: str, published: Published | None) -> None:
        """Tell of this shift, gap or override; None when none is selected."""
        shown = hold is not None and published is not None
        for widget in (self.title, self.facts):
            widget.setVisible(shown)
        self.nothing.setVisible(not shown)
        self._overridden = hold is not None and hold.override is not None
        self._show_buttons()
        if hold is None or published is None:
            return
        name = published.name_of(hold.contact) if hold.contact else "Gap: nobody is on call"
        self.title.show_words(name, gap=not hold.contact)
        self.add.set_text("Add override" if hold.contact else "Fill it")
        self.facts.show_facts(facts_of(hold, zone, published))

    def set_filling(self, filling: bool) -> None:
        """While the form is open it has the buttons."""
        self._filling = filling
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.add.setVisible(not self._filling)
        self.back.setVisible(self._overridden and not self._filling)

    def set_away(self, away: bool) -> None:
        """Say that nothing can be published now, or that it can again."""
        for button in (self.add, self.back):
            button.setEnabled(not away)
            button.setToolTip(AWAY if away else "")
        self.away.setVisible(away)

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
