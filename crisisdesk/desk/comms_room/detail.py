"""One delivery in full: what it tells of, how it stands, what happened to it, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.alerts.button_row import ButtonRow
from crisisdesk.desk.alerts.history import Line
from crisisdesk.desk.alerts.sections import Fact, Facts, Lines
from crisisdesk.desk.comms_room.story_section import StorySection
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text, ink_color
from crisisdesk.desk.incidents.prose import lay_text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import CENTER, draw_mono, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.delivery_words import (
    FACES,
    clock,
    reason_words,
    state_of,
    state_words,
    subject,
    way,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPainter, QResizeEvent

    from crisisdesk.desk.comms_room.reading import Told
    from crisisdesk.desk.room import Action
    from crisisdesk.domain.delivery import Delivery

_PAD = 16
_NOTHING = "Select a delivery with J or the mouse to read its story"


class DeliveryHead(Painted):
    """Mark, severity and id; what it tells of; how it stands now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._one: Delivery | None = None
        self._now_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme().px(92))

    def show_delivery(self, one: Delivery, now_ms: int) -> None:
        """Show this one."""
        self._one, self._now_ms = one, now_ms
        self.setAccessibleName(f"{subject(one)}, {state_words(one, now_ms)}")
        self._fit()
        self.update()

    def _width(self) -> float:
        return max(theme().px(120), self.width() - 2 * theme().px(_PAD))

    def _fit(self) -> None:
        if self._one is not None:
            px = theme().px
            title = lay_text(subject(self._one), "title", self._width())
            self.setFixedHeight(px(38) + round(title.height) + px(6 + 20 + 8))

    def sizeHint(self) -> QSize:
        """As high as its words need."""
        return QSize(theme().px(300), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        self._fit()

    def retheme(self) -> None:
        """Wrap anew."""
        self._fit()
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """Three lines; the middle one may wrap."""
        look, px, color = theme(), theme().px, theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        one = self._one
        if one is None:
            return
        x, severity = float(px(_PAD)), str(one.severity)
        if one.is_test:
            draw_icon(painter, x, px(14), "info", color.secondary, 14)
            word, ink = "TEST", color.secondary
        else:
            draw_mark(painter, x, px(13), severity)
            word, ink = look.tokens.shapes[severity].long.upper(), look.severity(severity).fg
        x += px(16 + 8)
        box = QRectF(x, px(12), self.width() - x - px(_PAD), px(18))
        box.setLeft(x + draw_text(painter, box, word, ink, "small", weight=600) + px(8))
        box.setLeft(box.left() + draw_mono(painter, box, one.delivery_id, color.secondary) + px(8))
        queued = f"queued {clock(one.queued_at, self._now_ms)} UTC"
        draw_text(painter, box, queued, color.tertiary, "small", tabular=True)
        title = lay_text(subject(one), "title", self._width())
        title.draw(painter, px(_PAD), px(38), color.primary)
        face, y = FACES[state_of(one)], px(38) + round(title.height) + px(6)
        ink = ink_color(face.tone) if face.tone else color.secondary
        draw_icon(painter, px(_PAD), y + px(3), face.mark, ink, 14)
        box = QRectF(px(_PAD + 22), y, self._width() - px(22), px(20))
        told = state_words(one, self._now_ms)
        words = f"{told} to {one.contact_name}" if face.tone == "ok" else told
        draw_text(painter, box, words[:1].upper() + words[1:], ink, "strong")


class _Nothing(Painted):
    """What the pane shows while nothing is selected."""

    def paint(self, painter: QPainter) -> None:
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        draw_text(painter, self.rect().toRectF(), _NOTHING, color.tertiary, "body", align=CENTER)


class DetailPane(Painted):
    """The right pane of the delivery board."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Delivery in detail")
        self.head = DeliveryHead()
        self.buttons = ButtonRow()
        self.reason = Text("", "small", "stale", wrap=True)
        self.facts = Facts("Facts")
        self.story = StorySection("What happened")
        self.together = Lines("In the same message", "")
        self._known: dict[str, KeyButton] = {}
        self._runs: dict[str, Callable[[], None]] = {}
        self._nothing = _Nothing(self)
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        px = theme().px
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.story, self.facts, self.together):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        for ground in (scroll.viewport(), body):
            ground.setAutoFillBackground(False)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        said = QVBoxLayout()
        said.setContentsMargins(px(_PAD), 0, px(_PAD), px(8))
        said.addWidget(self.reason)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        outer.addWidget(self.buttons)
        outer.addLayout(said)
        outer.addWidget(scroll, 1)
        # Until it is laid out for the first time it would claim the height of a whole widget.
        self.buttons.show_buttons(())

    def show_nothing(self) -> None:
        """No delivery is selected."""
        self._nothing.setGeometry(self.rect())
        self._nothing.show()
        self._nothing.raise_()

    def show_delivery(self, one: Delivery, station: str, now_ms: int) -> None:
        """Show what the list knows at once; the rest follows with ``show_told``."""
        self._nothing.hide()
        self.head.show_delivery(one, now_ms)
        self.facts.show_facts(facts_of(one, station))

    def forget_story(self) -> None:
        """Leave nothing of another delivery on the screen."""
        self.story.show_passages((), 0)
        self.together.hide()

    def show_told(self, told: Told, now_ms: int) -> None:
        """Show everything that is known."""
        self.show_delivery(told.delivery, told.station, now_ms)
        self.story.show_passages(told.passages, now_ms)
        lines = lines_together(told)
        self.together.setVisible(bool(lines))
        more = told.carries - len(told.carried)
        self.together.show_lines(lines, f"and {more} more" if more > 0 else "")

    def show_actions(self, actions: Sequence[Action], away_words: str) -> None:
        """Show these as buttons, the first as the primary one; say why they rest."""
        shown = []
        for number, action in enumerate(actions):
            button = self._known.get(action.key)
            if button is None:
                button = KeyButton(action.title, action.keys, parent=self.buttons)
                button.clicked.connect(lambda _=False, key=action.key: self._runs[key]())
                self._known[action.key] = button
            button.set_text(action.title)
            button.set_kind("primary" if number == 0 and action.enabled else "normal")
            button.setEnabled(action.enabled)
            shown.append(button)
        self._runs = {action.key: action.run for action in actions}
        self.buttons.show_buttons(shown)
        self.reason.setText(away_words)
        self.reason.setVisible(bool(away_words))

    def button(self, key: str) -> KeyButton | None:
        """The button of an action, if it was ever shown."""
        return self._known.get(key)

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        painter.fillRect(self.rect(), theme().color.panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the empty page over everything."""
        self._nothing.setGeometry(self.rect())


def facts_of(one: Delivery, station: str) -> list[Fact]:
    """What is known of a delivery besides its story."""
    facts = [
        Fact("To", one.contact_name),
        Fact("By", way(one)),
        Fact("Because", reason_words(one.reason, one.probe)),
        Fact("Alert", one.alert_id, mono=True),
        Fact("Attempts", _attempts(one)),
        Fact("Station", station),
        Fact("Provider's id", one.provider_id, mono=True),
        Fact("Text", one.text),
    ]
    return [fact for fact in facts if fact.value]


def _attempts(one: Delivery) -> str:
    told = "none yet" if not one.tries else str(one.tries)
    if one.unknown:
        told += f", {one.unknown} of unknown end: it may have arrived twice"
    return told


def lines_together(told: Told) -> list[Line]:
    """The pages that went in the same message: those it carried, or the one that carried it."""
    found = [("", one) for one in told.carried]
    if told.carrier is not None:
        found.insert(0, ("It went with", told.carrier))
    return [
        Line(one.queued_at, FACES[state_of(one)].mark, word, subject(one)) for word, one in found
    ]
