"""Changes by a mapping: what is read, what is no change, and what is refused by its path."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from crisisdesk.domain.context.change_mapping import ChangeMapping, read_mapping
from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.sources.mapped_changes import parse
from crisisdesk.sources.rules import IntakeError

from tests.sources.payloads import NOW_MS, RULES, encode, json_bodies, raw_bodies

FIELDS = {
    "summary": ["message", "title"],
    "at": "finished",
    "service": "app.name",
    "source": "$.cluster",
    "author": "by",
    "key": "id",
    "url": "links[0]",
}


def mapping(**more: Any) -> ChangeMapping:
    return read_mapping("argo", {"kind": "change-mapping", "fields": FIELDS, **more})


def told(document: Any, **more: Any) -> tuple[ChangeReport, ...]:
    return parse(encode(document), mapping(**more), RULES).changes


def test_every_field_is_read_from_where_it_stands() -> None:
    item = {
        "title": " shop at v3 ",
        "message": "",
        "finished": "2026-03-01T12:30:00Z",
        "app": {"name": "shop"},
        "by": "Kim",
        "id": 77,
        "links": ["https://ci.example/77"],
    }
    whole = ChangeReport(
        summary="shop at v3",
        service="shop",
        source="eu",
        at=NOW_MS,
        author="Kim",
        key="77",
        links=(("https://ci.example/77", ""),),
    )
    assert told({"cluster": "eu", "apps": [item]}, each="apps") == (whole,)
    [bare] = told({"message": "x"}, defaults={"service": "web", "author": "ci"})
    assert (bare.service, bare.author, bare.source, bare.at) == ("web", "ci", "argo", None)
    assert [one.summary for one in told([{"message": "a"}, {"message": True}])] == ["a", "true"]


def test_what_says_none_of_the_words_is_no_change() -> None:
    when = {"phase": ["Succeeded", "failed"], "final": "true"}
    states = ["succeeded", "Running", None, 5]
    items = [{"message": str(s), "phase": s, "final": True} for s in states]
    assert [one.summary for one in told(items, when=when)] == ["succeeded"]
    # What does not count need not be whole either.
    assert told({"phase": "Running"}, when=when) == ()


@pytest.mark.parametrize("at", [NOW_MS, NOW_MS // 1000, NOW_MS / 1000, "2026-03-01T12:30:00Z"])
def test_a_time_may_be_a_number(at: object) -> None:
    [one] = told({"message": "x", "finished": at})
    assert one.at == NOW_MS


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    long = "https://ci.example/" + "x" * 3_000
    for link in ("file:///etc/passwd", "javascript:alert(1)", long, ""):
        [one] = told({"message": "x", "links": [link]})
        assert one.links == ()


@pytest.mark.parametrize(
    ("document", "more", "status", "field"),
    [
        ({}, {}, 400, "message"),
        ([{"message": "a"}, {}], {}, 400, "[1].message"),
        ({"apps": [{}]}, {"each": "apps"}, 400, "apps[0].message"),
        ({"apps": {}}, {"each": "apps"}, 400, "apps"),
        ({}, {"each": "apps"}, 400, "apps"),
        (5, {}, 400, "body"),
        ([5], {}, 400, "[0]"),
        ({"message": {"a": 1}}, {}, 400, "message"),
        ({"message": "a", "finished": "now"}, {}, 400, "finished"),
        ({"message": "a", "finished": -5}, {}, 400, "finished"),
        ({"message": "a", "finished": 1e300}, {}, 400, "finished"),
        ({"message": "a", "finished": True}, {}, 400, "finished"),
        ([{"message": "a"}] * 101, {}, 413, "body"),
    ],
)
def test_what_cannot_be_used_is_refused_whole(
    document: Any, more: dict[str, Any], status: int, field: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        told(document, **more)
    assert (caught.value.status, caught.value.field) == (status, field)
    assert caught.value.remedy


@given(json_bodies | raw_bodies)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        changes = parse(body, mapping(when={"a": "b"}), RULES).changes
    except IntakeError as error:
        status = error.status
        changes = ()
    else:
        status = 200
    assert status in (200, 400, 413)
    assert all(one.summary for one in changes)
