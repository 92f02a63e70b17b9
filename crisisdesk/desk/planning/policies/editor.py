"""The editor of a policy: its form, the same as YAML, its versions, and what to do with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyView
from crisisdesk.desk.planning.policies.content import shape_fault
from crisisdesk.desk.planning.policies.file_editor import FORM, HISTORY, YAML
from crisisdesk.desk.planning.policies.form import PolicyForm
from crisisdesk.desk.planning.policies.form_editor import FormEditor
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.desk.planning.policies.targets import Labels
    from crisisdesk.domain.errors import DomainError

__all__ = ["BUILT_IN", "FORM", "HISTORY", "NOTHING_PUBLISHED", "UNREAD", "YAML", "Editor"]

_BUTTONS = (EmptyButton("new", "New policy", "N", primary=True),)
UNREAD = EmptyView(
    title="The policies cannot be read yet.",
    text="They show as soon as the station's file can be read; the banner says why it cannot. "
    "Alerts go on being paged by what is published.",
)
NOTHING_PUBLISHED = EmptyView(
    title="Nothing is published.",
    text="Every alert that pages calls everyone at once, and again every 15 minutes until somebody "
    "has it. A policy says who is called first, who next, and how long each has.",
    buttons=_BUTTONS,
)
BUILT_IN = EmptyView(
    title="Everyone, at once.",
    text="What no published policy takes is paged this way: everyone, and again every 15 minutes. "
    "It cannot be changed; a policy that matches every alert stands before it.",
    buttons=(*_BUTTONS, EmptyButton("duplicate", "Begin one with it", "D")),
)


class Editor(FormEditor):
    """The form stands before the text; both say the same."""

    form: PolicyForm

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(YamlPane(), PolicyForm(), parent)

    def show_draft(self, draft: Draft, labels: Labels, fault: DomainError | None) -> None:
        """Show a policy on every tab."""
        name, content = draft.name, draft.content
        show = partial(self.form.show_policy, name, content, labels)
        self.show_formed(draft, shape_fault(content), fault, show)
