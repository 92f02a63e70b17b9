"""Declaring, changing and removing rules; what is written down of what they find."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.detection.rule import AlertRule, alert_rules, key_of
from crisisdesk.domain.detection.rule_words import ended_signal, signal_of
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.rule_commands import (
    DeclaredRules,
    DeclareRule,
    ListRules,
    NoteFindings,
    RemoveRule,
)

from tests.store.workload import START, Station

LOAD = series("S-1", "load", {"host": "a"})
HIGH: dict[str, Any] = {
    "rule_type": "threshold",
    "conditions": {"metric": "load", "op": ">", "value": 0.5},
    "severity": "critical",
}


def declare(station: Station, name: str = "high load", **fields: Any) -> str:
    """The id of a rule that was declared; a refusal is raised."""
    rule_id = fields.pop("rule_id", "")
    written = {**({} if rule_id else HIGH), **fields}
    (result,) = station.do(DeclareRule(name=name, written=written, rule_id=rule_id), actor="Ann")
    if isinstance(result, DomainError):
        raise result
    made: str = result
    return made


def listed(station: Station) -> DeclaredRules:
    """What is declared and open."""
    (found,) = station.do(ListRules())
    assert isinstance(found, DeclaredRules)
    return found


def known(station: Station) -> list[AlertRule]:
    """The rules."""
    return alert_rules(station.bench.at_hand.policies())


def finding(one: AlertRule, *, fires: bool) -> Signal:
    """What is said when it fires or ends."""
    return signal_of(one, Transition(one.rule_id, LOAD, fires, START, 0.9))


def alert(station: Station, rule_id: str) -> Alert | None:
    """The alert of a rule and the load."""
    found = station.bench.get(alert_id_of("rule", key_of(rule_id, LOAD)))
    return found if isinstance(found, Alert) else None


def test_a_rule_has_all_its_fields_and_who_made_it(station: Station) -> None:
    rule_id = declare(station, description="too much", escalation_policy="db")
    (one,) = known(station)
    assert (one.rule_id, one.name, one.severity) == (rule_id, "high load", "critical")
    assert (one.description, one.escalation_policy) == ("too much", "db")
    assert (one.created_by, one.changed_by) == ("Ann", "Ann")
    assert one.created_at == one.since
    assert one.is_active


def test_a_change_keeps_what_it_does_not_name_and_leaves_one_version(station: Station) -> None:
    rule_id = declare(station)
    station.now_ms += 1_000
    assert declare(station, "", rule_id=rule_id, is_active=False) == rule_id
    (one,) = known(station)
    assert (one.name, one.severity, one.is_active) == ("high load", "critical", False)
    assert one.since >= one.created_at + 1_000
    assert len(station.bench.at_hand.policies()) == 1


def test_the_same_again_writes_nothing(station: Station) -> None:
    rule_id = declare(station)
    head = station.journal.head().seq
    station.now_ms += 1_000
    declare(station, "", rule_id=rule_id, severity="critical")
    assert station.journal.head().seq == head


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"name": " "}, Malformed, "name"),
        ({"name": "taken"}, Conflict, "name"),
        ({"rule_type": "odd"}, Malformed, "rule_type"),
        ({"severity": "bad"}, Malformed, "severity"),
        ({"conditions": {"metric": "load"}}, Malformed, "conditions.op"),
        ({"conditions": {**HIGH["conditions"], "valeu": 1}}, Malformed, "conditions.valeu"),
        ({"description": "a\0"}, Malformed, "content.description"),
        ({"rule_id": "RULE-NONE"}, NotFound, "rule_id"),
        (
            {"rule_type": "composite", "conditions": {"mode": "all", "of": [{"rule": "none"}]}},
            NotFound,
            "conditions.of[0].rule",
        ),
    ],
)
def test_what_cannot_be_declared_is_refused_and_changes_nothing(
    station: Station, fields: dict[str, Any], error: type[DomainError], field: str
) -> None:
    declare(station, "taken")
    head = station.journal.head().seq
    with pytest.raises(error) as refused:
        declare(station, **fields)
    assert refused.value.field == field
    assert station.journal.head().seq == head


def test_another_type_wants_other_conditions(station: Station) -> None:
    rule_id = declare(station)
    with pytest.raises(Malformed) as refused:
        declare(station, rule_id=rule_id, rule_type="pattern")
    assert refused.value.field == "conditions"


def test_rules_are_named_in_others_and_no_circle_comes_about(station: Station) -> None:
    first = declare(station)
    of = {"rule_type": "composite", "conditions": {"mode": "any", "of": [{"rule": "high load"}]}}
    second = declare(station, "whole", **of)
    assert next(one for one in known(station) if one.rule_id == second).needs() == [first]
    circle = {"rule_type": "composite", "conditions": {"mode": "any", "of": [{"rule": "whole"}]}}
    with pytest.raises(Malformed, match="goes in a circle: high load needs whole needs high load"):
        declare(station, "", rule_id=first, **circle)
    (refused,) = station.do(RemoveRule(rule_id=first))
    assert isinstance(refused, Conflict)
    assert "'whole'" in str(refused)
    station.do(RemoveRule(rule_id=second))
    station.do(RemoveRule(rule_id=first))
    assert known(station) == []


def test_a_removed_one_stays_removed_whatever_came_before(station: Station) -> None:
    rule_id = declare(station)
    for number in range(3):
        station.now_ms += 1_000
        declare(station, "", rule_id=rule_id, description=str(number))
    station.do(RemoveRule(rule_id=rule_id))
    assert known(station) == []
    assert isinstance(station.do(RemoveRule(rule_id=rule_id))[0], NotFound)


def test_a_finding_counts_once_and_so_does_its_end(station: Station) -> None:
    declare(station)
    (one,) = known(station)
    for _ in range(3):
        station.do(NoteFindings(signals=[finding(one, fires=True)]))
    found = alert(station, one.rule_id)
    assert found is not None
    assert (found.is_open, found.count) == (True, 1)
    assert found.labels == {"host": "a", "rule": "high load", "rule_id": one.rule_id}
    assert listed(station).told == {key_of(one.rule_id, LOAD): found.detected_at}
    for _ in range(2):
        station.do(NoteFindings(signals=[finding(one, fires=False)]))
    found = alert(station, one.rule_id)
    assert found is not None
    assert not found.is_open
    assert listed(station).told == {}


def test_both_in_one_breath_leave_it_ended_and_both_are_written(station: Station) -> None:
    declare(station)
    (one,) = known(station)
    before = station.journal.head().seq
    both = [finding(one, fires=True), finding(one, fires=False)]
    station.do(NoteFindings(signals=both))
    assert station.journal.head().seq > before
    found = alert(station, one.rule_id)
    assert found is not None
    assert not found.is_open


def test_a_finding_of_a_rule_that_is_gone_or_off_does_not_count(station: Station) -> None:
    rule_id = declare(station)
    (one,) = known(station)
    declare(station, "", rule_id=rule_id, is_active=False)
    station.do(NoteFindings(signals=[finding(one, fires=True)]))
    station.do(RemoveRule(rule_id=rule_id))
    station.do(NoteFindings(signals=[finding(one, fires=True)]))
    assert alert(station, rule_id) is None


def test_its_end_counts_also_when_the_rule_is_gone(station: Station) -> None:
    rule_id = declare(station)
    (one,) = known(station)
    station.do(NoteFindings(signals=[finding(one, fires=True)]))
    station.do(RemoveRule(rule_id=rule_id))
    assert list(listed(station).told) == [key_of(rule_id, LOAD)]
    station.do(NoteFindings(signals=[ended_signal(rule_id, key_of(rule_id, LOAD), "removed")]))
    found = alert(station, rule_id)
    assert found is not None
    assert (found.is_open, found.resolution) == (False, "removed")


def test_one_that_was_taken_away_comes_back_with_its_id(station: Station) -> None:
    rule_id = declare(station)
    (gone,) = known(station)
    station.do(RemoveRule(rule_id=rule_id))
    station.now_ms += 1_000
    again = DeclareRule(name="back", written={**HIGH, "severity": "low"}, again=gone.version_id)
    (result,) = station.do(again, actor="Ben")
    assert result == rule_id
    (one,) = known(station)
    assert (one.rule_id, one.name, one.severity) == (rule_id, "back", "low")
    assert (one.created_by, one.changed_by) == ("Ann", "Ben")
    (refused,) = station.do(again)
    assert isinstance(refused, Conflict)
    assert refused.field == "again"


def test_only_a_version_of_a_rule_comes_back(station: Station) -> None:
    (unknown,) = station.do(DeclareRule(name="x", written=HIGH, again="POL-none"))
    assert isinstance(unknown, NotFound)
    assert unknown.field == "again"
    declare(station, "other")
    rule_id = declare(station)
    gone = next(one for one in known(station) if one.rule_id == rule_id)
    station.do(RemoveRule(rule_id=rule_id))
    (taken,) = station.do(DeclareRule(name="other", written=HIGH, again=gone.version_id))
    assert isinstance(taken, Conflict)
    assert taken.field == "name"
