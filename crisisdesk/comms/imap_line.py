"""One mailbox over IMAP and TLS, read only: what has come since the last look. Blocking."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

MAIL_LIMIT = 64 * 1024
AT_ONCE = 50
STEP_S = 15.0
DAY_MS = 86_400_000
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_UID = re.compile(rb"\bUID (\d+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Which mailbox, and who reads it; ``trust`` is what its certificate is checked against (the
    system's authorities)."""

    host: str
    port: int
    user: str
    folder: str
    trust: ssl.SSLContext | None = field(default=None, repr=False)


class MailboxAway(Exception):
    """The mailbox cannot be read now; the text says why, without secrets."""


class ImapLine:
    """A kept connection; for one thread. Nothing in the mailbox is changed, no mark of a read mail
    either, so people may read it beside this."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._line: imaplib.IMAP4_SSL | None = None
        self._validity = b""
        self._last = 0

    def fresh(self, password: str, now_ms: int) -> list[tuple[int, bytes]]:
        """(uid, the mail's first 64 KiB) of what was not given back yet, at most 50, the oldest
        first; at the first look, and when the server has numbered anew, from yesterday on.

        Each is given until `done` says so. Raises MailboxAway.
        """
        try:
            line = self._open(password)
            uids = self._numbers(line, now_ms)
            return list(self._fetch(line, uids[:AT_ONCE]))
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            self.close()
            raise MailboxAway(_words(error, password)) from None

    def done(self, uid: int) -> None:
        """This one was dealt with."""
        self._last = max(self._last, uid)

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            try:
                line.shutdown()
            except OSError:
                pass  # it is gone already, which is what was wanted

    def _open(self, password: str) -> imaplib.IMAP4_SSL:
        if self._line is None:
            box = self._mailbox
            trust = box.trust or ssl.create_default_context()
            line = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=trust, timeout=STEP_S)
            try:
                line.login(box.user, password)
            except BaseException:
                line.shutdown()
                raise
            self._line = line
        return self._line

    def _numbers(self, line: imaplib.IMAP4_SSL, now_ms: int) -> list[int]:
        """The numbers of what is new, ascending."""
        state, told = line.select(f'"{self._mailbox.folder}"', readonly=True)
        if state != "OK":
            raise ValueError(f"no folder {self._mailbox.folder!r}")
        validity = (line.response("UIDVALIDITY")[1] or [b""])[0] or b""
        if validity != self._validity:
            self._validity, self._last = validity, 0
        if self._last:
            wanted = f"UID {self._last + 1}:*"
        else:
            day = datetime.fromtimestamp((now_ms - DAY_MS) / 1000, tz=UTC)
            wanted = f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        state, told = line.uid("SEARCH", wanted)
        if state != "OK":
            raise ValueError("the server does not search")
        # "n:*" always names the last one, also when it is older than n.
        found = {int(n) for part in told if part for n in part.split()}
        return sorted(n for n in found if n > self._last)

    def _fetch(self, line: imaplib.IMAP4_SSL, uids: list[int]) -> Iterator[tuple[int, bytes]]:
        for uid in uids:
            state, told = line.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{MAIL_LIMIT}>)")
            if state != "OK":
                raise ValueError("the server does not give its mails")
            for part in told:
                if isinstance(part, tuple) and (named := _UID.search(part[0])):
                    yield int(named.group(1)), part[1]


def _words(error: Exception, password: str) -> str:
    """Why, in words; a server may say anything, also what it was sent."""
    told = str(error.args[0]) if error.args else ""
    if error.args and isinstance(error.args[0], bytes):
        told = error.args[0].decode("utf-8", "replace")
    elif isinstance(error, OSError):
        told = error.strerror or told or type(error).__name__
    told = " ".join(told.split())[:200] or type(error).__name__
    return told.replace(password, "***") if password else told
