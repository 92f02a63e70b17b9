"""The calls behind what is offered."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.recovery_room.offers import Offer, run_offers, step_offers
from crisisdesk.desk.recovery_room.orders import Answered, confirm, order, start
from crisisdesk.desk.recovery_room.start_words import Start
from crisisdesk.domain.checklist import Run

from tests.desk.recovery_room.scenes import JONAS, KLARA, gated, log, standing, steps_of, tried


class Door:
    """Takes down what a client would be asked."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def do_step(self, run_id: str, step_id: str, do: str, **more: Any) -> dict[str, Any]:
        self.told.append((run_id, step_id, do, more))
        return {}

    def do_run(self, run_id: str, do: str, **more: Any) -> dict[str, Any]:
        self.told.append((run_id, do, more))
        return {}

    def start_run(self, *given: Any) -> dict[str, Any]:
        self.told.append(given)
        return {}


def called(run: Run, step_id: str, do: str, said: Answered, operator: str = KLARA) -> Any:
    door = Door()
    offers = [
        *step_offers(run, standing(run, step_id), operator),
        *run_offers(run, steps_of(run), is_here=False),
    ]
    offer: Offer = next(one for one in offers if one.do == do)
    order(run, step_id, offer, said)(door)  # type: ignore[arg-type]
    (told,) = door.told
    return told


def test_an_approval_names_the_hash_that_was_read() -> None:
    run = gated().run
    told = called(run, "gate", "approve", Answered(), JONAS)
    assert told == ("RUN-1", "gate", "approve", {"binding": run.binding})
    told = called(run, "gate", "refuse", Answered(words="no"), JONAS)
    assert told[3] == {"why": "no"}


def test_settling_names_the_attempt_that_nobody_knows_the_end_of() -> None:
    run = tried("unknown").run
    told = called(run, "promote", "settle", Answered("again", "nothing ran"))
    name = run.attempts["promote"][0]["id"]
    assert told[3] == {"attempt": name, "outcome": "again", "note": "nothing ran"}


def test_whole_runs_end_with_a_verdict_and_go_back_with_a_reason() -> None:
    one = log()
    one.add("run.step_done", step_id="freeze", claim="")
    assert called(one.run, "freeze", "end", Answered("aborted", "drill")) == (
        "RUN-1",
        "end",
        {"why": "drill", "verdict": "aborted"},
    )
    assert called(one.run, "freeze", "back", Answered(words="wrong")) == (
        "RUN-1",
        "back",
        {"why": "wrong"},
    )
    assert called(one.run, "freeze", "take", Answered()) == ("RUN-1", "take", {})
    assert called(one.run, "freeze", "undone", Answered())[2:] == ("undone", {})


def test_a_run_is_begun_with_the_version_that_was_read() -> None:
    door = Door()
    start(Start("Fail over", "POL-9", {"target": "db2"}, "INC-1", (1,)))(door)  # type: ignore[arg-type]
    assert door.told == [("Fail over", {"target": "db2"}, "INC-1", "POL-9")]


def test_prerequisites_are_confirmed_one_after_the_other() -> None:
    door = Door()
    confirm("RUN-1", ["pre-1", "pre-2"])(door)  # type: ignore[arg-type]
    assert [told[1:3] for told in door.told] == [("pre-1", "done"), ("pre-2", "done")]
