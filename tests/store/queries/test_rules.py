"""Open alerts counted by the rule that made them."""

from __future__ import annotations

from crisisdesk.domain.detection.rule import alert_rules, key_of
from crisisdesk.domain.detection.rule_words import ended_signal, signal_of
from crisisdesk.domain.detection.series import series
from crisisdesk.domain.detection.watching import Transition
from crisisdesk.engine import commands as c
from crisisdesk.engine.rule_commands import DeclareRule, NoteFindings, RemoveRule
from crisisdesk.store.queries import StationReader
from crisisdesk.store.queries.rules import KnownRules

from tests.store.workload import START, Station, signal

LOAD = {"rule_type": "threshold", "conditions": {"metric": "load", "op": ">", "value": 1}}


def fires(station: Station, rule_id: str, *hosts: str) -> None:
    """Let a rule fire for these hosts."""
    (rule,) = (
        one for one in alert_rules(station.bench.at_hand.policies()) if one.rule_id == rule_id
    )
    found = [
        signal_of(rule, Transition(rule_id, series("S", "load", {"host": h}), True, START, 2.0))
        for h in hosts
    ]
    station.do(NoteFindings(signals=found))


def test_open_alerts_are_counted_by_their_rule(station: Station) -> None:
    many, one, none = (
        station.do(DeclareRule(name=name, written=LOAD))[0] for name in ("many", "one", "none")
    )
    reader = StationReader(station.path)
    try:
        assert reader.open_of_rules() == {}
        fires(station, many, "a", "b", "c")
        fires(station, one, "a")
        # What looks alike and is of another source does not count.
        station.do(c.TakeIn(signals=[signal(1, key=f"{none}:x")]))
        assert reader.open_of_rules() == {many: 3, one: 1}
        key = key_of(many, series("S", "load", {"host": "a"}))
        station.do(NoteFindings(signals=[ended_signal(many, key, "over")]))
        acknowledged = next(row.alert_id for row in reader.alert_rows() if row.status == "active")
        station.do(c.AcknowledgeAlerts(alert_ids=[acknowledged]))
        assert sum(reader.open_of_rules().values()) == 3
        assert reader.open_of_rules()[many] == 2
        # A rule that is gone may have some until they are ended.
        station.do(RemoveRule(rule_id=one))
        assert reader.open_of_rules() == {many: 2, one: 1}
    finally:
        reader.close()


def test_rules_are_read_anew_only_when_something_was_published(station: Station) -> None:
    reader = StationReader(station.path)
    try:
        assert reader.known_rules() == KnownRules()
        one, other = (station.do(DeclareRule(name=n, written=LOAD))[0] for n in ("one", "other"))
        known = reader.known_rules()
        assert [rule.rule_id for rule in known.standing] == [one, other]
        fires(station, one, "a")
        assert reader.known_rules() is known
        station.do(RemoveRule(rule_id=one))
        after = reader.known_rules()
        assert [rule.rule_id for rule in after.standing] == [other]
        assert {rule.rule_id for rule in after.ever} == {one, other}
    finally:
        reader.close()


def test_alerts_are_found_by_the_keys_of_rule_and_series(station: Station) -> None:
    (one,) = station.do(DeclareRule(name="one", written=LOAD))
    fires(station, one, "a", "b")
    keys = [key_of(one, series("S", "load", {"host": host})) for host in ("a", "b", "c")]
    station.do(NoteFindings(signals=[ended_signal(one, keys[1], "over")]))
    reader = StationReader(station.path)
    try:
        found = reader.alerts_of_keys(keys)
        assert {key: alert.is_open for key, alert in found.items()} == {
            keys[0]: True,
            keys[1]: False,
        }
        assert all(alert.key == key for key, alert in found.items())
        assert reader.alerts_of_keys([]) == {}
        many = [f"{one}:{number}" for number in range(1_200)]
        assert reader.alerts_of_keys([*many, *keys]) == found
    finally:
        reader.close()


def test_when_each_fired_last_is_told_also_when_that_is_over(station: Station) -> None:
    many, none = (station.do(DeclareRule(name=name, written=LOAD))[0] for name in ("many", "none"))
    reader = StationReader(station.path)
    try:
        assert reader.fired_of_rules() == {}
        fires(station, many, "a", "b")
        [first] = {row.detected_at for row in reader.alert_rows()}
        station.now_ms += 60_000
        key = key_of(many, series("S", "load", {"host": "a"}))
        station.do(NoteFindings(signals=[ended_signal(many, key, "over")]))
        assert reader.fired_of_rules() == {many: first}
        fires(station, many, "a")
        assert reader.fired_of_rules()[many] > first
        assert none not in reader.fired_of_rules()
    finally:
        reader.close()
