"""Which addresses may be called."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.addresses import check_url, entry_of

from tests.recovery.hostile import arguments

ALLOWED = ("https://lb.example.org/api/pool", "http://127.0.0.1:8080/")


@pytest.mark.parametrize(
    "url",
    [
        "https://lb.example.org/api/pool",
        "https://lb.example.org:443/api/pool/db2?weight=0",
        "https://LB.example.org/api/pool/a%20b",
        "http://127.0.0.1:8080/x",
    ],
)
def test_what_lies_behind_an_allowed_beginning(url: str) -> None:
    assert check_url(url, ALLOWED) == url
    allowed = ALLOWED[0] if url.startswith(("https", "HTTPS")) else ALLOWED[1]
    assert entry_of(url, ALLOWED) == f'recovery.urls "{allowed}"'


@pytest.mark.parametrize(
    "url",
    [
        5,
        "",
        "lb.example.org/api/pool",
        "file:///etc/passwd",
        "https://lb.example.org/api/poolside",
        "https://lb.example.org/api/",
        "https://lb.example.org/api/pool/../admin",
        "https://lb.example.org/api/pool/%2e%2e/admin",
        "https://lb.example.org/api/pool/%252e%252e/admin",
        "https://lb.example.org/api/pool/..%5cadmin",
        "https://lb.example.org/api/pool\\x",
        "https://lb.example.org/api/pool/a b",
        "https://lb.example.org/api/pool#x",
        "https://lb.example.org.evil.example/api/pool",
        "https://lb.example.org@evil.example/api/pool",
        "https://user:pw@lb.example.org/api/pool",
        "http://lb.example.org/api/pool",
        "https://lb.example.org:8443/api/pool",
        "https://lb.example.org:99999/api/pool",
        "http://127.0.0.1/x",
    ],
)
def test_all_else_is_refused(url: object) -> None:
    with pytest.raises(Malformed):
        check_url(url, ALLOWED)


def test_a_thousand_hostile_arguments_stay_below_where_they_are_put() -> None:
    beginning = "https://lb.example.org/api/pool/"
    for value in arguments(1_000):
        url = beginning + quote(value, safe="", errors="replace")
        assert "/" not in url.removeprefix(beginning)
        if ".." in value or "%2e" in value:
            continue
        assert check_url(url, ALLOWED) == url
