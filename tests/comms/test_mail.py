"""Mail through Apprise to a real SMTP server: taken, refused, cut off, silent."""

from __future__ import annotations

import socket
import time

import pytest

from crisisdesk.engine.ports import Outcome

from tests.comms.pages import page, send, send_all
from tests.comms.receivers import (
    Mailbox,
    mail_server,
    raw_server,
)

# Apprise says each failure once more in its own words.
pytestmark = pytest.mark.allow_log(
    "Failed|failed|error|Connection|refused|recipient|ould not|invalid"
)


def mail_url(port: int, to: str = "bob@example.org") -> str:
    return f"mailto://127.0.0.1:{port}/?mode=insecure&from=desk@example.org&to={to}"


def test_mail_arrives_with_the_servers_words() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = send(mail_url(port))
    assert outcome == Outcome(ok=True, words="250 2.0.0 OK queued as Q77", provider_id="Q77")
    ((recipients, text),) = mailbox.mails
    assert recipients == ["bob@example.org"]
    assert "CRITICAL: Checkout fails" in text


def test_several_mails_wait_for_no_throttle() -> None:
    mailbox = Mailbox()
    started = time.monotonic()
    with mail_server(mailbox) as port:
        outcomes = send_all(*(page(mail_url(port, f"bob{n}@example.org")) for n in range(6)))
    assert all(outcome.ok for outcome in outcomes)
    assert len(mailbox.mails) == 6
    # One object would pause 5.5 s between two mails.
    assert time.monotonic() - started < 5.5


@pytest.mark.parametrize(
    ("step", "reply", "retryable"),
    [
        ("RCPT", "550 5.1.1 no such user", False),
        ("RCPT", "450 4.2.0 greylisted", True),
        ("DATA", "554 5.7.1 spam", False),
        ("DATA", "452 4.3.1 disk full", True),
    ],
)
def test_refused_mail(step: str, reply: str, retryable: bool) -> None:
    mailbox = Mailbox(**{step: reply})
    with mail_server(mailbox) as port:
        outcome = send(mail_url(port))
    assert outcome == Outcome(ok=False, words=reply, retryable=retryable)
    assert mailbox.mails == []


def drops_after_data(peer: socket.socket) -> None:
    stream = peer.makefile("rb")
    peer.sendall(b"220 test\r\n")
    for line in stream:
        verb = line[:4].upper()
        if verb == b"DATA":
            peer.sendall(b"354 go on\r\n")
            while stream.readline() != b".\r\n":
                pass
            return
        peer.sendall(b"502 what\r\n" if verb == b"EHLO" else b"250 ok\r\n")


def test_a_cut_after_the_mail_may_be_tried_again() -> None:
    with raw_server(drops_after_data) as port:
        outcome = send(mail_url(port))
    assert (outcome.ok, outcome.retryable) == (False, True)
    assert "cut" in outcome.words


def test_a_silent_mail_server_is_left_at_the_deadline() -> None:
    def silent(peer: socket.socket) -> None:
        peer.settimeout(10)
        peer.recv(1)

    started = time.monotonic()
    with raw_server(silent) as port:
        outcome = send(mail_url(port), deadline_s=1.0)
    assert (outcome.ok, outcome.retryable) == (False, True)
    assert time.monotonic() - started < 8
    assert "time" in outcome.words or "within" in outcome.words
