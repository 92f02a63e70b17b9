"""Mappings for changes: what can be published, and what is refused by the name of its field."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.context.change_mapping import FIELDS, read_mapping
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.publishing import checked_content

ARGO: dict[str, Any] = {
    "kind": "change-mapping",
    "each": "apps",
    "fields": {
        "summary": ["message", "$.title"],
        "at": "finished",
        "service": "app.name",
        "source": "$.cluster",
        "author": "by",
        "key": "id",
        "url": "links[0]",
    },
    "defaults": {"author": "argo"},
    "when": {"phase": ["Succeeded", "Failed"], "$.kind": "sync"},
}


def test_a_mapping_is_read_whole_and_can_be_published() -> None:
    mapping = read_mapping("argo", ARGO)
    assert set(mapping.fields) == set(FIELDS)
    assert mapping.each == ("apps",)
    assert mapping.fields["summary"] == (("message",), ("$", "title"))
    assert mapping.when == (
        (("phase",), frozenset({"succeeded", "failed"})),
        (("$", "kind"), frozenset({"sync"})),
    )
    assert checked_content("argo", ARGO) == ARGO


@pytest.mark.parametrize("name", ["", "a b", "a/b", "ä", ".a", "x" * 65])
def test_a_name_that_cannot_end_an_address_is_refused(name: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_mapping(name, ARGO)
    assert caught.value.field == "name"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fields": {}}, "fields.summary"),
        ({"fields": []}, "fields"),
        ({"fields": {"summary": "a..b"}}, "fields.summary"),
        ({"fields": {"summary": []}}, "fields.summary"),
        ({"fields": {"summary": 5}}, "fields.summary"),
        ({"fields": {"summary": "a", "time": "b"}}, "fields.time"),
        ({"fields": {"summary": ["a"] * 11}}, "fields.summary"),
        ({"fields": {"summary": "a" * 501}}, "fields.summary"),
        ({"each": "."}, "each"),
        ({"each": 5}, "each"),
        ({"defaults": {"at": "now"}}, "defaults.at"),
        ({"defaults": {"service": ""}}, "defaults.service"),
        ({"defaults": {"service": 5}}, "defaults.service"),
        ({"when": {"a": []}}, "when.a"),
        ({"when": {"a": [5]}}, "when.a"),
        ({"when": {"a..": ["x"]}}, "when.a.."),
        ({"when": {f"a{n}": "x" for n in range(11)}}, "when"),
        ({"feilds": {}}, "feilds"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        checked_content("argo", {**ARGO, **change})
    assert caught.value.field == field
    assert caught.value.remedy
