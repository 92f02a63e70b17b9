"""Mail addresses: which relay takes the mail, under which name, for whom.

The form is Apprise's ``mailto(s)://user:password@relay?to=ann@example.org``; what it knows of the
big mail providers (relay, port, kind of TLS, login) is asked of Apprise once for each relay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import getaddresses
from functools import lru_cache
from typing import Literal, get_args
from urllib.parse import urlsplit, urlunsplit

from crisisdesk.comms.address_parts import check_parameters, one_recipient, parts_of
from crisisdesk.comms.apprise_sender import plugin_of
from crisisdesk.comms.channels import AddressError

Mode = Literal["starttls", "ssl", "insecure"]
_RECIPIENTS = frozenset({"to", "cc", "bcc", "reply", "format", "overflow", "inline"})
KNOWN = frozenset({"to", "cc", "bcc", "reply", "from", "name", "smtp", "mode", "format"})
_HEADER = re.compile(r"[!-9;-~]{1,70}")
EXAMPLE = "mailtos://user:password@mail.example.org?to=ann@example.org"


@dataclass(frozen=True, kw_only=True, slots=True)
class Relay:
    """A mail server and who we are there; the login is given only with a password."""

    host: str
    port: int
    mode: Mode
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailRoute:
    """Where a mail goes; addresses are bare, ``sender_name`` may be empty."""

    relay: Relay
    sender: str
    sender_name: str
    to: str
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def everyone(self) -> tuple[str, ...]:
        """Whom the relay is told, each once, the one that counts first."""
        return tuple(dict.fromkeys((self.to, *self.cc, *self.bcc)))


def check_mail(url: str) -> None:
    """Refuse what `mail_route` would, and parameters that mean nothing here."""
    parts = parts_of(url)
    check_parameters(parts, KNOWN)
    mail_route(url)


def mail_route(url: str) -> MailRoute:
    """Where the mails of this address go; AddressError names the remedy.

    Loads Apprise the first time (0.6 s), and blocks 1 ms for each relay that is new.
    """
    parts = parts_of(url)
    if "wkd" in parts.given:
        raise AddressError("Mail is not encrypted to a key here. Remove “wkd”.")
    relay, sender, name, headers = _relay_of(_without_recipients(url))
    to = _addresses([*parts.path, parts.given.get("to", "")])
    one_recipient(len(to))
    return MailRoute(
        relay=relay,
        sender=sender,
        sender_name=name,
        to=to[0] if to else sender,
        cc=_addresses([parts.given.get("cc", "")]),
        bcc=_addresses([parts.given.get("bcc", "")]),
        reply_to=_addresses([parts.given.get("reply", "")]),
        headers=headers,
    )


def _without_recipients(url: str) -> str:
    """The part of an address that is the same for all its recipients."""
    split = urlsplit(url.strip())
    kept = [
        pair
        for pair in split.query.split("&")
        if pair and pair.partition("=")[0].lower() not in _RECIPIENTS
    ]
    return urlunsplit((split.scheme, split.netloc, "", "&".join(kept), ""))


@lru_cache(maxsize=64)
def _relay_of(url: str) -> tuple[Relay, str, str, tuple[tuple[str, str], ...]]:
    """(relay, sender's address, sender's name, further headers)."""
    plugin = plugin_of(url)
    if plugin is None or plugin.secure_mode not in get_args(Mode):
        raise AddressError(
            "The address is no valid mail address: a part is missing or malformed. Compare it "
            f"with the pattern {EXAMPLE}; without a user add from=desk@example.org."
        )
    if any(not _HEADER.fullmatch(header) for header in plugin.headers):
        raise AddressError("The name of a mail header is malformed. Write it as +X-Team=web.")
    name, sender = plugin.from_addr
    relay = Relay(
        host=plugin.smtp_host,
        port=int(plugin.port),
        mode=plugin.secure_mode,
        user=plugin.user or "",
        password=plugin.password or "",
    )
    return relay, sender, name or "", tuple(plugin.headers.items())


def _addresses(texts: list[str]) -> tuple[str, ...]:
    found = [address for _name, address in getaddresses(texts) if address]
    for text in (*texts, *found):
        if not text.isprintable():
            raise AddressError("A recipient holds control characters. Type it again.")
    for address in found:
        local, at, domain = address.rpartition("@")
        if not (local and at and domain) or any(c in " <>" for c in address):
            raise AddressError("A recipient is no mail address. Write it as ann@example.org.")
    return tuple(found)
