"""A run: its path at the left, one step large, its output, and the way back at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.recovery_room.lines import PathPainter
from crisisdesk.desk.recovery_room.offers import Offer, run_offers, step_offers
from crisisdesk.desk.recovery_room.order_form import OrderForm
from crisisdesk.desk.recovery_room.output_pane import OutputPane
from crisisdesk.desk.recovery_room.output_words import output_of
from crisisdesk.desk.recovery_room.run_head import run_head
from crisisdesk.desk.recovery_room.side import Side
from crisisdesk.desk.recovery_room.step_card import CardScroll, StepCard
from crisisdesk.desk.recovery_room.step_words import PathLine, path_line
from crisisdesk.desk.recovery_room.turns import current_of
from crisisdesk.domain.recovery.step_map import PASSED, StepMap, StepStanding

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.recovery_room.reading import RunFound

_PATH, _SIDE, _PATH_SLIM, _SIDE_SLIM = 296, 380, 232, 248


def _said(line: PathLine) -> str:
    current = "current, " if line.is_current else ""
    return f"{current}step {line.number}, {line.title}, {line.second}"


class PathList(LineList[PathLine]):
    """The steps; a key that is held down does one step, not all that come after it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, once for each press."""
        if event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)


class RunPage(PaneGround):
    """``pressed`` carries an `Offer`, ``moved`` says that another step is looked at, ``incident``
    that the run's incident is wanted.

    The step looked at follows the run until somebody chooses another one; ``follow`` ends that.
    """

    pressed = Signal(object)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: RunFound | None = None
        self.steps: StepMap | None = None
        self.current = ""
        self._picked, self._telling = "", False
        self._operator, self._now_ms, self._away = "", 0, False
        self.head = run_head()
        self.path_head = PaneHead("Path")
        self.path = PathList(
            "Path of the run", PathPainter(), lambda line: line.key, _said, picks=False
        )
        self.card, self.output, self.form = StepCard(), OutputPane(), OrderForm()
        self.side, self.blank = Side(), PaneGround()
        self.card_view = CardScroll(self.card)
        left, middle = PaneGround(), PaneGround()
        for pane, parts in (
            (left, (self.path_head, self.path)),
            (middle, (self.card_view, self.form, self.output, self.blank)),
        ):
            inner = QVBoxLayout(pane)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(0)
            for part in parts:
                inner.addWidget(part)
            inner.setStretch(inner.count() - 1, 1)
            if pane is middle:
                inner.setStretch(inner.count() - 2, 1)
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(left)
        self.split.add_pane(middle, stretch=1)
        self.split.add_pane(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.split, 1)
        self.path.moved.connect(self._moved)
        self.path.entered.connect(self._entered)
        self.card.pressed.connect(self.pressed)
        self.card.let_go.connect(self._keyboard_to_path)
        self.side.pressed.connect(self.pressed)
        self.form.left.connect(self.close_form)

    def fit(self, width: int, *, slim: bool) -> None:
        """Take the pane widths of this class of window; ``width`` is the page's."""
        px = theme().px
        left, right = px(_PATH_SLIM if slim else _PATH), px(_SIDE_SLIM if slim else _SIDE)
        self.split.setSizes([left, max(px(200), width - left - right), right])

    # -- what is shown -----------------------------------------------------------------------

    def show_run(self, found: RunFound, operator: str, now_ms: int, *, away: bool) -> None:
        """Show how it stands at ``now_ms``."""
        if self.found is None or self.found.run.run_id != found.run.run_id:
            self._picked = ""
            self.form.dismiss()
        self.found, self._operator, self._away = found, operator, away
        self._show(now_ms)

    def tick(self, now_ms: int) -> None:
        """Turn the clocks; what runs out shows at its moment."""
        if self.found is None or now_ms // 1000 == self._now_ms // 1000:
            return
        self._show(now_ms)

    def _show(self, now_ms: int) -> None:
        assert self.found is not None
        run, self._now_ms = self.found.run, now_ms
        steps = self.steps = StepMap(run, now_ms)
        every = steps.every()
        current = current_of(run, steps, self._operator)
        before = self.current
        self.current = current.step_id if current is not None else ""
        if self._picked and self._picked not in {one.step_id for one in every}:
            self._picked = ""
        if self._picked and before != self.current and self._picked == before:
            # It was followed by hand to where the run was; the run has gone on.
            self._picked = ""
        self.head.words.show_run(self.found, steps, now_ms)  # type: ignore[attr-defined]
        passed = sum(one.state in PASSED for one in steps.forward())
        self.path_head.show_words("Path", f"{passed} of {len(steps.forward())} done")
        lines = [path_line(run, one, n, self.current) for n, one in enumerate(every, start=1)]
        self._telling = True
        self.path.show_lines(lines, now_ms)
        shown = self.step()
        if shown is not None:
            index = self.path.lines.index_of(shown.step_id)
            if self.path.currentIndex() != index:
                self.path.setCurrentIndex(index)
        self._telling = False
        self._show_step()
        offers = run_offers(run, steps, is_here=self.found.is_here)
        back = next((one for one in offers if one.do == "back"), None)
        self.side.show_run(run, steps, back, now_ms, away=self._away)

    def _show_step(self) -> None:
        one = self.step()
        if self.found is None or self.steps is None:
            return
        run = self.found.run
        self.card.setVisible(one is not None)
        if one is not None:
            every = [s.step_id for s in self.steps.every()]
            number = (every.index(one.step_id) + 1, len(self.steps.forward()))
            offers = self.offers_of_step()
            self.card.show_step(run, one, number, offers, self._operator, self._now_ms)
        told = output_of(run, one, self.found.output, self.found.attempt)
        says = bool(told.attempt) or (one is not None and "timeout_ms" in one.step)
        self.output.setVisible(says)
        self.blank.setVisible(not says)
        self.output.show_output(told)

    # -- what is asked -----------------------------------------------------------------------

    def step(self) -> StepStanding | None:
        """The step that is looked at: the picked one, else the current, else the last."""
        if self.steps is None:
            return None
        every = self.steps.every()
        wanted = self._picked or self.current
        found = next((one for one in every if one.step_id == wanted), None)
        return found or (every[-1] if every else None)

    def offers_of_step(self) -> list[Offer]:
        """What can be done with the step that is looked at; none of it while the engine is away."""
        one = self.step()
        if self.found is None or one is None:
            return []
        found = step_offers(self.found.run, one, self._operator)
        return [self._greyed(offer) for offer in found]

    def offers_of_run(self) -> list[Offer]:
        """What can be done with the whole run."""
        if self.found is None or self.steps is None:
            return []
        found = run_offers(self.found.run, self.steps, is_here=self.found.is_here)
        return [self._greyed(offer) for offer in found]

    def _greyed(self, offer: Offer) -> Offer:
        return offer._replace(why_not="the engine is away") if self._away else offer

    # -- what is chosen ----------------------------------------------------------------------

    def follow(self) -> None:
        """Look at the current step again."""
        self._picked = ""
        if self.found is not None:
            self._show(self._now_ms)
            self.moved.emit()

    def is_following(self) -> bool:
        """Whether the current step is looked at."""
        return not self._picked or self._picked == self.current

    def set_away(self, away: bool) -> None:
        """The engine went away or came back."""
        self._away = away
        self.form.set_away(away)
        if self.found is not None:
            self._show(self._now_ms)

    def ask(self, offer: Offer) -> None:
        """Open the form of an offer."""
        assert offer.ask is not None
        self.form.begin(offer.ask, offer.title, away=self._away)

    def close_form(self) -> None:
        """Close the form; the keyboard goes back to the path."""
        self._keyboard_to_path()
        self.form.dismiss()

    def _keyboard_to_path(self) -> None:
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)

    def _moved(self) -> None:
        line = self.path.selected()
        if self._telling or line is None:
            return
        self._picked = line.key
        self.form.dismiss()
        self._show_step()
        self.moved.emit()

    def _entered(self) -> None:
        offer = next((one for one in self.offers_of_step() if one.keys == "Enter"), None)
        if offer is not None and not offer.why_not:
            self.pressed.emit(offer)
