"""Targets of a step, one below the other: each is chosen or typed, refused where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.escalation.policy import TARGETS_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QWheelEvent

    from crisisdesk.desk.planning.policies.content import Target
    from crisisdesk.desk.planning.policies.targets import Labels

_HINT = "Who? a name, a schedule, a group"


class TargetChoice(QComboBox):
    """All labels to choose from; a part of one is enough to find it. ``settled`` carries the text
    that was chosen or typed.

    The list behind it is laid out when it is first opened: with thousands of people that takes
    longer than a frame, and most choices are never opened.
    """

    settled = Signal(str)

    def __init__(self, labels: QStringListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels, self._label = labels, ""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        completer = QCompleter(labels, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        line = self.lineEdit()
        assert line is not None
        line.setPlaceholderText(_HINT)
        line.editingFinished.connect(self.settle)
        self.activated.connect(lambda _: self.settle())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def showPopup(self) -> None:
        """Lay the list out, and open it at what stands here."""
        if self.model() is not self._labels:
            text = self.currentText()
            self.setModel(self._labels)
            self.setCurrentIndex(self.findText(text))
            self.setEditText(text)
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows open the list; nobody else is chosen by passing over a name."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers():
            self.showPopup()
            event.accept()
            return
        super().keyPressEvent(event)

    def show_label(self, label: str) -> None:
        """Show this one, whatever was typed."""
        self._label = label
        if self.currentText() != label:
            self.setCurrentIndex(self.findText(label))
            self.setEditText(label)

    def label(self) -> str:
        """The one that was shown last."""
        return self._label

    def settle(self) -> None:
        """Give what was typed and not given yet."""
        text = self.currentText()
        if text != self._label:
            self._label = text
            self.settled.emit(text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past must not choose somebody else."""
        event.ignore()


class TargetLine(QWidget):
    """One target with its refusal below it."""

    def __init__(self, labels: QStringListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        self.choice = TargetChoice(labels)
        self.remove = KeyButton("Remove")
        line = QHBoxLayout()
        line.setSpacing(px(8))
        line.addWidget(self.choice, 1)
        line.addWidget(self.remove)
        column.addLayout(line)
        self.refusal = Text("", "small", "critical", wrap=True)
        self.refusal.hide()
        column.addWidget(self.refusal)

    def refuse(self, words: str) -> None:
        """Say why it is not taken; "" for all is well."""
        self.refusal.setText(words)
        self.refusal.setVisible(bool(words))
        self.choice.setAccessibleDescription(words)


class TargetsBox(QWidget):
    """``given`` carries a place and the text of its target, ``added`` and ``removed`` say the rest.

    A place one behind the last is that of the line for a new target.
    """

    given = Signal(int, str)
    added = Signal()
    removed = Signal(int)

    def __init__(
        self, name: str, labels: QStringListModel, add: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._labels = name, labels
        self.lines: list[TargetLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(6))
        self.refusal = Text("", "small", "critical", wrap=True)
        self.refusal.hide()
        self._column.addWidget(self.refusal)
        self.add = KeyButton(add, icon="plus", height=24)
        self.add.clicked.connect(self.added)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_targets(self, name: str, targets: Sequence[Target], labels: Labels) -> None:
        """Show these; what is right already is not touched, so that typing goes on."""
        self._name = name
        while len(self.lines) < len(targets):
            self._make_line()
        while len(self.lines) > len(targets):
            line = self.lines.pop()
            line.hide()
            line.deleteLater()
        for at, (line, target) in enumerate(zip(self.lines, targets, strict=True)):
            label = labels.of(target)
            line.choice.setAccessibleName(f"{name}, target {at + 1}")
            line.remove.setAccessibleName(f"Remove {label or 'the empty target'} from {name}")
            if line.choice.label() != label or not line.choice.hasFocus():
                line.choice.show_label(label)
        self.add.setAccessibleName(f"{self.add.text()}: {name}")
        self.add.setVisible(len(targets) < TARGETS_LIMIT)

    def _make_line(self) -> None:
        line, at = TargetLine(self._labels), len(self.lines)
        line.choice.settled.connect(lambda text: self.given.emit(at, text))
        line.remove.clicked.connect(lambda: self.removed.emit(at))
        self.lines.append(line)
        self._column.insertWidget(at, line)
        line.show()

    def refuse(self, at: int, words: str) -> None:
        """Say at the target ``at`` (-1: below them all) why it is not taken; others are well."""
        self.refusal.setText(words if not 0 <= at < len(self.lines) else "")
        self.refusal.setVisible(bool(self.refusal.text()))
        for place, line in enumerate(self.lines):
            line.refuse(words if place == at else "")

    def settle(self) -> None:
        """Give everything that was typed and not given yet."""
        for line in list(self.lines):
            line.choice.settle()

    def chain(self) -> list[QWidget]:
        """What Tab goes through, in its order."""
        parts = [part for line in self.lines for part in (line.choice, line.remove)]
        return [*parts, self.add]

    def field(self, at: int) -> QWidget:
        """Where the target ``at`` is chosen; the button that adds one when it is not there."""
        return self.lines[at].choice if 0 <= at < len(self.lines) else self.add
