"""Beside the editor of a rule: what it says, what it would have done, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.policies.painters import FindingPainter
from crisisdesk.desk.planning.policies.plan_rows import FindingRow, spoken_finding
from crisisdesk.desk.planning.policies.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN = "Nothing found."
NOT_YET = "Looked at once it can be published."


class RuleSide(PaneGround):
    """``jumped`` carries a field's name."""

    jumped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.head = PaneHead("What it says")
        self.said = Text("", "body", "primary", wrap=True)
        self.told = Text("", "small", "secondary", wrap=True)
        self.findings_head = PaneHead("Findings")
        self.clean = Text("", "small", "secondary", wrap=True)
        self.findings: RowList[FindingRow] = RowList(
            "Findings, Enter goes to the line",
            FindingPainter(),
            lambda one: one.key,
            spoken_finding,
        )
        self.findings.entered.connect(self._jump)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.said, self.told, self.findings_head, self.clean):
            column.addWidget(part)
        column.addWidget(self.findings, 1)
        for text in (self.said, self.told, self.clean):
            text.setContentsMargins(px(12), px(10), px(12), px(10))
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._spare = QWidget()
        column.addWidget(self._spare, 1)

    def _jump(self) -> None:
        chosen = self.findings.selected()
        if chosen is not None:
            self.jumped.emit(chosen.field)

    def show_said(self, said: str, told: Sequence[str]) -> None:
        """Say what it says, and what it would have done."""
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self.told.setText("\n".join(told))
        self.told.setVisible(bool(told))

    def show_findings(self, rows: Sequence[FindingRow], clean: str) -> None:
        """Show what is wrong; ``clean`` is said when nothing is."""
        self.findings.show_rows(rows)
        self.findings.setVisible(bool(rows))
        self._spare.setVisible(not rows)
        self.clean.setText(clean)
        self.clean.setVisible(not rows)
        self.findings_head.show_words("Findings", str(len(rows)) if rows else "none")
