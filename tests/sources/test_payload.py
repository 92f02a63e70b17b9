"""Reading JSON from outside: what is refused, what is rewritten, what stays."""

from __future__ import annotations

import json
from typing import Any
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.sources import payload
from crisisdesk.sources.rules import IntakeError, IntakeRules

from tests.sources.payloads import RULES, anything, check_storable, json_bodies, raw_bodies


def refusal_of(body: bytes, rules: IntakeRules = RULES) -> IntakeError:
    with pytest.raises(IntakeError) as caught:
        payload.load(body, rules)
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1,]",
        b"NaN",
        b"[Infinity]",
        b"1e400",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b'"a\x00b"',
        b"\xef\xbb\xbf{}",
        b"{} {}",
    ],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    error = refusal_of(body)
    assert (error.status, error.field) == (400, "body")


def test_a_body_over_the_limit_is_413() -> None:
    assert refusal_of(b'"' + b"x" * 99 + b'"', IntakeRules(max_body_bytes=100)).status == 413
    assert payload.load(b'"' + b"x" * 98 + b'"', IntakeRules(max_body_bytes=100)) == "x" * 98


def test_an_escaped_nul_is_refused_by_its_path() -> None:
    assert refusal_of(b'{"a":[0,{"b":"x\\u0000"}]}').field == "a[1].b"
    assert refusal_of(b'{"a\\u0000":1}').status == 400
    assert payload.load(b'"x\\\\u0000"', RULES) == "x\\u0000"


@pytest.mark.parametrize(("left", "right"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_depth_is_bounded_at_32_by_default(left: bytes, right: bytes) -> None:
    core = b"[]"
    payload.load(left * 31 + core + right * 31, RULES)
    for depth in (32, 33, 900, 1100, 50_000):
        error = refusal_of(left * depth + core + right * depth)
        assert error.status == 400
        assert "nested deeper" in error.problem


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0, -1])
def test_integers_of_64_bits_stay(number: int) -> None:
    assert payload.load(str(number).encode(), RULES) == number


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**40, 10**300])
def test_wider_integers_are_refused_and_not_rounded(number: int) -> None:
    error = refusal_of(b'{"n":[%d]}' % number)
    assert (error.field, error.problem) == ("n[0]", "has an integer beyond 64 bits")


def test_floats_become_numbers_that_are_kept_as_their_shortest_text() -> None:
    body = b"[0.1, 1.0, -0.0, 1e22, 1e300, 18446744073709551616.0, 0.30000000000000004]"
    expected = ["0.1", "1.0", "-0.0", "1e+22", "1e+300", "1.8446744073709552e+19"]
    expected.append("0.30000000000000004")
    found = payload.load(body, RULES)
    assert found == [payload.Number(text) for text in expected]
    assert payload.kept(found) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["a", "b.c", ""]))
def test_no_float_is_ever_taken_for_a_text(number: float, path: str) -> None:
    body = json.dumps({"place": number, "inside": {"place": [number]}}).encode()
    fields = payload.load_object(body, RULES)
    with pytest.raises(IntakeError) as caught:
        payload.text_at(fields, "place", path)
    error = caught.value
    assert (error.status, error.field) == (400, payload.join(path, "place"))
    assert (error.problem, error.remedy) == ("is a number", "Send a string.")
    check_storable(payload.kept(fields))
    assert float(payload.kept(fields)["inside"]["place"][0]) == number


def test_strings_and_names_become_nfc() -> None:
    assert payload.load('{"e\u0301": "A\u030a"}'.encode(), RULES) == {"\u00e9": "\u00c5"}


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (b'{"url":"a\\u0026b\\u003e"}', True),
        ('"Zürich"'.encode(), True),
        (b'"\\u0000"', False),
        (b'"e\\u0301"', False),
        ('"e\u0301"'.encode(), False),
        ('"\\u0065\u0301"'.encode(), False),
    ],
)
def test_plain_bodies_are_known_by_their_bytes(body: bytes, plain: bool) -> None:
    assert payload.is_plain(body) is plain


def strings_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in strings_in(part)]
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    return [value] if isinstance(value, str) else []


@given(anything)
def test_no_plain_body_holds_a_string_that_needs_tidying(value: Any) -> None:
    for ascii_only in (True, False):
        try:
            body = json.dumps(value, ensure_ascii=ascii_only, allow_nan=False).encode()
            decoded = payload.decode(body, RULES)
        except (IntakeError, ValueError):
            continue
        if payload.is_plain(body):
            for text in strings_in(decoded):
                assert "\x00" not in text
                assert is_normalized("NFC", text)


@given(json_bodies | raw_bodies)
def test_whatever_comes_is_storable_or_refused(body: bytes) -> None:
    try:
        value = payload.load(body, RULES)
    except IntakeError:
        return
    check_storable(payload.kept(value))
    for text in strings_in(value):
        assert is_normalized("NFC", text)


def test_a_long_title_is_cut_and_kept_whole_in_the_description() -> None:
    long = "word " * 50
    title, description = payload.fit_title(long, "more")
    assert len(title) <= 200
    assert title.endswith("word…")
    assert description == f"{long}\n\nmore"
    assert payload.fit_title("t" * 200, "d") == ("t" * 200, "d")
    assert len(payload.fit_title("t", "d" * 20_001)[1]) == 20_000


def test_long_keys_stay_apart() -> None:
    one, two = payload.fit_key("k" * 600 + "1"), payload.fit_key("k" * 600 + "2")
    assert one != two
    assert len(one) == len(two) == 512
    assert payload.fit_key("k" * 512) == "k" * 512


def test_only_web_addresses_are_taken_for_links() -> None:
    candidates = [None, 7, "file:///etc/passwd", "javascript:alert(1)", "HTTPS://example.net/x"]
    assert payload.first_url(candidates) == "HTTPS://example.net/x"
    assert payload.first_url(candidates[:4]) == ""
