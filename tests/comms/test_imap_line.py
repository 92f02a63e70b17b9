"""One mailbox over IMAP, against a real Dovecot: each mail once, nothing changed in it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from crisisdesk.comms.imap_line import AT_ONCE, MAIL_LIMIT, ImapLine, MailboxAway

from tests.comms.imap_server import PASSWORD, ImapServer, imap_server

NOW = 1_795_228_560_000


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server() as made:
        yield made


def now_ms() -> int:
    """The server dates what arrives by the machine's clock."""
    from crisisdesk.engine.clock import SystemClock

    return SystemClock().now_ms()


def mail(number: int) -> bytes:
    return f"Subject: {number}\r\n\r\nmail {number}\r\n".encode()


def taken(line: ImapLine) -> list[bytes]:
    found = line.fresh(PASSWORD, now_ms())
    for uid, _raw in found:
        line.done(uid)
    return [raw for _uid, raw in found]


def test_each_mail_is_given_until_it_is_done_and_then_no_more(server: ImapServer) -> None:
    line = ImapLine(server.mailbox())
    try:
        assert taken(line) == []
        server.put(mail(1), mail(2))
        assert [raw for _uid, raw in line.fresh(PASSWORD, now_ms())] == [mail(1), mail(2)]
        assert taken(line) == [mail(1), mail(2)]
        assert taken(line) == []
        server.put(mail(3))
        assert taken(line) == [mail(3)]
    finally:
        line.close()
    assert all(b"Seen" not in flags for flags in server.flags()), "people may read it beside us"


def test_a_new_start_reads_since_yesterday(server: ImapServer) -> None:
    server.put(mail(1))
    for _ in range(2):
        line = ImapLine(server.mailbox())
        assert taken(line) == [mail(1)]
        line.close()


def test_many_and_long_ones_are_bounded(server: ImapServer) -> None:
    server.put(b"Subject: long\r\n\r\n" + b"x" * 2 * MAIL_LIMIT, *(mail(n) for n in range(AT_ONCE)))
    line = ImapLine(server.mailbox())
    first = taken(line)
    assert len(first) == AT_ONCE
    assert len(first[0]) == MAIL_LIMIT
    assert taken(line) == [mail(AT_ONCE - 1)]
    line.close()


def test_a_line_that_was_cut_is_opened_again(server: ImapServer) -> None:
    line = ImapLine(server.mailbox())
    server.put(mail(1))
    assert taken(line) == [mail(1)]
    assert line._line is not None
    line._line.socket().shutdown(socket.SHUT_RDWR)
    with pytest.raises(MailboxAway):
        line.fresh(PASSWORD, now_ms())
    server.put(mail(2))
    assert taken(line) == [mail(2)]
    line.close()


def test_a_folder_of_its_own_with_a_space(server: ImapServer) -> None:
    with server.open() as owner:
        owner.create('"Page answers"')
    server.put(mail(1), folder='"Page answers"')
    line = ImapLine(server.mailbox("Page answers"))
    assert taken(line) == [mail(1)]
    line.close()


def test_why_it_cannot_be_read_is_told_without_the_password(server: ImapServer) -> None:
    line = ImapLine(server.mailbox())
    with pytest.raises(MailboxAway, match=r"(?i)auth") as refused:
        line.fresh("wrong-password", now_ms())
    assert "wrong-password" not in str(refused.value)
    with pytest.raises(MailboxAway, match="no folder 'Nowhere'"):
        ImapLine(server.mailbox("Nowhere")).fresh(PASSWORD, now_ms())
    with pytest.raises(MailboxAway, match="certificate"):
        ImapLine(replace(server.mailbox(), trust=None)).fresh(PASSWORD, now_ms())


def test_nobody_at_home_is_told() -> None:
    from crisisdesk.comms.imap_line import Mailbox

    away = Mailbox(host="127.0.0.1", port=1, user="u", folder="INBOX")
    with pytest.raises(MailboxAway, match="refused"):
        ImapLine(away).fresh(PASSWORD, NOW)
