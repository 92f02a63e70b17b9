"""The page of rules on a real engine, worked as an operator works it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.desk.planning.rules.conftest import RuleSeat

pytestmark = pytest.mark.serial
KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PAIRS = {"kind": "correlation", "by": ["service"], "at_least": 2}
PLACE = "name:correlation same place"


def test_a_built_in_rule_is_changed_published_and_comes_back_on_undo(seat: RuleSeat) -> None:
    page = seat.page
    page.open(PLACE)
    assert "3 services or more" in page.side.said.text()
    assert page.standing.facts == "built in"
    assert not page.standing.can_publish
    text = page.editor.yaml.text
    text.setPlainText(text.toPlainText().replace("at_least_services: 3", "at_least_services: 2"))
    assert page.book.is_draft()
    assert "2 services or more" in page.side.said.text()
    assert seat.stored("same place") == []
    text.setFocus()
    seat.press(KEYS.Key_Return, CTRL)
    seat.until(lambda: not page.book.is_draft())
    assert [one["at_least_services"] for one in seat.stored("same place")] == [2]
    assert page.standing.counts
    seat.desk.shell.undo_last()
    seat.until(lambda: page.standing.facts == "built in")
    assert seat.stored("same place") == []


def test_a_fault_is_told_with_its_line_and_publishes_nothing(seat: RuleSeat) -> None:
    made = seat.live.client.publish_policy("Pairs", PAIRS)["version_id"]
    page = seat.page
    seat.until(lambda: made in page.book.known.ids())
    page.open("name:correlation Pairs")
    text = page.editor.yaml.text
    text.setPlainText(text.toPlainText().replace("- service", "- colour"))
    assert page.editor.yaml.refusal.text().startswith("Line 5, ")
    assert "label NAME" in page.editor.yaml.refusal.text()
    [row] = page.side.findings.rows.rows()
    assert (row.level, row.where) == ("refused", "line 5, by[0]")
    page.focus_first()
    seat.press(KEYS.Key_Return, CTRL)
    seat.until(text.hasFocus)
    assert text.textCursor().block().text().strip() == "- colour"
    assert seat.stored("Pairs") == [PAIRS]
    text.setPlainText("name: [")
    assert "no YAML" in page.editor.yaml.refusal.text()
    page.orders.discard()
    assert "- service" in text.toPlainText()
    seat.desk.shell.undo_last()
    assert text.toPlainText() == "name: ["


def test_a_new_rule_of_each_kind_is_begun_by_keys(seat: RuleSeat) -> None:
    page = seat.page
    for key, kind in (
        (KEYS.Key_A, "correlation"),
        (KEYS.Key_C, "inhibition"),
        (KEYS.Key_S, "dependencies"),
        (KEYS.Key_M, "channel_dependencies"),
    ):
        page.focus_first()
        seat.press(KEYS.Key_N)
        assert page.editor.shown_title() == "What should the rule say?"
        page.focus_first()
        seat.press(key)
        draft = page.book.working()
        assert draft is not None
        assert (draft.name, draft.content["kind"]) == ("", kind)
        assert page.editor.yaml.text.hasFocus()
        text = page.editor.yaml.text
        text.setPlainText(text.toPlainText().replace("name: ''", f"name: My {kind}", 1))
        seat.press(KEYS.Key_Return, CTRL)
        seat.until(lambda kind=kind: page.book.selected == f"name:{kind} My {kind}")  # type: ignore[misc]
    assert page.book.listed() == []
    page.focus_first()
    seat.press(KEYS.Key_N)
    page.focus_first()
    seat.press(KEYS.Key_Escape)
    assert not page.editor.is_empty()


def test_versions_are_told_and_an_earlier_one_counts_again(seat: RuleSeat) -> None:
    one = {"kind": "dependencies", "services": {"shop": ["db"]}}
    seat.live.client.publish_policy("Shop", one)
    last = seat.live.client.publish_policy("Shop", one | {"services": {"shop": ["db", "cdn"]}})
    page = seat.page
    seat.until(lambda: last["version_id"] in page.book.known.ids())
    page.open("name:dependencies Shop")
    page.open_tab("history")
    rows = page.editor.history.list.rows.rows()
    assert rows[0].changes == ("services, shop: db, cdn, before db.",)
    page.editor.history.list.go(1)
    next(one for one in page.actions() if one.title == "Publish this version again").run()
    seat.until(lambda: len(page.book.versions()) == 3)
    assert page.editor.history.list.rows.rows()[0].standing == "counts now"
    seat.until(lambda: "no alert of this service" in page_words(seat))
    page.orders.withdraw()
    seat.until(lambda: len(seat.stored("Shop")) == 2)


def page_words(seat: RuleSeat) -> str:
    return " ".join(row.words for row in seat.page.side.findings.rows.rows())


def test_without_the_engine_it_can_be_read_and_not_changed(seat: RuleSeat) -> None:
    page = seat.page
    page.open(PLACE)
    seat.live.engine.kill()
    seat.until(lambda: "engine is away" in page.editor.foot.text())
    assert page.editor.yaml.text.isReadOnly()
    new = next(one for one in page.actions() if one.title == "New rule")
    assert (new.enabled, new.detail) == (False, "the engine is away")
