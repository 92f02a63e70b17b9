"""The step that is looked at, large: what to do, what is known of it, how it stands, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted, PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.countdown import countdown
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_box, draw_countdown
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.lines import ink
from crisisdesk.desk.recovery_room.step_words import face_of, facts_of, state_words
from crisisdesk.domain.recovery.step_map import StepState

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QResizeEvent

    from crisisdesk.desk.recovery_room.offers import Offer
    from crisisdesk.domain.checklist import Run
    from crisisdesk.domain.recovery.step_map import StepStanding

_FACTS = 4
_RUNNING_OUT = (StepState.OPEN, StepState.READY, StepState.WAITING, StepState.RUNNING)


class FactRow(QWidget):
    """One fact: what it is about, small, and its words."""

    def __init__(self) -> None:
        super().__init__()
        px = theme().px
        self.about = Text("", "micro", "tertiary")
        self.words = Text("", "body", "primary", wrap=True)
        self.about.setFixedWidth(px(112))
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.about.setContentsMargins(0, px(2), 0, 0)
        # A long program line must not make the window wide.
        self.words.setMinimumWidth(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self.about)
        row.addWidget(self.words, 1)


class StateBox(Painted):
    """How the step stands: icon and sentence, and at the right the clock that runs."""

    def __init__(self) -> None:
        super().__init__()
        px = theme().px
        self._icon, self._tone = "circle", ""
        self._due_at: int | None = None
        self._since, self.now_ms = 0, 0
        self.sentence = Text("", "body", "primary", weight=500, wrap=True)
        self.sentence.setMinimumWidth(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(42), px(11), px(100), px(11))
        row.addWidget(self.sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_state(self, run: Run, one: StepStanding, operator: str, now_ms: int) -> None:
        """Say how it stands."""
        self._icon, self._tone, _ = face_of(one)
        runs = one.state in _RUNNING_OUT and run.ended_at is None
        self._due_at = one.due_at if runs else None
        self._since, self.now_ms = one.since or run.started_at, now_ms
        self.sentence.setText(state_words(run, one, operator))
        self.update()

    def tick(self, now_ms: int) -> None:
        """Turn the clock."""
        if self._due_at is not None and now_ms // 1000 != self.now_ms // 1000:
            self.now_ms = now_ms
            self.update()

    def paint(self, painter: QPainter) -> None:
        """Box, icon, clock."""
        px, color = theme().px, theme().color
        rect = QRectF(self.rect())
        draw_box(painter, rect, fill=color.accent_soft, line=color.accent_line, radius=px(6))
        draw_icon(painter, px(14), px(11), self._icon, ink(self._tone), 18)
        if self._due_at is not None:
            clock = countdown(
                deadline_ms=self._due_at,
                now_ms=self.now_ms,
                total_ms=max(1, self._due_at - self._since),
            )
            draw_countdown(painter, rect.right() - px(12), px(20), clock, solid_late=True)

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(theme().px(160), theme().px(40))


class CardScroll(QScrollArea):
    """As high as the card needs; where there is less room, it scrolls."""

    def __init__(self, card: StepCard) -> None:
        super().__init__()
        self._card = card
        self.setWidget(card)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        card.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the card shows has changed its height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """The card's height at this width."""
        width = max(1, self.viewport().width())
        return QSize(theme().px(300), max(self._card.heightForWidth(width), theme().px(120)))

    def minimumSizeHint(self) -> QSize:
        """The title and how it stands, at least."""
        return QSize(theme().px(160), theme().px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width makes other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class StepCard(PaneGround):
    """``pressed`` carries the `offers.Offer` of a button, ``let_go`` that the one with
    the keyboard goes away: the keyboard must not come to another that does something else."""

    pressed = Signal(object)
    let_go = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._offers: list[Offer] = []
        self.buttons: dict[str, KeyButton] = {}
        self.place = Text("", "small", "tertiary")
        self.title = Text("", "figure", "primary", wrap=True)
        self.told = Text("", "lead", "secondary", weight=400, wrap=True)
        self.facts = [FactRow() for _ in range(_FACTS)]
        self.state = StateBox()
        self.why_not = Text("", "small", "tertiary", wrap=True)
        for text in (self.title, self.told, self.why_not, self.place):
            text.setMinimumWidth(1)
        self._row = QHBoxLayout()
        self._row.setSpacing(px(8))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(18), px(24), px(16))
        column.setSpacing(px(6))
        for widget in (self.place, self.title, self.told):
            column.addWidget(widget)
        column.addSpacing(px(4))
        for row in self.facts:
            column.addWidget(row)
        column.addSpacing(px(6))
        column.addWidget(self.state)
        column.addSpacing(px(2))
        column.addLayout(self._row)
        column.addWidget(self.why_not)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """Any height: what does not fit is scrolled to."""
        return QSize(theme().px(160), 1)

    def show_step(
        self,
        run: Run,
        one: StepStanding,
        number: tuple[int, int],
        offers: list[Offer],
        operator: str,
        now_ms: int,
    ) -> None:
        """Show a step, the ``number[0]``-th of ``number[1]``, and what can be done with it."""
        at, count = number
        late = " · late" if one.is_late(now_ms) else ""
        back = "of the way back" if one.step.get("phase") == "back" else f"of {count}"
        self.place.setText(f"Step {at} {back}{late}")
        self.title.setText(str(one.step["title"]))
        description = str(one.step.get("description", ""))
        self.told.setText(description)
        self.told.setVisible(bool(description))
        facts = facts_of(run, one)
        for row, fact in zip(self.facts, facts, strict=False):
            row.about.setText(fact.about)
            # Options of a program are not broken behind their dashes.
            row.words.setText(fact.words.replace("-", "-\u2060"))
        for n, row in enumerate(self.facts):
            row.setVisible(n < len(facts))
        self.state.show_state(run, one, operator, now_ms)
        self.setAccessibleName(f"{self.place.text()}: {self.title.text()}")
        self._show_offers(offers)

    def _show_offers(self, offers: list[Offer]) -> None:
        if offers == self._offers and self.buttons:
            return
        self._offers = offers
        if any(button.hasFocus() for button in self.buttons.values()):
            self.let_go.emit()
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        for offer in offers:
            kind = offer.tone if offer.tone in ("primary", "destructive") else "normal"
            button = KeyButton(offer.title, offer.keys, kind)  # type: ignore[arg-type]
            button.setEnabled(not offer.why_not)
            button.setToolTip(offer.why_not)
            button.clicked.connect(self._pressed)
            button.setObjectName(offer.do)
            self.buttons[offer.do] = button
            self._row.addWidget(button)
        self._row.addStretch(1)
        reasons = dict.fromkeys(f"{o.title}: {o.why_not}." for o in offers if o.why_not)
        self.why_not.setText(" ".join(reasons))
        self.why_not.setVisible(bool(reasons))

    def _pressed(self) -> None:
        name = self.sender().objectName()
        self.pressed.emit(next(offer for offer in self._offers if offer.do == name))
