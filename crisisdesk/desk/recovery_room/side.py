"""Beside the step: the way back, always in sight, then what must hold and who approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.health_pane import HealthPane
from crisisdesk.desk.recovery_room.lines import SidePainter, reading_list
from crisisdesk.desk.recovery_room.side_words import (
    back_head,
    back_lines,
    side_lines,
    spoken,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.recovery_room.offers import Offer
    from crisisdesk.domain.checklist import Run
    from crisisdesk.domain.recovery.step_map import StepMap

# So many steps of the way back are in view at least; the rest is scrolled to.
_ROWS = 6


class Side(PaneGround):
    """``pressed`` carries the offer that goes back."""

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._offer: Offer | None = None
        self.head = PaneHead("Way back", "always here")
        self.told = Text("", "small", "secondary", wrap=True)
        self.told.setMinimumWidth(1)
        self.told.setContentsMargins(px(14), px(9), px(12), px(7))
        self.back = reading_list("Way back", SidePainter(), lambda line: line.key, spoken)
        self.button = KeyButton("Roll back", "B", "destructive")
        self.why_not = Text("", "micro", "tertiary", wrap=True)
        self.why_not.setMinimumWidth(1)
        self.rest_head = PaneHead("What decides")
        self.rest = reading_list(
            "What must hold, and approvals", SidePainter(), lambda line: line.key, spoken
        )
        row = QHBoxLayout()
        row.setContentsMargins(px(14), px(9), px(12), px(10))
        row.setSpacing(px(8))
        row.addWidget(self.button)
        row.addWidget(self.why_not, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self.told, self.back):
            column.addWidget(part)
        column.addLayout(row)
        self.health = HealthPane()
        column.addWidget(self.health)
        column.addWidget(self.rest_head)
        column.addWidget(self.rest, 1)
        column.addStretch(0)
        self.button.clicked.connect(lambda: self.pressed.emit(self._offer))

    def show_run(
        self, run: Run, steps: StepMap, offer: Offer | None, now_ms: int, *, away: bool
    ) -> None:
        """Show what stands beside; ``offer`` goes back, None where that is over."""
        self._offer = offer
        self.head.show_words("Way back", "being gone" if run.way_back else "always here")
        self.told.setText(back_head(run, steps))
        lines = back_lines(run, steps)
        self.back.show_lines(lines, now_ms)
        height = theme().px(44)
        self.back.setFixedHeight(min(len(lines), _ROWS) * height)
        self.button.setEnabled(offer is not None and not offer.why_not and not away)
        self.button.setVisible(offer is not None)
        why_not = offer.why_not if offer is not None else ""
        self.why_not.setText(f"{why_not[:1].upper()}{why_not[1:]}." if why_not else "")
        lines = side_lines(run, steps)
        self.rest.show_lines(lines, now_ms)
        self.rest_head.setVisible(bool(lines))
