"""What the client asks about who has an alert."""

from __future__ import annotations

from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json


class HandCalls(Calls):
    """A part of `api.client.Client`."""

    def still_on_it(self, alert_ids: list[str], *, epochs: list[str] | None = None) -> list[str]:
        """Say that one still has them, all or none; their ids."""
        body = {"alert_ids": alert_ids, "epochs": epochs or []}
        changed: list[str] = self._tell("POST", "/crisis/alerts/still/", body)["changed"]
        return changed

    def claim(self, alert_id: str) -> Json:
        """Take the work on it, whoever has it; the alert."""
        return self._tell("POST", f"{_alert(alert_id)}claim/")

    def hand_off(self, alert_id: str, to: str, note: str = "") -> Json:
        """Ask somebody to take it over: a contact's id or name, or an operator; the alert."""
        body = {"to": to, "note": note}
        return self._tell("POST", f"{_alert(alert_id)}hand-off/", body)

    def accept(self, alert_id: str) -> Json:
        """Take over what was offered; the alert."""
        return self._tell("POST", f"{_alert(alert_id)}hand-off/accept/")

    def decline(self, alert_id: str, reason: str) -> Json:
        """Say that one does not take it; the alert."""
        return self._tell("POST", f"{_alert(alert_id)}hand-off/decline/", {"reason": reason})

    def withdraw_hand_off(self, alert_id: str) -> Json:
        """Take the offer back; the alert."""
        return self._tell("DELETE", f"{_alert(alert_id)}hand-off/")


def _alert(alert_id: str) -> str:
    return f"/crisis/alerts/{quote(alert_id, safe='')}/"
