"""The editor of a file: the text, the versions, and the way to a line."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyView
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.file_editor import HISTORY, YAML, FileEditor
from crisisdesk.desk.planning.policies.standing import Standing
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane
from crisisdesk.domain.errors import Malformed

RULE = {"kind": "correlation", "by": ["service", "colour"]}
DRAFT = Draft("d", "Shop", RULE)


@pytest.fixture
def editor(look: Look, qtbot: QtBot) -> FileEditor:
    made = FileEditor(YamlPane(noun="rule", words="A file."), ())
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    return made


def test_the_text_is_the_first_tab_and_a_fault_names_its_line(editor: FileEditor) -> None:
    assert editor.is_empty()
    editor.show_file(DRAFT, Malformed("by[1]", "'colour' is no field", "list service"))
    assert (editor.tab(), editor.is_empty()) == (YAML, False)
    assert editor.yaml.refusal.text().startswith("Line 6, ")
    assert "list service" in editor.yaml.refusal.text()
    [mark] = editor.yaml.text.extraSelections()
    assert mark.cursor.blockNumber() == 5
    editor.show_file(DRAFT, None)
    assert editor.yaml.text.extraSelections() == []


def test_it_leads_to_a_line_from_any_tab(editor: FileEditor) -> None:
    editor.show_file(DRAFT, None)
    editor.open_tab(HISTORY)
    editor.jump("by[1]")
    assert editor.tab() == YAML
    assert editor.yaml.text.textCursor().block().text().strip() == "- colour"
    editor.jump("nothing")
    assert editor.yaml.text.textCursor().blockNumber() == 1, "to what is around it"


def test_an_empty_view_says_which_button_was_pressed(editor: FileEditor, qtbot: QtBot) -> None:
    view = EmptyView(
        "Nothing.", buttons=(EmptyButton("one", "One"), EmptyButton("duplicate", "Two"))
    )
    editor.show_empty(view)
    assert editor.shown_title() == "Nothing."
    buttons = {one.text(): one for one in editor.findChildren(KeyButton) if one.isVisible()}
    with qtbot.waitSignal(editor.new_wanted) as asked:
        buttons["One"].click()
    assert asked.args == ["one"]
    with qtbot.waitSignal(editor.duplicate_wanted):
        buttons["Two"].click()


def test_while_nothing_can_be_saved_it_can_be_read(editor: FileEditor) -> None:
    editor.show_file(DRAFT, None)
    editor.show_standing(Standing(title="Shop", chip="unpublished draft"))
    editor.set_read_only(True)
    assert editor.yaml.text.isReadOnly()
    assert not editor.duplicate.isEnabled()
    assert not editor.publish.isEnabled()
