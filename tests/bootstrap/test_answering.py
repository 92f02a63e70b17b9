"""Which ways back from a page the settings open."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from crisisdesk.bootstrap.answering import answer_links, ways_of
from crisisdesk.engine.clock import SystemClock
from crisisdesk.settings.model import AnswerSettings, Settings

from tests.api.station import MemorySecrets

URL = "https://desk.example.org"


def settings(sealed: bool = False, **answers: Any) -> Settings:
    return Settings(sealed=sealed, answers=AnswerSettings(**answers))


def test_nothing_is_open_unless_said() -> None:
    assert answer_links(Settings(), MemorySecrets(), SystemClock()) is None
    made = answer_links(settings(url=URL), MemorySecrets(), SystemClock())
    assert made is not None
    assert made.ways.url == URL


def test_a_sealed_station_takes_no_answers() -> None:
    assert answer_links(settings(sealed=True, url=URL), MemorySecrets(), SystemClock()) is None


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
