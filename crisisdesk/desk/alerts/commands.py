"""What can be done with alerts: the actions for each status, and how they are sent and undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.room import Action, Desk, Refusal

if TYPE_CHECKING:
    from crisisdesk.api.client import Client
    from crisisdesk.store.queries import AlertRow

_OPEN = ("active", "acknowledged", "investigating")


class AlertCommands:
    """Sends commands for alerts. ``on_refused`` gets what was asked for, why it was not kept, and a
    way to send it again."""

    def __init__(
        self,
        desk: Desk,
        on_refused: Callable[[str, Refusal, Callable[[], None]], None],
    ) -> None:
        self._desk, self._on_refused = desk, on_refused

    def _send(
        self,
        words: str,
        call: Callable[[Client], Any],
        done: Callable[[Any], None] | None = None,
    ) -> None:
        def refused(refusal: Refusal) -> None:
            self._on_refused(words, refusal, lambda: self._send(words, call, done))

        self._desk.command(words, call, done, refused)

    def acknowledge(self, rows: Sequence[AlertRow]) -> None:
        """Take these in hand; ten seconds to undo."""
        rows = [row for row in rows if row.status == "active"]
        if not rows:
            return
        ids, epochs = [row.alert_id for row in rows], [row.epoch for row in rows]
        name = _name(rows)

        def done(changed: list[str]) -> None:
            if changed:
                title = f"Acknowledged {_name([r for r in rows if r.alert_id in set(changed)])}"
                self._desk.offer_undo(title, lambda: self.unacknowledge(changed))

        self._send(f"acknowledge {name}", lambda c: c.acknowledge(ids, epochs=epochs), done)

    def unacknowledge(self, ids: list[str]) -> None:
        """Give these back."""
        name = ids[0] if len(ids) == 1 else f"{len(ids)} alerts"
        self._send(f"give back {name}", lambda client: client.unacknowledge(ids))

    def claim(self, row: AlertRow) -> None:
        """Take the work on it, whoever has it; they are told."""
        self._send(f"claim {_name([row])}", lambda c: c.claim(row.alert_id))

    def resolve(self, row: AlertRow) -> None:
        """Say that it is over; ten seconds to undo."""

        def done(_: object) -> None:
            self._desk.offer_undo(f"Resolved {_name([row])}", lambda: self.reopen(row))

        self._send(f"resolve {_name([row])}", lambda c: c.resolve(row.alert_id), done)

    def close(self, row: AlertRow) -> None:
        """Put it away; ten seconds to undo."""

        def done(_: object) -> None:
            self._desk.offer_undo(f"Closed {_name([row])}", lambda: self.reopen(row))

        self._send(f"close {_name([row])}", lambda c: c.close_alert(row.alert_id), done)

    def reopen(self, row: AlertRow) -> None:
        """Bring it back."""
        self._send(f"reopen {_name([row])}", lambda c: c.reopen(row.alert_id))

    def note(self, row: AlertRow, text: str) -> None:
        """Write into its history."""
        self._send(f"the note on {_name([row])}", lambda c: c.note(row.alert_id, text))

    def escalate(self, row: AlertRow) -> None:
        """Make an incident of it that this operator commands, and go there."""
        operator = self._desk.operator()

        def done(incident: dict[str, Any]) -> None:
            name = str(incident.get("incident_id") or incident.get("id") or "")
            self._desk.say(f"{name} is open", f"{operator} commands it", icon="siren")
            self._desk.show_thing(name)

        self._send(
            f"escalate {_name([row])}",
            lambda client: client.escalate(row.alert_id, incident_commander=operator),
            done,
        )

    def actions(
        self,
        row: AlertRow,
        targets: Sequence[AlertRow],
        start_note: Callable[[], None],
        start_silence: Callable[[], None],
    ) -> list[Action]:
        """The actions on one alert (or the group it leads), the primary one first."""
        group = f"For {row.alert_id}, {row.title}"

        def make(key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
            return Action(key=key, title=title, keys=keys, icon=icon, group=group, run=run)

        waiting = [one for one in targets if one.status == "active"]
        many = f" {len(waiting)} alerts" if len(waiting) > 1 else ""
        acknowledge = make(
            "ack", f"Acknowledge{many}", "A", "check", lambda: self.acknowledge(waiting)
        )
        mine = row.owner in ("", self._desk.operator())
        title = "Claim" if mine else f"Take over from {short_name(row.owner)}"
        claim = make("investigate", title, "I", "search", lambda: self.claim(row))
        resolve = make("resolve", "Resolve", "R", "circle-check", lambda: self.resolve(row))
        escalate = make("escalate", "Escalate", "E", "arrow-up-right", lambda: self.escalate(row))
        if row.incident_id:
            escalate = make(
                "incident",
                f"Open {row.incident_id}",
                "E",
                "siren",
                lambda: self._desk.show_thing(row.incident_id),
            )
        note = make("note", "Note", "N", "message-square-plus", start_note)
        silence = make("silence", "Silence", "S", "bell-off", start_silence)
        close = make("close", "Close", "C", "folder", lambda: self.close(row))
        reopen = make("reopen", "Reopen", "O", "rotate-ccw", lambda: self.reopen(row))
        if row.status == "investigating":
            return [resolve, escalate, silence, note, *([] if mine else [claim])]
        if row.status == "acknowledged":
            return [claim, escalate, resolve, silence, note]
        if row.status in _OPEN or waiting:
            return [acknowledge, escalate, resolve, silence, note, claim]
        if row.status == "resolved":
            return [close, reopen, note]
        return [reopen, note]


def _name(rows: Sequence[AlertRow]) -> str:
    if len(rows) != 1:
        return f"{len(rows)} alerts"
    return f"{rows[0].service}: {rows[0].title}" if rows[0].service else rows[0].title
