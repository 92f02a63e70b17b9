"""The page of the channel map: what arrives, what is out, who is left without a way, what if."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.channel_map.grid import MapGrid
from crisisdesk.desk.channel_map.orders import Orders
from crisisdesk.desk.channel_map.reading import concerns, read_map
from crisisdesk.desk.channel_map.side import Side
from crisisdesk.desk.channel_map.words import outage_words, supposing_words
from crisisdesk.desk.comms_room.channel_lines import StrandedDelegate, spoken_stranded
from crisisdesk.desk.comms_room.empty_pages import NO_CHANNEL, EmptyPages, unreadable
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.desk.comms_room.reading import Unread, guarded
from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.frame.painted import Painted, PaneGround
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Action
from crisisdesk.domain.channel_health import Stranded
from crisisdesk.domain.survivability import ChannelMap, headline

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter, QResizeEvent

    from crisisdesk.desk.channel_map.outage_form import Wanted
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change

# Read anew this often while in view; what is out by time moves with the clock.
_SEEN_MS, _MOVING_MS = 1_000, 5_000
_ONE_PANE_BELOW = 1000


class _Top(Painted):
    """The sentence that says it all; below it what is out and why, and what is only supposed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.sentence = Text("", "strong", wrap=True)
        self.out = Text("", "small", "secondary", wrap=True)
        self.supposing = Text("", "small", "stale", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(10), px(16), px(11))
        column.setSpacing(px(3))
        for part in (self.sentence, self.out, self.supposing):
            column.addWidget(part)

    def say(self, sentence: str, out: str, supposing: str) -> None:
        """Say these; a line without words is not there."""
        self.sentence.setText(sentence)
        self.out.setText(out)
        self.out.setVisible(bool(out))
        self.supposing.setText(f"{supposing} (X: no longer). Nothing was changed.")
        self.supposing.setVisible(bool(supposing))

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.raised)
        fill(painter, 0, self.height() - 1, self.width(), 1, color.hair)


