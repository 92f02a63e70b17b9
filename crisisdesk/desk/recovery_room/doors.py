"""The way from an alert or an incident to a procedure that fits it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.room import AlertsRoom
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.recovery_room.room import RecoveryRoom
    from crisisdesk.desk.room import Room

KEYS = {1: "Shift R", 2: "R"}


def wanted_actions(room: Room, recovery: RecoveryRoom) -> list[Action]:
    """Running a procedure for what is selected in the open room; nothing where nothing is."""
    if isinstance(room, IncidentsRoom):
        incident_id = room.current()
        if not incident_id:
            return []
        return [_action(2, incident_id, partial(recovery.beginning.offer_for, incident_id))]
    if isinstance(room, AlertsRoom):
        row = room.selected_row()
        if row is None:
            return []
        name = row.incident_id or row.alert_id
        return [_action(1, name, partial(recovery.beginning.offer_for, row.incident_id))]
    return []


def _action(key: int, name: str, run: Callable[[], None]) -> Action:
    return Action(
        key="run procedure",
        title="Run a procedure",
        keys=KEYS[key],
        icon="rotate-ccw",
        group=f"For {name}",
        also=("recovery", "failover", "checklist"),
        run=run,
    )
