"""The page of alert rules on a real engine, worked as an operator works it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from crisisdesk.desk.health.room import HealthRoom
from crisisdesk.desk.planning.alert_rules.page import AlertRulesPage

from tests.desk.planning.alert_rules.cases import DISK, ERRORS, disk
from tests.desk.planning.alert_rules.conftest import AlertRuleSeat
from tests.desk.planning.policies.seats import UnreadDesk

pytestmark = pytest.mark.serial
KEYS = Qt.Key
LINES = {"line": {"contains": "ERROR"}, "at_least": 3, "within": "5m"}
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def form_of(page: AlertRulesPage) -> Any:
    return page.editor.form


def test_a_rule_is_begun_tried_and_published_by_keys(seat: AlertRuleSeat) -> None:
    page, form = seat.page, form_of(seat.page)
    assert page.editor.shown_title() == "No rule makes alerts of what is measured."
    page.list.list.setFocus()
    seat.press(KEYS.Key_N)
    assert page.editor.shown_title() == "What should the rule look at?"
    page.list.list.setFocus()
    seat.press(KEYS.Key_T)
    seat.until(lambda: bool(form.name.line.hasFocus()))
    seat.press(KEYS.Key_Return, CTRL)
    assert form.name.refusal.text() == "Is empty; write a name."
    assert seat.stored() == {}
    QTest.keyClicks(form.name.line, "Disk full")
    form.conditions.setFocus()
    form.conditions.setPlainText("metric: disk\nop: '>'\nvalue: ")
    form.conditions.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(form.conditions, "nine")
    assert form.refusal.text() == "conditions.value 'nine' is no number; write it like 5 or 0.25."
    seat.press(KEYS.Key_Return, CTRL)
    assert (seat.stored(), form.conditions.hasFocus()) == ({}, True)
    form.conditions.setPlainText("metric: disk\nop: '>'\nvalue: 0.9\nfor: 1m")
    assert form.words.text() == "Fires when: disk > 0.9 for 1 min."
    page.list.list.setFocus()
    seat.press(KEYS.Key_1, ALT)
    assert seat.tried().startswith("It would have fired once")
    assert page.pane.series() == disk("a")
    assert seat.stored() == {}, "nothing is published by trying"
    seat.press(KEYS.Key_Return, CTRL)
    seat.settles("counts now")
    assert seat.stored()["Disk full"]["conditions"]["value"] == "0.9"
    assert page.book.listed() == []
    seat.desk.shell.undo_last()
    seat.until(lambda: seat.stored() == {})


def test_a_change_is_a_draft_another_version_and_comes_back_on_undo(seat: AlertRuleSeat) -> None:
    rule_id = seat.declare("Disk", DISK)
    page, form = seat.page, form_of(seat.page)
    page.open(f"name:{rule_id}")
    assert (page.standing.facts.split()[0], page.book.is_draft()) == ("published", False)
    QTest.keyClicks(form.name.line, "A ")
    form.severity.changed.emit("low")
    assert page.standing.chip == "unpublished draft"
    page.orders.publish()
    seat.until(lambda: not page.book.is_draft())
    told = seat.stored()["A Disk"]
    assert (told["rule_id"], told["severity"]) == (rule_id, "low")
    page.open_tab("history")
    rows = page.editor.history.list.rows.rows()
    assert rows[0].changes == ("severity: low, before critical.",)
    assert [row.standing for row in rows] == ["counts now", "replaced"]
    seat.desk.shell.undo_last()
    seat.until(lambda: seat.stored().get("Disk", {}).get("severity") == "critical")
    assert len(seat.live.client.rule_history(rule_id)) == 3


def test_one_is_switched_removed_and_comes_back_with_its_id(seat: AlertRuleSeat) -> None:
    rule_id = seat.declare("Disk", DISK)
    page = seat.page
    page.open(f"name:{rule_id}")
    page.focus_first()
    seat.press(KEYS.Key_O)
    seat.settles("switched off")
    assert seat.stored()["Disk"]["is_active"] is False
    page.focus_first()
    seat.press(KEYS.Key_O)
    seat.settles("counts now")
    seat.desk.shell.undo_last()
    seat.settles("switched off")
    page.focus_first()
    seat.press(KEYS.Key_W)
    seat.settles("removed")
    assert (seat.stored(), page.book.selected) == ({}, f"gone:{rule_id}")
    seat.desk.shell.undo_last()
    seat.until(lambda: "Disk" in seat.stored())
    assert seat.stored()["Disk"]["rule_id"] == rule_id
    seat.settles("switched off")
    page.orders.withdraw()
    seat.settles("removed")
    page.orders.publish()
    seat.settles("switched off")
    assert seat.stored()["Disk"]["rule_id"] == rule_id


def test_a_pattern_is_tried_on_the_lines_that_were_kept(seat: AlertRuleSeat) -> None:
    page = seat.page
    page.open(f"name:{seat.declare('Errors', ERRORS | {'conditions': LINES})}")
    page.pane.choose("1h")
    assert seat.tried().startswith("It would have fired once")
    assert "30 lines of 1 log" in page.pane.said.text()
    assert page.pane.chart_head.accessibleName().startswith("Lines that are meant, per ")


def test_it_is_tried_on_a_file_and_on_typed_samples(seat: AlertRuleSeat, tmp_path: Any) -> None:
    page = seat.page
    page.open(f"name:{seat.declare('Disk', DISK)}")
    page.list.list.setFocus()
    seat.press(KEYS.Key_6, ALT)
    assert page.pane.typed.hasFocus()
    QTest.keyClicks(page.pane.typed, "0.5 0.95 0.95 0.95 0.5")
    assert "5 samples of 1 series" in seat.tried()
    file = tmp_path / "disk.csv"
    file.write_text("at,value,host\n1770861900000,0.5,web-3\n1770861990000,0.95,web-3\n")
    page.pane.choose("file")
    page.pane.take_file(str(file))
    assert seat.tried().startswith("It would never have fired.")
    assert page.pane.series() == disk("web-3")._replace(source_id="")


def test_drafts_stay_without_the_engine_and_can_be_tried(seat: AlertRuleSeat) -> None:
    rule_id = seat.declare("Disk", DISK)
    page, form = seat.page, form_of(seat.page)
    page.open(f"name:{rule_id}")
    form.severity.changed.emit("low")
    seat.live.engine.kill()
    seat.until(lambda: "engine is away" in page.editor.foot.text())
    assert form.conditions.isReadOnly()
    told = seat.titles()
    away = (False, "the engine is away")
    assert told["Publish"] == told["Switch it off"] == told["Remove"] == away
    assert told["New alert rule"] == away
    page.pane.choose("1h")
    assert seat.tried().startswith("It would have fired once")
    assert page.book.is_draft()
    kept = seat.desk.shell.remembered(page.drafts_key, [])
    assert '"severity": "low"' in kept[0]


def test_a_rule_is_begun_for_a_series_in_health(seat: AlertRuleSeat) -> None:
    page, health = seat.page, seat.desk.shell.rooms[3]
    assert isinstance(health, HealthRoom)
    seat.desk.shell.open_room(3)
    health.rule_wanted.emit(disk("a"), 0.5)
    assert seat.desk.shell.rooms[6].isVisible()
    draft = page.book.working()
    assert draft is not None
    assert (draft.name, draft.content["metric_source"]) == ("disk high", "SRC-1")
    assert draft.content["conditions"]["where"] == 'host="a"'
    assert page.book.known.rules == ()
    page.pane.choose("1h")
    assert "of 1 series" in seat.tried()


def test_another_who_publishes_meanwhile_is_told_and_the_draft_stays(seat: AlertRuleSeat) -> None:
    rule_id = seat.declare("Disk", DISK)
    page, form = seat.page, form_of(seat.page)
    page.open(f"name:{rule_id}")
    form.severity.changed.emit("low")
    made = seat.live.client.change_rule(rule_id, service="shop")
    seat.until(lambda: made["version_id"] in page.book.known.ids())
    assert "published another version" in page.standing.notice
    assert form.severity.current() == "low"
    seat.live.client.remove_rule(rule_id)
    seat.until(lambda: page.book.counts() is None)
    assert page.book.is_draft()


def test_what_cannot_be_read_yet_says_so(look: object, qtbot: Any) -> None:
    desk = UnreadDesk()
    page = AlertRulesPage(desk)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    assert page.editor.is_empty()
    desk.now += 3_000
    page.tick(desk.now)
    assert page.editor.shown_title() == "The rules cannot be read yet."
