"""Declaring an incident: one page of the room, of which only the title must be filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.choice import Choice, Option
from crisisdesk.desk.incidents.editors import LineEditor, TextEditor
from crisisdesk.desk.incidents.faces import MARK_OF, SEVERITIES
from crisisdesk.desk.incidents.plan_words import (
    BY_CATEGORY,
    NO_PLAN,
    PlanChoice,
    type_of,
    will_do,
)
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.incident import CATEGORIES
from crisisdesk.domain.signal import TITLE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

_WIDTH = 640
DEFAULT_SEVERITY = "major"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What was filled in. ``crisis_type`` None leaves it to the category, "" is no plan."""

    title: str
    severity: str
    category: str
    commander: str
    description: str
    crisis_type: str | None = None


class DeclareForm(Form):
    """C, a title, Enter. ``declared`` carries a `Declaration`; ``left`` says Esc."""

    declared = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._busy = False
        self.title = LineEditor("Title", "What is broken, in one line")
        self.title.setMaxLength(TITLE_LIMIT)
        options = [Option(name, name.capitalize(), MARK_OF[name]) for name in SEVERITIES]
        self.severity = Choice("Severity", options)
        self.category = QComboBox()
        self.category.setAccessibleName("Category")
        for name in CATEGORIES:
            self.category.addItem(name.replace("_", " ").capitalize(), name)
        self.kind = QComboBox()
        self.kind.setAccessibleName("Type of crisis")
        self.will_do = Text("", "small", "secondary")
        self._plans: dict[str, PlanChoice] = {}
        self.commander = LineEditor("Commander")
        self.description = TextEditor(
            "Description", "What is known so far; can be written later", lines=(4, 12)
        )
        self.words = Text("", "small", "stale", wrap=True)
        self.give = KeyButton("Declare", "Enter", "primary", big=True)
        self.leave = KeyButton("Leave", "Esc", big=True)
        column = QWidget(self)
        column.setFixedWidth(px(_WIDTH))
        self._fill(column)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(32), px(40), px(32), px(32))
        outer.addWidget(column, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        for editor in (self.title, self.commander, self.description):
            editor.entered.connect(self._declare)
            editor.left.connect(self.left)
        self.severity.clicked.connect(self._declare)
        self.severity.changed.connect(self._name_button)
        self.category.currentIndexChanged.connect(self._say_plan)
        self.kind.currentIndexChanged.connect(self._say_plan)
        self.give.clicked.connect(self._declare)
        self.leave.clicked.connect(self.left)
        self.show_plans([])
        self.clear("")

    def _fill(self, column: QWidget) -> None:
        px = theme().px
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        layout.addWidget(Text("Declare an incident", "figure"))
        layout.addWidget(
            Text("A title is enough. Everything else can be told later.", "lead", "secondary",
                 weight=400)
        )  # fmt: skip
        layout.addSpacing(px(18))
        pairs: tuple[tuple[str, QWidget], ...] = (
            ("Title", self.title),
            ("Severity", self.severity),
        )
        for word, widget in pairs:
            self._add(layout, word, widget)
        two = QHBoxLayout()
        two.setSpacing(px(16))
        for word, widget in (("Category", self.category), ("Type of crisis", self.kind)):
            pair = QVBoxLayout()
            pair.setSpacing(px(4))
            pair.addWidget(Text(word, "small", "tertiary"))
            pair.addWidget(widget)
            two.addLayout(pair, 1)
        layout.addLayout(two)
        layout.addWidget(self.will_do)
        layout.addSpacing(px(10))
        self._add(layout, "Commander", self.commander)
        self._add(layout, "Description", self.description)
        layout.addWidget(self.words)
        layout.addSpacing(px(8))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        layout.addLayout(buttons)

    @staticmethod
    def _add(layout: QVBoxLayout, word: str, widget: QWidget) -> None:
        layout.addWidget(Text(word, "small", "tertiary"))
        layout.addWidget(widget)
        layout.addSpacing(theme().px(10))

    def clear(self, operator: str) -> None:
        """Start anew with the operator in command."""
        self._busy = False
        self.title.clear()
        self.severity.set_current(DEFAULT_SEVERITY)
        self.category.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        self.commander.clear()
        self.commander.setPlaceholderText(operator or "you")
        self.description.clear()
        self.words.hide()
        self._name_button()

    def begin(self, operator: str) -> None:
        """Take the keyboard; what was typed before is still there."""
        self.commander.setPlaceholderText(operator or "you")
        self.title.setFocus()

    def show_plans(self, plans: Sequence[PlanChoice]) -> None:
        """Take the types of crisis that can be chosen; what was chosen stays chosen."""
        chosen = self.kind.currentData()
        self._plans = {plan.name: plan for plan in plans}
        options = [("As the category says", BY_CATEGORY), ("No plan", NO_PLAN)]
        options += [(plan.word, plan.name) for plan in plans]
        blocked = self.kind.blockSignals(True)
        self.kind.clear()
        for word, name in options:
            self.kind.addItem(word, name)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        self.kind.blockSignals(blocked)
        self._say_plan()

    def refuse(self, words: str) -> None:
        """Keep everything and say why it was not saved."""
        self._busy = False
        self.give.setEnabled(True)
        self.words.setText(words)
        self.words.show()
        self.title.setAccessibleDescription(words)

    def settle(self) -> None:
        """It was declared."""
        self.give.setEnabled(True)
        self.clear("")

    def _name_button(self) -> None:
        self.give.set_text(f"Declare {self.severity.current()} incident")
        self._say_plan()

    def _say_plan(self) -> None:
        """Say what the plan will do; nothing while no plan is known yet."""
        name = type_of(self.kind.currentData(), self.category.currentData())
        words = will_do(self._plans, name, self.severity.current()) if self._plans else ""
        self.will_do.setText(words)
        self.kind.setAccessibleDescription(words)

    def _declare(self) -> None:
        if self._busy:
            return
        title = self.title.text().strip()
        if not title:
            self.refuse("Not declared: the title is empty; write what is broken.")
            self.title.setFocus()
            return
        self._busy = True
        self.give.setEnabled(False)
        self.words.hide()
        kind = self.kind.currentData()
        self.declared.emit(
            Declaration(
                title=title,
                severity=self.severity.current(),
                category=self.category.currentData(),
                commander=self.commander.text().strip(),
                description=self.description.toPlainText().strip(),
                crisis_type=None if kind == BY_CATEGORY else kind,
            )
        )

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
