"""The Alerts room: the queue at the left, one alert in full at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crisisdesk.desk.alerts.clocks import due_cells
from crisisdesk.desk.alerts.commands import AlertCommands
from crisisdesk.desk.alerts.delegate import RowDelegate
from crisisdesk.desk.alerts.detail import DetailPane, Dossier
from crisisdesk.desk.alerts.handing import Handing
from crisisdesk.desk.alerts.list_control import ListControl, remembered_order
from crisisdesk.desk.alerts.list_pane import ListPane
from crisisdesk.desk.alerts.model import QueueModel
from crisisdesk.desk.alerts.panes import Panes
from crisisdesk.desk.alerts.rates import Rates
from crisisdesk.desk.alerts.reading import concerns, read_dossier
from crisisdesk.desk.alerts.runbook import RunbookKey
from crisisdesk.desk.alerts.silencing import Silencing
from crisisdesk.desk.alerts.tally import Tally
from crisisdesk.desk.alerts.unsent import Unsent
from crisisdesk.desk.alerts.view import QueueView
from crisisdesk.desk.room import Action, Desk, Room
from crisisdesk.domain.queue import Queue
from crisisdesk.domain.queue_order import SEVERITY_NAME, Band
from crisisdesk.domain.queue_rows import GroupItem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from crisisdesk.desk.alerts.faces import Quieter
    from crisisdesk.desk.frame.clock_strip import ClockCell
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.store.queries import AlertRow

_MINUTE_MS = 60_000


class AlertsRoom(Room):
    """Key 1."""

    key = 1
    word = "Alerts"
    icon = "bell-ring"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        now = desk.now_ms()
        self.rates, self.tally = Rates(), Tally()
        self.queue = Queue(now, *remembered_order(desk))
        self.model = QueueModel(self)
        self.model.now_ms = now
        self.view = QueueView(self.model, RowDelegate(self.rates))
        self.list = ListPane(self.view)
        self.detail = DetailPane()
        self.control = ListControl(desk, self.queue, self.model, self.list, self.tally, self.rates)
        self.unsent = Unsent(desk, self.detail.refusal, lambda: self.selected_row() is not None)
        self.commands = AlertCommands(desk, self.unsent.refused)
        self.silencing = Silencing(desk, self.detail, self.list.shelf)
        self.handing = Handing(desk, self.detail)
        self.runbook = RunbookKey(desk)
        self._labels: tuple[str, dict[str, str]] = ("", {})
        self._away = False
        self._steps: tuple[tuple[int, str], ...] = ()
        self._tries = 0
        self._restoring = str(desk.remembered("alerts.selected", ""))
        self._restored = False
        self._minute = now // _MINUTE_MS
        self._stale = False
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.setInterval(300)
        self._ask_timer.timeout.connect(self._ask)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.panes = Panes(self.desk, self, self.list, self.detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes.split)

    def _connect(self) -> None:
        self.model.patched.connect(self._keep_place)
        self.view.selected.connect(self._select)
        self.view.toggled.connect(lambda block: self.model.carry(self.queue.toggle(block)))
        self.view.opened.connect(self.panes.open_detail)
        self.control.emptied.connect(self.panes.show)
        self.detail.silence_form.opened.connect(self._show_buttons)
        self.silencing.known.connect(self._show_silences)
        self.silencing.left.connect(self._leave_detail)
        self.detail.hand_form.opened.connect(self._show_hand_form)
        self.handing.left.connect(self._leave_detail)
        self.detail.silenced.asked.connect(self.go_to)
        self.detail.noted.connect(self._note)
        self.detail.left.connect(self._leave_detail)
        self.unsent.changed.connect(self._show_buttons)

    # -- the room --------------------------------------------------------------------------

    def count(self) -> int:
        """Alerts nobody has."""
        return self.tally.unowned()

    def count_severity(self) -> str:
        """The worst of them."""
        worst = self.tally.worst()
        return SEVERITY_NAME[worst.severity] if worst is not None else ""

    def clocks(self) -> list[ClockCell]:
        """The acknowledgements that are due next."""
        return [*due_cells(self.tally), *self.handing.clocks(), *self.silencing.clocks()]

    def on_snapshot(self, change: Change) -> None:
        """Take what changed."""
        if change.full:
            self.tally.forget()
            self.model.carry(self.queue.forget())
        self.control.loading = change.loading
        if change.alerts:
            now = self.desk.now_ms()
            self.tally.learn(change.alerts)
            self.rates.learn(change.alerts, now)
            latest = max(row.last_seen_at for row in change.alerts)
            self.control.last_signal_ms = max(self.control.last_signal_ms, latest)
            self.model.carry(self.queue.apply(change.alerts))
        self.silencing.on_snapshot(change)
        self.handing.on_snapshot(change)
        selected = self.view.selected_id
        if selected and concerns(change, selected):
            self._show_selected()
            self._plan_ask()
        if not change.loading and self._restoring:
            self._restore_selection()
        self._stale = True
        self.control.show_emptiness()
        self.counted.emit()

    def tick(self, now_ms: int) -> None:
        """Turn clocks and ages, and once a minute let what is past leave."""
        self.view.tick(now_ms)
        self.detail.tick(now_ms)
        self.rates.sweep(now_ms)
        self.silencing.tick(now_ms)
        if self._stale:
            self._stale = False
            self.control.show_counts()
        if now_ms // _MINUTE_MS != self._minute:
            self._minute = now_ms // _MINUTE_MS
            self.model.carry(self.queue.set_now(now_ms))
            self._stale = True

    def engine_changed(self, away: bool) -> None:
        """Show what works meanwhile; send what was to wait."""
        self._away = away
        self.unsent.engine_changed(away)
        self._show_buttons()
        self.show_restart(self._steps, self._tries)

    def show_restart(self, steps: tuple[tuple[int, str], ...], tries: int) -> None:
        """Tell how the engine's restart goes."""
        self._steps, self._tries = steps, tries
        self.detail.show_away(self._away, steps, tries)

    def focus_first(self) -> None:
        """The list."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def owns(self, aggregate_id: str) -> bool:
        """Alerts and silences."""
        return aggregate_id.startswith(("A-", "SIL-"))

    def go_to(self, aggregate_id: str) -> None:
        """Select an alert, letting it in and past the filter when it must be; or the silences."""
        if aggregate_id.startswith("SIL-"):
            self.control.show_shelf()
            return
        self.control.show_alerts()
        if self.queue.position(aggregate_id) is None:
            self.model.carry(self.queue.release())
        if self.queue.position(aggregate_id) is None:
            self.control.show_all()
        row = self.queue.position(aggregate_id)
        if row is not None:
            self.view.select_row(row)
            self.focus_first()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """Those on the selected alert, then those of the room."""
        row = self.selected_row()
        mine = []
        if row is not None:
            mine = [*self._actions_on(row), self.runbook.action(row)]
        waiting = self.queue.shown_ids((Band.NOBODY,)) if self.queue.shown() < 5_000 else []
        alerts = "Alerts"

        def make(key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
            return Action(key=key, title=title, keys=keys, icon=icon, group=alerts, run=run)

        room = [
            make("next", "Next alert", "J", "arrow-down", lambda: self.view.step(1)),
            make("previous", "Previous alert", "K", "arrow-up", lambda: self.view.step(-1)),
            make("leave", "Select nothing", "Esc", "x", lambda: self._leave_detail(clear=True)),
        ]
        if len(waiting) > 1:
            room.append(
                make(
                    "ack all",
                    f"Acknowledge all {len(waiting)} alerts shown",
                    "Shift A",
                    "check",
                    self._acknowledge_shown,
                )
            )
        in_hand = (Band.IN_HAND,)
        room.append(self.handing.for_shown(lambda: self._rows_of(self.queue.shown_ids(in_hand))))
        return [*mine, *room, *self.control.actions(), *self.silencing.actions()]

    def _actions_on(self, row: AlertRow) -> list[Action]:
        note, silence = self.detail.start_note, self._start_silence
        targets = self._targets()
        mine = self.commands.actions(row, targets, note, silence)
        return self.handing.around(row, mine, targets)

    # -- selection -------------------------------------------------------------------------

    def selected_row(self) -> AlertRow | None:
        """The selected alert's newest row."""
        return self.queue.get(self.view.selected_id)  # type: ignore[return-value]

    def _targets(self) -> list[AlertRow]:
        item = self.model.item(self.view.currentIndex().row())
        if isinstance(item, GroupItem):
            return self.queue.members(item.block)  # type: ignore[return-value]
        row = self.selected_row()
        return [row] if row is not None else []

    def _select(self, alert_id: str) -> None:
        self._restored = bool(alert_id) and alert_id == self._restoring
        self._restoring = ""
        self.queue.hold(bool(alert_id) and not self._restored)
        self.model.carry(self.queue.pin(alert_id))
        if not alert_id:
            self.model.carry(self.queue.release())
            self.detail.show_nothing()
        self.desk.remember("alerts.selected", alert_id)
        self.detail.refusal.put_away()
        self.detail.silence_form.dismiss()
        self.handing.put_away()
        self.detail.hand.show_alert(None, "", 0)
        row = self.selected_row()
        if row is not None:
            self.detail.show_row(row, self.desk.now_ms())
            self._show_buttons()
            self._ask()
        self._stale = True
        self.acted.emit()

    def _restore_selection(self) -> None:
        row = self.queue.position(self._restoring)
        if row is None:
            self._restoring = ""
        else:
            self.view.select_row(row)

    def _keep_place(self) -> None:
        """After a patch: selection and scroll stay with what they were on."""
        selected = self.view.selected_id
        row = -1
        if selected:
            found = self.queue.block_position(self.view.selected_block)
            if found is None:
                found = self.queue.position(selected)
            row = self._nearest(self.view.last_row) if found is None else found
        elif self.view.top_id:
            self.view.keep_top(self.queue.position(self.view.top_id) or -1)
        self.view.restore(row)
        self.view.settle()

    def _nearest(self, row: int) -> int:
        """The row to select when the one at ``row`` is gone: the next, else the one before."""
        start = max(0, min(row, self.model.rowCount()))
        found = self.view.selectable(start, 1)
        return found if found >= 0 else self.view.selectable(start - 1, -1)

    def _show_selected(self) -> None:
        row = self.selected_row()
        if row is not None:
            self._show_buttons()
            self.acted.emit()

    def _show_buttons(self) -> None:
        row = self.selected_row()
        if row is not None:
            self.detail.show_actions(self._actions_on(row), self._away)
            self.detail.show_silence(self._silence_of(row), self.desk.now_ms())

    def _plan_ask(self) -> None:
        if not self._ask_timer.isActive():
            self._ask_timer.start()

    def _ask(self) -> None:
        selected = self.view.selected_id
        if not selected:
            return
        causes, now = self.silencing.causes, self.desk.now_ms()
        self.desk.ask(lambda reader: read_dossier(reader, selected, causes, now), self._answer)

    def _answer(self, dossier: Dossier | None) -> None:
        row = self.selected_row()
        if dossier is not None and row is not None and dossier.alert.alert_id == row.alert_id:
            self._labels = (row.alert_id, dossier.alert.labels)
            now, operator = self.desk.now_ms(), self.desk.operator()
            self.detail.show_dossier(row, dossier, now)
            self.detail.hand.show_alert(dossier.alert, operator, now)
            self.detail.show_away(self._away, self._steps, self._tries)

    # -- commands --------------------------------------------------------------------------

    def _note(self, text: str) -> None:
        row = self.selected_row()
        if row is not None:
            self.commands.note(row, text)

    def _start_silence(self) -> None:
        row = self.selected_row()
        if row is not None and not self._away:
            self.panes.open_detail()
            known, labels = self._labels
            self.silencing.begin(row, labels if known == row.alert_id else {})

    def _show_hand_form(self, opened: bool) -> None:
        if opened:
            self.panes.open_detail()
        self._show_buttons()

    def _silence_of(self, row: AlertRow) -> Quieter | None:
        return self.silencing.hushed.get(row.alert_id)

    def _show_silences(self) -> None:
        self.view.show_silenced(self.silencing.hushed, self.silencing.causes)
        self.control.silences = len(self.silencing.standing())
        self._stale = True
        self._show_selected()
        self.counted.emit()

    def _acknowledge_shown(self) -> None:
        self.commands.acknowledge(self._rows_of(self.queue.shown_ids((Band.NOBODY,))))

    def _rows_of(self, names: Sequence[str]) -> list[AlertRow]:
        rows: list[Any] = [self.queue.get(name) for name in names]
        return rows

    def _leave_detail(self, clear: bool = False) -> None:
        if not self.panes.leave_detail() and clear:
            self.view.select_row(-1)
        self.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the detail the width it had, or its own of this window."""
        self.panes.resized()
