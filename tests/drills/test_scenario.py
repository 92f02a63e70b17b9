"""Scenario files: what is wrong in them is named with file, entry, field and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.drills.scenario import ScenarioError, load_scenario, parse_scenario

from tests.drills.scenes import FIRE, HEAD, fault, parsed


def test_live_entries_lie_after_the_end() -> None:
    early = '{at: "-00:00:05", close: a, by: B}'
    assert "live[0].at: lies before the end" in fault(FIRE, live=(early,))


def test_what_is_wrong_outside_the_entries_is_named_too() -> None:
    assert fault(head=HEAD.replace("station: S", "")) == "s.yaml: station: is missing; write it"
    assert "s.yaml: colour: is not a field here" in fault(head=HEAD + "colour: red\n")
    assert "services.db.size: is not a field" in fault(
        head=HEAD.replace("place: fra1", "size: big")
    )
    methods = "people: [{name: P, methods: [{id: m, channel: email, url: u, masked: x, on: 1}]}]\n"
    assert "people[0].methods[0]" in fault(head=HEAD + methods)


def test_what_is_published_names_people_of_the_scenario() -> None:
    people = "people: [{name: Priya, methods: []}]\n"
    content = "{kind: schedule, layers: [{members: [Priya, Zoe]}]}"
    told = fault(head=f"{HEAD}{people}published: [{{name: Night, content: {content}}}]\n")
    assert "published[0].content: 'Zoe' is none of the people" in told
    content = content.replace(", Zoe", "")
    made = parsed(head=f"{HEAD}{people}published: [{{name: Night, content: {content}}}]\n")
    assert made.published[0].with_ids({"Priya": "C-1"})["layers"] == [{"members": ["C-1"]}]


def test_broken_yaml_and_doubled_keys_are_refused() -> None:
    with pytest.raises(ScenarioError, match=r"s.yaml: file: is not YAML"):
        parse_scenario("a: [", "s.yaml")
    doubled = '{at: "-00:01:00", at: "-00:02:00", close: a, by: B}'
    assert "the key 'at' stands twice" in fault(FIRE, doubled)


def test_a_yaml_tag_makes_no_object() -> None:
    with pytest.raises(ScenarioError, match="is not YAML"):
        parse_scenario("scenario: !!python/object/apply:os.getcwd []", "s.yaml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"gone.yaml: file: cannot be read"):
        load_scenario(tmp_path / "gone.yaml")


def test_steps_are_in_order_whatever_the_file_says() -> None:
    scenario = parsed(FIRE, '{at: "-00:30:00", fire: b, severity: low, title: "older"}')
    assert [s.at_ms for s in scenario.past] == [-1_800_000, -600_000]
    assert scenario.length_ms == 1_800_000
