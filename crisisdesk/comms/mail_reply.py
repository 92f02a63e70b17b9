"""A mail that came in: whether a person wrote it, which page it answers, and what it orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

from crisisdesk.domain.answering import Action, read_mail_text

_TOKEN = re.compile(r"(?:\bcd\.|\+)([A-Za-z0-9_-]{40})(?![A-Za-z0-9_-])")
_REFERRING = ("In-Reply-To", "References", "To", "Cc", "Delivered-To", "X-Original-To")
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply")
_MARKS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id", "List-Unsubscribe")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_TOKENS_READ = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``sender`` is the one address it is from, in small letters; ``tokens`` may be of ours,
    ``mail_id`` is its own. ``why_not`` says why it orders nothing; empty when ``action`` does."""

    sender: str = ""
    tokens: tuple[str, ...] = ()
    action: Action | None = None
    mail_id: str = ""
    why_not: str = ""


def read_reply(raw: bytes) -> Reply:
    """What a mail says; never raises for what stands in it."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return _read(message)
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, IndexError) as error:
        # The parser of headers stumbles over some that no mail should have.
        return Reply(why_not=f"it cannot be read ({type(error).__name__})")


def _read(message: EmailMessage) -> Reply:
    mail_id = _header(message, "Message-ID")[:200]
    if why := _by_machine(message):
        return Reply(mail_id=mail_id, why_not=why)
    senders = [a.casefold() for _name, a in getaddresses([_header(message, "From")]) if a]
    if len(senders) != 1:
        return Reply(mail_id=mail_id, why_not="it does not come from one address")
    if senders[0].partition("@")[0] in _MACHINES:
        return Reply(mail_id=mail_id, why_not="a machine wrote it")
    text = _text(message)
    tokens = tuple(dict.fromkeys(_tokens(message, text)))[:_TOKENS_READ]
    action = read_mail_text(text)
    why = "" if tokens else "it names no page"
    if tokens and action is None:
        why = 'its first line is neither "ack" nor "next"'
    return Reply(sender=senders[0], tokens=tokens, action=action, mail_id=mail_id, why_not=why)


def _by_machine(message: EmailMessage) -> str:
    """Why it counts as written by a machine; empty for what a person seems to have written."""
    auto = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if auto not in ("", "no"):
        return "it is an automatic answer"
    if _header(message, "Precedence").strip().lower() in _BULK:
        return "it is an automatic answer"
    if any(message.get(mark) is not None for mark in _MARKS):
        return "it is an automatic answer, or comes from a list"
    if message.get_content_type() == "multipart/report":
        return "it is a report of delivery"
    if _header(message, "Return-Path").strip() == "<>":
        return "it is a report of delivery"
    return ""


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _tokens(message: EmailMessage, text: str) -> Iterator[str]:
    """What may be ours: in what it refers to first, then in what it quotes."""
    for name in _REFERRING:
        for value in message.get_all(name, ()):
            # Long headers are folded, and some programs break a line within an id.
            yield from _TOKEN.findall(re.sub(r"\s+", " ", str(value)))
    yield from _TOKEN.findall(text)


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    if not isinstance(content, str):
        return ""
    return _plain(content) if part.get_content_type() == "text/html" else content


class _Words(HTMLParser):
    """The words of a page, one block a line; what it quotes gets the sign of a quotation."""

    _BLOCKS = frozenset({"p", "div", "br", "tr", "li", "blockquote", "h1", "h2", "h3", "table"})
    _UNSEEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._quoted = self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line; go into what is quoted or not shown."""
        self._quoted += tag == "blockquote"
        self._unseen += tag in self._UNSEEN
        if tag in self._BLOCKS:
            self.words.append("\n> " if self._quoted else "\n")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in self._UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in self._BLOCKS:
            self.words.append("\n> " if self._quoted else "\n")

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if not self._unseen:
            self.words.append(" ".join(data.split()) if data.strip() else " ")


def _plain(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)
