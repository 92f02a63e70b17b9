"""One alert in full: what it is, how long is left, what can be done, who was told, who did what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from crisisdesk.desk.alerts.button_row import ButtonRow
from crisisdesk.desk.alerts.context_section import ContextSection, MeasuredSection
from crisisdesk.desk.alerts.faces import Quieter, utc_time
from crisisdesk.desk.alerts.hand_bar import HandBar
from crisisdesk.desk.alerts.hand_form import HandForm
from crisisdesk.desk.alerts.history import Line, activity, told
from crisisdesk.desk.alerts.refusal import RefusalCard
from crisisdesk.desk.alerts.sections import Fact, Facts, Head, Lines
from crisisdesk.desk.alerts.silence_form import SilenceForm
from crisisdesk.desk.alerts.silenced_bar import SilencedBar
from crisisdesk.desk.alerts.traces import traces_of
from crisisdesk.desk.candidates.words import alert_fact
from crisisdesk.desk.frame.heads import FilterField
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.paint import CENTER, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.delivery import REACHED_STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.room import Action
    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.context.gathered import Context
    from crisisdesk.domain.correlation.candidate import Candidate
    from crisisdesk.domain.delivery import Delivery
    from crisisdesk.store.queries import AlertRow, LogEntry


class Dossier(NamedTuple):
    """What the reader found about one alert."""

    alert: Alert
    deliveries: list[Delivery]
    entries: list[LogEntry]
    next_page: Line | None = None
    candidates: Sequence[Candidate] = ()
    quiet: tuple[Fact, ...] = ()
    context: Context | None = None


class _Nothing(Painted):
    """What the pane shows while nothing is selected."""

    def paint(self, painter: QPainter) -> None:
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        words = "Select an alert with J or the mouse to see all of it"
        draw_text(painter, self.rect().toRectF(), words, color.tertiary, "body", align=CENTER)


class DetailPane(Painted):
    """``noted`` carries a note's text, ``left`` asks for the keyboard to go back to the list."""

    noted = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Alert in detail")
        self.head = Head()
        self.buttons = ButtonRow()
        self.refusal = RefusalCard()
        self.silenced = SilencedBar()
        self.silence_form = SilenceForm()
        self.hand, self.hand_form = HandBar(), HandForm()
        self.meanwhile = Lines("What works meanwhile", "")
        self.restart = Lines("Restart", "The engine is being looked for.")
        self.context, self.measured = ContextSection(), MeasuredSection()
        self.facts = Facts("Facts")
        self.told = Lines("Who is being told", "Nobody was paged for it.")
        self.activity = Lines("Activity", "Nothing yet.")
        self.note = FilterField(
            "Note for the timeline, kept with UTC time and your name",
            "N",
            "message-square-plus",
            width=0,
        )
        self.note.returnPressed.connect(self._send_note)
        self.note.installEventFilter(self)
        self._nothing = _Nothing(self)
        self._known: dict[str, KeyButton] = {}
        self._build()
        self.show_nothing()

    def _build(self) -> None:
        px = theme().px
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        about = (self.facts, self.context, self.measured)
        for part in (self.meanwhile, self.restart, *about, self.told, self.activity):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        for ground in (self._scroll.viewport(), body):
            ground.setAutoFillBackground(False)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        card = QVBoxLayout()
        card.setContentsMargins(px(16), 0, px(16), 0)
        card.addWidget(self.refusal)
        outer.addLayout(card)
        outer.addWidget(self.buttons)
        outer.addWidget(self.silence_form)
        outer.addWidget(self.hand_form)
        outer.addWidget(self.hand)
        outer.addWidget(self.silenced)
        self._line = _Hair()
        outer.addWidget(self._line)
        outer.addWidget(self._scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(8), px(16), px(8))
        foot.addWidget(self.note)
        outer.addLayout(foot)
        self.meanwhile.hide()
        self.restart.hide()

    # -- what is shown ---------------------------------------------------------------------

    def show_nothing(self) -> None:
        """No alert is selected."""
        self._nothing.setGeometry(self.rect())
        self._nothing.show()
        self._nothing.raise_()

    def show_row(self, row: AlertRow, now_ms: int) -> None:
        """Show what the queue knows at once; the rest follows with ``show_dossier``."""
        self._nothing.hide()
        self.head.show_alert(row, "", 1, now_ms)
        self._show_context(None, now_ms)
        self.facts.show_facts(_row_facts(row))
        self.told.show_lines(())
        self.activity.show_lines(())

    def show_dossier(self, row: AlertRow, dossier: Dossier, now_ms: int) -> None:
        """Show everything that is known."""
        alert = dossier.alert
        self.head.show_alert(row, alert.description, alert.epoch_no, now_ms)
        self._show_context(dossier.context, now_ms)
        candidates = alert_fact(dossier.candidates)
        self.facts.show_facts([*dossier.quiet, *candidates, *_facts(alert)])
        clocks = {
            one.delivery_id: utc_time(at, seconds=True)
            for one in dossier.deliveries
            if (at := one.answered_at or one.sent_at or one.failed_at) is not None
        }
        sent = sum(one.status in REACHED_STATUSES for one in dossier.deliveries)
        quiet = f"{sent} of {len(dossier.deliveries)} sent" if dossier.deliveries else ""
        lines = told(dossier.deliveries, clocks)
        if dossier.next_page is not None:
            lines.append(dossier.next_page)
        self.told.show_lines(lines, quiet)
        self.activity.show_lines(activity(dossier.entries)[:40])

    def _show_context(self, context: Context | None, now_ms: int) -> None:
        self.context.show_context(context, now_ms)
        self.measured.show_context(context)

    def show_silence(self, silence: Quieter | None, now_ms: int) -> None:
        """Show what keeps the alert quiet, None for nothing."""
        self.head.show_silenced(silence is not None)
        self.silenced.show_silence(silence, now_ms)

    def show_actions(self, actions: Sequence[Action], away: bool) -> None:
        """Show the buttons of these actions; the first is the primary one."""
        shown = []
        for index, action in enumerate(actions):
            button = self._known.get(action.key)
            if button is None:
                button = self._known[action.key] = KeyButton(
                    action.title, action.keys, parent=self.buttons
                )
                button.setProperty("action", action.key)
            button.set_text(action.title)
            forms = (self.refusal, self.silence_form, self.hand_form)
            asked = any(form.isVisible() for form in forms)
            button.set_kind("primary" if index == 0 and not asked else "normal")
            button.setEnabled(action.enabled and not away)
            shown.append(button)
        self.buttons.show_buttons(shown)

    def button(self, key: str) -> KeyButton | None:
        """The button of an action, if it was ever shown."""
        return self._known.get(key)

    def show_away(self, away: bool, steps: Sequence[tuple[int, str]], tries: int) -> None:
        """Say what works while the engine is away, and how its restart goes."""
        self.meanwhile.setVisible(away)
        self.restart.setVisible(away)
        self.facts.setVisible(not away)
        self.note.setEnabled(not away)
        if not away:
            return
        self.meanwhile.show_lines(
            [
                Line(0, "check", text="Every room to read, sounds, countdowns", chip_tone="ok"),
                Line(0, "x", text="Saving anything from this station", chip_tone="critical"),
                Line(0, "x", text="New signals and pages of this station", chip_tone="critical"),
            ]
        )
        quiet = {0: "", 1: "first try", 2: "second try", 3: "third try"}.get(
            tries, f"{tries} tries"
        )
        self.restart.show_lines([Line(at, "", "", words) for at, words in steps], quiet)

    def tick(self, now_ms: int) -> None:
        """Turn the clocks."""
        self.head.tick(now_ms)
        self.hand.tick(now_ms)

    # -- the note --------------------------------------------------------------------------

    def start_note(self) -> None:
        """Put the keyboard into the note field."""
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _send_note(self) -> None:
        text = self.note.text().strip()
        if text:
            self.noted.emit(text)
            self.note.clear()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the note goes back to the list and keeps what was typed."""
        if (
            watched is self.note
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        painter.fillRect(self.rect(), theme().color.panel)

    def resizeEvent(self, event: object) -> None:
        """Keep the empty page over everything."""
        self._nothing.setGeometry(self.rect())


class _Hair(Painted):
    """A line of 1 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().color.hair)


def _row_facts(row: AlertRow) -> list[Fact]:
    facts = [Fact("Service", row.service), Fact("Where", row.place), Fact("Source", row.source)]
    return [fact for fact in facts if fact.value]


def _facts(alert: Alert) -> list[Fact]:
    """Everything the source said, the plainest first."""
    facts = [
        *traces_of(alert),
        Fact("Service", alert.service),
        Fact("Where", alert.place),
        Fact("Affects", ", ".join(alert.affected_systems)),
        Fact("Source", f"{alert.source}, {alert.detection_method}"),
        Fact("Incident", alert.incident_id, mono=True),
        Fact("Group", alert.group_key, mono=True),
        Fact("Link", alert.url, mono=True),
        *(Fact(name, value) for name, value in sorted(alert.annotations.items())),
        *(
            Fact(name.replace("_", " "), _plain(value))
            for part in (alert.impact_scope, alert.technical_details)
            for name, value in sorted(part.items())
        ),
        Fact("Labels", "  ".join(f"{k}={v}" for k, v in sorted(alert.labels.items())), mono=True),
    ]
    described = alert.description.strip()
    return [fact for fact in facts if fact.value and fact.value.strip() != described]


def _plain(value: object) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
