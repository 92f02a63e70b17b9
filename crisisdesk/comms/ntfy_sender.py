"""ntfy: ``ntfys://host/topic``, ``ntfy://host/topic`` without TLS, ``ntfys://topic`` in public."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from crisisdesk.comms.address_parts import Parts, check_parameters, one_recipient, parts_of
from crisisdesk.comms.channels import NTFY_CLOUD, AddressError, is_ntfy_cloud
from crisisdesk.comms.direct_sender import cut_bytes
from crisisdesk.comms.http_lines import Answer, Question, json_body
from crisisdesk.comms.verdicts import refusal
from crisisdesk.domain.answering import ACTION_LABELS, Action, Offer
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.ports import Confirmation, Outcome, Outgoing

PRIORITY: dict[str, int] = {
    Severity.LOW: 2,
    Severity.MEDIUM: 3,
    Severity.HIGH: 4,
    Severity.CRITICAL: 5,
    Severity.EMERGENCY: 5,
}
PRIORITY_WORDS = {
    **{str(number): number for number in range(1, 6)},
    "min": 1,
    "low": 2,
    "default": 3,
    "normal": 3,
    "high": 4,
    "max": 5,
    "urgent": 5,
}
SIGN: dict[str, str] = {
    Severity.LOW: "information_source",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "warning",
    Severity.CRITICAL: "rotating_light",
    Severity.EMERGENCY: "rotating_light",
}
KNOWN = frozenset(
    {"to", "token", "auth", "mode", "priority", "tags", "xtags", "click", "email", "image"}
)
# A longer message would come as a file that must be opened first.
MESSAGE_BYTES = 4000
TITLE_BYTES = 250
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Ntfy:
    """One message for each page, loud by its severity."""

    def check(self, url: str) -> None:
        """Refuse what `question` would, and parameters that mean nothing here."""
        parts = parts_of(url)
        _place(parts, url)
        check_parameters(parts, KNOWN)
        wanted = parts.given.get("priority", "")
        if wanted and wanted.lower() not in PRIORITY_WORDS:
            raise AddressError("The priority of ntfy is 1 to 5, or min, low, high, max.")

    def question(self, outgoing: Outgoing) -> Question:
        """A message in JSON to the server's root."""
        parts = parts_of(outgoing.url)
        base, topic = _place(parts, outgoing.url)
        token = _token(parts)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        basic = (parts.user, parts.password) if parts.user and not token else None
        return Question(
            url=f"{base}/",
            content=json_body(_message(parts, topic, outgoing)),
            headers=headers,
            auth=basic,
        )

    def judge(self, answer: Answer) -> Outcome:
        """200 with the message's id."""
        if not answer.is_yes:
            return refusal(answer)
        number = answer.data.get("id")
        if not number:
            return Outcome(ok=False, words="answer without message id")
        return Outcome(ok=True, words="", provider_id=str(number))

    def inquiry(self, url: str, provider_id: str) -> Question | None:
        """The message as the topic gives it out; which telephones have it no server knows.

        Only loop tests are asked after: a page is not read because its server has it.
        """
        parts = parts_of(url)
        base, topic = _place(parts, url)
        token = _token(parts)
        basic = (parts.user, parts.password) if parts.user and not token else None
        return Question(
            method="GET",
            url=f"{base}/{topic}/json?poll=1&id={quote(provider_id, safe='')}",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            auth=basic,
        )

    def read(self, answer: Answer) -> Confirmation:
        """Whether the topic gives the message out."""
        if answer.is_yes and answer.data.get("event") == "message":
            return Confirmation(state="delivered", words="the topic gives it out")
        return Confirmation(state="unknown", words="the topic does not give it out")


def _place(parts: Parts, url: str) -> tuple[str, str]:
    """(the server's address, the one topic)."""
    topics = [*parts.path, *(t for t in parts.given.get("to", "").split(",") if t.strip())]
    host, secure = parts.host, parts.scheme == "ntfys"
    if is_ntfy_cloud(url):
        if host.lower() != NTFY_CLOUD:
            topics.insert(0, host)
        host, secure = NTFY_CLOUD, True
    one_recipient(len(topics))
    if not topics or not _TOPIC.fullmatch(topics[0].strip()):
        raise AddressError(
            "ntfy needs a topic of letters, digits, “_” and “-”, at most 64: ntfys://host/topic."
        )
    port = "" if parts.port is None or host == NTFY_CLOUD else f":{parts.port}"
    return f"http{'s' if secure else ''}://{host}{port}", topics[0].strip()


def _token(parts: Parts) -> str:
    """An access token, which begins with tk_ where it stands in a name's place."""
    if token := parts.given.get("token"):
        return token
    wanted = parts.given.get("auth", "").lower() == "token"
    if wanted or (parts.user.startswith("tk_") and not parts.password):
        return parts.password or parts.user
    return ""


def _actions(link: str, offer: Offer) -> list[dict[str, Any]]:
    """Buttons: the first answers from where it is, the others open a page."""
    actions: list[dict[str, Any]] = []
    if offer.have_url:
        label = ACTION_LABELS[Action.HAVE]
        send = {"url": offer.have_url, "method": "POST", "clear": True}
        actions.append({"action": "http", "label": label, **send})
    if offer.next_url:
        label = ACTION_LABELS[Action.NEXT]
        actions.append({"action": "view", "label": label, "url": offer.next_url})
    if link:
        actions.append({"action": "view", "label": "Open the alert", "url": link})
    return actions


def _message(parts: Parts, topic: str, outgoing: Outgoing) -> dict[str, Any]:
    given = parts.given
    tags = [tag.strip() for tag in (given.get("xtags") or given.get("tags", "")).split(",")]
    message: dict[str, Any] = {
        "topic": topic,
        "title": cut_bytes(outgoing.title, TITLE_BYTES),
        "message": cut_bytes(outgoing.text or outgoing.title, MESSAGE_BYTES),
        "priority": PRIORITY_WORDS.get(given.get("priority", "").lower())
        or PRIORITY.get(outgoing.severity, 5),
        "tags": [SIGN.get(outgoing.severity, "warning"), *(tag for tag in tags if tag)],
    }
    offer = outgoing.answer or Offer()
    if link := outgoing.link or offer.have_url or given.get("click", ""):
        message["click"] = link
    if actions := _actions(outgoing.link, offer):
        message["actions"] = actions
    if given.get("email"):
        message["email"] = given["email"]
    return message
