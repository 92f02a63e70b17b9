"""What desk and command line ask about incidents: a part of `api.client.Client`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json


class IncidentCalls(Calls):
    """A part of `api.client.Client`."""

    def incidents(self, **asked: Any) -> Json:
        """A page: ``results`` and ``next``; arguments as the list route's query."""
        return self._ask("GET", "/crisis/incidents/", asked)

    def incident(self, incident_id: str) -> Json:
        """One incident."""
        return self._ask("GET", _incident(incident_id))

    def open_incident(self, title: str, severity: str, **fields: Any) -> Json:
        """Declare one."""
        return self._tell(
            "POST", "/crisis/incidents/", {"title": title, "severity": severity, **fields}
        )

    def edit_incident(self, incident_id: str, **changes: Any) -> Json:
        """New values of its fields, or a new status."""
        return self._tell("PATCH", _incident(incident_id), changes)

    def incident_status(self, incident_id: str, status: str, resolution_summary: str = "") -> Json:
        """Move it up its ladder."""
        body = {"status": status}
        if resolution_summary:
            body["resolution_summary"] = resolution_summary
        return self.edit_incident(incident_id, **body)

    def reopen_incident(self, incident_id: str, reason: str = "") -> Json:
        """Bring it back."""
        return self.edit_incident(incident_id, status="investigating", reason=reason)

    def incident_history(self, incident_id: str) -> list[Json]:
        """Who did what with it, oldest first."""
        found: list[Json] = self._ask("GET", f"{_incident(incident_id)}history/")["results"]
        return found

    def updates(self, incident_id: str, **asked: Any) -> Json:
        """A page of its timeline."""
        return self._ask("GET", f"{_incident(incident_id)}updates/", asked)

    def post_update(self, incident_id: str, title: str, **fields: Any) -> Json:
        """Write an entry on its timeline."""
        return self._tell("POST", f"{_incident(incident_id)}updates/", {"title": title, **fields})

    def edit_update(self, incident_id: str, update_id: str, **changes: Any) -> Json:
        """New values of an entry."""
        path = f"{_incident(incident_id)}updates/{_part(update_id)}/"
        return self._tell("PATCH", path, changes)

    def link_alert(self, incident_id: str, alert_id: str) -> Json:
        """Attach an alert."""
        return self._tell("POST", f"{_incident(incident_id)}alerts/{_part(alert_id)}/")

    def unlink_alert(self, incident_id: str, alert_id: str) -> Json:
        """Take an alert off."""
        return self._tell("DELETE", f"{_incident(incident_id)}alerts/{_part(alert_id)}/")

    def merge_incident(self, incident_id: str, into: str, reason: str = "") -> Json:
        """Make it a part of another one; the answer is that other one."""
        path = f"{_incident(incident_id)}merge/"
        return self._tell("POST", path, {"into": into, "reason": reason})

    def unmerge_incident(self, incident_id: str, reason: str = "") -> Json:
        """Let it stand for itself again."""
        return self._tell("POST", f"{_incident(incident_id)}unmerge/", {"reason": reason})

    def split_incident(self, incident_id: str, alerts: list[str], **fields: Any) -> Json:
        """Make an incident of its own of some of its alerts; the answer is the new one."""
        path = f"{_incident(incident_id)}split/"
        return self._tell("POST", path, {"alerts": alerts, **fields})

    def restrict_incident(self, incident_id: str, readers: list[str], reason: str = "") -> Json:
        """Show what it is about to those who work on it and to these alone."""
        path = f"{_incident(incident_id)}restriction/"
        return self._tell("PUT", path, {"readers": readers, "reason": reason})

    def unrestrict_incident(self, incident_id: str) -> Json:
        """Show it to all again."""
        return self._tell("DELETE", f"{_incident(incident_id)}restriction/")

    def incident_plan(self, incident_id: str) -> Json:
        """The response plan that it follows, with its clocks as moments."""
        return self._ask("GET", f"{_incident(incident_id)}plan/")

    def incident_channels(self, incident_id: str) -> list[Json]:
        """By what its people speak to each other."""
        found: list[Json] = self._ask("GET", f"{_incident(incident_id)}channels/")["results"]
        return found

    def set_incident_channel(self, incident_id: str, name: str, kind: str, **more: str) -> Json:
        """Set a channel, or change the one of that name; ``more`` are ``address`` and ``use``."""
        told = {"name": name, "kind": kind, **more}
        return self._tell("POST", f"{_incident(incident_id)}channels/", told)

    def remove_incident_channel(self, incident_id: str, name: str) -> Json:
        """Take a channel away."""
        return self._tell("DELETE", f"{_incident(incident_id)}channels/{_part(name)}/")


def _part(name: str) -> str:
    return quote(name, safe="")


def _incident(incident_id: str) -> str:
    return f"/crisis/incidents/{_part(incident_id)}/"
