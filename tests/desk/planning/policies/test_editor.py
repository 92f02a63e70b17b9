"""The editor shows one policy on three tabs, or what to do when there is none."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.editor import BUILT_IN, FORM, HISTORY, YAML, Editor
from crisisdesk.desk.planning.policies.standing import Standing
from crisisdesk.desk.planning.policies.targets import Labels
from crisisdesk.domain.errors import Malformed

DRAFT = Draft("d", "Night", fresh())


@pytest.fixture
def editor(look: Look, qtbot: QtBot) -> Editor:
    made = Editor()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


def shown(editor: Editor) -> Editor:
    editor.show_draft(DRAFT, Labels({}, [], []), Malformed("name", "is odd", "mend it"))
    return editor


def test_it_is_bare_until_something_is_known(editor: Editor) -> None:
    assert editor.is_empty()


def test_a_fault_stands_on_form_and_yaml(editor: Editor) -> None:
    shown(editor)
    assert not editor.is_empty()
    assert editor.form.name.refusal.text() == "Is odd; mend it."
    assert "is odd; mend it." in editor.yaml.refusal.text()


def test_what_has_no_form_is_shown_as_it_was_written(editor: Editor) -> None:
    odd = DRAFT._replace(content={"kind": "escalation", "steps": {"first": []}})
    editor.show_draft(odd, Labels({}, [], []), None)
    assert editor.unshown.isVisible()
    assert "steps: is no list" in editor.unshown.text()
    editor.open_tab(YAML)
    assert "first: []" in editor.yaml.text.toPlainText()
    editor.open_tab(FORM)
    shown(editor)
    assert editor.form.isVisible()


def test_yaml_that_is_not_mended_yet_locks_the_form(editor: Editor) -> None:
    shown(editor)
    assert editor.form.name.line.isEnabled()
    editor.show_draft(DRAFT._replace(raw="name: ["), Labels({}, [], []), None)
    assert not editor.form.name.line.isEnabled()
    shown(editor)
    assert editor.form.name.line.isEnabled()


def test_tabs_open_by_name_and_say_so(editor: Editor) -> None:
    told: list[str] = []
    editor.tab_changed.connect(told.append)
    shown(editor)
    for key, page in ((YAML, editor.yaml), (HISTORY, editor.history), (FORM, editor.form)):
        editor.open_tab(key)
        assert editor.tab() == key
        assert page.isVisible()
    assert told == [YAML, HISTORY, FORM]


def test_buttons_are_there_for_what_can_be_done(editor: Editor) -> None:
    shown(editor)
    editor.show_standing(Standing(title="Night", chip="counts now", counts=True))
    assert editor.withdraw.isVisible()
    assert not editor.withdraw.isEnabled()
    assert not editor.discard.isVisible()
    editor.show_standing(
        Standing(title="Night", chip="unpublished draft", can_discard=True, can_publish=True)
    )
    assert editor.discard.isEnabled()
    assert editor.publish.isEnabled()
    assert not editor.withdraw.isVisible()
    assert "unpublished draft" in editor.title.accessibleName()


def test_what_is_built_in_leads_to_a_policy_of_ones_own(editor: Editor, qtbot: QtBot) -> None:
    editor.show_empty(BUILT_IN)
    buttons = {one.text(): one for one in editor.findChildren(KeyButton) if one.isVisible()}
    with qtbot.waitSignal(editor.new_wanted):
        buttons["New policy"].click()
    with qtbot.waitSignal(editor.duplicate_wanted):
        buttons["Begin one with it"].click()
