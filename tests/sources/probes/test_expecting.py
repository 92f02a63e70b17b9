"""Statuses and bodies compared with what is expected."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes.expecting import assert_body, assert_status, read_spans
from crisisdesk.sources.probes.looking import Unanswered

PLAIN = {"contains": "", "lacks": "", "json_path": "", "json_equals": ""}


def test_spans_hold_both_ends() -> None:
    assert read_spans("200-299, 401") == [(200, 299), (401, 401)]
    for status in (200, 299, 401):
        assert_status(status, "200-299,401", {})
    for status in (199, 300, 402):
        with pytest.raises(Unanswered, match=f"HTTP {status}"):
            assert_status(status, "200-299,401", {})


@pytest.mark.parametrize("text", ["", "20", "600", "300-200", "200-", "ok", "200;300"])
def test_what_is_no_status_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match=r"settings\.status"):
        read_spans(text)


@pytest.mark.parametrize(
    ("body", "path", "wanted", "number"),
    [
        (b'{"a": {"b": [1, 2.50]}}', "a.b.1", "2.50", 2.5),
        (b"[true, null]", "0", "true", None),
        (b"[true, null]", "1", "null", None),
        (b'{"a": "up"}', "a", "up", None),
        (b"[5]", "[0]", "5", 5.0),
        (b'{"a": null}', "a", "null", None),
        (b'{"a": NaN}', "a", "", None),
        (b'{"a": {"x": 1}}', "a", '{"x": "1"}', None),
    ],
)
def test_a_place_in_the_json_is_found(
    body: bytes, path: str, wanted: str, number: float | None
) -> None:
    values: dict[str, float] = {}
    assert_body(body, PLAIN | {"json_path": path, "json_equals": wanted}, values)
    if number is not None:
        assert values == {"json_value": number}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"", "a"),
        (b"\xff", "a"),
        (b"[" * 100_000, "a"),
        (b"{}", "a"),
        (b"[1]", "1"),
        (b"[1]", "-1"),
        (b"[1]", "99999999999"),
        (b"5", "a"),
        (b'{"a": "5"}', "a.b"),
    ],
)
def test_a_place_that_is_not_there_is_down(body: bytes, path: str) -> None:
    with pytest.raises(Unanswered):
        assert_body(body, PLAIN | {"json_path": path}, {})


def test_text_is_looked_for_whatever_its_bytes_are() -> None:
    settings: dict[str, Any] = PLAIN | {"contains": "ä"}
    assert_body("\xff ä".encode(), settings, {})
    with pytest.raises(Unanswered, match="does not contain"):
        assert_body(b"\xe4", settings, {})
