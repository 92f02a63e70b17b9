"""Orders about decisions from the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Refusal

from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.desk.incidents.test_role_work import give, last
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook

DEC, ME = "DEC-000000000001", "Klára Langová"


@pytest.fixture
def decided(room: IncidentsRoom, log: LogBook, settle: Callable[[], None]) -> IncidentsRoom:
    body: dict[str, Any] = {
        "incident_id": INCIDENT, "title": "Fail over", "decider": ME,
        "objections": [{"by": "Bo", "text": "too early"}], "check_at": START + 40 * MINUTE,
    }  # fmt: skip
    log.write(DEC, "decision.logged", body, at=20 * MINUTE)
    room.on_snapshot(change_of(log))
    room.activateWindow()
    settle()
    room.decision_work.press("list")
    one = room.decision_work.decision()
    assert one is not None
    assert one.decision_id == DEC
    return room


def said(room: IncidentsRoom, field: str) -> str:
    return room.page.form._rows[field].words.text()


def test_a_decision_is_written_down_and_taken_back(room: IncidentsRoom, desk: StandInDesk):
    desk.client.answers["log_decision"] = {"decision_id": "DEC-NEW"}
    room.decision_work.press("log")
    give(room, title="")
    assert said(room, "title") == "Not saved: is empty; write what was decided."
    give(room, title="Fail over", check="soon")
    assert "no span and no time" in said(room, "check")
    desk.refuse_with = Refusal(words="are 21", remedy="name at most 20", field="options[3]")
    give(room, title="Fail over")
    assert said(room, "options") == "Not saved: are 21; name at most 20."
    assert said(room, "check") == ""
    give(room, title="Fail over", options="Wait", objections="Bo: no -> yes", check="15m")
    fields = {
        "options": ["Wait"],
        "objections": [{"by": "Bo", "text": "no", "answer": "yes"}],
        "check_at": "2026-02-12T02:55:02.000Z",
    }
    assert desk.client.orders == [("log_decision", (INCIDENT, "Fail over"), fields)]
    assert room.page.form.question is None
    desk.undos[-1][1]()
    assert last(desk) == ("revert_decision", (INCIDENT, "DEC-NEW", "Taken back at once"))


def test_somebody_looks_again(decided: IncidentsRoom, desk: StandInDesk):
    decided.decision_work.press("look")
    assert ("Objections", "Bo: too early – not answered") in decided.page.form.question.told  # type: ignore[union-attr]
    give(decided, result="orders flow", check="1h")
    told = {"result": "orders flow", "check_at": "2026-02-12T03:40:02.000Z"}
    assert desk.client.orders[-1] == ("check_decision", (INCIDENT, DEC), told)
    decided.decision_work.press("look")
    give(decided, verdict="revert", result="")
    assert "nothing is written" in said(decided, "result")
    give(decided, verdict="revert", result="the lag grew")
    assert last(desk) == ("revert_decision", (INCIDENT, DEC, "the lag grew"))


def test_the_other_orders(decided: IncidentsRoom, desk: StandInDesk, log: LogBook):
    work = decided.decision_work
    work.press("change")
    give(decided)
    assert desk.client.orders == []
    assert decided.page.form.question is None
    work.press("change")
    give(decided, risk="4 s")
    assert desk.client.orders[-1] == ("edit_decision", (INCIDENT, DEC), {"risk": "4 s"})
    work.press("object")
    give(decided, text="")
    assert "nothing is written" in said(decided, "text")
    give(decided, text="the lag is 4 s", by="Kim")
    assert last(desk) == ("object_to_decision", (INCIDENT, DEC, "the lag is 4 s", "Kim", ""))
    work.press("answer")
    [objection] = decided.page.dossier.decisions[0].unanswered  # type: ignore[union-attr]
    give(decided, answer="it is 0 s")
    assert last(desk) == ("answer_objection", (INCIDENT, DEC, objection["id"], "it is 0 s"))
    work.press("when")
    give(decided, check="")
    assert desk.client.orders[-1][0] == "edit_decision"
    assert desk.client.orders[-1][2] == {"check_at": None}
    work.press("revert")
    give(decided, reason=" worse ")
    assert last(desk) == ("revert_decision", (INCIDENT, DEC, "worse"))


def test_a_reverted_one_is_only_read(decided: IncidentsRoom, desk: StandInDesk, log: LogBook):
    event = log.write(DEC, "decision.reverted", {"reason": "worse"}, at=34 * MINUTE)
    decided.on_snapshot(change_of(log, [event]))
    decided.tick(desk.now)
    decided.decision_work.press("look")
    question = decided.page.form.question
    assert question is not None
    assert (question.verb, question.asked) == ("", ())
    assert decided.page.form.give.isHidden()
    assert decided.page.form.leave.hasFocus()


def test_the_past_shows_decisions_as_they_stood(decided: IncidentsRoom):
    decided.past.go(START + 10 * MINUTE)
    assert decided.page.decisions.list.lines.rowCount() == 0
    decided.decision_work.press("log")
    assert decided.page.form.question is None
    decided.past.back()
    assert decided.page.decisions.list.lines.rowCount() == 1
