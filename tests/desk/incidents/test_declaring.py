"""Declaring: the plans are known when the form opens, and what was chosen is sent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Refusal
from crisisdesk.settings.playbooks import shipped_plans

from tests.desk.incidents.desk_stand_in import StandInDesk


def test_the_form_says_what_the_plan_will_do_and_sends_what_was_chosen(
    room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot
):
    room.begin_declaring()
    form = room.form
    assert set(room.declaring.plans) == set(shipped_plans())
    assert form.kind.count() == 2 + len(shipped_plans())
    usual = form.will_do.text()
    assert usual == room.form.kind.accessibleDescription()
    assert "tasks" in usual
    form.kind.setCurrentIndex(form.kind.findData("ransomware"))
    assert form.will_do.text() != usual
    form.title.setText("Files are locked")
    qtbot.keyClick(form.title, Qt.Key.Key_Return)
    name, args, fields = desk.client.orders[-1]
    assert (name, args) == ("open_incident", ("Files are locked", "major"))
    assert fields["crisis_type"] == "ransomware"
    assert form.kind.currentIndex() == 0


def test_left_alone_the_engine_chooses_by_the_category(
    room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot
):
    room.begin_declaring()
    room.form.title.setText("Orders are down")
    qtbot.keyClick(room.form.title, Qt.Key.Key_Return)
    assert "crisis_type" not in desk.client.orders[-1][2]


def test_a_refusal_keeps_the_choice(room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot):
    room.begin_declaring()
    form = room.form
    form.kind.setCurrentIndex(form.kind.findData(""))
    assert form.will_do.text() == "No response plan: no tasks are written down."
    form.title.setText("Orders are down")
    desk.refuse_with = Refusal(words="the engine is not running", away=True)
    qtbot.keyClick(form.title, Qt.Key.Key_Return)
    assert (form.title.text(), form.kind.currentData()) == ("Orders are down", "")
    room.declaring.learn()
    assert form.kind.currentData() == ""
    qtbot.keyClick(form.title, Qt.Key.Key_Return)
    assert desk.client.orders[-1][2]["crisis_type"] == ""
