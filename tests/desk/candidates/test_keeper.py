"""The keeper: reads when something changed, tells what is new once, answers at a key."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.desk.candidates.keeper import CandidateKeeper
from crisisdesk.desk.look.theme import Look

from tests.desk.candidates.conftest import DB, HALL, fire, propose
from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook


@pytest.fixture
def keeper(look: Look, desk: StandInDesk, log: LogBook) -> CandidateKeeper:
    keeper = CandidateKeeper(desk)
    keeper.take(change_of(log))
    return keeper


def names(keeper: CandidateKeeper) -> list[str]:
    return [one.candidate_id for one in keeper.shown]


def test_what_stood_at_the_start_is_shown_and_not_told(
    keeper: CandidateKeeper, desk: StandInDesk
) -> None:
    assert names(keeper) == [DB]
    assert desk.said == []


def test_a_new_one_is_told_once(keeper: CandidateKeeper, desk: StandInDesk, log: LogBook) -> None:
    event = propose(log, HALL, "A-X1", "A-X2", at=33 * MINUTE, worst="high")
    keeper.take(change_of(log, [event]))
    assert names(keeper) == [DB, HALL]
    assert [title for title, _body in desk.said] == ["Related: 2 related alerts on db-main"]
    joined = log.write(
        HALL, "candidate.joined", {"alerts": ["A-X3"], "worst": "high"}, at=34 * MINUTE
    )
    keeper.take(change_of(log, [joined]))
    keeper.take(change_of(log))
    assert len(desk.said) == 1


def test_a_change_that_does_not_concern_it_asks_nothing(
    keeper: CandidateKeeper, desk: StandInDesk, log: LogBook
) -> None:
    asked = counting(desk)
    keeper.take(change_of(log, [fire(log, "A-Z9", "low", "mail", 34 * MINUTE)]))
    keeper.tick(desk.now)
    assert asked == []
    keeper.look_at(DB)
    assert (len(asked), keeper.dossier is not None) == (1, True)
    member = log.write("A-X1", "alert.noted", {"epoch": "n1", "text": "x"}, at=34 * MINUTE)
    keeper.take(change_of(log, [member]))
    assert len(asked) == 1
    keeper.tick(desk.now)
    assert len(asked) == 2


def counting(desk: StandInDesk) -> list[object]:
    asked: list[object] = []
    plain = desk.ask

    def ask(question: Any, answer: Any) -> None:
        asked.append(question)
        plain(question, answer)

    desk.ask = ask  # type: ignore[method-assign]
    return asked


def test_a_question_without_an_answer_is_asked_again(
    look: Look, desk: StandInDesk, log: LogBook
) -> None:
    plain = desk.ask
    desk.ask = lambda question, answer: None  # type: ignore[method-assign]
    keeper = CandidateKeeper(desk)
    keeper.take(change_of(log))
    desk.ask = plain  # type: ignore[method-assign]
    keeper.tick(desk.now + 1_000)
    assert keeper.shown == ()
    keeper.tick(desk.now + 4_000)
    assert names(keeper) == [DB]


def test_the_key_opens_the_incident_and_goes_there(
    keeper: CandidateKeeper, desk: StandInDesk
) -> None:
    (action,) = keeper.actions()
    assert (action.keys, action.enabled, action.detail) == (
        "F6",
        True,
        "3 related alerts on db-main",
    )
    action.run()
    assert desk.client.orders == [("accept_candidate", (DB,), {})]
    assert desk.shown == [INCIDENT]


def test_the_key_takes_the_one_that_is_looked_at_first(
    keeper: CandidateKeeper, desk: StandInDesk, log: LogBook
) -> None:
    keeper.take(change_of(log, [propose(log, HALL, "A-X1", "A-X2", at=33 * MINUTE, worst="high")]))
    keeper.look_at(HALL)
    keeper.accept_first()
    keeper.look_at("")
    keeper.accept_first()
    assert [args for _name, args, _fields in desk.client.orders] == [(HALL,), (DB,)]


def test_nothing_to_accept_or_no_engine_greys_the_key(
    keeper: CandidateKeeper, desk: StandInDesk, log: LogBook
) -> None:
    desk.away = True
    assert not keeper.actions()[0].enabled
    desk.away = False
    dismissed = log.write(DB, "candidate.dismissed", {"until": 1}, at=34 * MINUTE)
    keeper.take(change_of(log, [dismissed]))
    assert (keeper.shown, keeper.actions()[0].enabled) == ((), False)
    keeper.accept_first()
    assert desk.client.orders == []


def test_a_dismissal_can_be_undone(keeper: CandidateKeeper, desk: StandInDesk) -> None:
    keeper.dismiss(keeper.shown[0], " a test ")
    assert desk.client.orders == [("dismiss_candidate", (DB, "a test"), {})]
    ((title, undo),) = desk.undos
    assert title == "Dismissed: 3 related alerts on db-main"
    undo()
    assert desk.client.orders[-1] == ("reopen_candidate", (DB,), {})
