"""PagerDuty's Change Events API v2."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from crisisdesk.domain.context.change_record import DETAILS_LIMIT, LINKS_LIMIT
from crisisdesk.sources import changes
from crisisdesk.sources.rules import IntakeError, Parsed

from tests.sources.payloads import (
    NOW_MS,
    RULES,
    check_total,
    damaged,
    encode,
    json_bodies,
    raw_bodies,
)


def event(**more: Any) -> dict[str, Any]:
    """What PagerDuty's documentation shows."""
    return {
        "routing_key": "0123456789abcdef0123456789abcdef",
        "payload": {
            "summary": "Build Success - Increase snapshot create timeout to 30 seconds",
            "timestamp": "2026-03-01T12:30:00.000Z",
            "source": "acme-build-pipeline-tool-default-i-9999",
            "custom_details": {
                "build_state": "passed",
                "build_number": 2,
                "service": "shop",
                "nested": {"left": "out"},
                "public": True,
            },
        },
        "links": [{"href": "https://acme.pagerduty.dev/build/2", "text": "View more"}],
        **more,
    }


def payload(**more: Any) -> dict[str, Any]:
    return event(payload={**event()["payload"], **more})


def parse(document: dict[str, Any]) -> Parsed:
    return changes.parse(encode(document), RULES)


def test_an_event_with_everything() -> None:
    parsed = parse(event())
    assert (parsed.status, parsed.signals) == (202, [])
    assert parsed.answer == {"message": "Change event processed", "status": "success"}
    assert parsed.routing_key == "0123456789abcdef0123456789abcdef"
    [one] = parsed.changes
    assert one.summary.startswith("Build Success")
    assert (one.service, one.source, one.at) == (
        "shop",
        "acme-build-pipeline-tool-default-i-9999",
        NOW_MS,
    )
    assert one.links == (("https://acme.pagerduty.dev/build/2", "View more"),)
    assert one.details == {"build_state": "passed", "build_number": "2", "public": "true"}


def test_a_summary_is_all_that_is_needed() -> None:
    [one] = parse({"routing_key": "k", "payload": {"summary": "Deploy"}}).changes
    assert (one.summary, one.service, one.at, one.links, one.details) == (
        "Deploy",
        "",
        None,
        (),
        {},
    )


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (event(routing_key=None), "routing_key"),
        (event(payload=None), "payload"),
        (event(payload=[]), "payload"),
        (payload(summary=" "), "payload.summary"),
        (payload(summary="x" * 1_025), "payload.summary"),
        (payload(timestamp="yesterday"), "payload.timestamp"),
        (event(links={}), "links"),
    ],
)
def test_what_cannot_be_used_is_refused(document: dict[str, Any], field: str) -> None:
    with pytest.raises(IntakeError) as error:
        parse(document)
    assert (error.value.status, error.value.field) == (400, field)


def test_a_huge_one_is_refused_and_many_links_and_details_are_bounded() -> None:
    with pytest.raises(IntakeError) as error:
        parse(payload(custom_details={"a": "x" * changes.MAX_EVENT_BYTES}))
    assert error.value.status == 413
    links: list[Any] = [{"href": f"https://x.example/{n}"} for n in range(200)]
    details = {f"name {n}" + "n" * 300: "v" * 900 for n in range(200)}
    links = [{"href": "javascript:x"}, 3, *links]
    [one] = parse(payload(custom_details=details) | {"links": links}).changes
    assert len(one.links) == LINKS_LIMIT
    assert len(one.details) == DETAILS_LIMIT
    assert all(len(k) <= 200 and len(v) <= 300 for k, v in one.details.items())


@given(raw_bodies | json_bodies | damaged(event()))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    check_total(lambda given_body: changes.parse(given_body, RULES), body)
