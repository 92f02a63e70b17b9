"""What a caller is answered when something here does not go as it should."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Conflict
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.exchange.peers import never_leave
from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.peers.answers import Answers
from crisisdesk.peers.frames import Garbled
from crisisdesk.peers.speech import events_out

from tests.peers.places import A, B, C, Place, log_of, meet


def answers_of(here: Place, there: Place) -> Answers:
    meet(here, there)
    return Answers(here.book.friends[there.station_id], here.book, here.room())


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (StoreFailed("no space on /secret/place"), "later"),
        (Overloaded("too many"), "later"),
        (Conflict("f", "secret", "r"), "refused"),
    ],
)
def test_why_it_cannot_be_kept_is_nobody_elses_business(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, told: str
) -> None:
    here, there = Place(A), Place(B)

    def fail(_events: Any) -> Any:
        raise failure

    monkeypatch.setattr(here.log, "absorb", fail)
    question = {"ask": "push", "origin": C, "first": 1, "events": events_out(log_of(C, 1))}
    answer = answers_of(here, there).answer({**question, "after": 0})
    assert answer.keys() == {told, "n"}
    assert "secret" not in str(answer)


def test_events_of_another_chain_are_told_as_a_fork() -> None:
    here, there = Place(A, log_of(C, 2)), Place(B)
    events = events_out(log_of(C, 3, "other")[2:])
    question = {"ask": "push", "origin": C, "first": 3, "events": events, "after": 0}
    assert answers_of(here, there).answer(question) == {"forked": [C, 2], "n": 1}
    assert here.log.marks()[C].seq == 2


def test_a_question_out_of_step_is_not_answered() -> None:
    answers = answers_of(Place(A), Place(B))
    with pytest.raises(Garbled):
        answers.answer({"ask": "hello", "after": 1})
    assert answers.answer({"ask": "hello", "after": 0})["n"] == 1
    with pytest.raises(Garbled):
        answers.answer({"ask": "hello", "after": 0})


def test_no_caller_makes_this_station_leave_its_origin() -> None:
    here, there = Place(A, log_of(A, 2)), Place(B)
    question = {"ask": "push", "origin": A, "first": 1, "events": events_out(log_of(A, 2, "x"))}
    assert "forked" in answers_of(here, there).answer({**question, "after": 0})
    assert here.log.left == []
    with pytest.raises(AssertionError):
        never_leave(Mark(1, b""))
