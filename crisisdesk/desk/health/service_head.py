"""The head of the chosen service or source: how it stands, its buttons, and the reasons below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.item_head import Chip, HeadWords, ItemHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.health.board_words import (
    SERVICE_FACES,
    Face,
    since_words,
    source_face,
)
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.service_board.judging import ServiceLine
from crisisdesk.domain.service_board.words import because_words, look_words, quiet_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.domain.service_board.watching import SourceLine

ALERT, RUNBOOK, EVERYTHING = "alert", "runbook", "all"


class ChosenWords(HeadWords):
    """Mark, state, name and chips of what is chosen."""

    ident_px = 96

    def __init__(self) -> None:
        super().__init__()
        self.line: ServiceLine | SourceLine | None = None

    def show_line(self, line: ServiceLine | SourceLine | None, now_ms: int) -> None:
        """Become this; None shows nothing."""
        self.line, self.now_ms = line, now_ms
        self.update()

    def shown(self) -> Face | None:
        """The face of what is chosen as it stands now."""
        if self.line is None:
            return None
        if isinstance(self.line, ServiceLine):
            return SERVICE_FACES[self.line.state]
        return source_face(self.line, self.now_ms)

    def face(self) -> tuple[str, str] | None:
        """State and name."""
        face = self.shown()
        if face is None or self.line is None:
            return None
        is_service = isinstance(self.line, ServiceLine)
        name = self.line.name if isinstance(self.line, ServiceLine) else self.line.source.name
        self.setAccessibleName(f"{'Service' if is_service else 'Source'} {name}, {face.word}")
        return face.word, name

    def chips(self) -> list[Chip]:
        """Since when, whose, how important; of a source its looks."""
        line, now_ms = self.line, self.now_ms
        if isinstance(line, ServiceLine):
            since = since_words(line, now_ms)
            tier = f"tier {line.tier}" if line.tier else ""
            told = [
                Chip(because_words(line), strong=True),
                Chip(f"for {since}" if since else "", strong=True),
                Chip(quiet_words(line, now_ms)),
                Chip(line.owner),
                Chip(tier),
            ]
            return [chip for chip in told if chip.words]
        if line is None:
            return []
        service = f"of {line.source.service}" if line.source.service else ""
        told = [Chip(look_words(line, now_ms), strong=True), Chip(line.source.type), Chip(service)]
        return [chip for chip in told if chip.words]

    def draw_face_mark(self, painter: QPainter, x: int, y: int, size: int) -> None:
        """The mark of its state."""
        face = self.shown()
        if face is not None:
            ink = ink_color(face.tone) if face.tone else theme().color.secondary
            draw_icon(painter, x, y, face.icon, ink, size)


def chosen_head() -> ItemHead:
    """The head with its buttons; ``pressed`` carries `ALERT`, `RUNBOOK` or `EVERYTHING`."""
    return ItemHead(
        ChosenWords(),
        (
            (ALERT, KeyButton("Open alert", "Enter", "primary")),
            (RUNBOOK, KeyButton("Runbook", "R", icon="external-link")),
            (EVERYTHING, KeyButton("All series", "A")),
        ),
    )
