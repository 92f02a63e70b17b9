"""The delivery selected on the board: its story is read, its alert opened, its way tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from crisisdesk.desk.comms_room.reading import Told, Unread, guarded, read_told
from crisisdesk.desk.room import Action
from crisisdesk.domain.delivery_words import subject

if TYPE_CHECKING:
    from crisisdesk.desk.comms_room.detail import DetailPane
    from crisisdesk.desk.comms_room.view import BoardView
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.delivery import Delivery

AWAY = "The engine is away: nothing can be sent until it is back."
GONE = "This contact method is no longer there, so nothing can be sent to it."
_TOLD_MS = 300


class OneDelivery(QObject):
    """``acted`` says that other actions are in force, ``opened`` that its alert is asked for."""

    acted = Signal()
    opened = Signal()

    def __init__(self, desk: Desk, view: BoardView, detail: DetailPane) -> None:
        super().__init__(detail)
        self._desk, self._view, self._detail = desk, view, detail
        self._away = desk.engine_away()
        self.told: Told | None = None
        self._plan = QTimer(self)
        self._plan.setSingleShot(True)
        self._plan.setInterval(_TOLD_MS)
        self._plan.timeout.connect(self._ask)

    def selected(self) -> Delivery | None:
        """The delivery under the selection."""
        return self._view.board.delivery(self._view.currentIndex().row())

    def select(self) -> None:
        """Show another one, or nothing, as the list has it selected now."""
        self.told = None
        one = self.selected()
        if one is None:
            self._detail.show_nothing()
        else:
            self._show(one)
            self._detail.forget_story()
            self._ask()
        self.show_buttons()
        self.acted.emit()

    def rows_changed(self) -> None:
        """Show the newest state of the one that is selected."""
        one = self.selected()
        if one is not None and (self.told is None or self.told.delivery != one):
            self._show(one)

    def on_snapshot(self, change: Change) -> None:
        """Read its story again when something happened to it."""
        chosen = self._view.selected_id
        due = change.full or chosen in change.touched
        if chosen and due and not self._plan.isActive():
            self._plan.start()

    def engine_changed(self, away: bool) -> None:
        """Disable or enable what needs the engine."""
        self._away = away
        self.show_buttons()

    def actions(self) -> list[Action]:
        """Those on the selected delivery."""
        one = self.selected()
        if one is None:
            return []
        group = f"For {one.delivery_id}, {subject(one)}"
        found = []
        if one.alert_id:
            found.append(
                Action(
                    key="board open",
                    title="Open its alert",
                    keys="Enter",
                    icon="bell-ring",
                    group=group,
                    run=self.opened.emit,
                )
            )
        found.append(
            Action(
                key="board test",
                title="Send test page",
                keys="T",
                icon="phone-forwarded",
                detail=self.why_not() or f"to {one.contact_name} by {one.channel}",
                group=group,
                run=self.send_test,
                enabled=not self.why_not(),
            )
        )
        return found

    def why_not(self) -> str:
        """Why no test page can be sent now; "" when it can."""
        if self._away:
            return AWAY
        return GONE if self.told is not None and not self.told.contact_has else ""

    def show_buttons(self) -> None:
        """Show what can be done with it."""
        if self.selected() is not None:
            self._detail.show_actions(self.actions(), self.why_not())

    def open_alert(self) -> None:
        """Go to the alert that it tells of."""
        one = self.selected()
        if one is not None and one.alert_id:
            self._desk.show_thing(one.alert_id)

    def send_test(self) -> None:
        """Send a test page by the same contact method."""
        one = self.selected()
        if one is None or self.why_not():
            return
        contact_id, method_id, name = one.contact_id, one.method_id, one.contact_name
        self._desk.command(
            f"send a test page to {name}",
            lambda client: client.send_test_page(contact_id, method_id),
            lambda _: self._desk.say("Test page queued", f"To {name}, by {one.channel}."),
        )

    # -- how ---------------------------------------------------------------------------------

    def _show(self, one: Delivery) -> None:
        station = self._view.board.station(one)
        self._detail.show_delivery(one, station, self._desk.now_ms())

    def _ask(self) -> None:
        chosen = self._view.selected_id
        if chosen:
            self._desk.ask(guarded(read_told(chosen, self._desk.now_ms())), self._take)

    def _take(self, told: Told | Unread | None) -> None:
        if isinstance(told, Told) and told.delivery.delivery_id == self._view.selected_id:
            self.told = told
            self._detail.show_told(told, self._desk.now_ms())
            self.show_buttons()
            self.acted.emit()
