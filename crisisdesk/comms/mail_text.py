"""A page as a mail: plain text, with an id of its own that a repeat has as well."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, formataddr

from crisisdesk.comms.mail_address import MailRoute
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.ports import Outgoing

_LOUD = frozenset({Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY})
_OURS = frozenset({"from", "to", "cc", "bcc", "subject", "date", "message-id", "references"})


def mail_of(outgoing: Outgoing, route: MailRoute, now_ms: int) -> bytes:
    """The whole mail in 7-bit lines ending in CRLF (addresses outside ASCII stay as they are)."""
    policy = SMTP if all(one.isascii() for one in (route.sender, *route.everyone)) else SMTPUTF8
    mail = EmailMessage(policy=policy.clone(cte_type="7bit"))
    domain = route.sender.rpartition("@")[2]
    mail["Subject"] = _writable(" ".join(outgoing.title.split()))
    mail["From"] = (
        formataddr((route.sender_name, route.sender)) if route.sender_name else (route.sender)
    )
    mail["To"] = route.to
    for name, addresses in (("Cc", route.cc), ("Reply-To", route.reply_to)):
        if addresses:
            mail[name] = ", ".join(addresses)
    mail["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, tz=UTC))
    mail["Message-ID"] = _id_of(outgoing.key, domain)
    if outgoing.thread:
        # An id that no mail has: what refers to the same one stands together at the reader's.
        mail["References"] = _id_of(outgoing.thread, domain)
    mail["Auto-Submitted"] = "auto-generated"
    if outgoing.severity in _LOUD:
        mail["Importance"] = "high"
        mail["X-Priority"] = "1"
    for name, value in route.headers:
        if name.lower() not in _OURS:
            mail[name] = " ".join(value.split())
    text = outgoing.text or outgoing.title
    if outgoing.link and outgoing.link not in text:
        text = f"{text}\n\n{outgoing.link}"
    mail.set_content(_writable(text) + "\n")
    return mail.as_bytes()


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _id_of(key: str, domain: str) -> str:
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
