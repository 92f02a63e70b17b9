"""Signals of the mails that monitoring systems send: what is wrong, how bad, is it over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr

from crisisdesk.domain.severity import SEVERITY_RANK, Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources.payload import fit_key, fit_title

SOURCE = "mail"
BODY_CHARS = 4_000
SUBJECT_CHARS = 1_000
PROBLEM = ("problem", "alert", "alarm", "down", "failed", "failure", "firing", "triggered")
OVER = ("recovery", "recovered", "resolved", "ok", "up", "normal", "cleared", "closed")
_WORD = re.compile(r"\w+")
_REPLY = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How subjects are understood. All words are in small letters."""

    source_id: str
    senders: Sequence[str]
    over: frozenset[str]
    severities: Mapping[str, Severity]
    severity: Severity


def signal_of(raw: bytes, reading: Reading) -> Signal | None:
    """The signal of one mail; None for a sender that is not listed, or a mail without a subject.

    Two mails are about one thing when their subjects are the same but for the words that tell
    how bad it is, or that it is over.
    """
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        sender, subject = _header(mail, "From"), _header(mail, "Subject")
    except (MessageError, ValueError, LookupError, AttributeError, IndexError, TypeError):
        # The parser of the standard library gives up on some headers in ways of its own.
        return None
    subject = _REPLY.sub("", " ".join(subject.split()))[:SUBJECT_CHARS]
    if not subject or not _is_listed(parseaddr(sender)[1].casefold(), reading.senders):
        return None
    words = _WORD.findall(subject.casefold())
    levels = [reading.severities[word] for word in words if word in reading.severities]
    worst = max(levels, key=lambda level: SEVERITY_RANK[level], default=reading.severity)
    said = reading.over.union(PROBLEM, reading.severities)
    about = " ".join(word for word in words if word not in said) or subject.casefold()
    title, description = fit_title(subject, _body(mail))
    is_over = any(word in reading.over for word in words)
    return Signal(
        source=SOURCE,
        key=fit_key(f"{reading.source_id}:{about}"),
        action=SignalAction.RESOLVE if is_over else SignalAction.FIRE,
        severity=worst,
        title=title,
        description=description,
        labels={"from": parseaddr(sender)[1][:200]},
    )


def _header(mail: EmailMessage, name: str) -> str:
    return "".join(c if c.isprintable() else " " for c in str(mail.get(name, "")))


def _is_listed(sender: str, listed: Sequence[str]) -> bool:
    return any(
        one == "*" or sender == one or (one.startswith("@") and sender.endswith(one))
        for one in listed
    )


def _body(mail: EmailMessage) -> str:
    try:
        part = mail.get_body(("plain",))
        text = part.get_content() if part is not None else ""
    except (MessageError, ValueError, LookupError, AttributeError, KeyError, TypeError):
        return "The text of the mail cannot be read."
    plain = "".join(c if c.isprintable() or c in "\n\t" else " " for c in str(text)).strip()
    return plain[:BODY_CHARS]
