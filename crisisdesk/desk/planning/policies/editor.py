"""The editor of a policy: its form, the same as YAML, its versions, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyView
from crisisdesk.desk.frame.heads import Tab
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.policies.content import shape_fault
from crisisdesk.desk.planning.policies.file_editor import FORM, HISTORY, YAML, FileEditor
from crisisdesk.desk.planning.policies.form import PolicyForm
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane

if TYPE_CHECKING:
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


class Editor(FileEditor):
    """The form stands before the text; both say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(YamlPane(), [Tab(FORM, "Form")], parent)
        self.form = PolicyForm()
        self._shapeless = False
        self.unshown = Text("", "body", "stale", wrap=True)
        self.unshown.setAlignment(Qt.AlignmentFlag.AlignTop)
        margin = theme().px(16)
        self.unshown.setContentsMargins(margin, margin, margin, margin)
        self.stack.insertWidget(0, self.form)
        self.stack.insertWidget(1, self.unshown)
        self.stack.setCurrentIndex(0)

    def show_draft(self, draft: Draft, labels: Labels, fault: DomainError | None) -> None:
        """Show a policy on every tab."""
        # A station of a newer version may publish what this form has no fields for.
        fault_of_shape = shape_fault(draft.content)
        self._shapeless = fault_of_shape is not None
        if fault_of_shape is None:
            self.form.show_policy(draft.name, draft.content, labels)
        else:
            self.unshown.setText(f"No form can show this: {fault_of_shape}. See YAML.")
        # What is typed into the form would take the place of YAML that is not mended yet.
        self.form.set_read_only(self._read_only or bool(draft.raw))
        if self.tab() == FORM:
            self.stack.setCurrentWidget(self._pages_of()[FORM])
        self.form.show_fault(fault)
        self.show_file(draft, fault)

    def show_fault(self, fault: DomainError) -> None:
        """Say at its field what is wrong, and below the text."""
        self.form.show_fault(fault)
        super().show_fault(fault)

    def set_read_only(self, read_only: bool) -> None:
        """Keep everything as it is while nothing can be saved."""
        super().set_read_only(read_only)
        self.form.set_read_only(read_only)

    def settle(self) -> None:
        """Give everything that was typed and not given yet."""
        self.form.settle()

    def _pages_of(self) -> dict[str, QWidget]:
        form = self.unshown if self._shapeless else self.form
        return {FORM: form, **super()._pages_of()}

    def jump(self, field: str) -> None:
        """Put the keyboard on a field by the domain's name; on the text while no form shows it."""
        if self._draft is not None and self._draft.raw:
            super().jump(field)
            return
        self.open_tab(FORM)
        self.form.go_to(field)

    def focus_first(self) -> None:
        """Put the keyboard where the open tab begins."""
        if self.tab() == FORM:
            self.form.go_to("name")
        else:
            super().focus_first()
