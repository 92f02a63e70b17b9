"""Requests that nobody should send, made from the document: told 4xx, and nothing stored."""

from __future__ import annotations

import json
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from tests.api.station import BEARER, OPERATOR, Station

REQUESTS = 500
KIND = {"content-type": "application/json"}
# The feed has no end to read; its refusals have tests of their own.
LEFT_OUT = "/crisis/feed"
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["x" * 21_000, "\x00", "e\u0301", "2026-13-01T00:00:00Z"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=10,
)


def operations(station: Station) -> list[Any]:
    """Every operation of the document, as schemathesis sees it."""
    schema = schemathesis.openapi.from_dict(station.ask("GET", "/openapi.json").json())
    found = list(schema.get_all_operations())
    broken = [result for result in found if not isinstance(result, Ok)]
    assert not broken
    operations = [result.ok() for result in found if isinstance(result, Ok)]
    return [operation for operation in operations if operation.path != LEFT_OUT]


def sent(station: Station, case: Case[Any], **more: Any) -> httpx.Response:
    """The case as a request of the desk."""
    asked = case.as_transport_kwargs(base_url="http://127.0.0.1:9611")
    headers = {**OPERATOR, **dict(asked.pop("headers", None) or {}), **BEARER}
    asked.pop("cookies", None)
    parts = {name: asked.pop(name) for name in ("json", "data", "params") if asked.get(name)}
    if "data" in parts:
        parts["content"] = parts.pop("data")
    request = station.http.build_request(
        asked["method"], asked["url"], headers=headers, **{**parts, **more}
    )
    answer: httpx.Response = station.run(station.http.send(request))
    return answer


def check(station: Station, answer: httpx.Response, before: int) -> None:
    """No 5xx; every refusal in the common shape; what is refused leaves no trace in the log."""
    assert answer.status_code < 500, (answer.request.method, answer.request.url, answer.text)
    if answer.status_code >= 400:
        told = answer.json()
        assert {"error", "detail"} <= set(told), told
        assert {"field", "problem", "remedy"} == set(told["error"])
        assert all(told["error"].values()), told
        assert station.head() == before, (answer.request.method, answer.request.url)


def test_malformed_requests_are_refused_and_store_nothing(station: Station) -> None:
    strategies = [
        o.as_strategy(generation_mode=GenerationMode.NEGATIVE) for o in operations(station)
    ]
    refused: list[int] = []

    @settings(
        max_examples=REQUESTS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(strategies))
    def attempt(case: Case[Any]) -> None:
        before = station.head()
        answer = sent(station, case)
        check(station, answer, before)
        if answer.status_code >= 400:
            refused.append(answer.status_code)
        else:
            # What schemathesis calls malformed but the station may take is something it does not
            # read, such as a query on a route that has none or the payload of a resolve: a body
            # that is wrong never leaves a trace.
            harmless = case.method == "GET" or not case.body or case.query
            assert harmless or station.head() == before, (case.path, case.body)

    attempt()
    assert len(refused) >= REQUESTS * 8 // 10


def test_any_json_at_all_is_answered_below_500(station: Station) -> None:
    alert = station.raised()
    incident = station.ask("POST", f"/crisis/alerts/{alert['id']}/escalate/").json()
    ways = [
        (o.method.upper(), _filled(o.path, alert["id"], incident["id"]))
        for o in operations(station)
        if o.method.upper() in ("POST", "PUT", "PATCH")
    ]
    names = sorted({"title", "severity", "status", "methods", "alert_ids", "alerts", "labels"})

    @settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(ways), JSON | st.dictionaries(st.sampled_from(names), JSON))
    def attempt(way: tuple[str, str], value: Any) -> None:
        before = station.head()
        check(station, station.ask(*way, content=_loose(value), headers=KIND), before)

    attempt()


def _filled(path: str, alert_id: str, incident_id: str) -> str:
    known = {"alert_id": alert_id, "incident_id": incident_id, "severity": "low"}
    for name in ("alert_id", "incident_id", "severity", "update_id", "contact_id", "method_id"):
        path = path.replace(f"{{{name}}}", known.get(name, "X-1"))
    return path


def _loose(value: Any) -> bytes:
    """JSON with all that Python lets through: NaN, huge integers, NUL."""
    return json.dumps(value).encode()
