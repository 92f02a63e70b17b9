"""A decision's rules: objections, checks, the ring of its check-back, its reverting."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.decision import DECISION_KINDS, Decision, apply_decision

from tests.domain.events import JONAS, KLARA, START, Log

LATER = START + 600_000


class DecisionLog(Log):
    """The log of one decision."""

    def __init__(self, **body: Any) -> None:
        super().__init__("DEC-1")
        self.add("decision.logged", **({"incident_id": "INC-1", "title": "Fail over"} | body))

    def decision(self) -> Decision:
        state = self.state()
        assert isinstance(state, Decision)
        return state


def test_logging_says_all_and_logging_again_nothing() -> None:
    objection = {"by": JONAS, "text": "the lag is 4 s"}
    log = DecisionLog(options=["wait"], check_at=LATER, decider=KLARA, objections=[objection])
    decision = log.decision()
    assert (decision.status, decision.next_due, decision.rings) == ("standing", LATER, False)
    assert [one["by"] for one in decision.unanswered] == [JONAS]
    log.add("decision.logged", incident_id="INC-2", title="other")
    assert log.decision() == decision


def test_objections_are_answered_once() -> None:
    log = DecisionLog()
    objected = log.add("decision.objected", by=JONAS, text="too early")
    log.add("decision.answered", objection=objected.id, answer="the lag is 0 s")
    log.add("decision.answered", objection=objected.id, answer="no", actor=JONAS)
    decision = log.decision()
    assert (decision.unanswered, decision.objections[0]["answer"]) == ([], "the lag is 0 s")
    assert (decision.objections[0]["answered_by"], decision.also_done[-1]["by"]) == (KLARA, JONAS)


def test_it_rings_once_for_each_moment() -> None:
    log = DecisionLog(check_at=LATER)
    log.add("decision.due", check_at=LATER - 1)
    assert log.decision().next_due == LATER
    log.add("decision.due", check_at=LATER)
    assert (log.decision().next_due, log.decision().rings) == (None, True)
    log.add("decision.revised", field="check_at", value=LATER + 1, base="")
    assert (log.decision().next_due, log.decision().rings) == (LATER + 1, False)


def test_a_check_is_kept_and_sets_the_next() -> None:
    log = DecisionLog(check_at=LATER)
    log.add("decision.due", check_at=LATER)
    log.add("decision.checked", of=LATER, result="it holds", check_at=LATER + 5)
    decision = log.decision()
    assert (decision.checks[0]["result"], decision.next_due) == ("it holds", LATER + 5)
    log.add("decision.checked", of=LATER + 5)
    assert (log.decision().check_at, log.decision().rings) == (None, False)


def test_of_two_checks_at_the_same_moment_the_sooner_next_look_counts() -> None:
    log = DecisionLog(check_at=LATER)
    log.add("decision.checked", of=LATER, check_at=LATER + 5)
    log.add("decision.checked", of=LATER, check_at=LATER + 9, actor=JONAS)
    log.add("decision.checked", of=LATER, actor=JONAS)
    assert (log.decision().check_at, len(log.decision().checks)) == (LATER + 5, 3)


def test_a_reverting_stands_whoever_looks_afterwards() -> None:
    log = DecisionLog(check_at=LATER)
    log.add("decision.reverted", reason="it made it worse")
    log.add("decision.checked", of=LATER, actor=JONAS)
    log.add("decision.reverted", reason="also", actor=JONAS)
    decision = log.decision()
    assert (decision.status, decision.reason, decision.ended_by) == (
        "reverted",
        "it made it worse",
        KLARA,
    )
    assert [trace["what"] for trace in decision.also_done] == ["checked", "reverted"]
    assert (decision.next_due, decision.checks) == (None, [])


def test_edits_keep_what_gave_way_and_pass_over_other_fields() -> None:
    log = DecisionLog()
    log.add("decision.revised", field="title", value="A", base="")
    log.add("decision.revised", field="title", value="B", base="", actor=JONAS)
    log.add("decision.revised", field="status", value="reverted", base="")
    decision = log.decision()
    assert (decision.title, decision.status) == ("B", "standing")
    assert decision.overwritten[-1]["value"] == "A"


def test_unknown_kinds_and_unusable_rows_change_nothing() -> None:
    decision = DecisionLog().decision()
    assert apply_decision(decision, Log("DEC-1").add("decision.sung")) is decision
    assert apply_decision(None, Log("DEC-1").add("decision.reverted")) is None
    assert len(DECISION_KINDS) == 7
    log = DecisionLog()
    log.add("decision.objected", by=7, text="x")
    log.add("decision.revised", field="options", value=[1], base="")
    assert log.decision() == decision