class ChannelMapPage(QWidget):
    """``acted`` says that other actions are in force, ``people`` asks for the page of people,
    ``judged`` carries how many dependencies are out."""

    acted = Signal()
    people = Signal()
    judged = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.away = desk.engine_away()
        self.found = ChannelMap()
        self.without: dict[str, None] = {}
        self.orders = Orders(desk)
        self._stale, self._asking, self._read_ms = True, False, 0
        self.top, self.grid, self.side = _Top(), MapGrid(), Side()
        self.stranded_head = PaneHead("No way left")
        self.stranded = LineList[Stranded](
            "Contacts without a way left",
            StrandedDelegate(),
            lambda one: one.contact_id,
            spoken_stranded,
            picks=False,
        )
        self._lay_out()
        self.pages.asked.connect(self._asked)
        self.grid.column_moved.connect(self._show_column)
        self.side.out.clicked.connect(self.begin_outage)
        self.side.end.clicked.connect(self.end_outage)
        self.side.suppose.clicked.connect(self.suppose)
        self.side.form.given.connect(self._take_out)
        self.side.form.left.connect(self._leave_form)

    def _lay_out(self) -> None:
        px = theme().px
        left = PaneGround()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.grid.head)
        column.addWidget(self.grid, 3)
        column.addWidget(self.stranded_head)
        column.addWidget(self.stranded, 2)
        column.addStretch(0)
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(left, stretch=1)
        self.split.add_pane(self.side)
        left.setMinimumWidth(px(420))
        self.side.setMinimumWidth(px(280))
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.top)
        whole.addWidget(self.split, 1)
        self.pages = EmptyPages(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        self._sized = False

    # -- what the room hands on --------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again when anything moved that the map is made of."""
        if change.full:
            # What was asked of a store that could not be read never comes back.
            self._asking = False
        if change.deliveries_changed or concerns(change):
            self._stale = True

    def tick(self, now_ms: int) -> None:
        """Read what is stale, in measure; called while the page is in view."""
        rest = _SEEN_MS if self._stale else _MOVING_MS
        if not self._asking and now_ms - self._read_ms >= rest:
            self.read()

    def read(self) -> None:
        """Ask the store."""
        now_ms, without = self.desk.now_ms(), tuple(self.without)
        self._stale, self._asking, self._read_ms = False, True, now_ms

        self.desk.ask(guarded(read_map(now_ms, without)), self._take)

    def engine_changed(self, away: bool) -> None:
        """Disable or enable what needs the engine."""
        self.away = away
        self._show_column()

    def focus_first(self) -> None:
        """The grid."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done with the chosen dependency, and ways around the map."""
        column = self.grid.column()
        found = [
            self._make("out", "Say what is out", "O", "unplug", self.begin_outage, acts=True),
            self._make("next", "Next channel", "J", "arrow-down", partial(self._go, 1)),
            self._make("previous", "Previous channel", "K", "arrow-up", partial(self._go, -1)),
            self._make("right", "Next dependency", "Right", "arrow-right", partial(self._step, 1)),
            self._make("left", "Dependency before", "Left", "arrow-left", partial(self._step, -1)),
        ]
        if self.without:
            found.append(self._make("calm", "Suppose nothing", "X", "x", self.suppose_nothing))
        if column is not None and column.taken is None:
            word = "Suppose no longer" if column.supposed else "Suppose it out"
            title = f"{word}: {column.dependency}"
            found.append(self._make("suppose", title, "S", "circle-help", self.suppose))
        if column is not None and column.taken is not None:
            title = f"Say that {column.dependency} is there again"
            found.append(self._make("end", title, "E", "check", self.end_outage, acts=True))
        return found

    def _make(
        self,
        key: str,
        title: str,
        keys: str,
        icon: str,
        run: Callable[[], None],
        *,
        acts: bool = False,
    ) -> Action:
        off = acts and self.away
        return Action(
            key=f"map {key}",
            title=title,
            detail=AWAY if off else "",
            keys=keys,
            icon=icon,
            group="Channel map",
            run=run,
            enabled=not off,
        )

    # -- what is shown -----------------------------------------------------------------------

    def _take(self, found: ChannelMap | Unread) -> None:
        self._asking = False
        if isinstance(found, Unread):
            self._stale = True
            self.pages.show_empty(unreadable("The channel map", found.words))
            return
        self.found = found
        now_ms = self._read_ms
        self.pages.show_empty(None if found.rows or found.people else NO_CHANNEL)
        self.top.say(headline(found), outage_words(found), supposing_words(found))
        self.grid.show_map(found, now_ms)
        count = len(found.unreachable)
        self.stranded_head.show_words(
            "No way left" if count else "Everybody has a way left", str(count) if count else ""
        )
        self.stranded.show_lines(found.unreachable, now_ms)
        self.stranded.fit()
        self.stranded.setVisible(bool(count))
        self._show_column()
        self.judged.emit(sum(column.taken is not None for column in found.columns))

    def _show_column(self) -> None:
        self.side.show_column(self.grid.column(), self.found, self._read_ms, away=self.away)
        self.acted.emit()

    # -- what is done ------------------------------------------------------------------------

    def _go(self, step: int) -> None:
        (self.stranded if self.stranded.hasFocus() else self.grid).go(step)

    def _step(self, by: int) -> None:
        self.grid.step(by)

    def suppose(self) -> None:
        """Suppose that the chosen dependency is out, or no longer."""
        column = self.grid.column()
        if column is None or column.taken is not None:
            return
        if self.without.pop(column.dependency, self) is self:
            self.without[column.dependency] = None
        self.read()

    def suppose_nothing(self) -> None:
        """Show the map as it is."""
        self.without.clear()
        self.read()

    def begin_outage(self) -> None:
        """Open the form for the chosen dependency, with a suspicion's reason where there is one."""
        column = self.grid.column()
        if self.away or self.side.form.is_open():
            return
        name, reason = "", ""
        if column is not None and (column.taken is None or not column.taken.said):
            name = column.dependency
            reason = "" if column.suspicion is None else f"suspected: {column.suspicion.words()}"
        self.side.form.begin(name, reason, away=self.away)

    def _take_out(self, wanted: Wanted) -> None:
        self.orders.take_out(wanted, self._done, self.side.form.refuse)

    def _done(self) -> None:
        self.without.clear()
        self._leave_form()
        self.read()

    def _leave_form(self) -> None:
        self.side.form.dismiss()
        self.focus_first()

    def end_outage(self) -> None:
        """Say that the chosen dependency is there again."""
        column = self.grid.column()
        if column is not None and column.taken is not None and not self.away:
            self.orders.end(column.taken, self.desk.now_ms())

    def _asked(self, key: str) -> None:
        if key == "people":
            self.people.emit()
        else:
            self.read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pane at the right its width; below where it is narrow."""
        narrow = self.width() < theme().px(_ONE_PANE_BELOW)
        way = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.split.orientation() != way:
            self.split.setOrientation(way)
            self._sized = False
        if not self._sized and self.width() > theme().px(200):
            self._sized = True
            whole = self.height() if narrow else self.width()
            right = whole // 3 if narrow else theme().px(320)
            self.split.setSizes([whole - right - 1, right])
