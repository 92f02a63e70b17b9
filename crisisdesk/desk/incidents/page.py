"""The page of one incident: head, ladder, figures, timeline, and what is known at the right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.incidents.alike_pane import AlikePane
from crisisdesk.desk.incidents.attached import AttachedAlerts
from crisisdesk.desk.incidents.channels_pane import ChannelsPane
from crisisdesk.desk.incidents.decisions_pane import DecisionsPane
from crisisdesk.desk.incidents.facts import FactsForm
from crisisdesk.desk.incidents.figures import FigureRow
from crisisdesk.desk.incidents.head import IncidentHead
from crisisdesk.desk.incidents.impact_pane import ImpactPane
from crisisdesk.desk.incidents.ladder_bar import LadderBar
from crisisdesk.desk.incidents.offer_bands import OfferBands
from crisisdesk.desk.incidents.question_form import QuestionForm
from crisisdesk.desk.incidents.role_lines import strain_count
from crisisdesk.desk.incidents.side import Side
from crisisdesk.desk.incidents.strip import OrderStrip
from crisisdesk.desk.incidents.tasks_pane import TasksPane
from crisisdesk.desk.incidents.team import TeamRows
from crisisdesk.desk.incidents.time_machine import TimeMachine
from crisisdesk.desk.incidents.timeline_pane import TimelinePane
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.incidents.dossier import Dossier
    from crisisdesk.desk.incidents.draft import Draft
    from crisisdesk.desk.incidents.editors import InPlace
    from crisisdesk.desk.incidents.strip import Question
    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.presence import Presence

_SIDE, _SIDE_SLIM, _SLIM_BELOW = 560, 372, 1300
_TALL_ENOUGH = 760


@dataclass(slots=True, kw_only=True)
class Unsaved:
    """What was typed about one incident and is not kept yet."""

    texts: dict[str, str] = field(default_factory=dict)
    composer: Draft | None = None
    question: Question | None = None
    answers: dict[str, str] = field(default_factory=dict)
    form: Question | None = None
    form_answers: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, dict[str, str]] = field(default_factory=dict)

    def kept(self, question: Question | None) -> None:
        """What was answered to a question is kept: it is no longer unsaved."""
        if question is None:
            return
        if self.question == question:
            self.question, self.answers = None, {}
        if self.form == question:
            self.form, self.form_answers = None, {}
        self.drafts.pop(question.key, None)


def _led_until(incident: Incident, now_ms: int) -> int:
    """The clocks of its tasks stand still from when it was closed."""
    return now_ms if incident.closed_at is None else min(now_ms, incident.closed_at)


class IncidentPage(QWidget):
    """Shows a dossier; the room gives it orders and answers its signals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dossier: Dossier | None = None
        self.operator = ""
        self._away = self._past = False
        self._slim: bool | None = None
        self._presences: Sequence[Presence] | None = None
        self.head = IncidentHead()
        self.ladder = LadderBar()
        self.offers = OfferBands()
        self.strip = OrderStrip()
        self.figures = FigureRow()
        self.timeline = TimelinePane()
        self.machine = TimeMachine()
        self.timeline.add_foot(self.machine)
        self.form = QuestionForm()
        self.main = QStackedWidget()
        self.main.addWidget(self.timeline)
        self.main.addWidget(self.form)
        self._back: QWidget | None = None
        self._strain = ""
        self.tasks = TasksPane()
        self.team_head = PaneHead("Team")
        self.team = TeamRows()
        self.decisions = DecisionsPane()
        self.alerts_head = PaneHead("Attached")
        self.alerts = AttachedAlerts()
        self.alike = AlikePane()
        self.channels = ChannelsPane()
        self.impact = ImpactPane()
        self.facts_head = PaneHead("Facts", "Enter edits")
        self.facts = FactsForm()
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(self.main, stretch=1)
        self.side = self._side()
        self.split.add_pane(self.side)
        self.team.list.moved.connect(self._show_role)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.head, self.offers, self.ladder, self.strip, self.figures):
            layout.addWidget(widget)
        layout.addWidget(self.split, 1)
        self.form.left.connect(self._left)
        self.strip.left.connect(self._left)

    def _side(self) -> Side:
        panes = (
            self.tasks, self.team_head, self.team, self.decisions, self.alerts_head, self.alerts,
            self.alike, self.channels, self.impact, self.facts_head,
        )  # fmt: skip
        return Side(panes, self.facts)

    def _show_role(self) -> None:
        """The list of roles does not scroll; the side does."""
        view = self.team.list
        if view.hasFocus():
            self.side.reveal(view, view.visualRect(view.currentIndex()))

    def editors(self) -> dict[str, InPlace]:
        """Everything that is typed into where it stands, by the name of its field."""
        found: dict[str, InPlace] = dict(self.facts.facts)
        found[self.team.people.field] = self.team.people
        found.update(self.figures.cells)
        return found

    def show_dossier(self, dossier: Dossier, now_ms: int) -> None:
        """Take the incident as it is now; nothing that is being typed changes.

        While a moment that is over is looked at, only the time machine takes it.
        """
        self.dossier = dossier
        incident = dossier.incident
        ended = None if incident.is_open else incident.resolved_at
        self.machine.show_record(dossier.entries, incident.created_at, ended, now_ms)
        if not self._past:
            self._show(dossier, now_ms)

    def show_past(self, dossier: Dossier, at_ms: int) -> None:
        """Show how it stood then; nothing can be changed there."""
        self._past = True
        self._hold()
        self._show(dossier, at_ms)

    def leave_past(self, now_ms: int) -> None:
        """Show it as it stands now."""
        self._past = False
        self._hold()
        if self.dossier is not None:
            self._show(self.dossier, now_ms)

    def _hold(self) -> None:
        """Nothing is typed into the past; what was being typed is still there afterwards."""
        for widget in (self.figures, self.team, self.facts, self.strip, self.form):
            widget.setEnabled(not self._past)
        self.offers.hold(self._past or self._away)
        self.form.set_away(self._away)
        self._show_main()
        self.ladder.setEnabled(not self._past and not self._away)
        self.tasks.list.hold(self._past)
        self.timeline.composer.setVisible(not self._past)
        # It is told of now alone.
        self.impact.setVisible(not self._past and self.impact.is_known)
        self.head.buttons["post"].setEnabled(not self._past)

    def _show(self, dossier: Dossier, now_ms: int) -> None:
        incident = dossier.incident
        self.head.show_incident(
            incident,
            now_ms,
            away=self._away or self._past,
            whole=dossier.whole,
            operator=self.operator,
        )
        self.ladder.show_steps(dossier.steps, now_ms)
        self.figures.show_dossier(dossier)
        self.timeline.show_dossier(dossier, now_ms)
        firing = sum(alert.is_open and not alert.owner for alert in dossier.alerts)
        many = f"{len(dossier.alerts)} alert{'' if len(dossier.alerts) == 1 else 's'}"
        self.alerts_head.show_words("Attached", many, f"{firing} nobody has" if firing else "")
        self.alerts.show_alerts(dossier.alerts)
        self.tasks.show_tasks(dossier.tasks, _led_until(incident, now_ms))
        self.decisions.show_decisions(dossier.decisions, now_ms)
        self.channels.show_incident(incident)
        self.team.show_incident(incident, dossier.planned, now_ms)
        self._say_strain(incident, now_ms)
        self.offers.show_offers(incident, self.operator, now_ms)
        self._show_desks(now_ms)
        self.facts.show_incident(incident)

    def takes_orders(self) -> bool:
        """Whether it shows how the incident stands now, so that something can be changed."""
        return not self._past

    def set_presences(self, presences: Sequence[Presence] | None, now_ms: int) -> None:
        """Take who is at a desk; None while nobody can say."""
        self._presences = presences
        self._show_desks(now_ms)

    def _show_desks(self, now_ms: int) -> None:
        """It is told of now alone."""
        if self._past:
            self.team.desks.hide()
        elif self.dossier is not None:
            self.team.show_desks(self.dossier.incident, self._presences, now_ms)

    def tick(self, now_ms: int) -> None:
        """Turn what runs."""
        self.machine.tick(now_ms)
        if self._past:
            return
        self.head.tick(now_ms)
        self.timeline.tick(now_ms)
        self.decisions.tick(now_ms)
        self.offers.tick(now_ms)
        self.team.tick(now_ms)
        if self.dossier is not None:
            self.tasks.tick(_led_until(self.dossier.incident, now_ms))
            self.ladder.show_steps(self.dossier.steps, now_ms)
            self._say_strain(self.dossier.incident, now_ms)

    def _say_strain(self, incident: Incident, now_ms: int) -> None:
        words = strain_count(incident, now_ms)
        if words != self._strain:
            self._strain = words
            self.team_head.show_words("Team", "", words, grave=bool(words))

    def set_away(self, away: bool, now_ms: int) -> None:
        """Disable what could not be saved; typing stays possible."""
        self._away = away
        self._hold()
        if self.dossier is not None and not self._past:
            dossier = self.dossier
            self.head.show_incident(
                dossier.incident, now_ms, away=away, whole=dossier.whole, operator=self.operator
            )

    def fit(self, width: int, height: int) -> None:
        """Give the side its width for a room this wide, and the map its place where it is tall."""
        px = theme().px
        self.impact.set_tall(height >= px(_TALL_ENOUGH))
        self.tasks.set_tall(height >= px(_TALL_ENOUGH))
        self.decisions.set_tall(height >= px(_TALL_ENOUGH))
        slim = width < px(_SLIM_BELOW)
        if slim != self._slim:
            self._slim = slim
            side = px(_SIDE_SLIM if slim else _SIDE)
            self.split.setSizes([max(px(320), width - side), side])

    # -- what was typed and is not kept ---------------------------------------------------

    def unsaved(self) -> Unsaved:
        """Take down everything that is being typed."""
        texts = {name: editor.draft() for name, editor in self.editors().items()}
        draft = self.timeline.composer.draft()
        question, form = self.strip.question, self.form.question
        return Unsaved(
            texts={name: text for name, text in texts.items() if text is not None},
            composer=None if draft.is_empty else draft,
            question=question,
            answers=self.strip.values() if question is not None else {},
            form=form,
            form_answers=self.form.values() if form is not None else {},
            drafts=dict(self.form.drafts),
        )

    def take_unsaved(self, unsaved: Unsaved | None) -> None:
        """Bring back what was being typed about this incident, or start clean."""
        unsaved = unsaved or Unsaved()
        for name, editor in self.editors().items():
            editor.take_draft(unsaved.texts.get(name))
        self.timeline.composer.take_draft(unsaved.composer)
        self._back = None
        # Going to another incident is not leaving a question: the keyboard stays where it is.
        for asker in (self.strip, self.form):
            blocked = asker.blockSignals(True)
            asker.dismiss()
            asker.blockSignals(blocked)
        if unsaved.question is not None:
            self.strip.ask(unsaved.question, unsaved.answers)
        self.form.drafts = dict(unsaved.drafts)
        if unsaved.form is not None:
            self.form.ask(unsaved.form, unsaved.form_answers)
        self._show_main()

    def ask(self, question: Question) -> None:
        """Open the strip with a question and give it the keyboard."""
        self._remember_place()
        self.strip.ask(question)
        self.strip.focus_first()

    def ask_more(self, question: Question) -> None:
        """Open the form in place of the timeline and give it the keyboard."""
        self._remember_place()
        self.form.ask(question)
        self._show_main()
        self.form.focus_first()

    def _remember_place(self) -> None:
        """The lists get the keyboard back that they had when something was asked."""
        lists = (self.tasks.list, self.decisions.list, self.team.list)
        self._back = next((view for view in lists if view.hasFocus()), self._back)

    def _show_main(self) -> None:
        asks = self.form.question is not None and not self._past
        self.main.setCurrentWidget(self.form if asks else self.timeline)

    def _left(self) -> None:
        """A question was left or answered: back to where the keyboard was."""
        self._show_main()
        back, self._back = self._back, None
        (back or self.timeline.view).setFocus()

    def value_of(self, name: str) -> Any:
        """The present value of a field of the incident shown."""
        assert self.dossier is not None
        return getattr(self.dossier.incident, name)
