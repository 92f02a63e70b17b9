"""The crew works on one page: each answers its own questions alone."""

from __future__ import annotations

from crisisdesk.desk.incidents.crew import make_crew
from crisisdesk.desk.incidents.room import IncidentsRoom

from tests.desk.incidents.desk_stand_in import StandInDesk


def test_each_question_has_one_who_answers(room: IncidentsRoom, desk: StandInDesk):
    crew = make_crew(desk, room.page, {}, list)
    assert [type(one).__name__ for one in crew] == [
        "Orderly", "TaskWork", "RoleWork", "DecisionWork", "MoveWork",
        "AlikeWork", "ChannelWork", "MessageWork",
    ]  # fmt: skip
    assert crew.orderly.incident_id() == room.current()
    # The room has its own; a question is answered once by each crew, and by one of each only.
    crew.roles.press("fill")
    question = room.page.strip.question
    assert question is not None
    room.page.strip.given.emit(question.key, {"who": "Ana", "role": "scribe", "reason": ""})
    assert [name for name, _, _ in desk.client.orders] == ["assume_role", "assume_role"]
