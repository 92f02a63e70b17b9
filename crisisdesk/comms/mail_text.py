"""A page as a mail: plain text, with an id of its own that a repeat has as well.

Written by hand: the standard library parses every header again, which takes 1.5 ms a mail.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, quote

from crisisdesk.comms.direct_sender import cut
from crisisdesk.comms.mail_address import MailRoute
from crisisdesk.domain.answering import Offer
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.ports import Outgoing

SUBJECT_LIMIT = 250
LINE_LENGTH = 76
CRLF = "\r\n"
_LOUD = frozenset({Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY})
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "references", "mime-version"}
)
_LINE_END = re.compile(r"\r\n|\r|\n")


def mail_of(outgoing: Outgoing, route: MailRoute, now_ms: int) -> bytes:
    """The whole mail, its lines ending in CRLF; 7 bits but for addresses outside ASCII."""
    text = outgoing.text or outgoing.title
    if outgoing.link and outgoing.link not in text:
        text = f"{text}\n\n{outgoing.link}"
    body = CRLF.join(_LINE_END.split(text)) + "\r\n"
    head = CRLF.join(_headers(outgoing, route, now_ms))
    return (
        head.encode() + b"\r\n\r\n" + binascii.b2a_qp(body.encode("utf-8", "replace"), istext=True)
    )


def _headers(outgoing: Outgoing, route: MailRoute, now_ms: int) -> Iterator[str]:
    domain = route.sender.rpartition("@")[2]
    yield _worded("Subject", cut(outgoing.title, SUBJECT_LIMIT))
    yield f"From: {_named(route.sender_name, route.sender)}"
    yield f"To: {route.to}"
    offer = outgoing.answer or Offer()
    reply_to = (offer.reply_to,) if offer.reply_to else route.reply_to
    for name, addresses in (("Cc", route.cc), ("Reply-To", reply_to)):
        if addresses:
            yield f"{name}: " + ",\r\n ".join(addresses)
    yield f"Date: {format_datetime(datetime.fromtimestamp(now_ms / 1000, tz=UTC))}"
    own = f"<cd.{offer.reply_token}@{domain}>" if offer.reply_token else ""
    yield f"Message-ID: {own or _id_of(outgoing.key, domain)}"
    if outgoing.thread:
        # An id that no mail has: what refers to the same one stands together at the reader's.
        yield f"References: {_id_of(outgoing.thread, domain)}"
    yield "Auto-Submitted: auto-generated"
    if outgoing.severity in _LOUD:
        yield "Importance: high"
        yield "X-Priority: 1"
    for name, value in route.headers:
        if name.lower() not in _OURS and not name.lower().startswith("content-"):
            yield _worded(name, value)
    yield "MIME-Version: 1.0"
    yield 'Content-Type: text/plain; charset="utf-8"'
    yield "Content-Transfer-Encoding: quoted-printable"


def _worded(name: str, value: str) -> str:
    """A header of free words: one that ends where it should, whatever the words are."""
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if line.isascii() and "=?" not in line and len(name) + len(line) + 2 <= LINE_LENGTH:
        return f"{name}: {line}"
    coded = Header(line, "utf-8", maxlinelen=LINE_LENGTH, header_name=name)
    return f"{name}: {coded.encode(linesep=CRLF)}"


def _named(name: str, address: str) -> str:
    """``"Name" <address>``, or the address alone."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not shown:
        return address
    coded = f'"{quote(shown)}"' if shown.isascii() else Header(shown, "utf-8").encode()
    return f"{coded} <{address}>"


def _id_of(key: str, domain: str) -> str:
    return f"<{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}>"
