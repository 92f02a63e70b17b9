"""Paths into JSON as they are written, and what they lead to."""

from __future__ import annotations

import pytest

from crisisdesk.domain.json_path import find, path_of, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ("a",)),
        ("a.b-c.d e", ("a", "b-c", "d e")),
        ("alerts[0].labels.severity", ("alerts", 0, "labels", "severity")),
        ("a[1][2]", ("a", 1, 2)),
        ("[3].x", (3, "x")),
        ("$.x", ("$", "x")),
    ],
)
def test_paths(text: str, expected: tuple[str | int, ...]) -> None:
    assert path_of(text) == expected


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a]", "a[-1]"])
def test_bad_paths_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        path_of(text)


def test_find_never_stumbles() -> None:
    document = {"a": [{"b": 1}], "c": {"0": 2}}
    assert find(document, document, path_of("a[0].b")) == 1
    assert find({"x": 5}, document, path_of("$.c.0")) == 2
    for text in ("a[1].b", "a.b", "c[0]", "a[0].b.c", "x", "$.x"):
        assert find(document, document, path_of(text)) is None


@pytest.mark.parametrize("text", ["a", "alerts[0].labels.severity", "[3].x", "a[1][2]", "$.x"])
def test_a_path_is_written_as_it_was_read(text: str) -> None:
    assert written(path_of(text)) == text
