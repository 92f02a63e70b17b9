"""Reads what is new in a mailbox over IMAP and TLS; changes nothing there. Blocking.

The mailbox of answers is read elsewhere, by a line that is kept and forgets where it was; here each
look is a connection of its own, and where it ended outlives the engine.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from crisisdesk.sources.probes.looking import down, text_at, unsure, whole_at

MAIL_LIMIT = 64 * 1024
AT_ONCE = 50
# All that one look takes from the server; one that says more is cut off.
LOOK_LIMIT = AT_ONCE * MAIL_LIMIT + 1024 * 1024
_UID = re.compile(rb"\bUID (\d+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Which mailbox, and who reads it."""

    host: str
    port: int
    user: str
    folder: str
    password: str = field(repr=False)
    trust: ssl.SSLContext = field(repr=False)


@dataclass(frozen=True, slots=True)
class News:
    """New mails (uid, first 64 KiB), oldest first, what came of the place, and a note for people.

    ``validity`` and ``last`` are where the next look begins."""

    mails: list[tuple[int, bytes]]
    validity: str
    last: int
    note: str = ""


class _Line(imaplib.IMAP4_SSL):
    """Takes no more than it may, whatever the server says is to come."""

    def __init__(self, box: Box, account: Account, seconds: float) -> None:
        self.taken = 0
        # Before anything is said, so that it can be cut off from the first word on.
        box.line = self
        super().__init__(account.host, account.port, ssl_context=account.trust, timeout=seconds)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        # Wrapped before it is connected, so that it is ours to close whatever happens: the library
        # loses hold of one that the server resets between the two.
        failure: OSError = OSError("it has no address")
        for family, kind, protocol, _name, address in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        ):
            bare = socket.socket(family, kind, protocol)
            bare.settimeout(timeout)
            line: ssl.SSLSocket = self.ssl_context.wrap_socket(bare, server_hostname=self.host)
            try:
                line.connect(address)
            except BaseException as error:
                line.close()
                if not isinstance(error, OSError):
                    raise
                failure = error
            else:
                return line
        raise failure

    def read(self, size: int) -> bytes:
        self._take(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._take(len(line))
        return line

    def _take(self, size: int) -> None:
        self.taken += size
        if self.taken > LOOK_LIMIT:
            raise self.abort("the server says more than is taken")


class Box:
    """One look at one mailbox; `cut` ends it from another thread."""

    def __init__(self, account: Account, seconds: float) -> None:
        self._account = account
        self._seconds = max(0.1, seconds)
        self.line: imaplib.IMAP4_SSL | None = None

    def news(self, bookmark: Mapping[str, object]) -> News:
        """What came since the bookmark; the first look only notes where it is. Raises Unanswered.

        When the server has numbered its mails anew, the reading begins at the newest one again.
        """
        try:
            return _news(self._opened(), self._account.folder, bookmark)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise down(f"the mailbox cannot be read: {_words(error)}") from None
        finally:
            if self.line is not None:
                # It may be gone already, which is what is wanted.
                with suppress(OSError, AttributeError):
                    self.line.shutdown()

    def cut(self) -> None:
        """What waits for the server ends with an error; from any thread."""
        sock = getattr(self.line, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _opened(self) -> imaplib.IMAP4:
        account = self._account
        if not account.password.isascii() or not account.password.isprintable():
            raise unsure("the password cannot be sent: IMAP knows plain ASCII only")
        line = _Line(self, account, self._seconds)
        try:
            line.login(account.user, account.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise unsure(f"this station may not look: {_words(error)}") from None
        return line


def _news(line: imaplib.IMAP4, folder: str, bookmark: Mapping[str, object]) -> News:
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    state, _ = line.select(f'"{quoted}"', readonly=True)
    if state != "OK":
        raise unsure(f"there is no folder {folder}")
    validity, following = _told(line, "UIDVALIDITY"), _told(line, "UIDNEXT")
    if not validity.isdecimal() or not following.isdecimal():
        raise ValueError("the server does not tell how its mails are numbered")
    newest = int(following) - 1
    known, last = text_at(bookmark, "validity"), whole_at(bookmark, "last", -1)
    if last < 0 or not known:
        return News([], validity, newest)
    if known != validity:
        note = "the server has numbered its mails anew; mails since the last look may be missed"
        return News([], validity, newest, note)
    state, found = line.uid("SEARCH", f"UID {last + 1}:*")
    if state != "OK":
        raise ValueError("the server does not search")
    # "n:*" always names the last one, also when it is older than n.
    uids = sorted({int(n) for part in found if part for n in part.split()})
    wanted = [uid for uid in uids if uid > last][:AT_ONCE]
    return News(
        [mail for uid in wanted for mail in _mail(line, uid)], validity, max([last, *wanted])
    )


def _mail(line: imaplib.IMAP4, uid: int) -> list[tuple[int, bytes]]:
    """The mail of that number; nothing where it was deleted meanwhile."""
    state, told = line.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{MAIL_LIMIT}>)")
    if state != "OK":
        raise ValueError("the server does not give its mails")
    parts = [part for part in told if isinstance(part, tuple)]
    return [
        (uid, part[1][:MAIL_LIMIT])
        for part in parts
        if (named := _UID.search(part[0])) and int(named.group(1)) == uid
    ]


def _told(line: imaplib.IMAP4, name: str) -> str:
    told = (line.response(name)[1] or [None])[0]
    return told.decode("ascii", "replace") if isinstance(told, bytes) else ""


def _words(error: Exception) -> str:
    """Why; a server may say anything, and what holds a secret is masked where this is told."""
    told = error.args[0] if error.args else ""
    if isinstance(error, ssl.SSLError):
        told = error.reason or "TLS failed"
    elif isinstance(error, OSError):
        told = error.strerror or told
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return text[:200] or type(error).__name__
