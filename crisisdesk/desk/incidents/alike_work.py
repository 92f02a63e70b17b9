"""Looks for alerts that are alike to those of the incident in view, and attaches them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import orders
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.alike_pane import AlikePane
    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.correlation.alike import Alike

EVERY_MS = 5_000
_ANSWER_WITHIN_MS = 5_000


class AlikeWork:
    """Asks at most once at a time, and for an incident anew when another is shown."""

    def __init__(self, desk: Desk, pane: AlikePane, orderly: Orderly) -> None:
        self._desk, self._pane, self._orderly = desk, pane, orderly
        self._incident = ""
        self._asked_at = self._read_at = 0
        self._asking = False
        pane.wanted.connect(self.attach)

    def show(self, incident_id: str) -> None:
        """Look at this incident; "" for none."""
        if incident_id != self._incident:
            self._incident, self._read_at, self._asking = incident_id, 0, False
            self._pane.show_alike(())
        self.tick(self._desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Ask again when it is time."""
        waiting = self._asking and now_ms - self._asked_at < _ANSWER_WITHIN_MS
        if not self._incident or waiting or now_ms - self._read_at < EVERY_MS:
            return
        self._asking, self._asked_at = True, now_ms
        wanted, viewer = self._incident, self._desk.operator()

        def answer(found: tuple[Alike, ...]) -> None:
            if wanted == self._incident:
                self._asking, self._read_at = False, now_ms
                self._pane.show_alike(found)

        self._desk.ask(lambda reader: reader.alike_of(wanted, viewer), answer)

    def attach(self, alert_id: str) -> None:
        """Attach it, and offer to take it off again."""
        incident_id = self._orderly.incident_id()
        back = orders.unlink_alert(incident_id, alert_id)

        def done(_answer: Any) -> None:
            self._read_at = 0
            words = f"take {alert_id} off {incident_id}"
            said = f"{alert_id} is attached to {incident_id}"
            self._desk.offer_undo(said, lambda: self._orderly.send(words, back))

        call = orders.link_alert(incident_id, alert_id)
        self._orderly.send(f"attach {alert_id} to {incident_id}", call, then=done)

    def actions(self, group: str, held: str) -> list[Action]:
        """One for each that is offered; the first has the key."""
        return [
            Action(
                key=f"incident.alike {one.alert.alert_id}",
                title=f"Attach {one.alert.title}", keys="" if at else "F", icon="link",
                run=partial(self.attach, one.alert.alert_id), group=group, enabled=not held,
                detail=held or one.because, also=("related", "alike", "link"),
            )
            for at, one in enumerate(self._pane.found)
        ]  # fmt: skip
