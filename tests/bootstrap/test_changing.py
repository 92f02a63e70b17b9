"""Every way in for changes has its parser and its name."""

from __future__ import annotations

import json

import pytest

from crisisdesk.bootstrap.building import intake_routes
from crisisdesk.bootstrap.changing import (
    GENERIC_PATH,
    GITHUB_PATH,
    GITLAB_PATH,
    change_routes,
    mapped_parse,
)
from crisisdesk.domain.context.change_mapping import read_mapping
from crisisdesk.settings.model import Settings
from crisisdesk.sources.rules import IntakeError, IntakeRules

PAYLOADS = {
    "/v2/change/enqueue": {"routing_key": "k", "payload": {"summary": "Deploy"}},
    GENERIC_PATH: {"summary": "Deploy"},
    GITHUB_PATH: {
        "deployment_status": {"state": "success"},
        "deployment": {"id": 1},
        "repository": {"name": "Deploy"},
    },
    GITLAB_PATH: {
        "object_kind": "deployment",
        "status": "success",
        "project": {"name": "Deploy"},
    },
}


@pytest.mark.parametrize("path", PAYLOADS)
def test_each_path_reads_its_own_form(path: str) -> None:
    route = change_routes(IntakeRules())[path]
    [one] = route.parse(json.dumps(PAYLOADS[path]).encode(), 0).changes
    assert one.summary.startswith("Deploy")
    assert route.key_in_body is (path == "/v2/change/enqueue")


def test_a_mapping_is_read_by_the_rules_of_the_station() -> None:
    parse = mapped_parse(IntakeRules(max_body_bytes=40))
    mapping = read_mapping("ci", {"kind": "change-mapping", "fields": {"summary": "t"}})
    [one] = parse(b'{"t": "Deploy"}', mapping).changes
    assert one.summary == "Deploy"
    with pytest.raises(IntakeError):
        parse(b'{"t": "' + b"x" * 40 + b'"}', mapping)


def test_a_station_has_all_of_them() -> None:
    routes = intake_routes(Settings(station_name="North"))
    assert set(PAYLOADS) == set(change_routes(IntakeRules())) <= set(routes)
