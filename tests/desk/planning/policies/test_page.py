"""The page in a whole window on a real engine, worked as an operator works it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.page import PoliciesPage
from crisisdesk.desk.planning.policies.reading import NOTHING
from crisisdesk.desk.snapshot import Change

from tests.desk.planning.policies.seats import Seat, UnreadDesk
from tests.desk.planning.policies.stations import NOWHERE, publish, schedule

pytestmark = pytest.mark.serial
KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_step_is_edited_played_and_published(seat: Seat) -> None:
    ann, bob = seat.person("Ann"), seat.person("Bob")
    steps = [{"to": [{"contact": ann}], "wait_s": 300}, {"to": [{"contact": bob}]}]
    first = seat.publish("Night", fresh() | {"steps": steps})
    page = seat.page
    page.open("name:Night")
    seat.until(lambda: seat.plan()[:2] == [("+00:00", "Ann"), ("+05:00", "Bob")])

    seat.write(page.editor.form.cards[0].wait.line, "2 min")
    seat.until(lambda: seat.plan()[:2] == [("+00:00", "Ann"), ("+02:00", "Bob")])
    assert page.book.is_draft()
    assert seat.stored("Night") == [fresh() | {"steps": steps}], "a draft is nothing published"

    seat.press(KEYS.Key_Return, held=CTRL)
    seat.until(lambda: len(page.book.versions()) == 2)
    stored = seat.stored("Night")[-1]
    assert stored["steps"][0] == {"to": [{"contact": ann}], "wait_s": 120}
    seat.until(lambda: not page.book.is_draft())
    counts = page.book.counts()
    assert counts is not None
    assert (counts.version_id != first, counts.published_by) == (True, "Klára Langová")
    seat.desk.shell.undo_last()
    seat.until(lambda: getattr(page.book.counts(), "version_id", "") == first)


def test_an_impossible_delay_is_refused_at_its_field_and_nothing_is_published(seat: Seat) -> None:
    seat.person("Ann")
    seat.publish("Night", fresh())
    page = seat.page
    page.open("name:Night")
    wait = page.editor.form.cards[0].wait
    seat.write(wait.line, "20 s")
    assert wait.refusal.isVisible()
    assert "20 is out of bounds" in wait.refusal.text()
    assert "5\u00a0min" in wait.refusal.text()
    page.editor.form.name.line.setFocus()
    seat.press(KEYS.Key_Return, held=CTRL)
    assert wait.line.hasFocus(), "publishing leads to what refuses it"
    assert page.simulator.plan.isHidden()
    [row] = page.simulator.findings.rows.rows()
    assert (row.level, row.where) == ("refused", "Step 1, delay")
    assert "Step 1, delay" in page.editor.foot.text()
    seat.write(wait.line, "soon")
    seat.press(KEYS.Key_Return, held=CTRL)
    seat.write(wait.line, "30 s")
    assert not wait.refusal.isVisible()
    seat.until(page.simulator.plan.isVisible)
    assert seat.stored("Night") == [fresh()]


def test_a_draft_survives_a_restart_of_the_desk(seat: Seat, qapp: QApplication) -> None:
    seat.person("Ann")
    seat.publish("Night", fresh())
    seat.page.open("name:Night")
    seat.write(seat.page.editor.form.matching.line, "service=db")
    seat.page.orders.new()
    seat.write(seat.page.editor.form.name.line, "Shop")
    seat.desk.close()
    again = Seat(seat.live, qapp)
    page = again.page
    assert page.editor.form.name.line.text() == "Shop"
    again.until(lambda: "Night" in page.book.known.current)
    assert [line.key for line in page.list.list.rows.rows() if line.draft] == [
        page.book.selected,
        "name:Night",
    ]
    page.open("name:Night")
    assert page.editor.form.matching.line.text() == "service=db"
    assert again.stored("Shop") == []


def test_an_empty_station_says_what_pages_and_begins_a_policy_by_key(seat: Seat) -> None:
    page = seat.page
    assert page.editor.is_empty()
    seat.until(lambda: seat.plan() != [])
    assert all(who == "" for _, who in seat.plan()), "nobody is there to be paged"
    page.list.list.setFocus()
    seat.press(KEYS.Key_N)
    assert page.editor.form.name.line.hasFocus()
    assert page.editor.form.name.refusal.text() == "", "nobody has had the time to write it"
    seat.person("Ann")
    seat.press(KEYS.Key_Return, held=CTRL)
    assert "write a name" in page.editor.form.name.refusal.text()
    seat.write(page.editor.form.name.line, "Night")
    seat.press(KEYS.Key_Return, held=CTRL)
    seat.until(lambda: page.book.selected == "name:Night")
    assert seat.stored("Night") == [fresh()]
    assert page.book.drafts == {}


def test_findings_lead_to_their_field(seat: Seat) -> None:
    seat.person("Ann")
    steps = [{"to": [{"everyone": True}]}, {"to": [{"contact": "C-NONE"}], "wait_s": 600}]
    seat.publish("Night", fresh() | {"steps": steps})
    page = seat.page
    page.open("name:Night")
    page.open_tab("yaml")
    listed = page.simulator.findings.rows
    seat.until(lambda: any(row.field == "steps[1].to[0]" for row in listed.rows()))
    found = next(row for row in listed.rows() if row.field == "steps[1].to[0]")
    page.simulator.findings.select(found.key)
    page.simulator.findings.focus_row()
    seat.press(KEYS.Key_Return)
    choice = page.editor.form.cards[1].targets.lines[0].choice
    seat.until(choice.hasFocus)
    assert choice.currentText() == "Contact C-NONE (unknown)"
    assert "warning" in page.list.list.selected().verdict  # type: ignore[union-attr]


def test_what_is_typed_as_yaml_is_what_the_form_shows(seat: Seat) -> None:
    seat.publish("Night", fresh())
    page = seat.page
    page.open("name:Night")
    page.open_tab("yaml")
    text = page.editor.yaml.text
    whole = text.toPlainText()
    text.setPlainText(whole.replace("repeat: 2", "repeat: 7"))
    assert page.editor.form.repeat.line.text() == "7"
    text.setPlainText("name: [")
    assert "no YAML" in page.editor.yaml.refusal.text()
    seat.press(KEYS.Key_Return, held=CTRL)
    assert (page.editor.tab(), text.toPlainText()) == ("yaml", "name: [")
    text.setPlainText(whole)
    assert not page.book.is_draft(), "what says what is published is no draft"
    assert seat.stored("Night") == [fresh()]


def test_while_the_engine_is_away_all_can_be_read_and_nothing_changed(seat: Seat) -> None:
    seat.person("Ann")
    seat.publish("Night", fresh())
    page = seat.page
    page.open("name:Night")
    seat.until(lambda: seat.plan() != [])
    line = page.editor.form.cards[0].wait.line
    line.setFocus()
    seat.live.engine.kill()
    seat.until(lambda: "engine is away" in page.editor.foot.text())
    assert line.hasFocus()
    seat.write(line, "9 min")
    page.orders.new()
    page.orders.withdraw()
    assert page.book.drafts == {}
    assert not page.list.new.isEnabled()
    publish = next(action for action in page.actions() if action.title == "Publish")
    assert (publish.enabled, publish.detail) == (False, "the engine is away")
    page.simulator.hours.line.setText("1")
    seat.until(lambda: 0 < len(seat.plan()) < 9)


def test_a_version_that_comes_from_elsewhere_is_told_and_the_draft_stays(seat: Seat) -> None:
    seat.publish("Night", fresh())
    page = seat.page
    page.open("name:Night")
    seat.write(page.editor.form.repeat.line, "5")
    seat.publish("Night", fresh() | {"repeat": 8})
    seat.until(lambda: "another version" in page.editor.notice.text())
    assert page.editor.form.repeat.line.text() == "5"
    page.orders.discard()
    assert page.editor.form.repeat.line.text() == "8"
    seat.desk.shell.undo_last()
    assert page.editor.form.repeat.line.text() == "5"


def test_people_and_schedules_are_chosen_by_their_names(seat: Seat) -> None:
    ann = seat.person("Ann", NOWHERE, groups=["Managers"])
    publish(seat.live.client, "Database", schedule(ann))
    seat.until(lambda: seat.page.book.known.schedules == ("Database",))
    page = seat.page
    page.orders.new()
    choice = page.editor.form.cards[0].targets.lines[0].choice
    choice.setFocus()
    seat.write(choice.lineEdit(), "group managers")  # type: ignore[arg-type]
    choice.settle()
    draft = page.book.working()
    assert draft is not None
    assert draft.content["steps"][0]["to"] == [{"group": "Managers"}]
    seat.until(lambda: seat.plan()[:1] == [("+00:00", "Ann")])
    seat.write(choice.lineEdit(), "on call by database")  # type: ignore[arg-type]
    choice.settle()
    draft = page.book.working()
    assert draft is not None
    assert draft.content["steps"][0]["to"] == [{"schedule": "Database"}]


def test_a_page_that_was_never_told_anything_reads_by_itself(seat: Seat) -> None:
    other = PoliciesPage(seat.desk.shell)
    seat.qtbot.addWidget(other)
    other.show()
    seat.until(lambda: other.book.selected != "")


def test_a_file_that_cannot_be_read_is_said_and_asked_again(look: Look, qtbot: QtBot) -> None:
    desk = UnreadDesk()
    page = PoliciesPage(desk)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    page.tick(desk.now)
    assert len(desk.asked) == 1
    for _ in range(30):
        desk.now += 100
        page.tick(desk.now)
    assert "cannot be read" in page.editor.shown_title()
    assert len(desk.asked) == 1, "not asked again while it waits"
    desk.now += 10_000
    page.on_snapshot(Change(contacts_changed=True))
    assert len(desk.asked) == 2
    desk.asked[-1](NOTHING._replace(findings={"": ()}))
    assert page.editor.shown_title() == "Nothing is published."


def test_it_is_read_again_after_a_minute_as_gaps_come_closer(look: Look, qtbot: QtBot) -> None:
    desk = UnreadDesk()
    page = PoliciesPage(desk)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    page.tick(desk.now)
    desk.asked[-1](NOTHING._replace(findings={"": ()}))
    page.player.play(None, ())
    desk.now += 59_000
    page.tick(desk.now)
    assert len(desk.asked) == 1
    desk.now += 2_000
    page.tick(desk.now)
    assert len(desk.asked) == 2
    desk.asked[-1](NOTHING)
    page.hide()
    desk.now += 600_000
    page.tick(desk.now)
    assert len(desk.asked) == 2, "nobody looks"


def test_panes_keep_room_for_their_words_at_another_zoom(look: Look, qtbot: QtBot) -> None:
    page = PoliciesPage(UnreadDesk())  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1840, 700)
    page.show()
    before = page.list.minimumWidth()
    look.switch(zoom=150)
    assert page.list.minimumWidth() == round(before * 1.5)
    needed = page.list.new.sizeHint().width()
    qtbot.waitUntil(lambda: page.list.new.width() >= needed)
