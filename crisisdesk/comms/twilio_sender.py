"""Twilio: ``twilio://SID:Token@From/To`` for SMS and WhatsApp, ``?method=call`` for a call."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from crisisdesk.comms.address_parts import (
    Parts,
    base_of,
    check_parameters,
    one_recipient,
    parts_of,
)
from crisisdesk.comms.channels import AddressError
from crisisdesk.comms.direct_sender import untold, whole_text
from crisisdesk.comms.http_lines import Answer, Question
from crisisdesk.comms.verdicts import refusal
from crisisdesk.engine.ports import Confirmation, Outcome, Outgoing

HOST = "api.twilio.com"
KNOWN = frozenset({"host", "from", "source", "to", "apikey", "method", "sid", "token"})
SMS_LIMIT = 1600
CALL_LIMIT = 3000
# Codes that come with a 400 and still may pass: too fast for the account, the sender, the queue.
TRY_AGAIN = frozenset({14107, 20429, 21611, 63018})
# Handset off, queue overflow, unknown: another attempt may arrive.
UNLUCKY = frozenset({30001, 30003, 30008, 30017})
_STATE_OF: dict[str, Confirmation] = {
    **{
        name: Confirmation(state="pending", words=words)
        for name, words in {
            "accepted": "accepted",
            "scheduled": "scheduled",
            "queued": "queued",
            "sending": "sending",
            "sent": "sent to the carrier, which has not said yet that it arrived",
            "ringing": "ringing",
            "in-progress": "the call is under way",
        }.items()
    },
    "delivered": Confirmation(state="delivered", words="delivered"),
    "completed": Confirmation(state="delivered", words="the call was answered"),
    "read": Confirmation(state="read", words="read"),
    **{
        name: Confirmation(state="failed", words=name)
        for name in ("undelivered", "failed", "canceled", "busy", "no-answer")
    },
}
_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"(?:(w|whatsapp):)?\+?([0-9][0-9 ().-]*)", re.IGNORECASE)
SHORT_CODES = (5, 6)
NUMBER_DIGITS = range(8, 16)


class Twilio:
    """One message or call for each page; Twilio drops no repeats."""

    def check(self, url: str) -> None:
        """Refuse what `question` would, and parameters that mean nothing here."""
        parts = parts_of(url)
        _credentials(parts)
        _form(parts, "")
        base_of(parts, HOST)
        check_parameters(parts, KNOWN)

    def question(self, outgoing: Outgoing) -> Question:
        """The request to create a message or a call."""
        parts = parts_of(outgoing.url)
        text = whole_text(outgoing, CALL_LIMIT if _is_call(parts) else SMS_LIMIT)
        return Question(
            url=f"{_account(parts)}/{_kind(parts)}.json",
            content=urlencode(_form(parts, text), errors="replace").encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            auth=_credentials(parts),
        )

    def judge(self, answer: Answer) -> Outcome:
        """201 with an id; a state of failure in it is one."""
        data = answer.data
        if not answer.is_yes:
            code = data.get("code")
            outcome = refusal(answer, more=f" ({code})" if isinstance(code, int) else "")
            if code in TRY_AGAIN:
                return Outcome(ok=False, words=outcome.words, retry_after_s=outcome.retry_after_s)
            return outcome
        if not data.get("sid"):
            return Outcome(ok=False, words="answer without message id")
        status, code = str(data.get("status", "")), data.get("error_code")
        found = _STATE_OF.get(status)
        if code or (found is not None and found.state == "failed"):
            words = f"{status}: {code} {data.get('error_message') or ''}"
            return Outcome(ok=False, words=words, retryable=code in UNLUCKY)
        return Outcome(ok=True, words=status, provider_id=str(data["sid"]))

    def inquiry(self, url: str, provider_id: str) -> Question | None:
        """The message or call of that id."""
        parts = parts_of(url)
        return Question(
            method="GET",
            url=f"{_account(parts)}/{_kind(parts)}/{quote(provider_id, safe='')}.json",
            auth=_credentials(parts),
        )

    def read(self, answer: Answer) -> Confirmation:
        """Its state; of a failed one with the carrier's reason."""
        found = _STATE_OF.get(str(answer.data.get("status", ""))) if answer.is_yes else None
        if found is None:
            return untold(answer)
        code = answer.data.get("error_code")
        if found.state != "failed" or not code:
            return found
        why = answer.data.get("error_message") or ""
        return Confirmation(state="failed", words=f"{found.words}: {code} {why}".strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The two ends of a text message's way and who may ask for what came back: ``own`` is this
    side's number in international form ("" for a messaging service), ``far`` the contact's.
    ``sign_key`` signs what Twilio calls with; "" where only an API key is known."""

    account: str
    own: str
    far: str
    messages_url: str
    auth: tuple[str, str] = field(repr=False)
    sign_key: str = field(repr=False)


def line_of(url: str) -> Line | None:
    """The way of an address's text messages; None for a call. Raises AddressError."""
    parts = parts_of(url)
    if _is_call(parts):
        return None
    form, auth = _form(parts, ""), _credentials(parts)
    return Line(
        account=_sid(parts),
        own=form.get("From", ""),
        far=form["To"],
        messages_url=f"{_account(parts)}/Messages.json",
        auth=auth,
        sign_key="" if parts.given.get("apikey") else auth[1],
    )


def _credentials(parts: Parts) -> tuple[str, str]:
    """Who asks: an API key where there is one, else the account, and the secret."""
    sid, token = _sid(parts), parts.given.get("token") or parts.password
    if not token:
        raise AddressError(
            "twilio:// needs the account's token: twilio://AccountSID:AuthToken@From/To."
        )
    return parts.given.get("apikey") or sid, token


def _sid(parts: Parts) -> str:
    sid = parts.given.get("sid") or parts.user
    if not _SID.fullmatch(sid):
        raise AddressError(
            "twilio:// needs the account's SID, AC and 32 hexadecimal digits: "
            "twilio://AccountSID:AuthToken@From/To."
        )
    return sid


def _account(parts: Parts) -> str:
    return f"{base_of(parts, HOST)}/2010-04-01/Accounts/{_sid(parts)}"


def _is_call(parts: Parts) -> bool:
    return parts.given.get("method", "").lower().startswith("c")


def _kind(parts: Parts) -> str:
    return "Calls" if _is_call(parts) else "Messages"


def _form(parts: Parts, text: str) -> dict[str, str]:
    to = [*parts.path, *(one for one in parts.given.get("to", "").split(",") if one.strip())]
    one_recipient(len(to))
    sender = parts.given.get("from") or parts.given.get("source") or parts.host
    if not to:
        raise AddressError("twilio:// needs the number to reach: twilio://SID:Token@From/To.")
    if _is_call(parts):
        said = f"<Response><Say>{escape(text)}</Say></Response>"
        return {"From": _number(sender)[1], "To": _number(to[0])[1], "Twiml": said}
    if _SERVICE.fullmatch(sender):
        return {"MessagingServiceSid": sender, "To": _written(*_number(to[0])), "Body": text}
    app, source = _number(sender)
    to_app, target = _number(to[0])
    both = app or to_app
    return {"From": _written(both, source), "To": _written(both, target), "Body": text}


def _number(text: str) -> tuple[bool, str]:
    """(whether by WhatsApp, the number in international form or the short code)."""
    found = _NUMBER.fullmatch(text.strip())
    digits = re.sub(r"\D", "", found.group(2)) if found else ""
    if found and len(digits) in SHORT_CODES:
        return bool(found.group(1)), digits
    if not found or len(digits) not in NUMBER_DIGITS:
        raise AddressError(
            "twilio:// needs numbers with their country code and no plus sign, such as 15551230000."
        )
    return bool(found.group(1)), f"+{digits}"


def _written(by_app: bool, number: str) -> str:
    return f"whatsapp:{number}" if by_app else number
