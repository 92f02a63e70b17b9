"""Beginning a run: from what is selected, or from an incident elsewhere on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from crisisdesk.desk.recovery_room.orders import confirm, start
from crisisdesk.desk.recovery_room.shelf import RUN
from crisisdesk.desk.recovery_room.start_words import Start, prerequisite_ids

if TYPE_CHECKING:
    from crisisdesk.desk.recovery_room.room import RecoveryRoom
    from crisisdesk.desk.room import Refusal


class Beginning(QObject):
    """``incident_id`` is the incident that a run is for unless another is chosen, "" for none."""

    def __init__(self, room: RecoveryRoom) -> None:
        super().__init__(room)
        self._room = room
        self.incident_id = ""
        # For which incident something that fits is to be selected, once the list is read anew.
        self._pending: str | None = None
        room.form.given.connect(self._start)
        room.form.left.connect(self.leave)

    def offer_for(self, incident_id: str) -> None:
        """Come here to run something for an incident ("" for none): what fits it is selected."""
        room = self._room
        room.desk.open_room(room.key)
        room.shelf.filter.clear()
        self._pending = incident_id
        room.read()
        room.focus_first()

    def choose(self) -> None:
        """Select what was asked for by ``offer_for``, now that the list has been read."""
        if self._pending is None:
            return
        room, incident_id = self._room, self._pending
        self._pending = None
        fits = [one for one in room.board.fits if one.incident.incident_id == incident_id]
        for one in (*fits, *room.board.fits):
            if room.shelf.select(f"procedure {one.procedure.name}"):
                break
        self.incident_id = incident_id

    def begin(self) -> None:
        """Open the form that begins a run of what is selected."""
        room, one = self._room, self._room.startable()
        if one is None or room.desk.engine_away():
            return
        incidents = [(row.incident_id, row.title) for row in room.board.incidents]
        room.stack.setCurrentWidget(room.form)
        room.form.begin(one, incidents, self.incident_id, away=room.desk.engine_away())
        room.acted.emit()

    def leave(self) -> None:
        """Close the form; what was typed is still there when it is opened again."""
        room = self._room
        line = room.shelf.line()
        if line is not None and line.kind == RUN:
            room.show_page()
        elif line is not None and (one := room.procedure(line.name)) is not None:
            room.show_plan(one)
        else:
            room.stack.setCurrentWidget(room.blank)
        room.focus_first()
        room.acted.emit()

    def _start(self, order: Start) -> None:
        room = self._room

        def done(run: dict[str, Any]) -> None:
            run_id = str(run["run_id"])
            room.form.procedure = None
            room.show_page()
            room.shelf.select(run_id)
            room.open_run(run_id)
            room.page.path.setFocus(Qt.FocusReason.OtherFocusReason)
            if ids := prerequisite_ids(order):
                words = f"confirm what holds before {order.procedure}"
                room.desk.command(words, confirm(run_id, ids))

        def refused(refusal: Refusal) -> None:
            room.form.refuse(refusal.field, f"{refusal.words}. {refusal.remedy}".strip())

        room.desk.command(f"run {order.procedure}", start(order), done, refused)
