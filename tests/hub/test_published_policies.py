"""Versions of rules and procedures make one row each, and an older program shows a newer one's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from crisisdesk.domain.detection.rule import content_of
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.exchange.publisher import Batch, Present, Verdict
from crisisdesk.engine.recovery_commands import PublishProcedure, WithdrawProcedure
from crisisdesk.hub.published_policies import key_of, procedure_key, procedure_row, rule_name
from crisisdesk.hub.published_rows import PERSONS, PROCEDURES, RULES, numbers_wished, rows_of
from crisisdesk.hub.published_values import number_of
from crisisdesk.settings.places import resource_path

from tests.hub.publishing import Post, assert_parity, shown
from tests.postgres.fixtures import HubPlace

ORDER = (5, "a" * 32, 3)

RULE = PolicyVersion(
    version_id="POL-2",
    name="high load",
    published_at=2,
    content=content_of(
        {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 0.5}},
        rule_id="RULE-1",
        since=2,
        created_at=1_770_861_902_123,
        created_by="Ann",
    ),
)


def of_rule(version: PolicyVersion, now: PolicyVersion | None) -> Present:
    return Present(aggregate=version.version_id, state=version, order=ORDER, rule=now)


def test_all_versions_of_a_rule_make_one_row() -> None:
    old = replace(RULE, version_id="POL-1", name="old", withdrawn_at=2)
    rows = rows_of([of_rule(old, RULE), of_rule(RULE, RULE)], number_of)
    (row,) = rows[RULES]
    assert (row["id"], row["name"]) == (number_of(rule_name("RULE-1")), "high load")
    assert (row["agg"], row["created_by_id"]) == (rule_name("RULE-1"), number_of("Ann"))
    assert (row["conditions"]["value"], row["escalation_policy"]) == ("0.5", {})
    assert row["created_at"] == "2026-02-12T02:05:02.123000+00:00"
    assert {person["username"] for person in rows[PERSONS]} == {"", "Ann"}
    assert set(numbers_wished([of_rule(RULE, RULE)])) == {rule_name("RULE-1"), "Ann"}


def test_a_rule_that_was_taken_away_is_marked_to_be_taken_out() -> None:
    (row,) = rows_of([of_rule(RULE, None)], number_of)[RULES]
    assert (row["hidden"], row["id"]) == (True, number_of(rule_name("RULE-1")))


def test_content_that_is_none_fits_the_columns_and_other_policies_are_nobodys_business() -> None:
    odd = {"description": 3, "conditions": [], "notification_channels": "x", "is_active": 1}
    odd |= {"created_by": None, "created_at": "x", "escalation_policy": ["x"], "severity": "s" * 99}
    strange = replace(RULE, content={**RULE.content, **odd})
    (row,) = rows_of([of_rule(strange, strange)], number_of)[RULES]
    assert (row["description"], row["conditions"], row["is_active"]) == ("", {}, False)
    assert (row["notification_channels"], row["escalation_policy"]) == ([], {})
    assert (row["created_by_id"], row["created_at"]) == (0, "1970-01-01T00:00:00+00:00")
    assert row["severity"] == "s" * 20
    other = replace(RULE, content={"kind": "schedule", "rule": "RULE-1"})
    assert rows_of([of_rule(other, None)], number_of).keys() == {PERSONS}


STEPS: list[Any] = [
    {"id": "freeze", "title": "Freeze writes"},
    {"id": "go", "kind": "command", "title": "Go", "command": "/bin/go", "args": ["token=abcdef"]},
]
CONTENT: dict[str, Any] = {
    "kind": "procedure",
    "description": "The primary is lost",
    "incident_type": "data",
    "severity_level": "critical",
    "estimated_time": "15m",
    "prerequisites": ["A backup is there"],
    "steps": STEPS,
    "is_automated": True,
    "success_criteria": ["Orders can be placed"],
    "rollback_procedure": "Ring Ben",
}
FIRST = PolicyVersion(
    version_id="POL-1",
    name="Fail over",
    content={**CONTENT, "requires_approval": False},
    published_at=1_000,
    published_by="Ann",
    withdrawn_at=None,
)
SECOND = replace(FIRST, version_id="POL-2", content=CONTENT, published_at=2_000, published_by="Ben")


def of_procedure(*versions: PolicyVersion) -> list[Present]:
    return [
        Present(aggregate=one.version_id, state=one, order=ORDER, versions=versions)
        for one in versions
    ]


def test_all_versions_of_a_procedure_make_one_row_of_the_newest_that_stands() -> None:
    rows = rows_of(of_procedure(SECOND, FIRST), number_of)
    (row,) = rows[PROCEDURES]
    key = procedure_key("Fail over")
    assert (row["id"], row["agg"], key_of(FIRST)) == (number_of(key), key, key)
    assert (row["name"], row["incident_type"], row["severity_level"]) == (
        *("Fail over", "data", "critical"),
    )
    assert (row["is_automated"], row["requires_approval"]) == (True, True)
    assert row["estimated_time"] == "900000 milliseconds"
    assert row["steps"][0] == STEPS[0]
    assert row["steps"][1]["args"] == ["token=***"]
    assert row["success_criteria"] == ["Orders can be placed"]
    assert row["created_by_id"] == number_of("Ann")
    assert row["last_updated"] == "1970-01-01T00:00:02+00:00"
    assert {person["username"] for person in rows[PERSONS]} == {"", "Ann"}
    assert set(numbers_wished(of_procedure(SECOND))) == {key, "Ben"}
    gone = replace(SECOND, withdrawn_at=3_000)
    (row,) = rows_of(of_procedure(gone, FIRST), number_of)[PROCEDURES]
    assert row["requires_approval"] is False


def test_a_procedure_that_was_withdrawn_is_marked_and_a_newer_one_shown_as_it_was_written() -> None:
    gone = replace(FIRST, withdrawn_at=3_000)
    (row,) = rows_of(of_procedure(gone), number_of)[PROCEDURES]
    assert (row["hidden"], row["id"]) == (True, number_of(procedure_key("Fail over")))
    odd = {"steps": [{"moon": 1}], "tide": 1, "prerequisites": "x", "description": 3}
    newer = replace(FIRST, content={"kind": "procedure", **odd})
    row = procedure_row([newer], number_of)
    assert (row["steps"], row["prerequisites"], row["description"]) == ([{"moon": 1}], [], "")
    assert (row["estimated_time"], row["severity_level"]) == ("0 milliseconds", "minor")


def test_procedures_stand_in_their_table_on_a_real_hub(tmp_path: Path, hub_place: HubPlace) -> None:
    a, b = (Post(tmp_path, hub_place, name, n) for n, name in enumerate(("alpha", "beta")))
    try:
        a.station.do(PublishProcedure(name="Fail over", content=CONTENT), actor="Ann")
        a.station.do(PublishProcedure(name="Other", content=CONTENT), actor="Ann")
        a.exchange()
        a.take_duty()
        a.publish_all()
        old = a.states.after("", 1_000)
        page = resource_path("help", "published-tables.md").read_text("utf-8")
        asked = page.partition("-- automatic steps")[2].partition("\n")[2].partition(";")[0]
        with psycopg.connect(hub_place.admin_dsn) as admin:
            found = admin.execute(asked.encode()).fetchall()
        assert sorted(found) == [("Fail over", "go", "command"), ("Other", "go", "command")]
        (first, _other) = sorted(shown(hub_place)[PROCEDURES], key=lambda row: str(row["name"]))
        assert (first["name"], first["estimated_time"].total_seconds()) == ("Fail over", 900.0)
        a.release()
        # Another station goes on: one row for both versions, and none for what was withdrawn.
        b.exchange()
        b.station.now_ms = a.station.now_ms + 60_000
        again = {**CONTENT, "note": "as Beta has it", "estimated_time": "20m"}
        b.station.do(PublishProcedure(name="Fail over", content=again), actor="Ben")
        b.station.do(WithdrawProcedure(name="Other"), actor="Ben")
        b.take_duty()
        b.publish_all()
        assert_parity(hub_place, b)
        (now,) = shown(hub_place)[PROCEDURES]
        assert (now["id"], now["created_by_id"]) == (first["id"], first["created_by_id"])
        assert now["estimated_time"].total_seconds() == 1_200.0
        # An older state changes nothing.
        there = b.tables.published()
        assert b.lease is not None
        batch = Batch(present=old, before=there, after=there)
        assert b.tables.publish(batch, b.origin, b.lease.token) is Verdict.WRITTEN
        assert shown(hub_place)[PROCEDURES] == [now]
    finally:
        a.close()
        b.close()
