"""Which runbook may be opened: web pages and documents of this machine, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.desk.alerts.runbook_words import NONE, chosen, why_not
from crisisdesk.domain.context.gathered import RunbookFound


@pytest.mark.parametrize(
    "url",
    [
        "https://wiki.example/db?x=1#top",
        "http://10.0.0.1:8080/rb",
        "HTTPS://wiki.example/",
    ],
)
def test_web_pages_are_opened(url: str) -> None:
    assert why_not(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "wiki.example/db",
        "javascript:alert(1)",
        "ssh://host/x",
        "mailto:a@example.org",
        "ms-settings:x",
        "http:///nowhere",
        "http://a b/",
        "http://a\n.example/",
        "https://[::1",
        "file://server/share/rb.html",
        "file:rb.html",
        "file:///no/such/file.html",
        "file:///etc",
        "file:///bin/sh",
    ],
)
def test_everything_else_is_not_and_says_why(url: str) -> None:
    assert why_not(url)


def test_a_file_is_opened_unless_it_is_a_program(tmp_path: Path) -> None:
    book = tmp_path / "disk full.html"
    book.write_text("free some space")
    assert why_not(book.as_uri()) == ""
    assert why_not(book.as_uri().replace("file://", "file://localhost")) == ""
    book.chmod(0o700)
    assert "program" in why_not(book.as_uri())
    entry = tmp_path / "book.desktop"
    entry.write_text("[Desktop Entry]")
    assert "program" in why_not(entry.as_uri())


def test_the_first_that_can_be_opened_is_and_without_one_it_says_so() -> None:
    bad = RunbookFound("ssh://host/x", "of db")
    good = RunbookFound("https://wiki.example/db", "by its labels")
    assert chosen([bad, good]).url == good.url
    assert chosen([bad, good]).body == "https://wiki.example/db, by its labels"
    refused = chosen([bad])
    assert (refused.url, refused.title) == ("", "The runbook cannot be opened")
    assert refused.body.startswith("ssh://host/x is opened by no key")
    assert chosen([]).title == NONE
