"""Looks for alerts that are alike to those of the incident in view, and attaches them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents import orders
from crisisdesk.desk.incidents.incident_asking import IncidentAsking
from crisisdesk.desk.room import Action
from crisisdesk.domain.correlation.alike import Alike

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.alike_pane import AlikePane
    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.room import Desk

EVERY_MS = 5_000


class AlikeWork(IncidentAsking[tuple[Alike, ...]]):
    """What is alike is read again while the incident is in view; one is attached with a key."""

    def __init__(self, desk: Desk, pane: AlikePane, orderly: Orderly) -> None:
        super().__init__(
            desk,
            EVERY_MS,
            lambda reader, incident_id, viewer, _now: reader.alike_of(incident_id, viewer),
            pane.show_alike,
            clear=lambda: pane.show_alike(()),
        )
        self._pane, self._orderly = pane, orderly
        pane.wanted.connect(self.attach)

    def attach(self, alert_id: str) -> None:
        """Attach it, and offer to take it off again."""
        incident_id = self._orderly.incident_id()
        back = orders.unlink_alert(incident_id, alert_id)

        def done(_answer: Any) -> None:
            self.again()
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
