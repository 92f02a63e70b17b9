"""Addresses taken apart: as typed, without losing or inventing anything."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.address_parts import (
    base_of,
    check_parameters,
    one_recipient,
    parts_of,
)
from crisisdesk.comms.channels import AddressError

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(user=words, password=words, host=st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True))
def test_what_was_quoted_comes_back(user: str, password: str, host: str) -> None:
    url = f"x://{quote(user, safe='')}:{quote(password, safe='')}@{host}:80/a%2Fb/c"
    parts = parts_of(url)
    assert (parts.user, parts.password, parts.host, parts.port) == (user, password, host, 80)
    assert parts.path == ("a/b", "c")


@given(st.dictionaries(words.filter(lambda w: w[0] != "+"), words, max_size=4))
def test_parameters_come_back(given_: dict[str, str]) -> None:
    query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in given_.items())
    assert parts_of(f"x://h?{query}").given == {k.lower(): v for k, v in given_.items()}


def test_a_plus_sign_stays_one_and_marks_a_detail() -> None:
    parts = parts_of("x://h?to=ann+oncall@example.org&+team=web&Flag")
    assert parts.given == {"to": "ann+oncall@example.org", "flag": ""}
    assert parts.details == {"team": "web"}


@pytest.mark.parametrize(
    ("place", "host", "port"),
    [
        ("w:15551230000", "w:15551230000", None),
        ("KeyInCapitals", "KeyInCapitals", None),
        ("[::1]:8080", "[::1]", 8080),
        ("[::1]", "[::1]", None),
        ("u@host:443", "host", 443),
    ],
)
def test_hosts_and_ports(place: str, host: str, port: int | None) -> None:
    parts = parts_of(f"x://{place}/y")
    assert (parts.host, parts.port) == (host, port)


def test_secrets_are_not_shown() -> None:
    shown = repr(parts_of("x://s3cret:s3cret@s3cret/s3cret?s3cret=s3cret&+s3cret=s3cret"))
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    ("wanted", "base"),
    [
        ("", "https://usual"),
        ("events.example.org", "https://events.example.org"),
        ("https://127.0.0.1:9", "https://127.0.0.1:9"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"),
    ],
)
def test_the_host_of_ones_own(wanted: str, base: str) -> None:
    assert base_of(parts_of(f"x://k?host={wanted}"), "usual") == base


@pytest.mark.parametrize(
    "wanted",
    [
        "http://events.example.org",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@events.example.org",
        "http://events.example.org%23@127.0.0.1",
        "http:events.example.org",
        "gopher://127.0.0.1",
        "events.example.org/path",
        "events.example.org?x",
        "events.example.org:port",
        "[fe80::1]",
        "https://",
    ],
)
def test_no_key_goes_where_anyone_could_read_it(wanted: str) -> None:
    with pytest.raises(AddressError, match="host"):
        base_of(parts_of(f"x://k?host={quote(wanted, safe='')}"), "usual")


def test_recipients_and_parameters() -> None:
    one_recipient(0)
    one_recipient(1)
    with pytest.raises(AddressError, match="3 recipients"):
        one_recipient(3)
    check_parameters(parts_of("x://h?a=1&verify=yes&+b=2"), frozenset({"a"}))
    with pytest.raises(AddressError, match="no parameter “b”"):
        check_parameters(parts_of("x://h?b=1"), frozenset({"a"}))
    with pytest.raises(AddressError, match="SSL_CERT_FILE"):
        check_parameters(parts_of("x://h?verify=no"), frozenset())
