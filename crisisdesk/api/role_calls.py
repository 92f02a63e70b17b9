"""What desk and command line ask about roles and decisions: a part of `api.client.Client`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json


class RoleCalls(Calls):
    """A part of `api.client.Client`."""

    def roles(self, incident_id: str) -> Json:
        """``results``, ``history`` and ``warnings`` of the roles of an incident."""
        return self._ask("GET", _roles(incident_id))

    def assume_role(self, incident_id: str, role: str, who: str = "", reason: str = "") -> Json:
        """Put somebody into a role; "" for whoever acts."""
        order = {"who": who, "reason": reason}
        return self._tell("POST", f"{_roles(incident_id, role)}assume/", order)

    def renounce_role(self, incident_id: str, role: str, who: str = "", reason: str = "") -> Json:
        """Take somebody out of a role; "" for whoever acts."""
        order = {"who": who, "reason": reason}
        return self._tell("POST", f"{_roles(incident_id, role)}renounce/", order)

    def draft_brief(self, incident_id: str, role: str) -> Json:
        """The brief as the record has it."""
        return self._ask("GET", f"{_roles(incident_id, role)}brief/")

    def offer_role(
        self, incident_id: str, role: str, to: str, brief: Json, within_s: int = 900
    ) -> Json:
        """Offer a role that one has."""
        order = {"to": to, "within_s": within_s, **brief}
        return self._tell("POST", f"{_roles(incident_id, role)}handover/", order)

    def accept_role(self, incident_id: str, role: str, read_back: str) -> Json:
        """Take over what is offered to one."""
        path = f"{_roles(incident_id, role)}handover/accept/"
        return self._tell("POST", path, {"read_back": read_back})

    def decline_role(self, incident_id: str, role: str, reason: str) -> Json:
        """Say no to an offer."""
        path = f"{_roles(incident_id, role)}handover/decline/"
        return self._tell("POST", path, {"reason": reason})

    def withdraw_role(self, incident_id: str, role: str) -> Json:
        """Take an offer back."""
        return self._tell("POST", f"{_roles(incident_id, role)}handover/withdraw/")

    def decisions(self, incident_id: str) -> list[Json]:
        """The decisions of an incident and of its parts, oldest first."""
        found: list[Json] = self._ask("GET", _decisions(incident_id))["results"]
        return found

    def log_decision(self, incident_id: str, title: str, **fields: Any) -> Json:
        """Write one down."""
        return self._tell("POST", _decisions(incident_id), {"title": title, **fields})

    def edit_decision(self, incident_id: str, decision_id: str, **changes: Any) -> Json:
        """New values of its fields."""
        return self._tell("PATCH", _decisions(incident_id, decision_id), changes)

    def object_to_decision(
        self, incident_id: str, decision_id: str, text: str, by: str = "", answer: str = ""
    ) -> Json:
        """Keep an objection, and the answer if there is one."""
        path = f"{_decisions(incident_id, decision_id)}objections/"
        return self._tell("POST", path, {"text": text, "by": by, "answer": answer})

    def answer_objection(
        self, incident_id: str, decision_id: str, objection: str, answer: str
    ) -> Json:
        """Answer one."""
        path = f"{_decisions(incident_id, decision_id)}answer/"
        return self._tell("POST", path, {"objection": objection, "answer": answer})

    def check_decision(self, incident_id: str, decision_id: str, **told: Any) -> Json:
        """Somebody has looked again; ``result`` and the next ``check_at``."""
        return self._tell("POST", f"{_decisions(incident_id, decision_id)}check/", told)

    def revert_decision(self, incident_id: str, decision_id: str, reason: str) -> Json:
        """It does not stand any more."""
        path = f"{_decisions(incident_id, decision_id)}revert/"
        return self._tell("POST", path, {"reason": reason})


def _roles(incident_id: str, role: str = "") -> str:
    path = f"/crisis/incidents/{quote(incident_id, safe='')}/roles/"
    return f"{path}{quote(role, safe='')}/" if role else path


def _decisions(incident_id: str, decision_id: str = "") -> str:
    path = f"/crisis/incidents/{quote(incident_id, safe='')}/decisions/"
    return f"{path}{quote(decision_id, safe='')}/" if decision_id else path
