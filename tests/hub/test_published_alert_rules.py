"""Alert rules in the published tables on a real Postgres: one row each, whoever has duty."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crisisdesk.domain.detection.rule import content_of
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.engine.exchange.publisher import Batch, Verdict, form
from crisisdesk.engine.rule_commands import RemoveRule
from crisisdesk.hub import schema
from crisisdesk.hub.published_policies import rule_name
from crisisdesk.hub.published_values import number_of
from crisisdesk.settings.places import resource_path

from tests.hub.publishing import HIGH, Post, assert_parity, declare, rules_of_all_kinds, shown
from tests.postgres.fixtures import HubPlace
from tests.postgres.server import PostgresServer

TABLE = "crisis_alertrule"


@pytest.fixture
def posts(tmp_path: Path, hub_place: HubPlace) -> Iterator[list[Post]]:
    made = [Post(tmp_path, hub_place, name, seed) for seed, name in enumerate(("alpha", "beta"))]
    yield made
    for post in made:
        post.close()


def rows(place: HubPlace) -> list[dict[str, Any]]:
    return shown(place)[TABLE]


def test_a_rule_has_one_row_from_its_declaration_to_its_end(
    hub_place: HubPlace, posts: list[Post]
) -> None:
    post = posts[0]
    post.exchange()
    post.take_duty()
    rule_id = declare(post, "load")
    post.publish_all()
    (row,) = rows(hub_place)
    assert row["id"] == number_of(rule_name(rule_id))
    assert (row["name"], row["is_active"], row["severity"]) == ("load", True, "high")
    assert row["conditions"]["for"] == 300
    assert row["notification_channels"] == ["sms", "voice"]
    assert row["escalation_policy"] == {"name": "database"}
    declare(post, "loads", rule_id, is_active=False, escalation_policy="")
    post.publish_all()
    (changed,) = rows(hub_place)
    assert (changed["id"], changed["created_at"]) == (row["id"], row["created_at"])
    assert (changed["name"], changed["is_active"]) == ("loads", False)
    assert changed["escalation_policy"] == {}
    post.station.do(RemoveRule(rule_id=rule_id))
    post.publish_all()
    assert rows(hub_place) == []


@pytest.mark.parametrize("events", [1, 2, 500])
def test_in_batches_of_any_size_each_rule_comes_out_as_it_stands(
    hub_place: HubPlace, posts: list[Post], monkeypatch: pytest.MonkeyPatch, events: int
) -> None:
    monkeypatch.setattr("crisisdesk.engine.exchange.publisher.EVENTS_A_BATCH", events)
    post = posts[0]
    kept = rules_of_all_kinds(post)
    post.exchange()
    post.take_duty()
    post.publish_all()
    assert {row["id"] for row in rows(hub_place)} == {number_of(rule_name(one)) for one in kept}
    assert_parity(hub_place, post)


def test_the_question_in_the_help_is_answered(hub_place: HubPlace, posts: list[Post]) -> None:
    post = posts[0]
    rules_of_all_kinds(post)
    post.exchange()
    post.take_duty()
    post.publish_all()
    page = resource_path("help", "published-tables.md").read_text("utf-8")
    question = page.partition("-- rules on load")[2].partition("\n")[2].partition(";")[0]
    with psycopg.connect(hub_place.admin_dsn) as admin:
        found = admin.execute(question.encode()).fetchall()
    assert len(found) == 3
    assert {(op, value) for _name, _severity, _active, op, value in found} == {
        (">", Decimal("0.5"))
    }


def test_whoever_takes_over_goes_on_and_an_older_state_changes_nothing(
    hub_place: HubPlace, posts: list[Post]
) -> None:
    a, b = posts
    first, second = rules_of_all_kinds(a)[:2]
    a.exchange()
    a.take_duty()
    a.publish_all()
    old = a.states.after("", 1_000)
    a.release()
    b.exchange()
    b.station.now_ms = a.station.now_ms + 1_000
    declare(b, "as Beta has it", first)
    b.take_duty()
    b.publish_all()
    assert_parity(hub_place, b)
    fresh = rows(hub_place)
    assert "as Beta has it" in {row["name"] for row in fresh}
    there = b.tables.published()
    batch = Batch(present=old, before=there, after=there)
    assert b.lease is not None
    assert b.tables.publish(batch, b.origin, b.lease.token) is Verdict.WRITTEN
    assert rows(hub_place) == fresh
    # What was changed on the other side meanwhile comes too, once this one has it.
    a.station.now_ms = b.station.now_ms + 1_000
    declare(a, "", second, severity="low")
    a.exchange()
    b.publish_all()
    assert_parity(hub_place, b)


def test_changed_on_both_sides_of_a_split_one_row_tells_the_later_one(
    hub_place: HubPlace, posts: list[Post]
) -> None:
    a, b = posts
    rule_id = declare(a, "load")
    for post in (a, b):
        post.exchange()
    a.station.now_ms += 60_000
    b.station.now_ms = a.station.now_ms + 1_000
    declare(a, "as Alpha has it", rule_id)
    declare(b, "as Beta has it", rule_id)
    a.take_duty()
    a.publish_all()
    assert [row["name"] for row in rows(hub_place)] == ["as Alpha has it"]
    b.exchange()
    a.publish_all()
    assert [row["name"] for row in rows(hub_place)] == ["as Beta has it"]
    assert_parity(hub_place, a)
    # With the later one taken away both are.
    a.station.now_ms = b.station.now_ms + 60_000
    a.station.do(RemoveRule(rule_id=rule_id))
    a.publish_all()
    assert rows(hub_place) == []


def test_a_rule_that_is_not_known_here_is_shown_as_it_was_written(
    hub_place: HubPlace, posts: list[Post]
) -> None:
    post = posts[0]
    conditions = {"moon": "full", "least": 3}
    content = content_of(HIGH, rule_id="RULE-NEWER", since=1, created_at=1_000, created_by="Ann")
    content |= {"rule_type": "lunar", "conditions": conditions, "tide": "low"}
    station = post.station
    station.bench.begin("Ann", station.now_ms)
    station.bench.emit(
        policy_version_id_of("tide", content),
        "policy.published",
        {"name": "tide", "content": content},
    )
    station.bench.settle(station.journal.append(station.bench.sealed, station.bench.touched))
    post.exchange()
    post.take_duty()
    post.publish_all()
    (row,) = rows(hub_place)
    assert (row["name"], row["rule_type"], row["conditions"]) == ("tide", "lunar", conditions)


def test_a_hub_that_knew_no_rules_has_them_once_it_is_brought_up_to_date(
    tmp_path: Path, empty_database: str, postgres: PostgresServer
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(empty_database)["dbname"]
    assert isinstance(name, str)
    schema.upgrade(empty_database, "0005")
    place = HubPlace(server=postgres, database=name)
    post = Post(tmp_path, place, "alpha", 1)
    try:
        rules_of_all_kinds(post)
        post.station.fire(2)
        post.exchange()
        post.take_duty()
        post.publish_all()
        before = shown(place)
        assert (before[TABLE], len(before["crisis_crisisalert"])) == ([], 2)
        assert post.tables.published().made_by == form()
        schema.upgrade(empty_database)
        # The one who publishes already notices with its next batch.
        post.station.fire(1, first=7)
        post.publish_all()
        post.publish_all()
        assert len(rows(place)) == 4
        assert_parity(place, post)
    finally:
        post.close()
