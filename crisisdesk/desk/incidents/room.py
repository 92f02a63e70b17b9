"""The incidents room: list, page, declaring, and the orders between them and the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from crisisdesk.desk.candidates.part import CandidatePart
from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyState, EmptyView
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.incidents.clock_watch import ClockWatch
from crisisdesk.desk.incidents.crew import make_crew
from crisisdesk.desk.incidents.declare import DeclareForm
from crisisdesk.desk.incidents.declaring import Declaring
from crisisdesk.desk.incidents.desk_actions import room_actions
from crisisdesk.desk.incidents.dossier import Dossier, read_dossier
from crisisdesk.desk.incidents.images import Images
from crisisdesk.desk.incidents.impact_watch import ImpactWatch
from crisisdesk.desk.incidents.list_pane import IncidentListPane
from crisisdesk.desk.incidents.page import IncidentPage, Unsaved
from crisisdesk.desk.incidents.papers import Papers
from crisisdesk.desk.incidents.past import Past
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Room

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.frame.clock_strip import ClockCell
    from crisisdesk.desk.room import Action, Desk
    from crisisdesk.desk.snapshot import Change

_LIST, _LIST_SLIM, _SLIM_BELOW = 300, 280, 1500
_ANSWER_WITHIN_MS = 3_000
_EMPTY = EmptyView(
    title="No incident",
    text="Declare one as soon as more than one person has to act together. "
    "A title is enough; alerts can be attached later.",
    buttons=(EmptyButton("declare", "Declare an incident", "C", primary=True),),
)


class IncidentsRoom(Room):
    """Room 2 of the desk."""

    key = 2
    word = "Incidents"
    icon = "siren"

    # Carries a `Led`: a task of whoever sits here, or one that they command, is overdue.
    task_overdue = Signal(object)
    # Carries an `Offered`: a role was offered to whoever sits here.
    role_offered = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._unsaved: dict[str, Unsaved] = {}
        self._shown = ""
        self._wanted = ""
        self._reading = ""
        self._asked_at_ms = 0
        self._stale = False
        self._slim: bool | None = None
        self.list = IncidentListPane()
        self.page = IncidentPage()
        self.form = DeclareForm()
        self.empty = EmptyState(_EMPTY)
        # Until the first incident is read nothing is said about it.
        self.ground = PaneGround()
        self.candidates = CandidatePart(desk, self)
        self.list.add_band(self.candidates.band)
        self.stack = QStackedWidget()
        for widget in (self.empty, self.page, self.form, self.candidates.page, self.ground):
            self.stack.addWidget(widget)
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(self.list)
        self.split.add_pane(self.stack, stretch=1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)
        self.papers = Papers(desk, self)
        self.images = Images(desk, self.page, self)
        self.impact = ImpactWatch(desk, self.page.impact)
        self.past = Past(desk, self.page, self.acted.emit)
        crew = make_crew(desk, self.page, self._unsaved, self.list.rows)
        self.orderly, self.task_work, self.role_work = crew.orderly, crew.tasks, crew.roles
        self.decision_work, self.move_work = crew.decisions, crew.moves
        self.alike_work, self.channel_work = crew.alike, crew.channels
        self.message_work = crew.messages
        told = (self.task_overdue.emit, self.role_offered.emit)
        self.watch = ClockWatch(desk, self.counted.emit, *told)
        self.declaring = Declaring(desk, self.form, self._declared)
        self._connect()

    def _connect(self) -> None:
        self.list.chosen.connect(self.open)
        self.list.opened.connect(self._into_page)
        self.list.view.clicked.connect(self._leave_candidate)
        self.candidates.wanted.connect(self._show_candidate)
        self.candidates.acted.connect(self.acted)
        self.list.declare_wanted.connect(self.begin_declaring)
        self.empty.chosen.connect(self.begin_declaring)
        self.form.left.connect(self._leave_form)
        self.page.alerts.opened.connect(self.desk.show_thing)
        self.page.timeline.view.picked.connect(self.acted)
        self.page.tasks.list.picked.connect(self.acted)
        self.page.decisions.list.moved.connect(self.acted)
        self.page.team.list.moved.connect(self.acted)
        self.page.alerts.picked.connect(self.acted)

    # -- what the desk asks ---------------------------------------------------------------

    def count(self) -> int:
        """Open incidents."""
        return len(self.list.open_rows())

    def clocks(self) -> list[ClockCell]:
        """What is late and what ends next of the tasks of all incidents, and what is offered."""
        return self.watch.cells()

    def on_snapshot(self, change: Change) -> None:
        """Patch the list; read the open incident again when a part of it changed."""
        before = self.count()
        self.candidates.keeper.take(change)
        self.watch.take(change)
        if change.incidents or change.full:
            self.list.take(change.incidents, full=change.full)
        dossier = self.page.dossier
        parts = dossier.parts if dossier is not None else frozenset()
        own = change.full or change.updates_changed or self._wanted in change.touched
        if change.full:
            self._reading = ""
        # A task, decision or image that is new is no part yet; it may be one of the open incident.
        tasked = any(name.startswith(("TSK-", "DEC-", "IMG-")) for name in change.touched)
        if own or tasked or not change.touched.isdisjoint(parts):
            self._stale = True
        if not self.list.knows() and self.stack.currentWidget() in (self.page, self.ground):
            self.stack.setCurrentWidget(self.empty)
        # A storm in attached alerts waits for the tick; what people write shows at once.
        if own:
            self._read_if_stale()
        if self.count() != before:
            self.counted.emit()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done now."""
        return room_actions(self)

    def tick(self, now_ms: int) -> None:
        """Turn ages and clocks, and catch up with what changed meanwhile."""
        self.list.tick(now_ms)
        self.page.tick(now_ms)
        if self.isVisible() and not self.past.is_on:
            self.impact.tick(now_ms)
            self.alike_work.tick(now_ms)
        self.candidates.tick(now_ms)
        self.watch.tick(now_ms)
        if self._reading and now_ms - self._asked_at_ms > _ANSWER_WITHIN_MS:
            # The store could not be read then; its answer will not come.
            self._reading, self._stale = "", True
        self._read_if_stale()

    def engine_changed(self, away: bool) -> None:
        """Disable what could not be saved."""
        self.page.set_away(away, self.desk.now_ms())
        self.candidates.set_away(away)
        self.list.declare.setEnabled(not away)
        self.acted.emit()

    def focus_first(self) -> None:
        """The list, or the button that declares the first."""
        if self.list.knows():
            self.list.view.setFocus()
        elif self.candidates.keeper.shown:
            self.candidates.focus()
        else:
            self.list.declare.setFocus()

    def owns(self, aggregate_id: str) -> bool:
        """Incidents, tasks that are known here, and what is proposed as one incident."""
        if self.watch.incident_of(aggregate_id) or aggregate_id.startswith("INC-"):
            return True
        return self.candidates.owns(aggregate_id)

    def go_to(self, aggregate_id: str) -> None:
        """Select an incident; one not read yet is opened as soon as it is known."""
        if self.candidates.owns(aggregate_id):
            self.candidates.open(aggregate_id)
            return
        self._leave_candidate()
        incident_id = self.watch.incident_of(aggregate_id) or aggregate_id
        self.list.select(incident_id)
        self.open(incident_id)
        if incident_id != aggregate_id:
            self.page.tasks.list.go_to(aggregate_id)

    # -- which incident is shown ----------------------------------------------------------

    def open(self, incident_id: str) -> None:
        """Show an incident; what was typed about the one before is kept for it."""
        if self._shown:
            self._leave_candidate()
        if incident_id and incident_id == self._wanted:
            self._leave_form()
            return
        self._wanted, self._stale = incident_id, bool(incident_id)
        if not incident_id:
            self._show_none()
        elif self.stack.currentWidget() is self.empty:
            self.stack.setCurrentWidget(self.ground)
        self._read_if_stale()

    def current(self) -> str:
        """The id of the incident shown; "" for none."""
        return self._shown

    def _read_if_stale(self) -> None:
        if not self._stale or self._reading or not self._wanted or not self.isVisible():
            return
        self._stale, self._reading = False, self._wanted
        self._asked_at_ms = self.desk.now_ms()
        wanted, viewer = self._wanted, self.desk.operator()
        self.desk.ask(lambda reader: read_dossier(reader, wanted, viewer), self._show)

    def _show(self, dossier: Dossier | None) -> None:
        asked, self._reading = self._reading, ""
        if asked != self._wanted:
            self._read_if_stale()
            return
        if dossier is None:
            return
        if asked != self._shown:
            # The first incident, arriving from elsewhere, must not cover what somebody works on.
            if self._shown or not self._is_busy():
                self.stack.setCurrentWidget(self.page)
            self._put_away()
            self.past.back()
            self.page.take_unsaved(self._unsaved.pop(asked, None))
            self._shown = asked
            self.page.timeline.view.start_over()
        self.page.operator = self.desk.operator()
        self.page.show_dossier(dossier, self.desk.now_ms())
        self.impact.show(self._shown)
        self.alike_work.show(self._shown)
        self.acted.emit()

    def _is_busy(self) -> bool:
        """Whether a form is being filled in, or something proposed is looked at."""
        current = self.stack.currentWidget()
        typing = current is self.form and bool(self.form.title.text())
        return typing or current is self.candidates.page

    def _put_away(self) -> None:
        if self._shown:
            self._unsaved[self._shown] = self.page.unsaved()

    def _show_none(self) -> None:
        self._put_away()
        self.past.back()
        self._shown = ""
        self.page.dossier = None
        self.impact.show("")
        self.alike_work.show("")
        if self.stack.currentWidget() in (self.page, self.ground):
            self.stack.setCurrentWidget(self.empty)
        self.acted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the room was not in view."""
        super().showEvent(event)
        self.list.tick(self.desk.now_ms())
        self._read_if_stale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the pane widths of this class of window."""
        super().resizeEvent(event)
        px = theme().px
        slim = self.width() < px(_SLIM_BELOW)
        if slim != self._slim:
            self._slim = slim
            left = px(_LIST_SLIM if slim else _LIST)
            self.split.setSizes([left, self.width() - left])
        self.page.fit(self.width() - px(_LIST_SLIM if slim else _LIST), self.height())

    def _into_page(self) -> None:
        self._leave_candidate()
        self.stack.setCurrentWidget(self.page if self._shown else self.empty)
        self.page.timeline.view.setFocus()

    def _show_candidate(self) -> None:
        if self.stack.currentWidget() is not self.form or not self.form.title.text():
            self.stack.setCurrentWidget(self.candidates.page)
            self.acted.emit()

    def _leave_candidate(self, *_: Any) -> None:
        if self.stack.currentWidget() is self.candidates.page:
            self.stack.setCurrentWidget(self.page if self._shown else self.empty)
            self.candidates.close()
            self.acted.emit()

    # -- declaring ------------------------------------------------------------------------

    def begin_declaring(self, *_: Any) -> None:
        """Open the form; what was typed into it before is still there."""
        self.stack.setCurrentWidget(self.form)
        self.declaring.begin()
        self.acted.emit()

    def _leave_form(self) -> None:
        if self.stack.currentWidget() is self.form:
            self.stack.setCurrentWidget(self.page if self._shown else self.empty)
            self.focus_first()
            self.acted.emit()

    def _declared(self, incident_id: str) -> None:
        self.stack.setCurrentWidget(self.page if self._shown else self.empty)
        self.go_to(incident_id)
        self.list.view.setFocus()
