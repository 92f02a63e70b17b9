"""Mails of a real mailbox become signals, and where the look ended is kept."""

from __future__ import annotations

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.domain.severity import Severity
from crisisdesk.sources.probes.imap_probe import ImapProber

from tests.comms.imap_server import PASSWORD, USER, imap_server
from tests.sources.probes.looks import look_at, looked, values


@pytest.mark.serial
def test_mails_are_taken_once() -> None:
    with imap_server() as server:
        prober = ImapProber(server.trust)
        settings = {
            "host": "127.0.0.1",
            "port": server.port,
            "user": USER,
            "password": "box",
            "senders": ["mon@example.org"],
            "severities": {"P1": "emergency"},
        }
        secrets = {"box": PASSWORD}
        first = looked(prober, look_at(prober, settings, secrets=secrets))
        mails = [
            b"From: mon@example.org\r\nSubject: P1 db1 alert\r\n\r\nx\r\n",
            b"From: other@example.org\r\nSubject: P1 db2\r\n\r\nx\r\n",
            b"From: mon@example.org\r\nSubject: db3 alert\r\n\r\nx\r\n",
        ]
        server.put(*mails)
        look = look_at(prober, settings, secrets=secrets, bookmark=first.bookmark)
        second = looked(prober, look)
        again = looked(prober, look_at(prober, settings, secrets=secrets, bookmark=second.bookmark))
        wrong = looked(prober, look_at(prober, settings, secrets={"box": "not the one"}))
        strict = ImapProber()
        strange = looked(strict, look_at(strict, settings, secrets=secrets))
    assert (first.verdict, first.signals) == (Verdict.UP, ())
    assert [(s.title, s.severity) for s in second.signals] == [
        ("P1 db1 alert", Severity.EMERGENCY),
        ("db3 alert", Severity.HIGH),
    ]
    assert "1 of no listed sender" in second.words
    assert values(second) == {"mail_new": 3.0}
    assert (again.verdict, again.signals) == (Verdict.UP, ())
    assert wrong.verdict is Verdict.UNSURE
    assert strange.verdict is Verdict.DOWN
