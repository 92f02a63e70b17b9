"""The Recovery room: runs as a guided path, and the procedures that they are runs of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget

from crisisdesk.desk.comms_room.empty_pages import EmptyPages, unreadable
from crisisdesk.desk.frame.empty_state import EmptyView
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.actions import room_actions
from crisisdesk.desk.recovery_room.beginning import Beginning
from crisisdesk.desk.recovery_room.clocks import OBJECTIVE, gravity, run_clocks
from crisisdesk.desk.recovery_room.health_watch import HealthWatch
from crisisdesk.desk.recovery_room.leading import Leading
from crisisdesk.desk.recovery_room.looking_ahead import LookingAhead
from crisisdesk.desk.recovery_room.procedure_page import ProcedurePage
from crisisdesk.desk.recovery_room.reading import Board, RunFound, read_board, read_run
from crisisdesk.desk.recovery_room.run_head import END, INCIDENT, TAKE
from crisisdesk.desk.recovery_room.run_page import RunPage
from crisisdesk.desk.recovery_room.shelf import RUN, ShelfLine, needing
from crisisdesk.desk.recovery_room.shelf_pane import ShelfPane
from crisisdesk.desk.recovery_room.start_form import StartForm
from crisisdesk.desk.room import Action, Desk, Room
from crisisdesk.store.queries import StoreUnavailable

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.recovery.procedure import Procedure
    from crisisdesk.store.queries import StationReader

_LIST, _LIST_SLIM, _SLIM_BELOW = 320, 268, 1500
# How often turns and lateness are judged anew while the room is in view, ms.
_AGAIN_MS = 5_000
# What was asked of a store that could not be read has no answer after that, ms.
_ANSWER_WITHIN_MS = 3_000
NOTHING = EmptyView(
    title="No procedure is published yet.",
    text="A procedure says how something is brought back: steps, who approves, what must hold, "
    "the way back. Write one as a file and publish it with “crisisdesk procedure publish FILE”; "
    "help (F1) has an example. Runs of it are led here.",
)


class RecoveryRoom(Room):
    """Key 5. The list at the left; a run, a procedure or the form that begins a run beside it."""

    key = 5
    word = "Recovery"
    icon = "rotate-ccw"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.board = Board()
        self._asking, self._again, self._read_ms = False, True, 0
        self._wanted, self._reading, self._run_again = "", "", False
        self._whole_of, self._asked_ms = "", 0
        self._slim: bool | None = None
        self.shelf, self.page = ShelfPane(), RunPage()
        self.plan, self.form = ProcedurePage(), StartForm()
        self.blank = PaneGround()
        self.stack = QStackedWidget()
        for widget in (self.blank, self.page, self.plan, self.form):
            self.stack.addWidget(widget)
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(self.shelf)
        self.split.add_pane(self.stack, stretch=1)
        self.pages = EmptyPages(self.split)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.leading, self.beginning = Leading(desk, self.page), Beginning(self)
        self.ahead = LookingAhead(self)
        self.health = HealthWatch(desk, self.page.side.health)
        self._connect()

    def _connect(self) -> None:
        self.shelf.chosen.connect(self._choose)
        self.shelf.opened.connect(self._into_page)
        self.shelf.start_wanted.connect(self.beginning.begin)
        self.plan.start_wanted.connect(self.beginning.begin)
        self.plan.look_wanted.connect(self.ahead.begin)
        self.page.pressed.connect(self.leading.do)
        self.page.moved.connect(self.acted)
        self.leading.changed.connect(self.read_run)
        self.page.head.pressed.connect(self._head_pressed)
        self.pages.asked.connect(self.read)

    # -- what the desk asks ------------------------------------------------------------------

    def count(self) -> int:
        """Runs that wait for this operator."""
        return needing(self.board.runs)

    def count_severity(self) -> str:
        """Whether something is late."""
        return gravity(self.board.runs)

    def clocks(self) -> list[Any]:
        """Approvals that run out and steps that are to be over."""
        return run_clocks(self.board.runs)

    def on_snapshot(self, change: Change) -> None:
        """Read again when a run, a procedure or an incident moved."""
        if change.full:
            # What was asked of a store that could not be read never comes back.
            self._asking, self._reading = False, ""
        runs = any(name.startswith("RUN-") for name in change.touched)
        others = any(name.startswith(("POL-", "policy")) for name in change.touched)
        if change.full or runs or change.station is not None:
            self.read()
        elif others or change.incidents:
            # Neither counts anything: it is read once the room is looked at.
            self._again = True
        if change.full or self._wanted in change.touched:
            self.read_run()

    def tick(self, now_ms: int) -> None:
        """Turn the clocks; judge anew who is late."""
        self.shelf.tick(now_ms)
        if self.stack.currentWidget() is self.page:
            self.page.tick(now_ms)
            if self.isVisible():
                self.health.tick(now_ms)
        if self._reading and now_ms - self._asked_ms > _ANSWER_WITHIN_MS:
            self._reading = ""
            self.read_run()
        if not self._asking and (self._again or now_ms - self._read_ms >= _AGAIN_MS):
            self.read()

    def engine_changed(self, away: bool) -> None:
        """Disable what could not be saved."""
        self.page.set_away(away)
        self.form.set_away(away)
        self.plan.set_away(away)
        self.shelf.start.setEnabled(not away)
        self.acted.emit()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done now."""
        return room_actions(self)

    def focus_first(self) -> None:
        """The list."""
        self.shelf.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def help_page(self) -> str:
        """The page of recovery."""
        return "recovery"

    def owns(self, aggregate_id: str) -> bool:
        """Runs."""
        return aggregate_id.startswith("RUN-")

    def go_to(self, aggregate_id: str) -> None:
        """Select a run; one not read yet is opened as soon as it is known."""
        run_id = aggregate_id.removesuffix(OBJECTIVE)
        self.shelf.filter.clear()
        self.shelf.select(run_id)
        self.open_run(run_id)
        self._into_page()

    # -- what is read ------------------------------------------------------------------------

    def read(self, *_: Any) -> None:
        """Ask for the list; what is asked meanwhile follows at once."""
        if self._asking:
            self._again = True
            return
        now_ms, operator = self.desk.now_ms(), self.desk.operator()
        self._asking, self._again, self._read_ms = True, False, now_ms

        def question(reader: StationReader) -> Board | str:
            try:
                return read_board(reader, now_ms, operator)
            except StoreUnavailable as error:
                return str(error)

        self.desk.ask(question, self._take)

    def _take(self, found: Board | str) -> None:
        self._asking = False
        if isinstance(found, str):
            self.pages.show_empty(unreadable("Recovery", found))
            return
        before = (self.count(), self.count_severity(), self.clocks())
        self.board = found
        is_bare = not (found.runs or found.ended or found.library or found.newer)
        self.pages.show_empty(NOTHING if is_bare else None)
        self.shelf.show_board(found, self.desk.now_ms())
        self.beginning.choose()
        self._renew_plan()
        if (self.count(), self.count_severity(), self.clocks()) != before:
            self.counted.emit()
        self.acted.emit()
        if self._again:
            self.read()

    def _renew_plan(self) -> None:
        """Show the newest version of the procedure that is looked at."""
        line = self.shelf.line()
        if line is None or self.stack.currentWidget() not in (self.plan, self.blank):
            return
        one = self.procedure(line.name)
        if line.kind != RUN and one is not None and one != self.plan.procedure:
            self.show_plan(one)

    def open_run(self, run_id: str) -> None:
        """Show a run."""
        if run_id != self._wanted:
            self._wanted, self._whole_of = run_id, ""
        self.read_run()

    def read_whole(self) -> None:
        """Read all that the last attempt of the step said."""
        self._whole_of = self.page.output.shown.attempt
        self.read_run()

    def read_run(self) -> None:
        """Read the run in view; what is asked meanwhile follows at once."""
        if not self._wanted:
            return
        if self._reading:
            self._run_again = True
            return
        self._reading, self._run_again = self._wanted, False
        self._asked_ms = self.desk.now_ms()
        wanted, operator, attempt = self._wanted, self.desk.operator(), self._whole_of
        self.desk.ask(lambda reader: read_run(reader, wanted, operator, attempt), self._show_run)

    def _show_run(self, found: RunFound | None) -> None:
        asked, self._reading = self._reading, ""
        if found is not None and asked == self._wanted:
            away = self.desk.engine_away()
            self.health.watch(found.run)
            self.page.show_run(found, self.desk.operator(), self.desk.now_ms(), away=away)
            self.page.head.buttons[INCIDENT].setVisible(bool(found.run.incident_id))
            is_over = found.run.ended_at is not None
            self.page.head.buttons[END].setVisible(not is_over)
            self.page.head.buttons[TAKE].setVisible(not is_over and not found.is_here)
            if self.stack.currentWidget() is not self.form:
                self.show_page()
            self.acted.emit()
        if self._run_again or asked != self._wanted:
            self.read_run()

    def show_page(self) -> None:
        """Bring the run into view; a keyboard that was beside the list comes to its path, never to
        a button that does something."""
        focused = QApplication.focusWidget()
        beside = focused is not None and self.stack.isAncestorOf(focused)
        if focused is not None and beside and not self.page.isAncestorOf(focused):
            self.page.path.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stack.setCurrentWidget(self.page)

    # -- what is looked at -------------------------------------------------------------------

    def shows_run(self) -> bool:
        """Whether a run is in view."""
        return self.stack.currentWidget() is self.page and self.page.found is not None

    def procedure(self, name: str) -> Procedure | None:
        """The procedure of a name, as it was read."""
        return next((one for one in self.board.library if one.name == name), None)

    def startable(self) -> Procedure | None:
        """The procedure that is selected; of an ended run the one that it was of."""
        line = self.shelf.line()
        if line is None:
            return None
        if line.kind == RUN:
            runs = (*self.board.runs, *self.board.ended)
            shown = next((run for run in runs if run.run_id == line.name), None)
            return self.procedure(shown.title) if shown is not None else None
        return self.procedure(line.name)

    def _choose(self, line: ShelfLine) -> None:
        if line.kind == RUN:
            self.open_run(line.name)
        else:
            self._wanted = ""
            one = self.procedure(line.name)
            if one is not None:
                self.show_plan(one)
            else:
                self.stack.setCurrentWidget(self.blank)
        self.beginning.incident_id = line.incident_id
        self.acted.emit()

    def show_plan(self, one: Procedure) -> None:
        """Show a procedure."""
        self.plan.show_procedure(one, self.desk.now_ms())
        self.stack.setCurrentWidget(self.plan)

    def go(self, step: int) -> None:
        """Down or up, in the path while it has the keyboard, else in the list."""
        (self.page.path if self.page.path.hasFocus() else self.shelf.list).go(step)

    def _into_page(self) -> None:
        if self.shelf.is_run() or self.shows_run():
            self.page.path.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.stack.currentWidget() is self.plan:
            self.plan.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Look at the current step again, or at the procedure itself, then back to the list."""
        if self.page.form.is_open():
            self.page.close_form()
        elif self.stack.currentWidget() is self.plan and self.plan.ahead:
            self.plan.show_again(self.desk.now_ms())
        elif self.shows_run() and not self.page.is_following():
            self.page.follow()
        else:
            self.focus_first()

    def open_incident(self) -> None:
        """Go to the incident of the run."""
        found = self.page.found
        if found is not None and found.run.incident_id:
            self.desk.show_thing(found.run.incident_id)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the room was not in view."""
        super().showEvent(event)
        self.read()

    def _head_pressed(self, key: str) -> None:
        if key == INCIDENT:
            self.open_incident()
            return
        self.leading.do(next((one for one in self.page.offers_of_run() if one.do == key), None))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the pane widths of this class of window."""
        super().resizeEvent(event)
        px = theme().px
        slim = self.width() < px(_SLIM_BELOW)
        left = px(_LIST_SLIM if slim else _LIST)
        if slim != self._slim:
            self._slim = slim
            self.split.setSizes([left, self.width() - left])
        self.page.fit(self.width() - left, slim=slim)
