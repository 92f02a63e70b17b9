"""Paths and mappings as they stand in settings."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.sources.mapping import BUILT_IN, FIELDS, find, mapping_from, path_of


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


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "mapping.source"),
        ({"source": "x", "felds": {}}, "felds"),
        ({"source": "x", "fields": []}, "mapping.fields"),
        ({"source": "x", "fields": {"titel": "a"}}, "mapping.fields.titel"),
        ({"source": "x", "fields": {"title": "a..b"}}, "mapping.fields.title"),
        ({"source": "x", "fields": {"title": [1]}}, "mapping.fields.title"),
        ({"source": "x", "each": 1}, "mapping.each"),
        ({"source": "x", "defaults": {"title": 1}}, "mapping.defaults.title"),
        ({"source": "x", "actions": {"1": "explode"}}, "explode"),
        ({"source": "x", "severities": {"1": "bad"}}, "mapping.severities"),
    ],
)
def test_a_wrong_entry_is_named(data: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mapping_from(data)


def test_the_built_in_ones_name_real_fields() -> None:
    assert set(BUILT_IN) == {"generic", "grafana", "uptime-kuma"}
    for mapping in BUILT_IN.values():
        assert mapping.fields.keys() <= FIELDS
        assert "title" in mapping.fields
