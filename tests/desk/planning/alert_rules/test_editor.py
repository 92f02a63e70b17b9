"""One rule as a form, as a file, and its versions."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.alert_rules.editor import RuleEditor
from crisisdesk.desk.planning.policies.drafts import Draft
from crisisdesk.desk.planning.policies.file_editor import FORM, YAML
from crisisdesk.domain.errors import Malformed

from tests.desk.planning.alert_rules.cases import DISK

DRAFT = Draft("d", "Disk", DISK)


def test_form_and_file_say_the_same_and_a_fault_stands_on_both(look: Look, qtbot: QtBot) -> None:
    editor = RuleEditor()
    qtbot.addWidget(editor)
    editor.resize(600, 600)
    editor.show()
    editor.show_rule(DRAFT, "Fires when: it does.", Malformed("conditions.value", "is odd", "mend"))
    assert (editor.tab(), editor.form.words.text()) == (FORM, "Fires when: it does.")
    assert "conditions.value is odd" in editor.form.refusal.text()
    editor.open_tab(YAML)
    assert editor.yaml.text.toPlainText().startswith("name: Disk\nrule_type: threshold\n")
    assert editor.yaml.refusal.text().startswith("Line 7, conditions.value")
    odd = DRAFT._replace(content={**DISK, "colour": 1})
    editor.show_rule(odd, "", None)
    editor.open_tab(FORM)
    assert "colour is no field of it" in editor.unshown.text()
    assert editor.stack.currentWidget() is editor.unshown
    assert editor.withdraw.text() == "Remove"
