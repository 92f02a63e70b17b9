"""The words of a run after a split."""

from __future__ import annotations

from crisisdesk.domain.checklist import RUN_KINDS
from crisisdesk.domain.recovery.split_words import run_findings
from crisisdesk.domain.split_words import deed

from tests.domain.recovery.making import BERLIN, JONAS, PROMOTE, Log, made

DECISION = {"id": "d", "kind": "decision", "answers": ["yes", "no"]}


def test_every_kind_has_words() -> None:
    log = Log(made(PROMOTE))
    body = {"step_id": "promote", "outcome": "ok", "answer": "yes", "why": "nobody", "steps": []}
    for kind in sorted(RUN_KINDS):
        assert deed(log.add(kind, **body)) != kind


def test_what_wants_a_decision_is_told() -> None:
    log = Log(made(DECISION, PROMOTE))
    log.add("run.decision_taken", step_id="d", answer="no")
    log.add("run.decision_taken", step_id="d", answer="yes", by=JONAS, origin=BERLIN)
    log.attempt("promote", "unknown")
    log.attempt("promote", "")
    assert [words for words in run_findings(log.run, set()) if words[1]] == [
        ("step executed twice: Promote: check its effect", True),
        ("D: answered no and yes; no stands: look again", True),
        ("a step's end is not known: say what became of it", True),
    ]
