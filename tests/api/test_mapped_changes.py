"""Changes in other shapes: by the mapping that is published when they come."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.station import INTAKE, Station

CONTENT: dict[str, Any] = {
    "kind": "change-mapping",
    "fields": {"summary": "build.title", "service": "build.app", "at": "build.end"},
    "when": {"build.phase": ["done"]},
}
BODY = {"build": {"title": "argo says v3", "app": "argo-shop", "phase": "done"}}


def post(station: Station, name: str, body: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {INTAKE}"}
    return station.bare("POST", f"/intake/changes/by/{name}", json=body, headers=headers)


def publish(station: Station, name: str, **changes: Any) -> httpx.Response:
    order = {"name": name, "content": {**CONTENT, **changes}}
    return station.ask("POST", "/crisis/policies/", json=order)


def recorded(station: Station, service: str) -> list[dict[str, Any]]:
    found = station.ask("GET", f"/crisis/changes/?service={service}").json()["results"]
    assert isinstance(found, list)
    return found


def test_what_is_published_counts_at_once_and_what_is_withdrawn_no_more(station: Station) -> None:
    before = station.head()
    unknown = post(station, "argo", BODY)
    assert (unknown.status_code, unknown.json()["error"]["field"]) == (404, "path")
    assert station.head() == before
    made = publish(station, "argo")
    assert made.status_code == 201
    assert post(station, "argo", BODY).status_code == 200
    [one] = recorded(station, "argo-shop")
    assert (one["summary"], one["source"]) == ("argo says v3", "argo")
    assert one["recorded_by"] == "source:argo"
    running = {"build": {**BODY["build"], "phase": "running", "title": "not yet"}}
    assert post(station, "argo", running).status_code == 200
    assert len(recorded(station, "argo-shop")) == 1
    newer = publish(station, "argo", fields={"summary": "build.app", "service": "build.title"})
    assert newer.status_code == 201
    assert post(station, "argo", BODY).status_code == 200
    assert len(recorded(station, "argo says v3")) == 1
    for version in (newer, made):
        name = version.json()["version_id"]
        gone = station.ask("DELETE", f"/crisis/policies/{name}/")
        assert gone.status_code == 204
    assert post(station, "argo", BODY).status_code == 404


def test_bad_mappings_and_bad_bodies_name_the_field_and_keep_nothing(station: Station) -> None:
    refused = publish(station, "bad", fields={"summary": "a..b"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "fields.summary")
    assert publish(station, "a b").json()["error"]["field"] == "name"
    assert publish(station, "strict").status_code == 201
    before = station.head()
    for body, field in (
        ({"build": {"phase": "done"}}, "build.title"),
        ({"build": {"phase": "done", "title": "x", "end": "soon"}}, "build.end"),
        ([5], "[0]"),
    ):
        answer = post(station, "strict", body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert station.head() == before


def test_nobody_without_a_token_gets_in(station: Station) -> None:
    publish(station, "closed")
    before = station.head()
    answer = station.bare("POST", "/intake/changes/by/closed", json=BODY)
    assert answer.status_code == 401
    assert station.head() == before


def test_the_address_is_documented(station: Station) -> None:
    document = station.ask("GET", "/openapi.json").json()
    told = document["paths"]["/intake/changes/by/{name}"]["post"]
    assert {"200", "400", "401", "404", "413"} <= set(told["responses"])
