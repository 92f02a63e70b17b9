"""Services and sources beside the charts, and what is chosen above them; reads and keeps the board.

The charts themselves are the room's; it asks here whose series to draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.health.board_pane import SERVICES, SOURCES, BoardPane
from crisisdesk.desk.health.board_reading import (
    SPARK_EVERY_MS,
    BoardFound,
    BoardReading,
    asked_alerts,
)
from crisisdesk.desk.health.chosen_pane import ChosenPane
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Action
from crisisdesk.domain.service_board.judging import ServiceLine

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from PySide6.QtGui import QResizeEvent

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.detection.series import Series
    from crisisdesk.store.queries import AlertRow

# How often the board is read: soon after a change, else because time makes sources late. ms.
_SEEN_MS, _MOVING_MS = 1_500, 3_000
# A board of thousands takes a while; it is left alone for so many times that long. What was asked
# of a store that could not be read never comes back, and is asked again after this long, ms.
_RESTS, GIVEN_UP_MS = 8, 30_000


class About(NamedTuple):
    """Whose series are to be drawn: those of a source, or these of a service."""

    name: str
    source_id: str = ""
    series: Collection[Series] = frozenset()

    def has(self, one: Series) -> bool:
        """Whether a series is among them."""
        return one.source_id == self.source_id if self.source_id else one in self.series


class Beside(QWidget):
    """``chosen`` says that the charts are of something else now, ``acted`` that other actions are
    in force, ``cleared`` that the filter is to be emptied."""

    chosen = Signal()
    acted = Signal()
    cleared = Signal()

    def __init__(self, desk: Desk, charts: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.on_duty = True
        self.pane, self.above = BoardPane(), ChosenPane(desk)
        self._reading = BoardReading()
        self._stale, self._asking, self._read_ms, self._took_ms = True, False, 0, 0
        self._drawn: tuple[int, list[str]] = (0, [])
        self._about: About | None = None
        self._sized = False
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.above)
        column.addWidget(charts, 1)
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(self.pane)
        self.split.add_pane(right, stretch=1)
        self.pane.setMinimumWidth(theme().px(220))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.split)
        self.pane.chosen.connect(self._choose)
        self.pane.entered.connect(self.above.open_alert)
        self.pane.cleared.connect(self.cleared)
        self.pane.waiting.connect(self.acted)
        self.above.left.connect(self.let_go)

    # -- what the room hands on --------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again soon: an alert, a silence or what is published may have changed."""
        if change.full:
            # What was asked of the file before is of no use.
            self._asking = False
        self._stale = True

    def set_duty(self, *, on_duty: bool) -> None:
        """Whether this station is the one that looks."""
        if on_duty != self.on_duty:
            self.on_duty, self._stale, self._read_ms, self._took_ms = on_duty, True, 0, 0

    def tick(self, now_ms: int) -> None:
        """Count the time, and read what is old."""
        self.pane.tick(now_ms)
        self.above.tick(now_ms)
        rest = max(_SEEN_MS if self._stale else _MOVING_MS, _RESTS * self._took_ms)
        rest = GIVEN_UP_MS if self._asking else min(rest, GIVEN_UP_MS)
        if not 0 <= now_ms - self._read_ms < rest:
            self.read()
        in_view = self.pane.in_view()
        if in_view != self._drawn[1] or not 0 <= now_ms - self._drawn[0] < SPARK_EVERY_MS:
            self._draw(now_ms, in_view)

    def read(self) -> None:
        """Ask for the board, and for the alerts of what is chosen."""
        now_ms = self.desk.now_ms()
        self._asking, self._stale, self._read_ms = True, False, now_ms
        question = self._reading.board(now_ms, on_duty=self.on_duty)
        self.desk.ask(question, lambda found: self._take(found, now_ms))
        self._read_alerts()

    def _take(self, found: BoardFound, now_ms: int) -> None:
        self._asking = False
        self._took_ms = max(0, self.desk.now_ms() - now_ms)
        self.pane.show_found(found, now_ms)
        self._show_chosen()
        self._draw(now_ms, self.pane.in_view())
        self.acted.emit()

    def _draw(self, now_ms: int, names: list[str]) -> None:
        self._drawn = (now_ms, names)
        if names:
            self.desk.ask(self._reading.sparks(now_ms, names), self.pane.show_sparks)

    def _read_alerts(self) -> None:
        line = self.pane.chosen_line()
        if isinstance(line, ServiceLine):
            name = line.name
            self.desk.ask(asked_alerts(name), lambda rows: self._take_alerts(name, rows))

    def _take_alerts(self, name: str, rows: list[AlertRow]) -> None:
        self.above.show_alerts(name, rows, self.desk.now_ms())
        self.acted.emit()

    def _choose(self) -> None:
        self._show_chosen()
        self._read_alerts()
        self.acted.emit()

    def _show_chosen(self) -> None:
        line = self.pane.chosen_line()
        self.above.show_line(line, self.desk.now_ms())
        about = None
        if isinstance(line, ServiceLine):
            series = frozenset(self.pane.found.series.get(line.name, ()))
            about = About(line.name, series=series)
        elif line is not None:
            about = About(line.source.name, source_id=line.source.source_id)
        if about != self._about:
            self._about = about
            self.chosen.emit()

    # -- what is done ------------------------------------------------------------------------

    def about(self) -> About | None:
        """Whose series the charts are to show; None for all."""
        return self._about

    def let_go(self) -> None:
        """Choose nothing: all series again."""
        self.pane.let_go()

    def show_sources(self) -> None:
        """Go to the list of sources."""
        self.pane.show_side(SOURCES)
        self.pane.focus_list()

    def show_services(self) -> None:
        """Go to the list of services."""
        self.pane.show_side(SERVICES)
        self.pane.focus_list()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done with what is chosen, and the ways to both lists."""
        found = []
        line = self.pane.chosen_line()
        if isinstance(line, ServiceLine):
            group = f"For {line.name}"
            found += [
                Action(
                    key="health alert",
                    title="Open the worst alert of it",
                    detail="" if self.above.alert() else "no alert is open",
                    keys="Enter",
                    icon="bell-ring",
                    group=group,
                    run=self.above.open_alert,
                    enabled=self.above.alert() is not None,
                ),
                Action(
                    key="health runbook",
                    title="Open its runbook in the browser",
                    detail=line.runbook or "the catalogue names none",
                    keys="R",
                    icon="external-link",
                    group=group,
                    run=self.above.open_runbook,
                    enabled=bool(line.runbook),
                ),
            ]
        if line is not None:
            found.append(_make("all", "Show all series", "A", "activity", self.let_go))
        if self.pane.moved:
            found.append(_make("sort", "Sort anew", "U", "arrow-up-to-line", self.pane.sort_anew))
        return [
            *found,
            _make("services", "To the services", "B", "layers", self.show_services),
            _make("sources", "To the sources", "S", "radio-tower", self.show_sources),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the list the width that fits the window, once."""
        super().resizeEvent(event)
        if not self._sized and self.width() > theme().px(400):
            self._sized = True
            left = theme().px(list_width(self.width() * 1000 // theme().px(1000)))
            self.split.setSizes([left, self.width() - left - 1])


def list_width(wide: int) -> int:
    """How wide the list is in a room of this width, both in pixels at 100 %."""
    return max(320, min(560, wide * 27 // 100))


def _make(key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
    return Action(key=f"health {key}", title=title, keys=keys, icon=icon, group="Health", run=run)
