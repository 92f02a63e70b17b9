"""A form before a file: where the keyboard goes, and what is shown when the form cannot."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.file_editor import FORM, YAML
from crisisdesk.desk.planning.policies.form_editor import FormEditor
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane
from crisisdesk.domain.errors import DomainError, Malformed

DRAFT = Draft("d", "Shop", {"kind": "x", "by": ["a"]})


class OneField(QLineEdit):
    """The smallest form."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[DomainError | None] = []
        self.locked = self.settled = False
        self.went = ""

    def show_fault(self, fault: DomainError | None) -> None:
        self.faults.append(fault)

    def set_read_only(self, read_only: bool) -> None:
        self.locked = read_only

    def settle(self) -> None:
        self.settled = True

    def go_to(self, name: str) -> None:
        self.went = name
        self.setFocus()


@pytest.fixture
def editor(look: Look, qtbot: QtBot) -> FormEditor:
    made = FormEditor(YamlPane(), OneField())
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def show(editor: FormEditor, draft: Draft = DRAFT, unfit: object = None) -> None:
    editor.show_formed(draft, unfit, None, lambda: editor.form.setText(draft.name))


def test_the_form_is_shown_locked_and_left_as_told(editor: FormEditor) -> None:
    show(editor)
    assert (editor.tab(), editor.form.text(), editor.form.locked) == (FORM, "Shop", False)
    fault = Malformed("by", "is odd", "mend it")
    editor.show_fault(fault)
    assert editor.form.faults == [None, fault]
    assert "is odd" in editor.yaml.refusal.text()
    editor.set_read_only(True)
    assert editor.form.locked
    editor.open_tab(YAML)
    assert editor.form.settled


def test_what_the_form_cannot_show_is_shown_as_text(editor: FormEditor) -> None:
    show(editor, unfit="steps: is no list")
    assert editor.stack.currentWidget() is editor.unshown
    assert editor.unshown.text() == "No form can show this: steps: is no list. See YAML."
    show(editor)
    assert editor.stack.currentWidget() is editor.form


def test_a_field_is_reached_on_the_form_and_on_the_text_while_that_is_not_mended(
    editor: FormEditor,
) -> None:
    show(editor)
    editor.open_tab(YAML)
    editor.jump("by")
    assert (editor.tab(), editor.form.went) == (FORM, "by")
    show(editor, DRAFT._replace(raw="name: ["))
    assert editor.form.locked
    editor.jump("by")
    assert editor.tab() == YAML
    editor.focus_first()
    assert editor.yaml.text.hasFocus()
    editor.open_tab(FORM)
    editor.focus_first()
    assert editor.form.went == "name"
