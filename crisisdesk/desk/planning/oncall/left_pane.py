"""The left pane: schedules with who has them, the gaps ahead, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.lines import gap_lines, schedule_lines
from crisisdesk.desk.planning.oncall.lists import GapList, ScheduleList
from crisisdesk.desk.planning.oncall.words import gaps_count_words
from crisisdesk.domain.amounts import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.planning.oncall.reading import Outlook

_PROBLEMS_SHOWN = 3


class Problems(Painted):
    """What is published but not used, and why; hidden while there is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.words = Text("", "small", "stale", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(34), px(8), px(12), px(9))
        column.addWidget(self.words)
        self.hide()

    def show_problems(self, problems: Sequence[str]) -> None:
        """Show the first of them and how many more there are."""
        told = [f"{problem}." for problem in problems[:_PROBLEMS_SHOWN]]
        if len(problems) > _PROBLEMS_SHOWN:
            told.append(f"And {count_words(len(problems) - _PROBLEMS_SHOWN)} more.")
        self.words.setText("\n".join(told))
        self.setAccessibleName("\n".join(told))
        self.setVisible(bool(problems))

    def paint(self, painter: QPainter) -> None:
        """Ground, line and mark."""
        px, tone = theme().px, theme().state("stale")
        fill(painter, 0, 0, self.width(), self.height(), tone.soft)
        fill(painter, 0, self.height() - 1, self.width(), 1, theme().color.hair)
        draw_icon(painter, px(12), px(9), "triangle-alert", tone.fg, 14)


class LeftPane(QWidget):
    """Two lists; their signals are their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.schedules, self.gaps = ScheduleList(), GapList()
        self.head, self.gaps_head = PaneHead("Schedules"), PaneHead("Gaps")
        self.problems = Problems()
        self.calm = Text(
            "Somebody is on call by every schedule at all times.", "body", "secondary", wrap=True
        )
        px = theme().px
        self.calm.setContentsMargins(px(12), px(10), px(12), px(10))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.problems)
        column.addWidget(self.schedules, 3)
        column.addWidget(self.gaps_head)
        column.addWidget(self.calm)
        column.addWidget(self.gaps, 2)
        self.setAutoFillBackground(True)
        self.gaps.hide()

    def show_outlook(self, outlook: Outlook) -> None:
        """Show how everything stands; what is selected stays selected."""
        count = count_words(len(outlook.standings))
        self.head.show_words("Schedules", count)
        self.problems.show_problems(outlook.published.rota.problems)
        self.schedules.show_lines(schedule_lines(outlook))
        lines = gap_lines(outlook)
        self.gaps_head.show_words("Gaps", gaps_count_words(outlook))
        self.gaps.show_lines(lines)
        self.gaps.setVisible(bool(lines))
        self.calm.setVisible(not lines)
