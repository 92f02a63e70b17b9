"""Which ways back from a page the settings open."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from crisisdesk.bootstrap.answering import Answering, answering, mailbox_of, ways_of
from crisisdesk.engine.clock import SystemClock
from crisisdesk.settings.model import AnswerSettings, Settings

from tests.api.station import MemorySecrets

URL = "https://desk.example.org"
MAIL: Any = {"host": "imap.example.org", "user": "pages@example.org"}


def settings(sealed: bool = False, **answers: Any) -> Settings:
    return Settings(sealed=sealed, answers=AnswerSettings(**answers))


def parts(told: Settings) -> Answering:
    return answering(told, MemorySecrets(), SystemClock())


def test_nothing_is_open_unless_said() -> None:
    assert parts(Settings()) == Answering()
    made = parts(settings(url=URL))
    assert made.links is not None
    assert made.links.ways.url == URL
    assert (made.texts, made.inboxes) == (None, ())


def test_a_sealed_station_takes_no_answers() -> None:
    assert parts(settings(sealed=True, url=URL, sms="poll", mail=MAIL)) == Answering()


def test_text_messages_are_asked_for_or_called_with() -> None:
    asked = parts(settings(sms="poll"))
    assert (asked.texts, len(asked.inboxes)) == (None, 1)
    called = parts(settings(sms="webhook", url=URL))
    assert (called.texts is not None, called.inboxes) == (True, ())
    both = parts(settings(sms="poll", url=URL))
    assert (both.texts,) == both.inboxes


def test_a_mailbox_is_read() -> None:
    (inbox,) = parts(settings(mail=MAIL)).inboxes
    assert inbox.name == "answers by mail"
    box = mailbox_of(settings(mail=MAIL).answers.mail)
    assert (box.host, box.port, box.folder) == ("imap.example.org", 993, "INBOX")
    other = settings(mail={**MAIL, "host": "[::1]:1993"}).answers.mail
    assert (mailbox_of(other).host, mailbox_of(other).port) == ("::1", 1993)


def test_the_settings_say_what_is_open() -> None:
    told = settings(
        url=f"{URL}/desk/",
        valid_hours=2,
        sms="webhook",
        mail={"host": "imap.example.org", "user": "pages@example.org", "plus": True},
    )
    ways = ways_of(told)
    assert (ways.url, ways.valid_ms, ways.sms) == (f"{URL}/desk", 7_200_000, "webhook")
    assert (ways.mail_to, ways.mail_plus) == ("pages@example.org", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://desk.example.org"},
        {"url": "ftp://desk.example.org"},
        {"url": "https://"},
        {"url": "https://user:secret@desk.example.org"},
        {"url": "https://desk.example.org/?a=1"},
        {"url": "https://desk.example.org/a b"},
        {"url": "https://desk.example.org:port"},
        {"sms": "webhook"},
        {"sms": "maybe"},
        {"valid_hours": 0},
        {"mail": {"host": "imap.example.org"}},
        {"mail": {"host": "imap.example.org", "user": "pages"}},
        {"mail": {"host": "imap.example.org/x", "user": "a@example.org"}},
        {"mail": {"host": "imap.example.org:x", "user": "a@example.org"}},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AnswerSettings(**wrong)


def test_this_machine_may_do_without_tls() -> None:
    assert AnswerSettings(url="http://127.0.0.1:9611/").url == "http://127.0.0.1:9611"
