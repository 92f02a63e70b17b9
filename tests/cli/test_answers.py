"""``crisisdesk answers``: what is open, what is missing, and real tries against real pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.api.answer_html import Page, html_of
from crisisdesk.cli import answers
from crisisdesk.comms import mail_answers

from tests.cli.conftest import Cli, Station
from tests.comms.receivers import answer, receiving

SECRET = "pw-of-the-mailbox"


@pytest.fixture
def settings(station: Station) -> Iterator[Path]:
    """Where this station's settings stand; afterwards there are none."""
    file = station.places.settings
    yield file
    file.unlink(missing_ok=True)


def test_the_password_is_kept_where_the_engine_looks() -> None:
    assert answers.PASSWORD_NAME == mail_answers.PASSWORD_NAME


def test_what_is_missing_is_said(cli: Cli, settings: Path) -> None:
    settings.write_text('[answers]\nurl = "https://desk.example.org"\n', encoding="utf-8")
    lines = cli("answers", "show").lines
    assert lines[1].split()[:2] == ["link", "yes"]
    assert "https://desk.example.org/a/" in lines[1]
    assert lines[3].split()[:3] == ["text", "message", "no"]
    assert "[answers] sms" in lines[3]


def test_settings_that_cannot_be_are_told_by_name(cli: Cli, settings: Path) -> None:
    settings.write_text('[answers]\nurl = "http://desk.example.org"\n', encoding="utf-8")
    said = cli("answers", "show")
    assert said.code == 1
    assert "answers.url" in said.err
    assert "https://" in said.err


def test_the_password_is_taken_unseen(
    cli: Cli, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = '[answers.mail]\nhost = "imap.example.org"\nuser = "pages@example.org"\n'
    settings.write_text(told, encoding="utf-8")
    assert "answers password" in cli("answers", "show").lines[4]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert cli("answers", "password").code == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    said = cli("answers", "password")
    assert (said.code, SECRET in said.out) == (0, False)
    assert "a contact method by mail" in cli("answers", "show").lines[4]


@pytest.mark.parametrize(
    ("code", "head", "text", "good"),
    [
        (404, answers.NOT_KNOWN, "", True),
        (429, "Too many wrong links", "", True),
        (404, "Not Found", "", False),
        (403, "Not answered", "This station takes no answers by link: it is sealed.", False),
        (200, "Welcome", "", False),
    ],
)
def test_where_links_lead_is_looked_at(
    cli: Cli, settings: Path, code: int, head: str, text: str, good: bool
) -> None:
    page = html_of(Page(head=head, text=text))
    with receiving(lambda _: answer(code, page)) as receiver:
        settings.write_text(f'[answers]\nurl = "http://{receiver.host}"\n', encoding="utf-8")
        said = cli("answers", "test")
    (request,) = receiver.requests
    assert request.path == f"/a/{answers.PROBE}"
    assert ("leads to this station" in said.out) is good
    assert said.code == (0 if good else 1)


def test_an_address_where_nobody_is_is_told(cli: Cli, settings: Path) -> None:
    settings.write_text('[answers]\nurl = "http://127.0.0.1:9"\n', encoding="utf-8")
    said = cli("answers", "test")
    assert said.code == 1
    assert "cannot be reached from here" in said.out


def test_a_try_without_an_answer_ends(cli: Cli, people: tuple[str, str]) -> None:
    said = cli("answers", "test", "Ann", "--wait", "0", by="Ann")
    assert said.code == 1
    assert said.lines == [
        "1 test page(s) on the way to Ann: answer one of them",
        "no answer within 0 s",
    ]
    assert cli("answers", "test", "Nobody", by="Ann").code == 1


def test_a_sealed_station_has_no_key_to_change(cli: Cli) -> None:
    said = cli("answers", "newkey")
    assert said.code in (1, 2)
    assert "--operator" in said.err or "takes no answers" in said.err
