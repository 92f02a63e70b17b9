"""The page of who is on call: schedules and gaps, the calendar, the shift selected, overrides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.oncall.calendar_pane import CalendarPane
from crisisdesk.desk.planning.oncall.desk_actions import page_actions
from crisisdesk.desk.planning.oncall.detail import ShiftDetail
from crisisdesk.desk.planning.oncall.example import NoSchedule, example_text
from crisisdesk.desk.planning.oncall.files_pane import FilesPane
from crisisdesk.desk.planning.oncall.left_pane import LeftPane
from crisisdesk.desk.planning.oncall.orders import Orders
from crisisdesk.desk.planning.oncall.override_form import OverrideForm
from crisisdesk.desk.planning.oncall.overriding import Overriding, has_focus
from crisisdesk.desk.planning.oncall.reading import Outlook, outlook, read_published
from crisisdesk.desk.planning.oncall.schedule_form import ScheduleForm
from crisisdesk.desk.planning.oncall.scheduling import Scheduling
from crisisdesk.desk.planning.oncall.waiting import Waiting
from crisisdesk.desk.planning.oncall.weeks import (
    Calendar,
    Span,
    lay_out,
    monday_of,
    month_monday_of,
    within_reach,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from crisisdesk.desk.planning.oncall.lines import GapLine
    from crisisdesk.desk.room import Action, Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.oncall.reasons import Hold
    from crisisdesk.store.queries import StationReader

_ANSWER_WITHIN_MS = 3_000
_WEEK = 7
_SLIM_BELOW = 1500
_WIDTHS, _WIDTHS_SLIM = (300, 420), (248, 304)
SPAN, SCHEDULE = "planning.oncall.span", "planning.oncall.schedule"


class OnCallPage(QWidget):
    """A page of the Planning room. ``counted`` and ``acted`` are as a room's, ``helped`` asks for
    the page's help."""

    word = "On call"
    help_page = "on-call"

    counted = Signal()
    acted = Signal()
    helped = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.outlook: Outlook | None = None
        self.schedule = str(desk.remembered(SCHEDULE, ""))
        self.span: Span = "month" if desk.remembered(SPAN, "weeks") == "month" else "weeks"
        self.monday: int | None = None
        self._stale, self._asked_ms = True, 0
        self._laying: tuple[object, ...] | None = None
        self._then: int | None = None
        self._slim: bool | None = None
        self._wanted = ""
        self.orders = Orders(desk)
        self._build()
        self._connect()
        look().changed.connect(self._fit_anew)

    def _build(self) -> None:
        self.left, self.middle = LeftPane(), CalendarPane()
        self.detail, self.form = ShiftDetail(), OverrideForm()
        self.overriding = Overriding(self)
        self.schedule_form = ScheduleForm()
        self.scheduling = Scheduling(self)
        self.files = FilesPane(self.desk, self.orders)
        self.detail_head = PaneHead("Shift")
        self.none = NoSchedule()
        self.waiting = Waiting()
        scroll = self._scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.detail)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.detail_head)
        column.addWidget(self.form)
        column.addWidget(scroll, 1)
        column.addWidget(self.files)
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(self.left)
        self.split.add_pane(self.middle, stretch=1)
        self.split.add_pane(right)
        self.stack = QStackedWidget()
        for widget in (self.waiting, self.none, self.split, self.schedule_form):
            self.stack.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)

    def _connect(self) -> None:
        left, middle = self.left, self.middle
        left.schedules.chosen.connect(self.choose)
        left.schedules.entered.connect(self.into_calendar)
        left.gaps.picked.connect(self._to_gap)
        left.gaps.entered.connect(self.into_calendar)
        middle.spanned.connect(self.show_span)
        middle.turned.connect(self.turn)
        middle.now_wanted.connect(self.show_today)
        middle.grid.picked.connect(self._show_shift)
        middle.grid.entered.connect(self._into_detail)
        self.detail.add.clicked.connect(self.overriding.begin)
        self.detail.back.clicked.connect(self.overriding.take_back)
        self.overriding.changed.connect(self.acted)
        self.overriding.left.connect(self.into_calendar)
        self.none.helped.connect(self.helped)
        self.none.written.connect(self.scheduling.begin)
        self.scheduling.changed.connect(self.acted)
        self.scheduling.published.connect(self._show_published)

    # -- what the room asks ------------------------------------------------------------------

    def count(self) -> int:
        """Schedules with nobody on call now, or not all through the next 24 hours."""
        return len(self.outlook.trouble()) if self.outlook is not None else 0

    def count_severity(self) -> str:
        """How bad the worst of them is."""
        return self.outlook.severity() if self.outlook is not None else ""

    def on_snapshot(self, change: Change) -> None:
        """Read again when something was published or withdrawn, or people changed."""
        if change.full:
            self._asked_ms = 0
        published = any(name.startswith("POL-") for name in change.touched)
        if change.full or change.contacts_changed or published:
            self._stale = True
        self._read_if_stale(self.desk.now_ms())

    def watch(self, now_ms: int) -> None:
        """Notice that somebody handed over, or that a gap began or came near; in view or not."""
        if self.outlook is not None and now_ms >= self.outlook.due_ms:
            self._stale = True
        self._read_if_stale(now_ms)
        if self.outlook is None:
            self.waiting.tick(now_ms)

    def tick(self, now_ms: int) -> None:
        """Move the line of the present."""
        self.watch(now_ms)
        self.middle.grid.tick(now_ms)

    def engine_changed(self, away: bool) -> None:
        """Disable what could not be published."""
        buttons = (self.detail.add, self.detail.back, self.files.take, self.files.into)
        if away and any(button.hasFocus() for button in buttons):
            # From a button that is switched off the keyboard would land somewhere else.
            self.into_calendar()
        self.detail.set_away(away)
        self.form.set_away(away)
        self.schedule_form.set_away(away)
        self.files.set_away(away)
        self.acted.emit()

    def focus_first(self) -> None:
        """The calendar, or what to copy while there is none."""
        if self.scheduling.is_open():
            self.schedule_form.fields["name"].setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.stack.currentWidget() is self.none:
            self.none.copy.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.middle.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done now."""
        return page_actions(self)

    # -- reading -----------------------------------------------------------------------------

    def _read_if_stale(self, now_ms: int) -> None:
        if self._asked_ms and now_ms - self._asked_ms >= _ANSWER_WITHIN_MS:
            # An answer that does not come was lost with a store that could not be read then.
            self._asked_ms, self._stale = 0, True
        if not self._stale or self._asked_ms:
            return
        self._stale, self._asked_ms = False, now_ms

        def question(reader: StationReader) -> Outlook:
            return outlook(read_published(reader), now_ms)

        self.desk.ask(question, self._take)

    def _take(self, found: Outlook) -> None:
        self._asked_ms = 0
        before = (self.count(), self.count_severity())
        self.outlook = found
        if (self.count(), self.count_severity()) != before:
            self.counted.emit()
        self.left.show_outlook(found)
        schedules = found.published.rota.schedules
        if not schedules:
            self._show_none(found)
            return
        if self._wanted in schedules:
            self.schedule, self.monday, self._wanted = self._wanted, None, ""
        if self.schedule not in schedules:
            worst = found.trouble() or found.standings
            self.schedule, self.monday = worst[0].name, None
        had_none = self.stack.currentWidget() is not self.split
        focused = has_focus(self.none)
        if not self.scheduling.is_open():
            self.stack.setCurrentWidget(self.split)
        self.left.schedules.select(self.schedule)
        self._lay_out()
        if had_none and focused:
            self.focus_first()

    def _show_none(self, found: Outlook) -> None:
        zone = bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"
        people = list(found.published.contacts.values())
        text = example_text(people, zone, self.desk.now_ms())
        self.none.show_example(text, found.published.rota.problems)
        if not self.scheduling.is_open():
            self.stack.setCurrentWidget(self.none)
        self.acted.emit()

    def show_form(self, shown: bool) -> None:
        """Show the form of a schedule in place of everything, or what was there before."""
        there = self.outlook is not None and bool(self.outlook.published.rota.schedules)
        before = self.split if there else self.none
        self.stack.setCurrentWidget(self.schedule_form if shown else before)

    def _show_published(self, name: str) -> None:
        """Go to a schedule that was just published, once it is read."""
        self._wanted, self._stale = name, True
        self._read_if_stale(self.desk.now_ms())

    def _lay_out(self) -> None:
        """Have the calendar laid out off this thread; an older answer is passed over."""
        found, name, span = self.outlook, self.schedule, self.span
        if found is None or name not in found.published.rota.schedules:
            return
        rota = found.published.rota
        plan, overrides = rota.schedules[name], rota.overrides(name)
        if self.monday is None:
            self.monday = self._monday_at(self.desk.now_ms())
        monday = self.monday
        asked = self._laying = (found, name, monday, span)

        def answer(calendar: Calendar) -> None:
            if self._laying == asked:
                self._show_calendar(calendar, found)

        self.desk.ask(lambda _: lay_out(plan, overrides, monday, span), answer)

    def _show_calendar(self, calendar: Calendar, found: Outlook) -> None:
        self._laying = None
        now_ms = self.desk.now_ms()
        self.files.show_schedule(calendar.schedule, found.published)
        self.middle.show_calendar(calendar, found.published, self.span, now_ms)
        if self._then is not None:
            then, self._then = self._then, None
            self.middle.grid.show_moment(then)
        self.acted.emit()

    def is_settled(self) -> bool:
        """Whether the calendar that was asked for is the one that is shown."""
        return self._laying is None and self._then is None

    # -- what is shown -----------------------------------------------------------------------

    def choose(self, schedule: str) -> None:
        """Show another schedule, at the same time."""
        if schedule and schedule != self.schedule:
            self.schedule = schedule
            self.desk.remember(SCHEDULE, schedule)
            self.overriding.leave()
            self._lay_out()

    def show_span(self, span: str) -> None:
        """Two weeks or a month, around the shift selected."""
        self.span = "month" if span == "month" else "weeks"
        self.desk.remember(SPAN, self.span)
        band = self.middle.grid.band()
        at = band.start_ms if band is not None else self.desk.now_ms()
        self.monday = self._monday_at(at)
        self._then = at
        self._lay_out()

    def turn(self, weeks: int) -> None:
        """Go some weeks later (negative: earlier)."""
        if self.monday is not None:
            self.monday = within_reach(self.monday + _WEEK * weeks)
            self._lay_out()

    def show_today(self) -> None:
        """Go to who is on call now."""
        self._show_moment(self.desk.now_ms())

    def _show_moment(self, at_ms: int) -> None:
        self.monday, self._then = self._monday_at(at_ms), at_ms
        self._lay_out()

    def _to_gap(self, line: GapLine) -> None:
        self.schedule = line.schedule
        self.left.schedules.select(line.schedule)
        self._show_moment(max(line.start_ms, self.desk.now_ms()) if line.now else line.start_ms)

    def into_calendar(self) -> None:
        """Give the calendar the keyboard."""
        self.middle.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _into_detail(self) -> None:
        self.detail.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _monday_at(self, at_ms: int) -> int:
        first = monday_of if self.span == "weeks" else month_monday_of
        return first(self.zone(), at_ms)

    def zone(self) -> str:
        """The zone of the schedule that is shown; UTC without one."""
        found = self.outlook
        plan = found.published.rota.schedules.get(self.schedule) if found is not None else None
        return plan.zone if plan is not None else "UTC"

    def hold(self) -> Hold | None:
        """The shift selected."""
        band = self.middle.grid.band()
        return None if band is None else band.hold

    def _show_shift(self) -> None:
        hold, grid = self.hold(), self.middle.grid
        published = self.outlook.published if self.outlook is not None else None
        row = ""
        if grid.calendar is not None and grid.spot is not None:
            row = grid.calendar.weeks[0].rows[grid.spot.row].name
        head = "Gap" if hold is not None and not hold.contact else "Shift"
        head = "Override" if hold is not None and hold.override is not None else head
        self.detail_head.show_words(head, row)
        self.detail.show_hold(hold, self.zone(), published)
        self._scroll.verticalScrollBar().setValue(0)
        self.acted.emit()

    # -- keys and size -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right turn the calendar; Esc leaves the form."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and not self.form.is_open():
            self.turn(step)
            event.accept()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the widths of this class of window."""
        super().resizeEvent(event)
        self._fit()

    def _fit_anew(self) -> None:
        self._slim = None
        self._fit()

    def _fit(self) -> None:
        px = theme().px
        slim = self.width() < px(_SLIM_BELOW)
        if slim != self._slim:
            self._slim = slim
            left, right = (px(size) for size in (_WIDTHS_SLIM if slim else _WIDTHS))
            self.split.setSizes([left, self.width() - left - right, right])
