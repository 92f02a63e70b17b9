"""The dry run of what is selected: its arguments are asked for, then the engine is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.recovery_room.orders import look_ahead
from crisisdesk.desk.recovery_room.shelf import RUN
from crisisdesk.desk.recovery_room.start_words import Start, checked_start

if TYPE_CHECKING:
    from crisisdesk.desk.recovery_room.room import RecoveryRoom
    from crisisdesk.desk.room import Refusal
    from crisisdesk.domain.recovery.procedure import Procedure


class LookingAhead(QObject):
    """One at a time; an answer that comes when something else is looked at is dropped."""

    def __init__(self, room: RecoveryRoom) -> None:
        super().__init__(room)
        self._room = room
        self._busy = False
        room.form.looked.connect(self._ask)

    def selected(self) -> Procedure | None:
        """The procedure that is selected; a run is under way already."""
        line = self._room.shelf.line()
        return None if line is None or line.kind == RUN else self._room.procedure(line.name)

    def begin(self) -> None:
        """Ask for the arguments where there are any, and look."""
        room, one = self._room, self.selected()
        if one is None or self._busy or room.desk.engine_away():
            return
        if not one.parameters:
            self._ask(checked_start(one, {}, "", ()))
            return
        room.stack.setCurrentWidget(room.form)
        room.form.begin(one, [], "", away=False, only_looks=True)
        room.acted.emit()

    def _ask(self, start: Start) -> None:
        room = self._room
        self._busy = True
        room.plan.say("Looking …")
        room.desk.look(look_ahead(start), partial(self._told, start), partial(self._refused, start))

    def _told(self, start: Start, told: dict[str, Any]) -> None:
        room, one = self._room, self.selected()
        self._busy = False
        asked_here = room.stack.currentWidget() in (room.plan, room.form)
        if one is None or one.name != start.procedure or not asked_here:
            return
        focused = QApplication.focusWidget()
        had_keyboard = focused is not None and room.form.isAncestorOf(focused)
        room.show_plan(one)
        room.plan.show_ahead(told, room.desk.now_ms())
        if had_keyboard:
            room.plan.list.setFocus(Qt.FocusReason.OtherFocusReason)
        room.form.set_away(room.desk.engine_away())
        room.acted.emit()

    def _refused(self, start: Start, refusal: Refusal) -> None:
        room = self._room
        self._busy = False
        words = f"{refusal.words}. {refusal.remedy}".strip()
        if room.stack.currentWidget() is room.form and room.form.only_looks:
            room.form.refuse(refusal.field, words)
            return
        room.plan.say("")
        room.desk.say(f"Not looked at: {start.procedure}", words, "high")
