"""Paths and mappings as they stand in settings."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.settings.model import IntakeMapping
from crisisdesk.sources.mapping import (
    BUILT_IN,
    FIELDS,
    OWN_PATHS,
    mapping_from,
    own_format,
)


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


def test_a_format_of_ones_own_is_a_mapping() -> None:
    told = {
        "each": "all",
        "key": "id",
        "title": "t",
        "action": "state",
        "place": "",
        "resolve_words": ["Gone"],
        "severities": {"P1": "emergency"},
    }
    mapping = own_format("mine", told)
    assert mapping.each == ("all",)
    assert mapping.fields == {"key": (("id",),), "title": (("t",),), "status": (("state",),)}
    assert mapping.actions == {"gone": "resolve"}
    assert mapping.severity_words == {"p1": "emergency"}
    assert mapping.defaults == {"severity": "medium"}
    assert {"status" if name == "action" else name for name in OWN_PATHS} <= FIELDS


def test_settings_know_every_path_of_a_format_of_ones_own() -> None:
    assert set(OWN_PATHS) <= set(IntakeMapping.model_fields)
