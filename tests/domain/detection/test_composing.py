"""Rules made of others: taken up after a restart, and none of several."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain.detection.composing import SETTLE_MS
from crisisdesk.domain.detection.machine import Machine
from crisisdesk.domain.detection.rule import AlertRule, key_of
from crisisdesk.domain.detection.series import Sample, Series, series

from tests.domain.detection.cases import rule

LOAD = series("S-1", "load", {"host": "a"})
HIGH = rule(0, "threshold", {"metric": "load", "op": ">", "value": 5})
WHOLE = Series("", "", (("host", "a"),))


def made_of(mode: str) -> AlertRule:
    told = {"mode": mode, "of": [{"rule": "R0"}], "equal": ["host"]}
    return replace(rule(1, "composite", told), rule_id="R1")


def test_what_was_open_is_not_over_before_its_members_were_heard_of() -> None:
    machine = Machine([HIGH, made_of("all")], 0, [key_of("R1", WHOLE)])
    assert machine.step([Sample(LOAD, 1_000, 1.0)], [], 1_000) == []
    ended = machine.step([Sample(LOAD, SETTLE_MS, 1.0)], [], SETTLE_MS)
    assert [(one.rule_id, one.fires) for one in ended] == [("R1", False)]


def test_none_holds_for_what_is_known_and_does_not_fire() -> None:
    machine = Machine([HIGH, made_of("none")], 0)
    assert machine.step([], [], 1_000) == []
    found = machine.step([Sample(LOAD, 2_000, 1.0)], [], 2_000)
    assert [(one.rule_id, one.series, one.fires) for one in found] == [("R1", WHOLE, True)]
    found = machine.step([Sample(LOAD, 3_000, 9.0)], [], 3_000)
    assert [(one.rule_id, one.fires) for one in found] == [("R0", True), ("R1", False)]
