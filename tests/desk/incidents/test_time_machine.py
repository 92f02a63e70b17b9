"""The bar says where it stands, lets the stretch grow, and asks for moments it is given."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.time_machine import TimeMachine
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.timeline import build_timeline

from tests.domain.incident_log import INCIDENT, MINUTE, START, split_brain

NOW = START + 40 * MINUTE


@pytest.fixture
def machine(look: Look, qtbot: QtBot) -> TimeMachine:
    log = split_brain()
    machine = TimeMachine()
    qtbot.addWidget(machine)
    machine.resize(900, 82)
    entries = build_timeline(INCIDENT, log.updates(), log.events)
    machine.show_record(entries, START, None, NOW)
    machine.show()
    return machine


def test_it_says_where_it_stands(machine: TimeMachine):
    assert machine.accessibleName() == "Time machine, now"
    machine.show_moment(START + 5 * MINUTE)
    assert machine.accessibleName() == "Time machine, 02:10:02 UTC, read only"


def test_it_looks_different_in_the_past_and_at_another_moment(machine: TimeMachine):
    live = machine.grab().toImage()
    machine.show_moment(START + 5 * MINUTE)
    past = machine.grab().toImage()
    machine.show_moment(START + 15 * MINUTE)
    assert live != past
    assert past != machine.grab().toImage()


def test_the_stretch_grows_while_it_is_open_and_not_after(machine: TimeMachine):
    before = machine.scale_now().until
    machine.tick(NOW + 10 * MINUTE)
    assert machine.scale_now().until == before + 10 * MINUTE
    log = split_brain()
    entries = build_timeline(INCIDENT, log.updates(), log.events)
    machine.show_record(entries, START, START + 35 * MINUTE, NOW)
    ended = machine.scale_now().until
    machine.tick(NOW + 60 * MINUTE)
    assert machine.scale_now().until == ended


def test_beyond_the_last_fact_of_an_ended_one_is_now(machine: TimeMachine, qtbot: QtBot):
    with qtbot.waitSignal(machine.left):
        qtbot.keyClick(machine, Qt.Key.Key_End)
    machine.show_moment(NOW - MINUTE // 2)
    with qtbot.waitSignal(machine.left):
        qtbot.keyClick(machine, Qt.Key.Key_Right)


def test_it_follows_zoom(machine: TimeMachine, look: Look):
    before = machine.sizeHint().height()
    look.switch(zoom=150)
    assert machine.sizeHint().height() > before
