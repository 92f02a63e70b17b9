"""The form of a policy: its fields, its steps as cards, and whom to page instead."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.choice import Choice
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.policies import content as edit
from crisisdesk.desk.planning.policies.content import OTHERWISE
from crisisdesk.desk.planning.policies.fields import Place, fault_words, field_words, place_of
from crisisdesk.desk.planning.policies.step_card import OtherwiseCard, StepCard
from crisisdesk.desk.settings_room.card import Field, row
from crisisdesk.domain.escalation.policy import STEPS_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.targets import Labels
    from crisisdesk.domain.errors import DomainError

_EMPTY_TARGET = {"contact": ""}


class PolicyForm(QScrollArea):
    """``edited`` carries a whole new content, ``renamed`` a name, ``dropped`` a step that was taken
    out and its place. The owner shows each content that it takes."""

    edited = Signal(object)
    renamed = Signal(str)
    dropped = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: Content = edit.fresh()
        self._labels: Labels | None = None
        self._read_only = False
        self._chained: list[QWidget] = []
        self.options = QStringListModel(self)
        self.cards: list[StepCard] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        self.viewport().setAutoFillBackground(False)
        self._build(body)
        self.setWidget(body)
        body.setAutoFillBackground(False)

    def _build(self, body: QWidget) -> None:
        px = theme().px
        self.name = Field("Name", "Database, nights")
        self.place = Field("Place", "0", width=90)
        self.repeat = Field("Repeat", "0", width=90)
        self.place.line.setToolTip("Of several that fit an alert, the lowest place is taken.")
        self.repeat.line.setToolTip("How often the steps are gone through again.")
        self.matching = Field(
            "For alerts of which all of this holds", 'every alert; or service=~"db-.*", env="prod"'
        )
        self.fits = Text("", "small", "tertiary")
        self.general = Text("", "small", "critical", wrap=True)
        self.general.hide()
        self.otherwise = OtherwiseCard(self.options)
        self.add = KeyButton("Add a step", icon="plus")
        self._steps = QVBoxLayout()
        self._steps.setSpacing(px(10))
        column = QVBoxLayout(body)
        column.setContentsMargins(px(16), px(12), px(16), px(16))
        column.setSpacing(px(10))
        column.addWidget(self.general)
        first = row(self.name, self.place, self.repeat)
        first.setStretch(0, 1)
        for field in (self.name, self.place, self.repeat):
            first.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        column.addLayout(first)
        column.addWidget(self.matching)
        column.addWidget(self.fits)
        column.addLayout(self._steps)
        column.addLayout(row(self.add, 1))
        column.addWidget(self.otherwise)
        column.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        self.name.line.textEdited.connect(self.renamed)
        self.matching.line.textEdited.connect(
            lambda text: self._edit(edit.with_value(self._content, "for", text))
        )
        for name, field in (("place", self.place), ("repeat", self.repeat)):
            field.line.textEdited.connect(self._number_setter(name))
        self.add.clicked.connect(self.add_step)
        self._connect_targets(self.otherwise, OTHERWISE)

    def _number_setter(self, name: str) -> Callable[[str], None]:
        return lambda text: self._edit(edit.with_value(self._content, name, edit.read_number(text)))

    # -- what is shown -----------------------------------------------------------------------

    def show_policy(self, name: str, content: Content, labels: Labels) -> None:
        """Show this one; a field whose text says the same already is not touched."""
        self._content, self._labels = content, labels
        if self.options.stringList() != labels.all():
            self._show_options(labels.all())
        self._show_fields(name, content)
        self._show_steps(content, labels)
        if self._chained != self._chain():
            self._chain_up()
        if self._read_only:
            self._lock()

    def _show_options(self, labels: list[str]) -> None:
        """Other labels to choose from; what is being typed stays as it is."""
        choices = self.findChildren(QComboBox)
        typed = [choice.currentText() for choice in choices]
        self.options.setStringList(labels)
        for choice, text in zip(choices, typed, strict=True):
            choice.setEditText(text)

    def _show_fields(self, name: str, content: Content) -> None:
        if self.name.line.text() != name:
            self.name.line.setText(name)
        for key, field in (("place", self.place), ("repeat", self.repeat)):
            value = edit.value_of(content, key)
            if edit.read_number(field.line.text()) != value:
                field.line.setText(str(value))
        matching = str(edit.value_of(content, "for"))
        if self.matching.line.text() != matching:
            self.matching.line.setText(matching)
            self.matching.line.setCursorPosition(0)

    def _show_steps(self, content: Content, labels: Labels) -> None:
        count = len(edit.steps_of(content))
        while len(self.cards) < count:
            self._make_card()
        while len(self.cards) > count:
            card = self.cards.pop()
            card.hide()
            card.deleteLater()
        for card in self.cards:
            card.show_step(content, labels, count)
        self.otherwise.show_content(content, labels)
        self.add.setEnabled(count < STEPS_LIMIT and not self._read_only)

    def _chain(self) -> list[QWidget]:
        fields = [self.name, self.place, self.repeat, self.matching]
        parts: list[QWidget] = [field.line for field in fields]
        for card in self.cards:
            parts += card.chain()
        return [*parts, self.add, *self.otherwise.targets.chain()]

    def _chain_up(self) -> None:
        """Tab goes through the form as it stands on the page."""
        self._chained = self._chain()
        for before, after in pairwise(self._chained):
            QWidget.setTabOrder(before, after)

    def show_fits(self, words: str) -> None:
        """Say how many open alerts it is for; the line keeps its place."""
        self.fits.setText(words)

    def show_fault(self, fault: DomainError | None) -> None:
        """Say at its field what cannot be published, everywhere else nothing."""
        place = place_of(fault.field) if fault is not None else Place("")
        words = fault_words(fault) if fault is not None else ""
        fields = self._fields()
        for name, field in fields.items():
            field.refuse(words if place.step < 0 and place.part == name else "")
        for card in self.cards:
            own = card.at == place.step
            card.refuse(place.part, place.target, words if own else "")
        own = place.step < 0 and place.part == "otherwise"
        self.otherwise.targets.refuse(place.target, words if own else "")
        beyond = place.step < 0 and place.part not in (*fields, "otherwise")
        beyond = beyond or place.step >= len(self.cards)
        told = f"{field_words(fault.field)}: {words}" if fault is not None and beyond else ""
        self.general.setText(told)
        self.general.setVisible(bool(told))

    def _fields(self) -> dict[str, Field]:
        return {
            "name": self.name,
            "place": self.place,
            "repeat": self.repeat,
            "for": self.matching,
        }

    def set_read_only(self, read_only: bool) -> None:
        """Keep everything as it is; the cursor stays where it is."""
        if read_only != self._read_only:
            self._read_only = read_only
            self._lock()
            if not read_only and self._labels is not None:
                self.show_policy(self.name.line.text(), self._content, self._labels)

    def _lock(self) -> None:
        for line in self.findChildren(QLineEdit):
            # The one with the keyboard keeps it, and its cursor.
            line.setReadOnly(self._read_only)
            line.setEnabled(not self._read_only or line.hasFocus())
        for kind in (KeyButton, Choice, QComboBox):
            for part in self.findChildren(kind):
                part.setEnabled(not self._read_only or part.hasFocus())

    # -- what is edited ----------------------------------------------------------------------

    def _edit(self, content: Content) -> None:
        if not self._read_only:
            self.edited.emit(content)

    def _make_card(self) -> None:
        card = StepCard(len(self.cards), self.options)
        at = card.at
        card.changed.connect(
            lambda field, value: self._edit(edit.with_step_value(self._content, at, field, value))
        )
        card.moved.connect(lambda by: self.move_step(at, by))
        card.removed.connect(lambda: self.remove_step(at))
        self._connect_targets(card, at)
        self.cards.append(card)
        self._steps.addWidget(card)
        # At once, not with the next round of the layout: the keyboard may go there now.
        card.show()

    def _connect_targets(self, card: StepCard | OtherwiseCard, where: int) -> None:
        box = card.targets

        def give(at: int, text: str) -> None:
            # What was typed into a line that is gone meanwhile has nowhere to go.
            if self._labels is not None and at < len(edit.targets_of(self._content, where)):
                target = self._labels.read(text)
                self._edit(edit.with_target(self._content, where, at, target))

        def add() -> None:
            at = len(edit.targets_of(self._content, where))
            self._edit(edit.with_target(self._content, where, at, dict(_EMPTY_TARGET)))
            self._focus(box.field(at))

        def remove(at: int) -> None:
            self._edit(edit.without_target(self._content, where, at))
            self._focus(box.field(min(at, len(box.lines) - 1)))

        box.given.connect(give)
        box.added.connect(add)
        box.removed.connect(remove)

    def current_step(self) -> int:
        """The step that has the keyboard, from 0; -1 when none has."""
        focus = QApplication.focusWidget()
        return next((c.at for c in self.cards if focus and c.isAncestorOf(focus)), -1)

    def add_step(self) -> None:
        """Add a step behind the one with the keyboard, or behind the last."""
        at = self.current_step() + 1 or len(self.cards)
        if len(self.cards) < STEPS_LIMIT and not self._read_only:
            self._edit(edit.with_step_added(self._content, at))
            self._focus(self.cards[at].field("to"))

    def remove_step(self, at: int) -> None:
        """Take a step out; the last one stays."""
        if len(self.cards) > 1 and not self._read_only:
            step = edit.steps_of(self._content)[at]
            self._edit(edit.without_step(self._content, at))
            self._focus(self.cards[min(at, len(self.cards) - 1)].field("to"))
            self.dropped.emit(step, at)

    def move_step(self, at: int, by: int) -> None:
        """Move a step; the keyboard goes along."""
        to = at + by
        if not 0 <= at < len(self.cards) or not 0 <= to < len(self.cards) or self._read_only:
            return
        focus = QApplication.focusWidget()
        chain = self.cards[at].chain()
        part = chain.index(focus) if focus in chain else 0
        self.settle()
        self._edit(edit.with_step_moved(self._content, at, by))
        chain = self.cards[to].chain()
        wanted = chain[min(part, len(chain) - 1)]
        self._focus(wanted if wanted.isEnabled() else self.cards[to].field("wait_s"))

    def settle(self) -> None:
        """Give everything that was typed and not given yet."""
        for card in list(self.cards):
            card.targets.settle()
        self.otherwise.targets.settle()

    # -- where the keyboard goes -------------------------------------------------------------

    def field(self, name: str) -> QWidget:
        """What to put the keyboard on for a field by the domain's name."""
        place = place_of(name)
        if 0 <= place.step < len(self.cards):
            return self.cards[place.step].field(place.part, place.target)
        if place.part == "otherwise":
            return self.otherwise.targets.field(place.target)
        if place.part == "steps" and self.cards:
            return self.cards[0].field("to")
        return self._fields().get(place.part, self.name).line

    def go_to(self, name: str) -> None:
        """Put the keyboard on a field and bring it into view."""
        self._focus(self.field(name))

    def _focus(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(widget, 0, theme().px(60))
