"""Mail to real relays: taken, refused, cut off, silent; over kept connections and TLS."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from crisisdesk.comms import mail_sender
from crisisdesk.comms.mail_sender import MailSender
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.ports import Outcome, Outgoing

from tests.comms.pages import page, send, send_all
from tests.comms.receivers import (
    Mailbox,
    authority_for,
    mail_server,
    raw_server,
)
from tests.comms.relays import CUT, HANG, Relay, relaying


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


def in_turn(*pages: Outgoing) -> list[Outcome]:
    """Send one after the other by one sender."""

    async def run() -> list[Outcome]:
        sender = MailSender(ManualClock(1_795_228_560_000))
        try:
            return [await sender.send(one) for one in pages]
        finally:
            await sender.aclose()

    return asyncio.run(run())


def test_a_relay_is_greeted_once_and_takes_many() -> None:
    with relaying() as relay:
        outcomes = in_turn(*(page(mail_url(relay.port), key=f"d{n}") for n in range(5)))
    assert [outcome.provider_id for outcome in outcomes] == ["Q1", "Q2", "Q3", "Q4", "Q5"]
    assert relay.connections == 1
    assert [c for c in relay.commands if c[:4] in {"ehlo", "RSET"}] == [
        relay.commands[0],
        *["RSET"] * 4,
    ]


@pytest.mark.parametrize(("extensions", "at_once"), [(("PIPELINING",), True), ((), False)])
def test_the_envelope_goes_in_one_packet_where_the_relay_takes_that(
    extensions: tuple[str, ...], at_once: bool
) -> None:
    with relaying(Relay(extensions=extensions)) as relay:
        in_turn(page(mail_url(relay.port)), page(mail_url(relay.port)))
    whole = [p for p in relay.packets if p.startswith(b"RSET") and b"RCPT TO" in p]
    assert bool(whole) is at_once
    assert len(relay.mails) == 2


@pytest.mark.parametrize("verb", ["RSET", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("end", [CUT, "421 4.3.2 going down"])
def test_a_kept_connection_that_ended_is_replaced_at_once(verb: str, end: str) -> None:
    with relaying() as relay:

        async def run() -> list[Outcome]:
            sender = MailSender(ManualClock(0))
            first = await sender.send(page(mail_url(relay.port), key="one"))
            relay.script[verb] = [end]
            second = await sender.send(page(mail_url(relay.port), key="two"))
            await sender.aclose()
            return [first, second]

        outcomes = asyncio.run(run())
    assert [outcome.ok for outcome in outcomes] == [True, True]
    assert relay.connections == 2
    assert len(relay.mails) == 2


def test_a_cut_after_the_whole_mail_is_never_repeated_by_itself() -> None:
    with relaying() as relay:

        async def run() -> list[Outcome]:
            sender = MailSender(ManualClock(0))
            first = await sender.send(page(mail_url(relay.port), key="one"))
            relay.script["END"] = [CUT]
            second = await sender.send(page(mail_url(relay.port), key="two"))
            await sender.aclose()
            return [first, second]

        outcomes = asyncio.run(run())
    assert (outcomes[1].ok, outcomes[1].retryable) == (False, True)
    assert "may still arrive" in outcomes[1].words
    assert (relay.connections, len(relay.mails)) == (1, 2)


def test_an_idle_connection_is_hung_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_sender, "IDLE_S", 0.05)
    with relaying() as relay:

        async def run() -> list[bool]:
            sender = MailSender(ManualClock(0))
            first = await sender.send(page(mail_url(relay.port), key="one"))
            async with asyncio.timeout(5):
                while "QUIT" not in relay.commands:
                    await asyncio.sleep(0.01)
            second = await sender.send(page(mail_url(relay.port), key="two"))
            await sender.aclose()
            return [first.ok, second.ok]

        assert asyncio.run(run()) == [True, True]
    assert relay.connections == 2


def test_a_refused_mail_leaves_the_connection_usable() -> None:
    with relaying(Relay(script={"RCPT": ["550 5.1.1 nobody"]})) as relay:
        outcomes = in_turn(*(page(mail_url(relay.port), key=f"d{n}") for n in range(2)))
    assert [(o.ok, o.words) for o in outcomes] == [
        (False, "550 5.1.1 nobody"),
        (True, "250 queued as Q1"),
    ]
    assert relay.connections == 1


@pytest.mark.parametrize(
    ("script", "words", "retryable"),
    [
        ({"HELLO": ["554 go away"]}, "554 go away", False),
        ({"HELLO": ["421 too busy"]}, "421 too busy", True),
        ({"MAIL": ["451 4.3.0 later"]}, "451 4.3.0 later", True),
        ({"MAIL": ["553 5.7.1 not yours"]}, "553 5.7.1 not yours", False),
        ({"END": ["552 5.3.4 too big"]}, "552 5.3.4 too big", False),
        ({"HELLO": ["SSH-2.0-OpenSSH_9.2"]}, "connection cut", True),
        ({"HELLO": [CUT]}, "connection cut", True),
        ({"RCPT": [HANG]}, "no answer in time", True),
    ],
)
def test_what_a_relay_may_say(script: dict[str, list[str]], words: str, retryable: bool) -> None:
    with relaying(Relay(script=script)) as relay:
        (outcome,) = in_turn(page(mail_url(relay.port), deadline_s=1.0))
    assert (outcome.ok, outcome.retryable) == (False, retryable)
    assert words in outcome.words
    assert relay.mails == [] or "END" in script


def test_copies_that_are_refused_are_told_and_cost_the_mail_nothing() -> None:
    url = "&cc=sam@example.org&bcc=max@example.org"
    with relaying(Relay(script={"RCPT": ["250 ok", "550 no sam", "250 ok"]})) as relay:
        (outcome,) = in_turn(page(mail_url(relay.port) + url))
    assert outcome.ok
    assert outcome.words == "250 queued as Q1; 1 of the copies refused: 550 no sam"
    assert b"max@example.org" not in relay.mails[0]


def test_a_repeat_carries_the_same_id_and_a_thread_the_same_reference() -> None:
    with relaying() as relay:
        url = mail_url(relay.port)
        in_turn(
            page(url, key="one", thread="A/1"),
            page(url, key="one", thread="A/1", possible_repeat=True),
            page(url, key="two", thread="A/1"),
        )
    mails = [email.message_from_bytes(m, policy=email.policy.SMTP) for m in relay.mails]
    ids = [mail["Message-ID"] for mail in mails]
    assert ids[0] == ids[1] != ids[2]
    assert len({mail["References"] for mail in mails}) == 1
    assert mails[0]["Date"] == "Sat, 21 Nov 2026 02:36:00 +0000"


def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert send(mail_url(port), text=".\n..two\nend").ok
    mail = email.message_from_string(mailbox.mails[0][1], policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.get_content().splitlines() == [".", "..two", "end"]


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    good = (data.login, data.password) == (b"ann", b"s3cret-pw")
    return AuthResult(success=good, handled=False)


def tls_url(port: int, mode: str, password: str = "s3cret-pw") -> str:
    given = f"smtp=127.0.0.1&mode={mode}&from=desk@example.org&to=bob@example.org"
    return f"mailtos://ann:{password}@127.0.0.1:{port}/?{given}"


@pytest.mark.allow_log("login_data is deprecated|SMTP session exception")
@pytest.mark.parametrize("mode", ["ssl", "starttls"])
def test_over_tls_only_a_trusted_relay_gets_the_login(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, authority = authority_for([], tmp_path)
    mailbox = Mailbox()
    options: dict[str, Any] = {"authenticator": login, "auth_require_tls": mode == "starttls"}
    options |= {"ssl_context" if mode == "ssl" else "tls_context": server}
    with mail_server(mailbox, **options) as port:
        refused = send(tls_url(port, mode))
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        taken = send(tls_url(port, mode))
        wrong = send(tls_url(port, mode, "wr0ng-pw"))
    assert (refused.ok, refused.retryable) == (False, True)
    assert "certificate not accepted" in refused.words
    assert taken.ok, taken.words
    assert (wrong.ok, wrong.retryable) == (False, False)
    assert wrong.words.startswith("535")
    assert "pw" not in wrong.words
    assert len(mailbox.mails) == 1


def test_a_relay_without_starttls_gets_neither_login_nor_mail() -> None:
    with relaying() as relay:
        (outcome,) = in_turn(page(tls_url(relay.port, "starttls")))
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert "STARTTLS" in outcome.words
    assert relay.mails == []
    assert not [c for c in relay.commands if c.startswith("AUTH")]


def test_a_slow_relay_delays_no_other() -> None:
    async def run(slow: Relay, quick: Relay) -> tuple[float, list[Outcome]]:
        sender = MailSender(ManualClock(0), threads_per_lane=2)
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            late = [
                group.create_task(sender.send(page(mail_url(slow.port), deadline_s=2.0)))
                for _ in range(4)
            ]
            good = await sender.send(page(mail_url(quick.port)))
            took = time.monotonic() - began
        await sender.aclose()
        return took, [good, *(task.result() for task in late)]

    with relaying(Relay(script={"HELLO": [HANG] * 9})) as slow, relaying() as quick:
        took, outcomes = asyncio.run(run(slow, quick))
    assert [outcome.ok for outcome in outcomes] == [True] + [False] * 4
    assert took < 1.5


@pytest.mark.allow_log("Invalid ~From~|Could not load")
def test_an_address_without_a_sender_is_refused_with_the_pattern() -> None:
    (outcome,) = in_turn(page("mailtos://mail.example.org?to=ann@example.org"))
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert "from=desk@example.org" in outcome.words
