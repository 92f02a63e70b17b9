"""A procedure before it is run: what it asks, its steps, what must hold, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from crisisdesk.desk.frame.item_head import Chip, HeadWords, ItemHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.ahead_words import ahead_lines, summary
from crisisdesk.desk.recovery_room.lines import PlanPainter, reading_list
from crisisdesk.desk.recovery_room.procedure_words import (
    chips_of,
    plan_lines,
    published_words,
    spoken,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.domain.recovery.procedure import Procedure


class ProcedureWords(HeadWords):
    """Name and chips of a procedure."""

    def __init__(self) -> None:
        super().__init__()
        self._one: Procedure | None = None

    def show_procedure(self, one: Procedure) -> None:
        """Become this one."""
        self._one = one
        self.setAccessibleName(f"Procedure {one.name}, {', '.join(chips_of(one))}")
        self.update()

    def face(self) -> tuple[str, str] | None:
        """What it is, and its name."""
        return None if self._one is None else ("procedure", self._one.name)

    def chips(self) -> list[Chip]:
        """What it is for, how long it takes."""
        return [] if self._one is None else [Chip(words) for words in chips_of(self._one)]

    def draw_face_mark(self, painter: QPainter, x: int, y: int, size: int) -> None:
        """A book."""
        draw_icon(painter, x, y, "book-open-check", theme().color.secondary, size)


class ProcedurePage(PaneGround):
    """``start_wanted`` says that a run of it is to be begun, ``look_wanted`` that a dry run of it
    is. ``ahead`` says that a dry run is shown, until the procedure is shown again."""

    start_wanted = Signal()
    look_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.procedure: Procedure | None = None
        self.start = KeyButton("Run it", "R", "primary", icon="play")
        self.words = ProcedureWords()
        self.dry = KeyButton("Dry run", "Y", icon="eye")
        self.ahead = False
        self.head = ItemHead(self.words, (("look", self.dry), ("start", self.start)))
        self.told = Text("", "lead", "secondary", weight=400, wrap=True)
        self.told.setMinimumWidth(1)
        self.told.setContentsMargins(px(24), px(14), px(24), px(6))
        self.by = Text("", "small", "tertiary", wrap=True)
        self.by.setMinimumWidth(1)
        self.by.setContentsMargins(px(24), 0, px(24), px(8))
        self.list = reading_list("What it does", PlanPainter(), lambda line: line.key, spoken)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.told, self.by):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        self.head.pressed.connect(self._pressed)

    def _pressed(self, key: str) -> None:
        (self.start_wanted if key == "start" else self.look_wanted).emit()

    def show_procedure(self, one: Procedure, now_ms: int) -> None:
        """Show this one."""
        self.procedure, self.ahead = one, False
        self.words.show_procedure(one)
        self.told.setText(one.description)
        self.told.setVisible(bool(one.description))
        self.by.setText(published_words(one))
        self.list.show_lines(plan_lines(one), now_ms)

    def show_again(self, now_ms: int) -> None:
        """Leave the dry run."""
        if self.procedure is not None:
            self.show_procedure(self.procedure, now_ms)

    def say(self, words: str) -> None:
        """Say this below the head; "" leaves who published it."""
        one = self.procedure
        self.by.setText(words or ("" if one is None else published_words(one)))

    def show_ahead(self, told: dict[str, Any], now_ms: int) -> None:
        """Show what a run of it would do, as the engine told at ``now_ms``."""
        self.ahead = True
        self.say(summary(told, utc_clock(now_ms)))
        self.list.show_lines(ahead_lines(told), now_ms)

    def set_away(self, away: bool) -> None:
        """Nothing can be begun while the engine is away."""
        self.start.setEnabled(not away)
        self.dry.setEnabled(not away)
