"""Webhooks about deploys."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import given

from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.sources import deployments
from crisisdesk.sources.rules import IntakeError

from tests.sources.payloads import (
    NOW_MS,
    RULES,
    check_total,
    damaged,
    encode,
    json_bodies,
    raw_bodies,
)


def generic(document: Any) -> tuple[ChangeReport, ...]:
    return deployments.parse_generic(encode(document), RULES).changes


def test_plain_json_is_read_by_the_names_of_its_members() -> None:
    [one] = generic(
        {
            "title": "shop 3.1 to production",
            "app": "shop",
            "environment": "production",
            "deployed_at": "2026-03-01T12:30:00Z",
            "user": "Kim",
            "id": 77,
            "url": "https://ci.example/77",
            "links": [{"href": "https://git.example/c", "text": "Commit"}],
            "commit": "ab12",
        }
    )
    assert one == ChangeReport(
        summary="shop 3.1 to production",
        service="shop",
        source="production",
        at=NOW_MS,
        author="Kim",
        key="77",
        links=(("https://ci.example/77", ""), ("https://git.example/c", "Commit")),
        details={"commit": "ab12"},
    )
    assert [r.summary for r in generic([{"summary": "a"}, {"message": "b"}])] == ["a", "b"]


@pytest.mark.parametrize(
    ("document", "status", "field"),
    [
        ({}, 400, "summary"),
        (3, 400, "body"),
        ([{"summary": "a"}, {}], 400, "[1].summary"),
        ([{"summary": "a"}, 3], 400, "[1]"),
        ({"summary": "a", "at": "now"}, 400, "at"),
        ([{"summary": "a"}] * 101, 413, "body"),
    ],
)
def test_what_cannot_be_used_is_refused(document: Any, status: int, field: str) -> None:
    with pytest.raises(IntakeError) as error:
        generic(document)
    assert (error.value.status, error.value.field) == (status, field)


GITHUB: dict[str, Any] = {
    "action": "created",
    "deployment_status": {
        "state": "success",
        "created_at": "2026-03-01T12:30:00Z",
        "target_url": "https://ci.example/9",
        "description": "Deployed",
    },
    "deployment": {
        "id": 145988746,
        "sha": "f95f852bd8fca8fcc58a9a2d6c842781e32a215e",
        "ref": "main",
        "environment": "production",
        "payload": {"service": "checkout"},
        "creator": {"login": "octocat"},
    },
    "repository": {
        "name": "shop",
        "full_name": "acme/shop",
        "html_url": "https://github.com/acme/shop",
    },
}


def github(document: Any) -> tuple[ChangeReport, ...]:
    return deployments.parse_github(encode(document), RULES).changes


def test_githubs_deployment_counts_when_it_has_ended() -> None:
    [one] = github(GITHUB)
    assert one.summary == "shop deployed at main to production"
    assert (one.service, one.source, one.at, one.author) == (
        "checkout",
        "production",
        NOW_MS,
        "octocat",
    )
    assert one.key == "github acme/shop 145988746 deployed"
    assert [url for url, _text in one.links] == [
        "https://ci.example/9",
        "https://github.com/acme/shop",
    ]
    assert one.details["sha"].startswith("f95f")
    failed = {**GITHUB, "deployment_status": {"state": "failure"}}
    assert github(failed)[0].summary == "shop deploy failed at main to production"
    for state in ("in_progress", "queued", "pending", "inactive", None, 3):
        assert github({**GITHUB, "deployment_status": {"state": state}}) == ()
    assert github({"zen": "Keep it logically awesome.", "hook_id": 1}) == ()


def test_gitlabs_deployment_counts_when_it_has_ended() -> None:
    event: dict[str, Any] = {
        "object_kind": "deployment",
        "status": "success",
        "status_changed_at": "2026-03-01 12:30:00 +0200",
        "deployment_id": 15,
        "deployable_url": "https://gitlab.example/j/795",
        "environment": "staging",
        "project": {"name": "shop", "path_with_namespace": "acme/shop"},
        "short_sha": "279484c0",
        "user": {"name": "Kim"},
        "commit_title": "Add new file",
        "ref": "1.0.0",
    }
    [one] = deployments.parse_gitlab(encode(event), RULES).changes
    assert one.summary == "shop deployed at 1.0.0 to staging"
    assert (one.service, one.author, one.key) == ("shop", "Kim", "gitlab acme/shop 15 deployed")
    for other in ({"status": "running"}, {"object_kind": "push"}):
        assert deployments.parse_gitlab(encode(event | other), RULES).changes == ()


@given(raw_bodies | json_bodies | damaged(GITHUB))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    for parse in (
        deployments.parse_generic,
        deployments.parse_github,
        deployments.parse_gitlab,
    ):
        check_total(partial(parse, rules=RULES), body)
