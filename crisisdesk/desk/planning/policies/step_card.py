"""The card of one step: whom it pages, how long it waits, how many must answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.choice import Choice, Option
from crisisdesk.desk.look.paint import draw_box
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.policies.content import (
    OTHERWISE,
    delay_words,
    read_delay,
    step_value,
    targets_of,
)
from crisisdesk.desk.planning.policies.targets_box import TargetsBox
from crisisdesk.desk.settings_room.card import Field, row

if TYPE_CHECKING:
    from PySide6.QtCore import QStringListModel
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.targets import Labels

_ACKS = (Option("one", "One is enough"), Option("all", "All of them"))
DELAY_HINT = "5 min, 90 s, 1 h 30 min"


class _Box(Painted):
    """The frame of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(px(12), px(10), px(12), px(12))
        self.body.setSpacing(px(8))

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        box = QRectF(self.rect())
        draw_box(painter, box, fill=color.raised, line=color.hair, radius=theme().px(6))


class StepCard(_Box):
    """The step at ``at`` (from 0). ``changed`` carries a field and its value; ``moved`` by how much
    the step is to move, ``removed`` that it is to go."""

    changed = Signal(str, object)
    moved = Signal(int)
    removed = Signal()

    def __init__(self, at: int, labels: QStringListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.at = at
        name = f"Step {at + 1}"
        self.setAccessibleName(name)
        self.up = KeyButton("Up", icon="arrow-up", height=24)
        self.down = KeyButton("Down", icon="arrow-down", height=24)
        self.remove = KeyButton("Remove step", height=24)
        for button in (self.up, self.down, self.remove):
            button.setAccessibleName(f"{button.text()}: {name}")
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)
        self.body.addLayout(row(Text(name, "strong"), 1, self.up, self.down, self.remove))
        self.targets = TargetsBox(name, labels, "Page somebody else too")
        self.body.addWidget(self.targets)
        self.wait = Field("Then wait for an answer", DELAY_HINT, width=190)
        self.wait.line.setAccessibleName(f"{name}: delay")
        self.wait.line.textEdited.connect(
            lambda text: self.changed.emit("wait_s", read_delay(text))
        )
        self.ack = Choice(f"{name}: who must answer", _ACKS)
        self.ack.changed.connect(lambda key: self.changed.emit("ack", key))
        self.ack_refusal = Text("", "small", "critical", wrap=True)
        self.ack_refusal.hide()
        answers = self._answers()
        line = row(self.wait, answers, 1)
        for part in (self.wait, answers):
            line.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)

    def _answers(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(3))
        column.addWidget(Text("Who must answer", "micro", "secondary"))
        column.addWidget(self.ack)
        column.addWidget(self.ack_refusal)
        return holder

    def show_step(self, content: Content, labels: Labels, count: int) -> None:
        """Show the step at this place of ``count``."""
        wait = step_value(content, self.at, "wait_s")
        if read_delay(self.wait.line.text()) != wait:
            self.wait.line.setText(delay_words(wait))
        ack = step_value(content, self.at, "ack")
        if ack in ("one", "all") and self.ack.current() != ack:
            self.ack.set_current(ack)
        self.targets.show_targets(f"step {self.at + 1}", targets_of(content, self.at), labels)
        self.up.setEnabled(self.at > 0)
        self.down.setEnabled(self.at + 1 < count)
        self.remove.setEnabled(count > 1)

    def refuse(self, part: str, target: int, words: str) -> None:
        """Say at its field why it is not taken; "" takes everything back."""
        self.wait.refuse(words if part == "wait_s" else "")
        self.ack_refusal.setText(words if part == "ack" else "")
        self.ack_refusal.setVisible(bool(self.ack_refusal.text()))
        self.targets.refuse(target, words if part not in ("wait_s", "ack") else "")

    def chain(self) -> list[QWidget]:
        """What Tab goes through, in its order."""
        buttons: list[QWidget] = [self.up, self.down, self.remove]
        return [*buttons, *self.targets.chain(), self.wait.line, self.ack]

    def field(self, part: str, target: int = -1) -> QWidget:
        """What to put the keyboard on for a part."""
        fields: dict[str, QWidget] = {"wait_s": self.wait.line, "ack": self.ack}
        return fields.get(part) or self.targets.field(max(0, target))


class OtherwiseCard(_Box):
    """Whom a step pages that finds nobody."""

    def __init__(self, labels: QStringListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("If a step finds nobody")
        self.body.addWidget(Text("If a step finds nobody", "strong"))
        self.everyone = Text("Everyone is paged.", "small", "secondary", wrap=True)
        self.body.addWidget(self.everyone)
        self.targets = TargetsBox("fallback", labels, "Page somebody instead")
        self.body.addWidget(self.targets)

    def show_content(self, content: Content, labels: Labels) -> None:
        """Show its targets."""
        found: list[dict[str, Any]] = targets_of(content, OTHERWISE)
        self.everyone.setVisible(not found)
        self.targets.show_targets("the fallback", found, labels)
