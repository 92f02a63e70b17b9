"""One connection to a mail relay that takes many mails, one after the other."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass

from crisisdesk.comms.mail_address import Relay

GO_ON = 354
ERRORS_FROM = 400
PERMANENT_FROM = 500
CLOSING = 421
NO_MORE_SENDING = 0.05
_LINE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A relay's answer to one command."""

    code: int
    text: str

    @property
    def is_error(self) -> bool:
        """Whether the command was not taken."""
        return self.code >= ERRORS_FROM

    @property
    def words(self) -> str:
        """As the relay said it, in one line."""
        return f"{self.code} {self.text}".strip()


class Refused(Exception):
    """The relay does not take the mail; the text is what it said.

    ``retryable`` as in an `Outcome`. ``closed`` says that it ended the connection with that.
    """

    def __init__(self, words: str, *, retryable: bool, closed: bool = False) -> None:
        super().__init__(words)
        self.retryable = retryable
        self.closed = closed


class LineLost(Exception):
    """The connection ended or fell silent; ``given`` says that the relay had the whole mail."""

    def __init__(self, cause: BaseException, *, given: bool) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.given = given


class SmtpLine:
    """An open, greeted and, where asked for, encrypted and logged-in connection. Blocking."""

    def __init__(self, relay: Relay, trust: ssl.SSLContext | None, until: float) -> None:
        """Open it by ``until`` (monotonic seconds); raises Refused and LineLost."""
        self.used = 0
        with _failures(given=False):
            left = _left(until)
            if relay.mode == "ssl":
                self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    relay.host, relay.port, _own_name(), timeout=left, context=trust
                )
            else:
                self._smtp = smtplib.SMTP(relay.host, relay.port, _own_name(), timeout=left)
        try:
            with _failures(given=False):
                self._greet(relay, trust, until)
        except BaseException:
            self.close()
            raise

    def _greet(self, relay: Relay, trust: ssl.SSLContext | None, until: float) -> None:
        self._bound(until)
        self._smtp.ehlo_or_helo_if_needed()
        if relay.mode == "starttls":
            self._bound(until)
            self._smtp.starttls(context=trust)
            self._bound(until)
            self._smtp.ehlo_or_helo_if_needed()
        if relay.user and relay.password:
            self._bound(until)
            self._smtp.login(relay.user, relay.password)

    def send(
        self, sender: str, recipients: tuple[str, ...], mail: bytes, until: float
    ) -> tuple[Reply, list[Reply]]:
        """Hand over one mail: the relay's yes, and its refusals of recipients but the first.

        Raises Refused when the sender, the first recipient or the mail is not taken, and LineLost.
        """
        with _failures(given=False):
            refused = self._envelope(sender, recipients, until)
            self._bound(until)
            go_on = _reply(self._smtp.docmd("DATA"))
        if go_on.code != GO_ON:
            raise _refused(go_on)
        with _failures(given=True):
            self._bound(until)
            self._smtp.send(_stuffed(mail) + b".\r\n")
            taken = _reply(self._smtp.getreply())
        self.used += 1
        if taken.is_error:
            raise _refused(taken)
        return taken, refused

    def _envelope(self, sender: str, recipients: tuple[str, ...], until: float) -> list[Reply]:
        """Tell who writes to whom; the refusals of all recipients but the first."""
        plain = all(one.isascii() for one in (sender, *recipients))
        if not plain and not self._smtp.has_extn("smtputf8"):
            raise Refused("the mail server takes ASCII addresses only", retryable=False)
        commands = [f"MAIL FROM:<{sender}>{'' if plain else ' SMTPUTF8'}"]
        commands += [f"RCPT TO:<{one}>" for one in recipients]
        if self.used:
            commands.insert(0, "RSET")
        replies = self._talk(commands, until)
        told = replies[-len(recipients) :]
        for reply in (*replies[: len(commands) - len(recipients)], told[0]):
            if reply.is_error:
                raise _refused(reply)
        return [reply for reply in told[1:] if reply.is_error]

    def _talk(self, commands: list[str], until: float) -> list[Reply]:
        """The replies to all commands, put in one go where the relay takes that (RFC 2920)."""
        self._smtp.command_encoding = "utf-8"
        if not self._smtp.has_extn("pipelining"):
            replies = []
            for command in commands:
                self._bound(until)
                replies.append(_reply(self._smtp.docmd(command)))
            return replies
        self._bound(until)
        self._smtp.send("".join(f"{command}\r\n" for command in commands))
        replies = []
        for _ in commands:
            self._bound(until)
            replies.append(_reply(self._smtp.getreply()))
        return replies

    def _bound(self, until: float) -> None:
        """Let no step outlast the deadline."""
        self._smtp.timeout = _left(until)
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(self._smtp.timeout)

    def close(self) -> None:
        """Say good-bye without waiting for an answer, and hang up."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(NO_MORE_SENDING)
                self._smtp.send("QUIT\r\n")
        self._smtp.close()


@contextlib.contextmanager
def _failures(*, given: bool) -> Iterator[None]:
    """Name what smtplib meets: Refused where the relay spoke, LineLost where it did not."""
    try:
        yield
    except smtplib.SMTPNotSupportedError as error:
        words = f"the mail server cannot do what the address asks for: {error}"
        raise Refused(words, retryable=False) from error
    except smtplib.SMTPServerDisconnected as error:
        raise LineLost(error, given=given) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code < 0:
            raise LineLost(smtplib.SMTPServerDisconnected(), given=given) from error
        raise _refused(_reply((error.smtp_code, error.smtp_error))) from error
    except ssl.SSLCertVerificationError as error:
        raise LineLost(error, given=False) from error
    except OSError as error:
        raise LineLost(error, given=given) from error
    except ValueError as error:
        # A name or password that cannot be written in the relay's letters.
        raise Refused("the login cannot be sent: letters outside ASCII", retryable=False) from error


def _reply(given: tuple[int, bytes | str]) -> Reply:
    code, text = given
    if code < 0:
        raise smtplib.SMTPServerDisconnected("the answer is no SMTP")
    raw = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return Reply(code=code, text=" ".join(raw.split()))


def _refused(reply: Reply) -> Refused:
    return Refused(
        reply.words,
        retryable=reply.code < PERMANENT_FROM,
        closed=reply.code == CLOSING,
    )


def _stuffed(mail: bytes) -> bytes:
    """Lines ending in CRLF, with a second dot where one begins with a dot."""
    lines = _LINE.split(mail)
    if lines[-1] == b"":
        lines.pop()
    return b"".join(b"." + line + b"\r\n" if line[:1] == b"." else line + b"\r\n" for line in lines)


def _own_name() -> str:
    """How we name ourselves; never asks the name service, which may be what is down."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _left(until: float) -> float:
    return max(until - time.monotonic(), NO_MORE_SENDING)
