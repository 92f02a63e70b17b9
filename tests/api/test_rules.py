"""Rules at the door: declared, changed, removed, and tried."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.detection.rule import alert_rules
from crisisdesk.domain.detection.rule_words import signal_of
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.engine.rule_commands import NoteFindings

from tests.api.station import OPERATOR, Station

RULES = "/crisis/rules/"
NEW: dict[str, Any] = {
    "name": "high",
    "rule_type": "threshold",
    "conditions": {"metric": "load", "op": ">", "value": 0.5},
}


def declare(station: Station, **fields: Any) -> dict[str, Any]:
    answer = station.ask("POST", RULES, json={**NEW, **fields}, headers=OPERATOR)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_rule_from_its_declaration_to_its_end(station: Station) -> None:
    made = declare(station)
    path = f"{RULES}{made['rule_id']}/"
    assert made["words"] == "load > 0.5"
    assert made["conditions"]["value"] == "0.5"
    assert station.ask("GET", path).json() == made
    told = station.ask("PATCH", path, json={"is_active": False}, headers=OPERATOR).json()
    assert (told["is_active"], told["name"], told["created_at"]) == (
        False,
        "high",
        made["created_at"],
    )
    versions = station.ask("GET", f"{path}history/").json()["results"]
    assert [one["content"]["is_active"] for one in versions] == [False, True]
    assert station.ask("DELETE", path, headers=OPERATOR).status_code == 204
    assert station.ask("GET", RULES).json() == {"results": []}
    assert station.ask("GET", path).status_code == 404
    assert len(station.ask("GET", f"{path}history/").json()["results"]) == 2


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"conditions": {"metric": "load"}}, 400, "conditions.op"),
        ({"rule_type": "odd"}, 400, "rule_type"),
        ({"severity": "bad"}, 400, "severity"),
        ({"name": "taken"}, 409, "name"),
    ],
)
def test_what_cannot_be_declared_is_refused(
    station: Station, fields: dict[str, Any], status: int, field: str
) -> None:
    declare(station, name="taken")
    answer = station.ask("POST", RULES, json={**NEW, **fields}, headers=OPERATOR)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert len(station.ask("GET", RULES).json()["results"]) == 1


def test_a_rule_is_tried_declared_or_not(station: Station) -> None:
    data = {
        "samples": [
            {"at": "2026-03-01T12:00:00Z", "value": 0.2, "labels": {"host": "a"}},
            {"at": "2026-03-01T12:00:10Z", "value": 1, "labels": {"host": "a"}},
            {"at": "2026-03-01T12:00:30Z", "value": 0, "labels": {"host": "a"}},
        ]
    }
    rule = {name: value for name, value in NEW.items() if name != "name"}
    made = declare(station)
    for path, body in (
        (f"{RULES}test/", {"rule": rule, **data}),
        (f"{RULES}{made['rule_id']}/test/", data),
    ):
        answer = station.ask("POST", path, json=body, headers=OPERATOR)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        (span,) = told["spans"]
        assert (span["since"], span["until"]) == (
            "2026-03-01T12:00:10.000Z",
            "2026-03-01T12:00:30.000Z",
        )
        assert (span["labels"], span["value"]) == ({"host": "a"}, 1.0)
        assert [one["value"] for one in told["values"]] == [0.2, 1.0, 0.0]
    csv = {"csv": "at,value\n1,9\n2,0\n"}
    answer = station.ask("POST", f"{RULES}{made['rule_id']}/test/", json=csv, headers=OPERATOR)
    assert len(answer.json()["spans"]) == 1


def test_a_removed_rule_comes_back_with_its_history(station: Station) -> None:
    made = declare(station)
    path = f"{RULES}{made['rule_id']}/"
    station.ask("DELETE", path, headers=OPERATOR)
    again = declare(station, again=made["version_id"])
    assert (again["rule_id"], again["created_at"]) == (made["rule_id"], made["created_at"])
    assert len(station.ask("GET", f"{path}history/").json()["results"]) == 2
    body = {**NEW, "name": "other", "again": made["version_id"]}
    answer = station.ask("POST", RULES, json=body, headers=OPERATOR)
    assert (answer.status_code, answer.json()["error"]["field"]) == (409, "again")


def test_a_trial_of_nothing_is_refused(station: Station) -> None:
    path = f"{RULES}{declare(station)['rule_id']}/test/"
    answer = station.ask("POST", path, json={}, headers=OPERATOR)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "samples")


def test_each_tells_how_many_of_its_alerts_are_open(station: Station) -> None:
    quiet, loud = declare(station, name="a quiet"), declare(station, name="b loud")
    assert (quiet["open_alerts"], loud["open_alerts"]) == (0, 0)
    rules = alert_rules(station.reader(lambda reader: reader.policies(declared=True)))
    rule = next(one for one in rules if one.rule_id == loud["rule_id"])
    now = station.engine.now_ms()
    signals = [
        signal_of(
            rule,
            Transition(rule.rule_id, series("S-1", "load", {"host": host}), True, now, 0.9),
        )
        for host in ("a", "b", "c")
    ]

    async def note() -> None:
        await station.engine.submit(NoteFindings(signals=signals), "engine")

    station.run(note())
    told = station.ask("GET", RULES).json()["results"]
    assert [one["open_alerts"] for one in told] == [0, 3]
    path = f"{RULES}{loud['rule_id']}/"
    assert station.ask("GET", path).json()["open_alerts"] == 3
