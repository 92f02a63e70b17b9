"""Decisions on the timeline, in words."""

from __future__ import annotations

from crisisdesk.domain.decision import DECISION_KINDS, EDITABLE_DECISION_FIELDS
from crisisdesk.domain.decision_words import (
    _TELLERS,
    DECISION_FIELD_WORDS,
    decision_facts,
)
from crisisdesk.domain.timeline import EntryKind, TimelineFilter, build_timeline

from tests.domain.events import JONAS, KLARA
from tests.domain.test_decision import LATER, DecisionLog


def told(log: DecisionLog) -> list[tuple[str, str]]:
    entries = build_timeline("INC-1", [], log.events)
    assert {entry.kind for entry in entries} == {EntryKind.DECISION}
    assert all(entry.passes(TimelineFilter.NOTES) for entry in entries)
    return [(entry.told.plain, entry.told.detail) for entry in entries]


def test_every_kind_and_field_has_its_words() -> None:
    assert {*_TELLERS, "decision.logged"} == DECISION_KINDS
    assert tuple(DECISION_FIELD_WORDS) == EDITABLE_DECISION_FIELDS


def test_its_life_is_told() -> None:
    log = DecisionLog(options=["wait", "roll back"], decider=KLARA, check_at=LATER, risk="loss")
    objected = log.add("decision.objected", by=JONAS, text="too early")
    log.add("decision.answered", objection=objected.id, answer="the lag is 0 s")
    log.add("decision.due", check_at=LATER)
    log.add("decision.checked", of=LATER, result="it holds", check_at=LATER + 60_000)
    log.add("decision.revised", field="risk", value="none", base="")
    log.add("decision.reverted", reason="it made it worse")
    log.add("decision.reverted", reason="also")
    assert told(log) == [
        (
            f"Decided: Fail over ({KLARA})",
            (
                f"Instead of: wait; roll back\nRisk: loss\nDecided by: {KLARA}\n"
                "Look again: 2026-02-12 02:15:02Z"
            ),
        ),
        (f"Decision Fail over: {JONAS} objects", "too early"),
        ("Decision Fail over: an objection answered", "the lag is 0 s"),
        ("Decision Fail over is due to be looked at again", ""),
        ("Decision Fail over looked at again; next look 2026-02-12 02:16:02Z", "it holds"),
        ("Decision Fail over: risk changed", ""),
        ("Decision Fail over reverted", "it made it worse"),
        ("Decision Fail over: also reverted by another station", ""),
    ]
    facts = dict(decision_facts(log.decision()))
    assert facts["Objections"] == f"{JONAS}: too early – the lag is 0 s"
    assert facts["Reverted"].endswith(f"by {KLARA}: it made it worse")
    assert "it holds" in facts["Looked"]


def test_a_ring_in_an_ended_incident_is_left_out() -> None:
    log = DecisionLog(check_at=LATER)
    log.add("decision.due", check_at=LATER, quiet=True)
    assert len(told(log)) == 1
