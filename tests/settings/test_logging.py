"""Logging: fifty planted secrets in many shapes, none comes out; lines stay JSON."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import structlog

from crisisdesk.settings.logging import KnownSecrets, Logging, configure_logging, is_journal
from crisisdesk.settings.places import Places

# The records here are the planted ones.
pytestmark = pytest.mark.allow_log("")

BOT = "https://api.telegram.org/bot87654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/send"

# (what must not be seen, the text it hides in)
PLANTED: list[tuple[str, str]] = [
    ("hunter2a", "connect postgresql://crisis:hunter2a@db.local:5432/desk failed"),
    ("hun@ter2b", "connect postgresql://crisis:hun@ter2b@db.local/desk failed"),
    ("hunter2c", "dsn host=db user=x password=hunter2c sslmode=verify-full"),
    ("hunter 2d", "dsn host=db password='hunter 2d' user=x"),
    ("hunter2e", '{"password": "hunter2e", "user": "x"}'),
    ('hunt\\"er2f', '{"password": "hunt\\"er2f", "user": "x"}'),
    ("hunter2g", "{'db_password': 'hunter2g'}"),
    ("hunter2h", "PGPASSWORD=hunter2h psql"),
    ("hunter2i", "run --password hunter2i --verbose"),
    ("hunter2j", "run --api-token=hunter2j --verbose"),
    ("hunter2k", "redis://:hunter2k@cache:6379/0"),
    ("Zm9vYmFy" * 5, f"a link https://desk.example.org/a/{'Zm9vYmFy' * 5} came back"),
    ("Zm9vYm_-" * 5, f"In-Reply-To: <cd.{'Zm9vYm_-' * 5}@example.org>"),
    ("dG9wOnNlY3JldA==", "Authorization: Basic dG9wOnNlY3JldA=="),
    ("abcDEF123456", "{'Authorization': 'Bearer abcDEF123456'}"),
    ("abcDEF123457", "(b'Authorization', b'Bearer abcDEF123457')"),
    ("abcDEF123458", "sent header bearer abcDEF123458 to host"),
    ("abcDEF123459", "authorization=GenieKey abcDEF123459"),
    ("abcDEF12345a", "Proxy-Authorization: Digest username=abcDEF12345a"),
    ("abcDEF12345b", "X-Api-Key: abcDEF12345b"),
    ("abcDEF12345c", '"x-auth-token": "abcDEF12345c"'),
    ("abcDEF12345d", "Cookie: sid=1; session=abcDEF12345d"),
    ("abcDEF12345e", "Set-Cookie: sessionid=abcDEF12345e; HttpOnly"),
    ("qwe-rty-1", "GET https://api.example.net/x?token=qwe-rty-1&a=b"),
    ("qwe-rty-2", "GET https://api.example.net/x?a=b&access_token=qwe-rty-2"),
    ("qwe-rty-3", "GET https://api.example.net/x?api_key=qwe-rty-3#top"),
    ("qwe-rty-4", "GET https://prod.logic.azure.com/workflows/1/triggers?sig=qwe-rty-4"),
    ("qwe-rty-5", "POST https://api.example.net/x?key=qwe-rty-5"),
    ("Zq7Rabcd1", "POST https://hooks.slack.com/services/T0001/B0001/Zq7Rabcd1"),
    ("Zq7Rabcd2", "pool: POST /services/T0001/B0001/Zq7Rabcd2 HTTP/1.1 404"),
    ("Zq7Rabcd3", "https://discord.com/api/webhooks/12345/Zq7Rabcd3"),
    ("Zq7Rabcd4", "https://acme.webhook.office.com/webhookb2/Zq7Rabcd4/IncomingWebhook"),
    ("Zq7Rabcd5", "https://alert.victorops.com/integrations/generic/1/alert/Zq7Rabcd5/ops"),
    (
        "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
        "https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/send",
    ),
    ("T1JJ3T3L2", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops"),
    ("a3f9c0ffee", "twilio://AC0123:a3f9c0ffee@15551230000/15551231111"),
    ("s3cr3tmail", "mailtos://ann:s3cr3tmail@example.org?to=bob@example.org"),
    ("k9k9k9k9", "pagerduty://k9k9k9k9@z8z8z8z8"),
    ("u7u7u7u7", "pover://u7u7u7u7@t6t6t6t6"),
    ("topic-5f5f", "ntfys://ntfy.example.org/topic-5f5f"),
    ("hook-4e4e", "webhooks://desk.example.org/in/hook-4e4e"),
    ("jsonpw-3d", "jsons://user:jsonpw-3d@example.org/path"),
    ("xoxb-1234-5678-abcdef", "slack said invalid_auth for xoxb-1234-5678-abcdef"),
    ("AKIAIOSFODNN7EXAMPLE", "signing with AKIAIOSFODNN7EXAMPLE"),
    ("wJalrXUtnFEMI", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG"),
    ("AC0123456789abcdef0123456789abcdef", "account AC0123456789abcdef0123456789abcdef"),
    ("eyJhbGciOi.eyJzdWIiOiIx.c2ln", "jwt eyJhbGciOi.eyJzdWIiOiIx.c2ln expired"),
    ("ghp_abcdefghijklmnopqrstuv", "ghp_abcdefghijklmnopqrstuv rejected"),
    ("MIIEvQIBADAN", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----"),
    ("415 555 2671", "text to +1 415 555 2671 failed"),
    ("4155552672", "text to +14155552672 failed"),
    ("555-2673", "call (415) 555-2673 refused"),
    ("4155552674", "message to=14155552674 queued"),
    ("wr0ngT0ken", "An invalid Slack (second) Token (wr0ngT0ken) was specified."),
    ("a1b2c3d4routing", '{"routing_key":"a1b2c3d4routing","event_action":"trigger"}'),
]
EXACT = ["correct horse battery", "pä§§/wörd?&1", 'quo"te\\d', "plainword"]


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def secrets() -> KnownSecrets:
    known = KnownSecrets()
    known.add(*EXACT, "ab")
    return known


@pytest.fixture
def log(tmp_path: Path, stream: io.StringIO, secrets: KnownSecrets) -> Iterator[Logging]:
    installed = configure_logging(Places(tmp_path), level="DEBUG", stream=stream, secrets=secrets)
    yield installed
    installed.close()
    structlog.reset_defaults()


def written(stream: io.StringIO, tmp_path: Path) -> str:
    on_disk = (tmp_path / "logs" / "crisisdesk.log").read_text(encoding="utf-8")
    assert sorted(on_disk.splitlines()) == sorted(stream.getvalue().splitlines())
    for line in on_disk.splitlines():
        assert json.loads(line)["message"]
    return on_disk


def fail_with(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        raise RuntimeError(f"again: {text}") from error


def test_there_are_at_least_fifty_secrets() -> None:
    assert len({secret for secret, _ in PLANTED}) >= 50
    assert all(secret in text for secret, text in PLANTED)


@pytest.mark.usefixtures("log")
def test_no_planted_secret_comes_out(stream: io.StringIO, tmp_path: Path) -> None:
    plain, structured = logging.getLogger("some.library"), structlog.get_logger("crisisdesk.test")
    for secret, text in PLANTED:
        plain.warning(text)
        plain.warning("%s and %r", text, text)
        plain.warning("a", extra={"field": text})
        structured.info("happened", detail=text, nested={"a": [text, {"b": text.encode()}]})
        structured.info(text, error=ValueError(text))
        try:
            fail_with(text)
        except RuntimeError:
            plain.exception("failed")
            structured.exception("failed")
        out = written(stream, tmp_path)
        escaped = json.dumps(secret, ensure_ascii=False)[1:-1]
        assert secret not in out, text
        assert escaped not in out, text
    assert out.count("***") >= 10 * len(PLANTED)


@pytest.mark.usefixtures("log")
def test_known_secrets_are_masked_in_every_spelling(stream: io.StringIO, tmp_path: Path) -> None:
    for secret in EXACT:
        for shape in (
            secret,
            repr(secret),
            json.dumps(secret),
            quote(secret),
            quote_plus(secret),
            base64.b64encode(secret.encode()).decode(),
        ):
            logging.getLogger("x").error("the value is <%s> here", shape)
            last = json.loads(stream.getvalue().splitlines()[-1])["message"]
            assert last.replace('"', "").replace("'", "") == "the value is <***> here"
    assert "ab" in "about"
    logging.getLogger("x").error("about")
    assert "about" in written(stream, tmp_path)


@pytest.mark.usefixtures("log")
def test_fields_are_masked_by_their_name(stream: io.StringIO) -> None:
    structlog.get_logger("x").info(
        "login", password="short", api_key=b"xyz", user="ann", ctx={"vault_key": "q", "n": 3}
    )
    line = json.loads(stream.getvalue())
    assert (line["password"], line["api_key"], line["user"]) == ("***", "***", "ann")
    assert line["ctx"] == {"vault_key": "***", "n": 3}


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "text",
    [
        "alert 01J9ZK acknowledged by ann in 1763692574123 ms",
        "2026-11-21T02:36:14+00:00 engine started on http://127.0.0.1:9611/",
        "chain head 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "basic checks passed, the token was refused, password is wrong",
        "disk /var/lib at 98.7% on host-12.example.net, 4 of 10 services down",
        "GET http://10.0.0.7:9090/api/v1/alerts?limit=100 took 12.5 ms",
    ],
)
def test_harmless_text_is_left_alone(stream: io.StringIO, text: str) -> None:
    logging.getLogger("x").info(text)
    assert json.loads(stream.getvalue())["message"] == text


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("name", ["apprise", "httpx", "httpcore.http11", "urllib3.connectionpool"])
def test_chatty_libraries_stay_quiet_even_when_turned_up(stream: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    before = logger.level
    try:
        logger.setLevel(logging.DEBUG)
        logger.debug("whole address and body")
        logger.log(5, "trace")
        assert stream.getvalue() == ""
        logger.error("bad news")
        assert "bad news" in stream.getvalue()
    finally:
        logger.setLevel(before)


def test_levels_are_pinned_and_put_back(tmp_path: Path, stream: io.StringIO) -> None:
    before = logging.getLogger("apprise").level, logging.getLogger().level
    hook = sys.excepthook
    installed = configure_logging(Places(tmp_path), level="DEBUG", stream=stream)
    assert logging.getLogger("apprise").level >= logging.INFO
    assert logging.getLogger("urllib3").level >= logging.INFO
    assert logging.getLogger("httpx").level >= logging.INFO
    assert logging.getLogger().level == logging.DEBUG
    installed.close()
    structlog.reset_defaults()
    assert (logging.getLogger("apprise").level, logging.getLogger().level) == before
    assert sys.excepthook is hook


@pytest.mark.usefixtures("log")
def test_an_uncaught_error_is_logged_masked(stream: io.StringIO) -> None:
    error = ValueError("token=hunter2z")
    sys.excepthook(ValueError, error, None)
    line = json.loads(stream.getvalue())
    assert line["level"] == "critical"
    assert "ValueError" in line["exception"]
    assert "hunter2z" not in stream.getvalue()


def test_the_journal_gets_priorities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "journal"
    with target.open("w", encoding="utf-8") as stream:
        found = os.fstat(stream.fileno())
        assert not is_journal(stream)
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        assert is_journal(stream)
        installed = configure_logging(None, stream=stream)
        logging.getLogger("x").error("bad")
        logging.getLogger("x").info("good")
        logging.getLogger("x").debug("unseen")
        installed.close()
        structlog.reset_defaults()
    lines = target.read_text().splitlines()
    assert [line[:3] for line in lines] == ["<3>", "<6>"]
    assert json.loads(lines[0][3:])["message"] == "bad"
    assert not is_journal(io.StringIO())


def chatter() -> None:
    for _ in range(50):
        logging.getLogger("t").info("x" * 200)


@pytest.mark.usefixtures("log")
def test_threads_write_whole_lines(stream: io.StringIO, tmp_path: Path) -> None:
    threads = [threading.Thread(target=chatter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written(stream, tmp_path).splitlines()) == 200
