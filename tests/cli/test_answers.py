"""``crisisdesk answers``: what is open, what is missing, and real tries against real pages."""

from __future__ import annotations

import io
import re
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crisisdesk.api.answer_html import Page, html_of
from crisisdesk.cli import answers
from crisisdesk.comms import mail_answers

from tests.cli.conftest import Cli, Station, objects, start_station
from tests.comms.receivers import Request, answer, receiving

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


# -- the whole way: a real engine, a page that arrives, its link, the alert in hand ----------------


@pytest.fixture
def alive(tmp_path: Path) -> Iterator[tuple[Station, str]]:
    """A station that sends, and the address under which its links lead back to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    (tmp_path / "settings.toml").write_text(f'[answers]\nurl = "{url}"\n', encoding="utf-8")
    running = start_station(tmp_path, port=str(port), sealed="false")
    yield running, url
    running.stop()


def test_a_page_is_answered_by_the_link_that_stands_in_it(
    alive: tuple[Station, str], call: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, url = alive
    folder = station.places.data_dir
    with receiving(lambda _: answer(200, "ok")) as receiver:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"webhook://{receiver.host}/x\n"))
        who = ("--operator", "Zoë")
        made = call("contact", "add", "Priya Nair", "--method", "-", *who, folder=folder)
        assert made.code == 0, made.err
        raised = call("alert", "raise", "Disk full", "--severity", "critical", *who, folder=folder)
        alert_id = raised.out.strip()
        wait_for(lambda: bool(receiver.requests))
    (have, _other) = receiver.requests[0].json()["text"].splitlines()[-2:]
    link = have.removeprefix("I have it: ")
    assert link.startswith(f"{url}/a/")
    with urllib.request.urlopen(link, timeout=10) as looked:
        assert b"Disk full" in looked.read()
    (before,) = objects(call("alert", "show", alert_id, "--json", folder=folder))
    assert before["acknowledged_by"] == ""
    with urllib.request.urlopen(urllib.request.Request(link, method="POST"), timeout=10) as done:
        assert b"You have it." in done.read()
    (after,) = objects(call("alert", "show", alert_id, "--json", folder=folder))
    assert after["acknowledged_by"] == after["owner"] == "Priya Nair"
    assert after["response_ms"] is not None
    (page,) = objects(call("delivery", "list", "--json", folder=folder))
    story = call("delivery", "show", page["delivery_id"], folder=folder).out
    assert "Priya Nair took it by link" in story
    shown = call("answers", "test", folder=folder)
    assert (shown.code, "leads to this station" in shown.out) == (0, True), shown.out
    assert call("answers", "newkey", *who, folder=folder).out.startswith("links and mail codes")
    token = link.rpartition("/")[2]
    logs = b"".join(file.read_bytes() for file in folder.rglob("*.log*") if file.is_file())
    kept = (folder / "station.sqlite3").read_bytes()
    assert token.encode() not in logs + kept, "a link stands in no log and in no event"


def test_a_try_says_by_what_it_was_answered(
    alive: tuple[Station, str], call: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, _url = alive
    folder = station.places.data_dir

    def press(request: Request) -> bytes:
        """Whoever gets the page presses its button at once."""
        (link,) = re.findall(r"I have it: (\S+)", request.json()["text"])
        pressed = urllib.request.Request(link, method="POST")
        urllib.request.urlopen(pressed, timeout=10).close()
        return answer(200, "ok")

    with receiving(press) as receiver:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"webhook://{receiver.host}/x\n"))
        who = ("--operator", "Zoë")
        call("contact", "add", "Ann", "--method", "-", *who, folder=folder)
        said = call("answers", "test", "Ann", *who, "--wait", "60", folder=folder)
    assert said.code == 0, said
    assert said.lines[-1] == "Ann answered by link: this way works"


def wait_for(happened: Callable[[], bool], within_s: float = 60.0) -> None:
    until, pause = time.monotonic() + within_s, threading.Event()
    while not happened():
        assert time.monotonic() < until
        pause.wait(0.05)
