"""Every way in for changes has its parser and its name."""

from __future__ import annotations

import json

import pytest

from crisisdesk.bootstrap.building import intake_routes
from crisisdesk.bootstrap.changing import GENERIC_PATH, GITHUB_PATH, GITLAB_PATH, change_routes
from crisisdesk.settings.model import Settings
from crisisdesk.sources.rules import IntakeRules

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


def test_a_station_has_all_of_them() -> None:
    routes = intake_routes(Settings(station_name="North"))
    assert set(PAYLOADS) == set(change_routes(IntakeRules())) <= set(routes)
