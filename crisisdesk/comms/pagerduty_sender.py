"""PagerDuty's Events API v2: ``pagerduty://RoutingKey`` or ``pagerduty://RoutingKey@…/Source``."""

from __future__ import annotations

import re
from typing import Any

from crisisdesk.comms.address_parts import Parts, base_of, check_parameters, parts_of
from crisisdesk.comms.channels import AddressError
from crisisdesk.comms.direct_sender import cut, short_key
from crisisdesk.comms.http_lines import Answer, Question, json_body
from crisisdesk.comms.verdicts import refusal
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.ports import Confirmation, Outcome, Outgoing

HOSTS = {"us": "events.pagerduty.com", "eu": "events.eu.pagerduty.com"}
SEVERITY: dict[str, str] = {
    Severity.LOW: "info",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "critical",
    Severity.EMERGENCY: "critical",
}
KNOWN = frozenset({"host", "region", "source", "component", "group", "class", "severity", "image"})
SUMMARY_LIMIT = 1024
DEDUP_LIMIT = 255
# Six bytes a character at worst, and the whole body may have 512 KB.
DETAIL_LIMIT = 60_000
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class PagerDuty:
    """One event for each page; all pages of one life of an alert are one alert there."""

    def check(self, url: str) -> None:
        """Refuse what `question` would, and parameters that mean nothing here."""
        parts = parts_of(url)
        _routing_key(parts)
        _base(parts)
        check_parameters(parts, KNOWN)

    def question(self, outgoing: Outgoing) -> Question:
        """A ``trigger`` event."""
        parts = parts_of(outgoing.url)
        return Question(
            url=f"{_base(parts)}/v2/enqueue",
            content=json_body(_event(parts, outgoing)),
            headers={"Content-Type": "application/json"},
        )

    def judge(self, answer: Answer) -> Outcome:
        """202 with ``status: success`` is a yes; 400 will never be one."""
        if not answer.is_yes:
            errors = answer.data.get("errors")
            told = "; ".join(str(one) for one in errors) if isinstance(errors, list) else ""
            more = f" ({told})" if told and told not in answer.text else ""
            return refusal(answer, more=more)
        data = answer.data
        if data.get("status") != "success":
            words = str(data.get("message") or data.get("status") or "answer without status")
            return Outcome(ok=False, words=words)
        return Outcome(
            ok=True,
            words=str(data.get("message", "")),
            provider_id=str(data.get("dedup_key", "")),
        )

    def inquiry(self, _url: str, _provider_id: str) -> Question | None:
        """A routing key opens nothing that could be asked."""
        return None

    def read(self, _answer: Answer) -> Confirmation:
        """Nothing is ever asked."""
        return Confirmation(state="unknown", words="PagerDuty does not tell")


def _routing_key(parts: Parts) -> str:
    """The key stands before an @ in the older form, alone otherwise."""
    key = parts.user or parts.host
    if not _KEY.fullmatch(key):
        raise AddressError(
            "pagerduty:// needs the integration (routing) key of an Events API v2 integration, "
            "32 letters and digits: pagerduty://RoutingKey."
        )
    return key


def _base(parts: Parts) -> str:
    region = parts.given.get("region", "us").lower()
    if region not in HOSTS:
        raise AddressError("The region of PagerDuty is “us” or “eu”.")
    return base_of(parts, HOSTS[region])


def _event(parts: Parts, outgoing: Outgoing) -> dict[str, Any]:
    given, path = parts.given, parts.path
    wanted = given.get("severity", "").lower()
    payload: dict[str, Any] = {
        "summary": cut(outgoing.title or outgoing.text or outgoing.alert_id, SUMMARY_LIMIT),
        "source": given.get("source") or (path[0] if path else "") or "CrisisDesk",
        "severity": wanted
        if wanted in SEVERITY.values()
        else SEVERITY.get(outgoing.severity, "critical"),
        "custom_details": {
            **parts.details,
            "text": cut(outgoing.text, DETAIL_LIMIT),
            "alert": outgoing.alert_id,
            "severity": outgoing.severity,
            "delivery": outgoing.key,
            "possible_repeat": outgoing.possible_repeat,
        },
    }
    optional = {
        "component": given.get("component") or (path[1] if len(path) > 1 else ""),
        "group": given.get("group", ""),
        "class": given.get("class", ""),
    }
    payload |= {name: value for name, value in optional.items() if value}
    event: dict[str, Any] = {
        "routing_key": _routing_key(parts),
        "event_action": "trigger",
        "dedup_key": short_key(outgoing.thread or outgoing.key, DEDUP_LIMIT),
        "client": "CrisisDesk",
        "payload": payload,
    }
    if outgoing.link:
        event["client_url"] = outgoing.link
        event["links"] = [{"href": outgoing.link, "text": "Open the alert"}]
    return event
