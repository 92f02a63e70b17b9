"""Every command about decisions has a handler."""

from __future__ import annotations

from crisisdesk.engine import decision_commands as dc
from crisisdesk.engine.handlers import HANDLERS


def test_each_is_served() -> None:
    made = [
        dc.LogDecision(incident_id="INC-1", title="x"),
        dc.ReviseDecision(decision_id="DEC-1", changes={}),
        dc.ObjectToDecision(decision_id="DEC-1", text="x"),
        dc.AnswerObjection(decision_id="DEC-1", objection="o", answer="x"),
        dc.CheckDecision(decision_id="DEC-1"),
        dc.RevertDecision(decision_id="DEC-1", reason="x"),
        dc.MindDecisions(),
    ]
    assert {type(one) for one in made} <= HANDLERS.keys()
