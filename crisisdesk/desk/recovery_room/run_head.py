"""The head of a run: its procedure, id, incident, since when, and how it stands as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.item_head import Chip, HeadWords, ItemHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.turns import person, verdict_words
from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.recovery.objective import standing, words
from crisisdesk.domain.recovery.step_map import StepMap, StepState

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.recovery_room.reading import RunFound

END, TAKE, INCIDENT = "end", "take", "incident"


def run_chips(found: RunFound, steps: StepMap, now_ms: int) -> list[Chip]:
    """How it stands, then for what, since when, by whom, and where it is done."""
    run = found.run
    told = [Chip(standing_words(found, steps), strong=True)]
    if (goal := standing(run, now_ms)) is not None:
        # How it stands changes by the second; here whole minutes do.
        told.append(Chip(f"objective {words(goal, now_ms)}", strong=goal.state == "missed"))
    if run.incident_id:
        told.append(Chip(f"for {run.incident_id}"))
    until = run.ended_at or now_ms
    spent = span_words(max(0, until - run.started_at))
    told.append(Chip(f"{spent} so far" if run.ended_at is None else f"took {spent}"))
    told.append(Chip(f"since {utc_clock(run.started_at)} UTC, {person(run.started_by)}"))
    if not found.is_here:
        told.append(Chip(f"automatic steps at {found.home or 'another station'}"))
    return told


def standing_words(found: RunFound, steps: StepMap) -> str:
    """The whole run in a word or two."""
    run = found.run
    if run.ended_at is not None:
        return verdict_words(run)
    if run.newer_needed:
        return "written by a newer program"
    if run.way_back:
        return "goes back"
    stopped = (StepState.UNKNOWN, StepState.FAILED, StepState.STOPPED)
    halted = [one for one in steps.forward() if one.state in stopped]
    return "halted" if halted else "under way"


class RunWords(HeadWords):
    """Mark, id, procedure and chips of a run."""

    ident_px = 120

    def __init__(self) -> None:
        super().__init__()
        self._found: RunFound | None = None
        self._chips: list[Chip] = []

    def show_run(self, found: RunFound, steps: StepMap, now_ms: int) -> None:
        """Become this one."""
        self._found, self.now_ms = found, now_ms
        self._chips = run_chips(found, steps, now_ms)
        told = ", ".join(chip.words for chip in self._chips)
        self.setAccessibleName(f"Run {found.run.title}, {told}")
        self.update()

    def face(self) -> tuple[str, str] | None:
        """Id and procedure."""
        return None if self._found is None else (self._found.run.run_id, self._found.run.title)

    def chips(self) -> list[Chip]:
        """As they were read."""
        return list(self._chips)

    def draw_face_mark(self, painter: QPainter, x: int, y: int, size: int) -> None:
        """A circle of arrows; a check once it has succeeded."""
        if self._found is None:
            return
        verdict = self._found.run.verdict
        icon = {"": "rotate-ccw", "succeeded": "circle-check", "rolled_back": "undo-2"}.get(
            verdict, "circle-x"
        )
        tone = {"": "", "succeeded": "ok", "rolled_back": "stale"}.get(verdict, "down")
        draw_icon(painter, x, y, icon, ink_color(tone) if tone else theme().color.secondary, size)


def run_head() -> ItemHead:
    """The head with its buttons; ``pressed`` carries `END`, `TAKE` or `INCIDENT`."""
    return ItemHead(
        RunWords(),
        (
            (INCIDENT, KeyButton("Incident", "I")),
            (TAKE, KeyButton("Take it here", "H")),
            (END, KeyButton("End it", "E")),
        ),
    )
