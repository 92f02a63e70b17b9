"""The editor of an alert rule: its form, the same as a file, its versions, and what to do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.planning.alert_rules.content import RuleFile
from crisisdesk.desk.planning.alert_rules.form import RuleForm, shape_fault
from crisisdesk.desk.planning.policies.form_editor import FormEditor
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.domain.errors import DomainError

_WORDS = "A file as “crisisdesk rule add” takes it. Nothing counts before it is published."


class RuleEditor(FormEditor):
    """The form stands before the text; both say the same."""

    form: RuleForm

    def __init__(self, parent: QWidget | None = None) -> None:
        yaml = YamlPane(noun="rule", words=_WORDS, shape=RuleFile())
        super().__init__(yaml, RuleForm(), parent)
        self.withdraw.set_text("Remove")

    def show_rule(self, draft: Draft, words: str, fault: DomainError | None) -> None:
        """Show a rule on every tab; ``words`` say what its conditions mean."""
        unfit = shape_fault(draft.content)
        show = partial(self.form.show_rule, draft.name, draft.content, words)
        self.show_formed(draft, unfit or None, fault, show)
