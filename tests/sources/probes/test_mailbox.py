"""A real mailbox: each mail once, none changed, and what begins anew when numbers do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.looking import Unanswered
from crisisdesk.sources.probes.mailbox import AT_ONCE, MAIL_LIMIT, Account, Box, News

from tests.comms.imap_server import PASSWORD, USER, ImapServer, imap_server

pytestmark = pytest.mark.serial


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as made:
        yield made


def read(server: ImapServer, bookmark: dict[str, object], **other: Any) -> News:
    told: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": USER,
        "folder": "INBOX",
        "password": PASSWORD,
        "trust": server.trust,
        **other,
    }
    return Box(Account(**told), 30.0).news(bookmark)


def after(news: News) -> dict[str, object]:
    return {"validity": news.validity, "last": news.last}


def put(server: ImapServer, *subjects: str) -> None:
    server.put(*(f"From: a@b\r\nSubject: {one}\r\n\r\ntext\r\n".encode() for one in subjects))


def subjects(news: News) -> list[str]:
    return [raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for _uid, raw in news.mails]


def test_each_mail_comes_once_from_the_first_look_on(server: ImapServer) -> None:
    put(server, "before")
    first = read(server, {})
    assert first.mails == []
    put(server, "one", "two")
    second = read(server, after(first))
    assert subjects(second) == ["one", "two"]
    assert read(server, after(second)).mails == []
    assert not any(b"Seen" in flags for flags in server.flags())


def test_many_come_in_pieces_and_long_ones_cut(server: ImapServer) -> None:
    place = after(read(server, {}))
    put(server, *(f"m{number}" for number in range(AT_ONCE + 1)), "x" * (2 * MAIL_LIMIT))
    first = read(server, place)
    second = read(server, after(first))
    assert (len(first.mails), len(second.mails)) == (AT_ONCE, 2)
    assert len(second.mails[-1][1]) == MAIL_LIMIT


def test_when_numbers_begin_anew_nothing_comes_twice(server: ImapServer) -> None:
    put(server, "old")
    news = read(server, {"validity": "1", "last": 0})
    assert news.mails == []
    assert "anew" in news.note
    assert read(server, {"validity": "x", "last": True}).mails == []


@pytest.mark.parametrize(
    "other", [{"password": "wrong"}, {"user": "nobody"}, {"folder": "Nowhere"}, {"folder": 'a"\\'}]
)
def test_who_may_not_look_is_not_sure(server: ImapServer, other: dict[str, str]) -> None:
    with pytest.raises(Unanswered) as caught:
        read(server, {}, **other)
    assert caught.value.verdict is Verdict.UNSURE
