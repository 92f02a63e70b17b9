"""Messages of the plan at the desk: chosen, put into the composer, never over what stands there."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.desk.incidents.message_work import (
    MessageWork,
    draft_of,
    message_actions,
    which_question,
)
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.domain.playbook.content import Playbook, Template, read_playbook
from crisisdesk.settings.playbooks import shipped_plans

from tests.desk.incidents import desk_stand_in
from tests.desk.incidents.desk_stand_in import StandInDesk


def plan(name: str) -> Playbook:
    return read_playbook(name, shipped_plans()[name])


@pytest.fixture
def work(room: IncidentsRoom) -> MessageWork:
    return room.message_work


def follow(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def followed(*_asked: Any) -> Playbook | None:
        return plan(name) if name else None

    monkeypatch.setattr(desk_stand_in.Reader, "followed_plan", followed)


def test_of_several_one_is_chosen_and_completed_in_the_composer(
    room: IncidentsRoom, work: MessageWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(monkeypatch, "outage")
    work.ask()
    question = room.page.strip.question
    assert question is not None
    [asked] = question.asked
    assert [o.word for o in asked.options] == [
        "First public word (customers)",
        "It is over (customers)",
    ]
    room.page.strip.given.emit(question.key, {"which": "1"})
    assert room.page.strip.question is None
    draft = room.page.timeline.composer.draft()
    assert draft.text.startswith("It is over\n[Service] works again since [time] UTC.")
    assert (draft.update_type, draft.is_public) == ("communication", True)


def test_the_only_one_is_taken_at_once_and_what_stands_there_is_kept(
    room: IncidentsRoom, work: MessageWork, desk: StandInDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(monkeypatch, "ransomware")
    work.ask()
    composer = room.page.timeline.composer
    assert composer.draft().text.startswith("To all staff\nSwitch off your computer")
    assert not composer.draft().is_public
    before = composer.draft()
    work.ask()
    assert composer.draft() == before
    assert desk.said[-1][0] == "A note is being written"


def test_without_a_plan_it_is_said(
    room: IncidentsRoom, work: MessageWork, desk: StandInDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(monkeypatch, "")
    work.ask()
    assert desk.said[-1][0] == "No message"
    assert room.page.strip.question is None


def test_long_names_are_cut_in_the_choice_alone() -> None:
    one = Template(name="N" * 60, audience="staff", text="T")
    [asked] = which_question([one, one]).asked
    assert len(asked.options[0].word) == 40
    assert draft_of(one).text == f"{'N' * 60}\nT"


def test_the_past_takes_none(room: IncidentsRoom) -> None:
    dossier = room.page.dossier
    assert dossier is not None
    [action] = message_actions(room.message_work, dossier.incident, "not in the past")
    assert (action.keys, action.enabled, action.detail) == ("Shift P", False, "not in the past")
