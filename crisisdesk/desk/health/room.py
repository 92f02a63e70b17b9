"""The Health room: charts of what the station measured, and how fresh each series is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.comms_room.empty_pages import EmptyPages, unreadable
from crisisdesk.desk.fleet.standing import PAGES_HERE
from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyView
from crisisdesk.desk.frame.heads import FilterField, RoomHead, Tab, TabRow
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.health.beside import Beside
from crisisdesk.desk.health.grid import ChartGrid
from crisisdesk.desk.health.reading import Charts, Samples, Wanted
from crisisdesk.desk.health.rule_actions import rule_actions
from crisisdesk.desk.health.source_watch import SourceWatch
from crisisdesk.desk.health.words import LONGEST_MS, SHORTEST_MS, SPANS, counted, span_of
from crisisdesk.desk.room import Action, Desk, Room

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.fleet.standing import Standing
    from crisisdesk.desk.snapshot import Change

# How often what is in view is read again, ms.
_LIVE_MS = 2_000
NO_SAMPLE = EmptyView(
    title="Nothing has been measured here yet.",
    text="The station draws what it measures by itself. Add a source with "
    "“crisisdesk source add”; its first values are here after its first look.",
    buttons=(EmptyButton("again", "Read again", primary=True),),
)
NO_MATCH = EmptyView(
    title="No series has all of these words.",
    text="The filter looks at sources, metrics and labels.",
    buttons=(EmptyButton("all", "Show all", primary=True),),
)


NO_SERIES_OF = EmptyView(
    title="No series is measured of it.",
    text="A series belongs to a service by its source, by a label such as “service”, or by the "
    "tables of the catalogue.",
    buttons=(EmptyButton("all", "Show all series", "A", primary=True),),
)


class HealthRoom(Room):
    """Key 3. Services and sources at the left; charts of all, or of what is chosen there.

    They follow the time (live) until they are moved; ``L`` makes them follow again.

    ``rule_wanted`` carries a series and its newest value: a rule is to be begun for it.
    """

    rule_wanted = Signal(object, float)
    key = 3
    word = "Health"
    icon = "activity"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.span = span_of(str(desk.remembered("health.span", SPANS[0].key)))
        # The stretch in view while it does not follow the time, UTC ms.
        self.held: tuple[int, int] | None = None
        self.found = Charts()
        self._samples = Samples()
        self._asking, self._again, self._read_ms, self._most = False, True, 0, 0
        self.tabs = TabRow([Tab(span.key, span.word) for span in SPANS])
        self.tabs.set_current(self.span.key)
        self.filter = FilterField("Service, source, metric or label", width=250)
        self.count_words = Text("", "small", "tertiary")
        # Large type in a small window: these words give way, not the window.
        self.count_words.setMinimumWidth(1)
        self.head = RoomHead("Health", self.tabs)
        self.head.add_right(self.count_words)
        self.head.add_right(self.filter)
        self.grid = ChartGrid()
        self.pages = EmptyPages(self.grid)
        self.pages.show_empty(NO_SAMPLE)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        self.watch = SourceWatch(desk, self)
        self.beside = Beside(desk, self.pages)
        outer.addWidget(self.beside, 1)
        self.beside.chosen.connect(self.read)
        self.beside.acted.connect(self.acted)
        self.beside.cleared.connect(self.filter.clear)
        self.tabs.chosen.connect(self.choose_span)
        self.filter.textChanged.connect(self.beside.pane.filter)
        self.filter.textChanged.connect(self.read)
        self.filter.returnPressed.connect(self.focus_first)
        self.grid.moved.connect(self._held_by_hand)
        self.grid.opened.connect(self.desk.show_thing)
        self.grid.resized.connect(self._refit)
        self.pages.asked.connect(self._asked_for)

    # -- what the desk asks ------------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """What was asked of a store that could not be read never comes back."""
        self.beside.on_snapshot(change)
        if change.full:
            self._asking = False

    def _refit(self) -> None:
        """Another height may have room for more charts, or fewer."""
        if self.grid.room_for(self.pages.height()) != self._most:
            self._again = True
            if not self._asking:
                self.read()

    def tick(self, now_ms: int) -> None:
        """Read again what follows the time."""
        self.beside.tick(now_ms)
        wanted = self._again or self.found.unfinished
        if not self._asking and (wanted or now_ms - self._read_ms >= _LIVE_MS):
            self.read()

    def focus_first(self) -> None:
        """The first chart; else the room itself: a list that has the keyboard holds its order."""
        if self.pages.view is None and self.grid.focus_first():
            return
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_standing(self, standing: Standing) -> None:
        """Take who is on duty: that station looks at what one station looks at."""
        fleet = standing.fleet
        on_duty = fleet is None or fleet.duty.kind in PAGES_HERE
        self.beside.set_duty(on_duty=on_duty)
        self.watch.set_duty(on_duty=on_duty)

    def chosen(self, segment: str) -> None:
        """Go where a statement of the status bar leads."""
        if segment == "sources":
            self.desk.open_room(self.key)
            self.beside.show_sources()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done with what is chosen, ways through time, and the filter."""
        found = [
            *self.beside.actions(),
            self._make(
                "filter", "Filter services and series", "/", "list-filter", self.filter.setFocus
            ),
            self._make("longer", "Longer span", "T", "arrow-right", lambda: self._next_span(1)),
            self._make(
                "shorter", "Shorter span", "Shift T", "arrow-left", lambda: self._next_span(-1)
            ),
            self._make("in", "Zoom in", "I", "plus", lambda: self.zoom(0.5)),
            self._make("out", "Zoom out", "O", "minus", lambda: self.zoom(2.0)),
            self._make("earlier", "Earlier", "K", "arrow-left", lambda: self.pan(-0.5)),
            self._make("later", "Later", "J", "arrow-right", lambda: self.pan(0.5)),
        ]
        if self.held is not None:
            found.append(self._make("live", "Follow the time again", "L", "activity", self.live))
        away = self.desk.engine_away()
        charts = self.grid.from_focus(self.found.charts)
        return found + rule_actions(charts, self.rule_wanted.emit, away=away)

    def _make(self, key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
        return Action(
            key=f"health {key}", title=title, keys=keys, icon=icon, group="Health", run=run
        )

    # -- time --------------------------------------------------------------------------------

    def stretch(self) -> tuple[int, int]:
        """What is in view: from, to, UTC ms."""
        now_ms = self.desk.now_ms()
        return self.held if self.held is not None else (now_ms - self.span.ms, now_ms)

    def choose_span(self, key: str) -> None:
        """Show one of the spans up to now."""
        self.span = span_of(key)
        self.tabs.set_current(self.span.key)
        self.desk.remember("health.span", self.span.key)
        self.live()

    def live(self) -> None:
        """Follow the time again."""
        self._hold(None)

    def zoom(self, times: float) -> None:
        """Show a stretch so many times as long, about the same middle; live ones end now."""
        since, until = self.stretch()
        length = min(LONGEST_MS, max(SHORTEST_MS, round((until - since) * times)))
        end = until if self.held is None else (since + until + length) // 2
        self._hold((end - length, end))

    def pan(self, by: float) -> None:
        """Show an earlier (negative) or later stretch, by this part of its length; not past now."""
        since, until = self.stretch()
        move = min(round((until - since) * by), max(0, self.desk.now_ms() - until))
        self._hold((since + move, until + move))

    def _next_span(self, by: int) -> None:
        at = SPANS.index(self.span) + by
        self.choose_span(SPANS[max(0, min(len(SPANS) - 1, at))].key)

    def _held_by_hand(self, since: float, until: float) -> None:
        # The epoch and far beyond are a turn of the wheel away.
        since = max(since, self.desk.now_ms() - LONGEST_MS)
        self._hold((round(since), round(max(until, since + SHORTEST_MS))))

    def _hold(self, stretch: tuple[int, int] | None) -> None:
        self.held = stretch
        self.grid.show_stretch(*self.stretch())
        self.read()
        self.acted.emit()

    # -- what is read ------------------------------------------------------------------------

    def read(self) -> None:
        """Ask for what is in view; what is asked meanwhile follows at once."""
        if self._asking:
            self._again = True
            return
        now_ms = self.desk.now_ms()
        since, until = self.stretch()
        self._asking, self._again, self._read_ms = True, False, now_ms
        self._most = self.grid.room_for(self.pages.height())
        about = self.beside.about()
        wanted = Wanted(self.filter.text(), since, until, now_ms, about, self._most)
        self.desk.ask(self._samples.asked(wanted), lambda found: self._take(found, wanted))

    def _take(self, found: Charts, wanted: Wanted) -> None:
        self._asking = False
        self.found = found
        self.pages.show_empty(_empty(found, wanted))
        shown, about = len(found.charts), wanted.about.name if wanted.about else ""
        words = counted(shown, found.found, found.known, about) if found.known else ""
        self.count_words.setText(f"{words} · not live (L)" if self.held and words else words)
        if found.charts:
            # What was asked for may have been moved on from meanwhile.
            since, until = self.held or (wanted.since, wanted.until)
            self.grid.show_charts(found.charts, since, until, wanted.now_ms)
        if self._again:
            self.read()

    def _asked_for(self, key: str) -> None:
        if key == "all":
            self.filter.clear()
            self.beside.let_go()
        self.read()


def _empty(found: Charts, wanted: Wanted) -> EmptyView | None:
    if found.problem:
        return unreadable("What was measured", found.problem)
    if not found.known:
        return NO_SAMPLE
    if found.charts:
        return None
    return NO_MATCH if wanted.about is None else NO_SERIES_OF
