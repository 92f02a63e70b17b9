"""One connection to a relay: every step bounded by the deadline, every refusal told apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.mail_address import Relay as Place
from crisisdesk.comms.smtp_line import LineLost, Refused, SmtpLine, _stuffed

from tests.comms.relays import HANG, Relay, relaying

BOB = ("bob@example.org",)


def line_to(relay: Relay, seconds: float = 3.0) -> SmtpLine:
    place = Place(host="127.0.0.1", port=relay.port, mode="insecure")
    return SmtpLine(place, None, time.monotonic() + seconds)


def soon(seconds: float = 3.0) -> float:
    return time.monotonic() + seconds


@pytest.mark.parametrize("verb", ["HELLO", "EHLO", "MAIL", "RCPT", "DATA", "END"])
def test_no_step_outlasts_the_deadline(verb: str) -> None:
    with relaying(Relay(script={verb: [HANG]})) as relay:
        began = time.monotonic()
        with pytest.raises(LineLost) as caught:
            line_to(relay, 0.4).send("a@example.org", BOB, b"hi\r\n", soon(0.4))
        assert time.monotonic() - began < 2
    assert caught.value.given is (verb == "END")


def test_only_the_first_recipient_decides() -> None:
    everyone = ("bob@example.org", "sam@example.org")
    with relaying(Relay(script={"RCPT": ["250 ok", "550 no sam"]})) as relay:
        line = line_to(relay)
        taken, refused = line.send("a@example.org", everyone, b"hi\r\n", soon())
        line.close()
    assert (taken.code, [one.words for one in refused]) == (250, ["550 no sam"])
    with relaying(Relay(script={"RCPT": ["550 no bob", "250 ok"]})) as relay:
        line = line_to(relay)
        with pytest.raises(Refused, match="550 no bob"):
            line.send("a@example.org", everyone, b"hi\r\n", soon())
        line.close()
    assert relay.mails == []
    assert "DATA" not in relay.commands


@pytest.mark.parametrize("extensions", [("SMTPUTF8", "8BITMIME"), ()])
def test_addresses_outside_ascii_need_a_relay_that_takes_them(extensions: tuple[str, ...]) -> None:
    with relaying(Relay(extensions=extensions)) as relay:
        line = line_to(relay)
        if extensions:
            line.send("a@example.org", ("jürgen@example.org",), "jürgen\r\n".encode(), soon())
            assert "MAIL FROM:<a@example.org> SMTPUTF8" in relay.commands
            assert "RCPT TO:<jürgen@example.org>" in relay.commands
        else:
            with pytest.raises(Refused, match="ASCII addresses only"):
                line.send("a@example.org", ("jürgen@example.org",), b"hi\r\n", soon())
        line.close()


def test_a_relay_says_good_bye() -> None:
    with relaying() as relay:
        line = line_to(relay)
        line.send("a@example.org", BOB, b"hi\r\n", soon())
        line.close()
        deadline = soon()
        while "QUIT" not in relay.commands and time.monotonic() < deadline:
            pass
    assert relay.commands[-1] == "QUIT"


@given(st.lists(st.sampled_from([b"", b".", b"..", b"a", b".a", b"a."]), min_size=1, max_size=6))
def test_dots_are_doubled_where_a_line_begins_with_one(lines: list[bytes]) -> None:
    sent = _stuffed(b"\r\n".join(lines) + b"\r\n") + b".\r\n"
    body, _, rest = sent.partition(b"\r\n.\r\n") if sent != b".\r\n" else (b"", b"", b"")
    assert rest == b""
    read = [line[1:] if line[:1] == b"." else line for line in body.split(b"\r\n")]
    assert read == lines
