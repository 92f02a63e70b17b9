"""An editor of files whose first tab is a form that says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.frame.heads import Tab
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.policies.file_editor import FORM, FileEditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.desk.planning.policies.yaml_pane import YamlPane
    from crisisdesk.domain.errors import DomainError


class FormEditor(FileEditor):
    """``form`` is a widget with `go_to`, `settle`, `show_fault` and `set_read_only`, as
    `PolicyForm` has them."""

    form: Any

    def __init__(self, yaml: YamlPane, form: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(yaml, [Tab(FORM, "Form")], parent)
        self.form = form
        self._shapeless = False
        self.unshown = Text("", "body", "stale", wrap=True)
        self.unshown.setAlignment(Qt.AlignmentFlag.AlignTop)
        margin = theme().px(16)
        self.unshown.setContentsMargins(margin, margin, margin, margin)
        self.stack.insertWidget(0, self.form)
        self.stack.insertWidget(1, self.unshown)
        self.stack.setCurrentIndex(0)

    def show_formed(
        self,
        draft: Draft,
        unfit: object | None,
        fault: DomainError | None,
        show: Callable[[], None],
    ) -> None:
        """Show a draft on every tab; ``show`` puts it into the form, ``unfit`` says why that has no
        fields for it (a station of a newer version may have published it)."""
        self._shapeless = unfit is not None
        if unfit is None:
            show()
        else:
            self.unshown.setText(f"No form can show this: {unfit}. See YAML.")
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
