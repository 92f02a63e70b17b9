"""What subjects of monitoring systems mean, and whose mails count."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import SignalAction
from crisisdesk.sources.probes.mail_signals import OVER, Reading, signal_of

WORDS = {"critical": Severity.CRITICAL, "warning": Severity.MEDIUM, "sev1": Severity.EMERGENCY}
READING = Reading(
    source_id="s1",
    senders=["nagios@example.org", "@mon.example.org"],
    over=frozenset(OVER),
    severities=WORDS,
    severity=Severity.HIGH,
)


def mail(subject: str, sender: str = "Nagios <nagios@example.org>", body: str = "text") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = sender, subject
    made.set_content(body)
    return made.as_bytes()


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        ("PROBLEM Service Alert: db1/Disk is CRITICAL", Severity.CRITICAL),
        ("PROBLEM Service Alert: db1/Disk is WARNING", Severity.MEDIUM),
        ("Re: Fwd: db1/Disk is", Severity.HIGH),
        ("[SEV1] warning: service db1 disk is", Severity.EMERGENCY),
    ],
)
def test_how_bad_it_is(subject: str, severity: Severity) -> None:
    signal = signal_of(mail(subject), READING)
    assert signal is not None
    assert (signal.action, signal.severity) == (SignalAction.FIRE, severity)
    assert (signal.source, signal.description) == ("mail", "text")


def test_a_problem_its_worsening_and_its_end_are_one_thing() -> None:
    subjects = [
        "** PROBLEM Service Alert: db1/Disk Grün is WARNING **",
        "** PROBLEM Service Alert: db1/Disk Grün is CRITICAL **",
        "** RECOVERY Service Alert: db1/Disk Grün is OK **",
        "RE: ** PROBLEM Service Alert: db1/Disk Grün is CRITICAL **",
    ]
    found = [signal_of(mail(subject), READING) for subject in subjects]
    assert len({signal.key for signal in found if signal}) == 1
    actions = [signal.action for signal in found if signal]
    assert actions == [
        SignalAction.FIRE,
        SignalAction.FIRE,
        SignalAction.RESOLVE,
        SignalAction.FIRE,
    ]
    other = signal_of(mail("PROBLEM Service Alert: db2/Disk Grün is CRITICAL"), READING)
    assert other is not None
    assert other.key not in {signal.key for signal in found if signal}


@pytest.mark.parametrize(
    ("sender", "counts"),
    [
        ("NAGIOS@Example.org", True),
        ("a@mon.example.org", True),
        ("a@evil-mon.example.org", False),
        ("nagios@example.org.evil.example", False),
        ('"nagios@example.org" <x@evil.example>', False),
        ("", False),
    ],
)
def test_whose_mails_count(sender: str, counts: bool) -> None:
    raw = mail("PROBLEM: x").replace(b"Nagios <nagios@example.org>", sender.encode())
    assert (signal_of(raw, READING) is not None) is counts


def test_a_subject_of_such_words_alone_is_about_itself() -> None:
    signal = signal_of(mail("CRITICAL"), READING)
    assert signal is not None
    assert signal.key == "s1:critical"
    assert signal_of(mail(" "), READING) is None


@given(st.binary(max_size=300))
def test_no_mail_is_too_odd_to_be_passed_over(rest: bytes) -> None:
    anyone = Reading(
        source_id="s1",
        senders=["*"],
        over=frozenset(OVER),
        severities=WORDS,
        severity=Severity.LOW,
    )
    for raw in (rest, b"From: a@b\r\nSubject: " + rest, b"Subject: x\r\nContent-Type: " + rest):
        signal = signal_of(raw, anyone)
        if signal is not None:
            assert 0 < len(signal.title) <= 200
            assert 0 < len(signal.key) <= 512
