"""The head of one candidate: outlined mark, id, title, how it stands, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.candidates.words import ACCEPT_KEY
from crisisdesk.desk.frame.item_head import Chip, HeadWords, ItemHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.incidents.faces import MARK_OF
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.correlation.candidate import CandidateStatus

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.domain.correlation.candidate import Candidate


class _Words(HeadWords):
    """How it stands, and since when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.candidate: Candidate | None = None

    def face(self) -> tuple[str, str] | None:
        """Id and title."""
        one = self.candidate
        return None if one is None else (one.candidate_id, one.title)

    def draw_face_mark(self, painter: QPainter, x: int, y: int, size: int) -> None:
        """Outlined as long as it is a proposal only, grey once it is none any more."""
        one = self.candidate
        if one is not None:
            grey = None if one.is_open else theme().color.tertiary
            draw_mark(painter, x, y, MARK_OF[one.severity], "outline", size, grey)

    def chips(self) -> list[Chip]:
        """How it stands, and since when."""
        one = self.candidate
        if one is None:
            return []
        if not one.is_open:
            return [Chip(str(one.status))]
        return [Chip("proposed"), Chip(f"began {span_words(self.now_ms - one.opened_at)} ago")]


class CandidateHead(ItemHead):
    """The words at the left, the buttons with their keys at the right."""

    words: _Words

    def __init__(self, parent: QWidget | None = None) -> None:
        buttons = (
            ("accept", KeyButton("Open incident", ACCEPT_KEY, "primary")),
            ("dismiss", KeyButton("Dismiss", "X")),
            ("reopen", KeyButton("Bring back", "O")),
            ("incident", KeyButton("Its incident", "E")),
        )
        super().__init__(_Words(), buttons, parent)

    def show_candidate(self, candidate: Candidate, now_ms: int, *, away: bool) -> None:
        """Take it as it is now; ``away`` means that nothing can be saved."""
        self.words.candidate, self.words.now_ms = candidate, now_ms
        chips = ", ".join(chip.words for chip in self.words.chips())
        self.words.setAccessibleName(
            f"candidate {candidate.candidate_id}, {candidate.severity}, {candidate.title}, {chips}"
        )
        self.words.update()
        for name, button in self.buttons.items():
            button.setVisible(name in offered(candidate))
            button.setEnabled(name == "incident" or not away)


def offered(candidate: Candidate) -> tuple[str, ...]:
    """What can be done with it: ``accept``, ``dismiss``, ``reopen``, ``incident``."""
    if candidate.is_open:
        return ("accept", "dismiss")
    if candidate.status == CandidateStatus.ACCEPTED:
        return ("incident",)
    return ("reopen",) if candidate.status == CandidateStatus.DISMISSED else ()
