"""Opsgenie's Alert API: ``opsgenie://ApiKey`` or ``opsgenie://ApiKey/@user/*schedule``."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

from crisisdesk.comms.address_parts import Parts, base_of, check_parameters, parts_of
from crisisdesk.comms.channels import AddressError
from crisisdesk.comms.direct_sender import cut, short_key, untold
from crisisdesk.comms.http_lines import Answer, Question, json_body
from crisisdesk.comms.verdicts import refusal
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.ports import Confirmation, Outcome, Outgoing

HOSTS = {"us": "api.opsgenie.com", "eu": "api.eu.opsgenie.com"}
PRIORITY: dict[str, str] = {
    Severity.LOW: "P4",
    Severity.MEDIUM: "P3",
    Severity.HIGH: "P2",
    Severity.CRITICAL: "P1",
    Severity.EMERGENCY: "P1",
}
KNOWN = frozenset({"host", "region", "priority", "entity", "tags", "to", "batch"})
MESSAGE_LIMIT = 130
TEXT_LIMIT = 15_000
ALIAS_LIMIT = 512
TAG_LIMIT = 50
TAGS_LIMIT = 20
NOT_YET = 404
_PRIORITY = re.compile(r"[Pp]?([1-5])")
_KEY = re.compile(r"[A-Za-z0-9-]{16,64}")
# How each kind of responder begins, how it is called there, and what it is called by.
_KINDS = {
    "#": ("team", "name"),
    "*": ("schedule", "name"),
    "^": ("escalation", "name"),
    "@": ("user", "username"),
}


class Opsgenie:
    """One request for each page; the alias makes all pages of one life of an alert one alert."""

    def check(self, url: str) -> None:
        """Refuse what `question` would, and parameters that mean nothing here."""
        parts = parts_of(url)
        _authorization(parts)
        _base(parts)
        check_parameters(parts, KNOWN)
        if (wanted := parts.given.get("priority", "")) and not _PRIORITY.fullmatch(wanted):
            raise AddressError("The priority of Opsgenie is P1 (worst) to P5.")

    def question(self, outgoing: Outgoing) -> Question:
        """The request to create an alert; it is worked off later."""
        parts = parts_of(outgoing.url)
        if parts.given.get("action", "new") != "new":
            raise AddressError(
                "nothing was sent; check the address: the action of an Opsgenie address can only "
                "be “new”. Remove “action”."
            )
        return Question(
            url=f"{_base(parts)}/v2/alerts",
            content=json_body(_alert(parts, outgoing)),
            headers={
                "Content-Type": "application/json",
                "Authorization": _authorization(parts),
            },
        )

    def judge(self, answer: Answer) -> Outcome:
        """202 with a request's id says only that the request was taken."""
        if not answer.is_yes:
            return refusal(answer)
        number = answer.data.get("requestId")
        if not number:
            return Outcome(ok=False, words="answer without request id")
        return Outcome(ok=True, words=str(answer.data.get("result", "")), provider_id=str(number))

    def inquiry(self, url: str, provider_id: str) -> Question | None:
        """The state of that request."""
        parts = parts_of(url)
        return Question(
            method="GET",
            url=f"{_base(parts)}/v2/alerts/requests/{quote(provider_id, safe='')}",
            headers={"Authorization": _authorization(parts)},
        )

    def read(self, answer: Answer) -> Confirmation:
        """Delivered means that the alert stands there; who was reached is Opsgenie's to know."""
        if answer.code == NOT_YET:
            return Confirmation(state="pending", words="not worked off yet")
        found = answer.data.get("data")
        if not answer.is_yes or not isinstance(found, dict):
            return untold(answer)
        done = found.get("isSuccess", found.get("success"))
        if not isinstance(done, bool):
            return untold(answer)
        words = str(found.get("status", ""))
        return Confirmation(state="delivered" if done else "failed", words=words)


def _authorization(parts: Parts) -> str:
    if not _KEY.fullmatch(parts.host):
        raise AddressError(
            "opsgenie:// needs the key of an API integration: opsgenie://ApiKey or "
            "opsgenie://ApiKey/@user."
        )
    return f"GenieKey {parts.host}"


def _base(parts: Parts) -> str:
    region = parts.given.get("region", "us").lower()
    if region not in HOSTS:
        raise AddressError("The region of Opsgenie is “us” or “eu”.")
    return base_of(parts, HOSTS[region])


def _alert(parts: Parts, outgoing: Outgoing) -> dict[str, Any]:
    given = parts.given
    alert: dict[str, Any] = {
        "message": cut(outgoing.title or outgoing.alert_id, MESSAGE_LIMIT),
        "alias": short_key(outgoing.thread or outgoing.key, ALIAS_LIMIT),
        "description": cut(outgoing.text, TEXT_LIMIT),
        "source": "CrisisDesk",
        "priority": _priority(given.get("priority", ""), outgoing.severity),
        "details": {
            **parts.details,
            "alert": outgoing.alert_id,
            "severity": outgoing.severity,
            "delivery": outgoing.key,
            **({"link": outgoing.link} if outgoing.link else {}),
        },
    }
    if parts.user:
        alert["user"] = parts.user
    if given.get("entity"):
        alert["entity"] = given["entity"]
    tags = [tag.strip()[:TAG_LIMIT] for tag in given.get("tags", "").split(",") if tag.strip()]
    if tags:
        alert["tags"] = tags[:TAGS_LIMIT]
    names = [*parts.path, *given.get("to", "").split(",")]
    responders = [_responder(name.strip()) for name in names if name.strip()]
    if responders:
        alert["responders"] = responders
    return alert


def _responder(name: str) -> dict[str, str]:
    kind, called = _KINDS.get(name[0], _KINDS["@"])
    rest = name[1:] if name[0] in _KINDS else name
    try:
        return {"type": kind, "id": str(UUID(rest))}
    except ValueError:
        return {"type": kind, called: rest}


def _priority(wanted: str, severity: str) -> str:
    found = _PRIORITY.fullmatch(wanted)
    return f"P{found.group(1)}" if found else PRIORITY.get(severity, "P1")
