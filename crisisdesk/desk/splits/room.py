"""The page of splits: what was changed on both sides while a station was cut off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.fleet.banner_words import Rejoined
from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyState, EmptyView
from crisisdesk.desk.frame.heads import RoomHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.room import Action, Room
from crisisdesk.desk.splits.choices import KEYS
from crisisdesk.desk.splits.delegate import OPEN_KEY
from crisisdesk.desk.splits.head import ColumnHead, SplitHead
from crisisdesk.desk.splits.lines import calm_words, lines_of, sides_of
from crisisdesk.desk.splits.reading import CutOff, Page, read_cuts, read_page
from crisisdesk.desk.splits.view import SplitList

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.store.queries import StationReader

SPLITS = 20
READ = "splits.read"
_SEEN_MS, _HIDDEN_MS = 1_000, 5_000
_GROUP = "While split"
_NO_SPLIT = EmptyView(
    title="No station was cut off",
    text="When a station has worked without the hub and comes back, this page shows what was "
    "changed on both sides meanwhile, and what wants a decision.",
    buttons=(EmptyButton("back", "Back to work", "Esc"),),
)


class SplitRoom(Room):
    """Has no place on the rail. ``left`` asks for the room the operator came from, ``rejoined``
    carries what the banner should say (None for nothing), ``cuts_changed`` the splits known."""

    key = SPLITS
    word = "While split"
    icon = "git-merge"

    left = Signal()
    rejoined = Signal(object)
    cuts_changed = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.cuts: list[CutOff] = []
        self.page: Page | None = None
        self._news: Page | None = None
        self._wanted = ""
        self._unfolded: set[str] = set()
        self._stale = self._reading = False
        self._read_ms = 0
        self._build()
        self._show()

    def _build(self) -> None:
        self.place = Text("", "small", "tertiary")
        self.earlier, self.later = KeyButton("Earlier", "["), KeyButton("Later", "]")
        self.mark, self.back = KeyButton("Mark as read", "M"), KeyButton("Back to work", "Esc")
        self.earlier.clicked.connect(partial(self.turn, 1))
        self.later.clicked.connect(partial(self.turn, -1))
        self.mark.clicked.connect(self.mark_read)
        self.back.clicked.connect(self.left)
        head = RoomHead("What changed while split")
        for widget in (self.place, self.earlier, self.later, self.mark, self.back):
            head.add_right(widget)
        self.head, self.names, self.list = SplitHead(), ColumnHead(), SplitList()
        self.list.entered.connect(self.enter)
        self.list.pressed_key.connect(self._pressed)
        self.list.moved.connect(self.acted)
        self.list.widened.connect(self.names.show_width)
        self._none = EmptyState(_NO_SPLIT)
        self._none.chosen.connect(lambda _: self.left.emit())
        self._calm: EmptyState | None = None
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.names)
        column.addWidget(self.list, 1)
        self._whole = whole
        self.stack = QStackedWidget()
        self.stack.addWidget(self._none)
        self.stack.addWidget(whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(head)
        outer.addWidget(self.head)
        outer.addWidget(self.stack, 1)

    # -- what the desk asks ------------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again when a station was cut off, or something on a page has changed."""
        if change.full:
            self._reading = False
        touched = change.touched
        pages = [page for page in (self.page, self._news) if page is not None]
        if change.station is not None or change.full:
            self._stale, self._read_ms = True, 0
        elif any(not page.subjects().isdisjoint(touched) for page in pages):
            self._stale = True
        self.tick(self.desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Read what is stale, in measure: a split may be long."""
        rest = _SEEN_MS if self.isVisible() else _HIDDEN_MS
        if self._stale and not self._reading and now_ms - self._read_ms >= rest:
            self._stale, self._reading, self._read_ms = False, True, now_ms
            self.desk.ask(self._question(), self._take)

    def focus_first(self) -> None:
        """The list."""
        (self.list if self.page is not None else self.back).setFocus()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """Choices for the selected thing, then ways around the page."""
        line = self.list.selected()
        found = []
        if line is not None and line.item is not None:
            group = f"For {line.item.subject}, {line.item.title}"
            for key, choice in zip(KEYS, line.choices, strict=False):
                found.append(self._action(choice.words, key, partial(self.choose, key), group))
            if line.opens:
                found.append(self._action(f"Open {line.opens}", OPEN_KEY, self.enter, group))
        elif line is not None and line.folded is not None:
            found.append(self._action("Fold or unfold", OPEN_KEY, self.enter))
        return [
            *found,
            self._action("Next thing", "J", partial(self.list.go, 1)),
            self._action("Previous thing", "K", partial(self.list.go, -1)),
            self._action("Mark as read", "M", self.mark_read),
            self._action("Earlier split", "[", partial(self.turn, 1)),
            self._action("Later split", "]", partial(self.turn, -1)),
            self._action("Back to work", "Esc", self.left.emit),
        ]

    def _action(self, title: str, keys: str, run: Callable[[], Any], group: str = _GROUP) -> Action:
        key = f"splits {title}"
        return Action(key=key, title=title, keys=keys, icon=self.icon, run=run, group=group)

    # -- what is shown -----------------------------------------------------------------------

    def open_cut(self, key: str = "") -> None:
        """Show the split of this key; without one the newest that was not read, else the newest."""
        news = self._news.cut.key if self._news is not None else ""
        self._wanted = key or news
        if self._news is not None and self._wanted == news:
            self.page = self._news
            self._show()
        self._stale, self._read_ms = True, 0
        self.tick(self.desk.now_ms())

    def turn(self, step: int) -> None:
        """Go ``step`` splits back in time (negative: forward)."""
        if self.page is None:
            return
        keys = [cut.key for cut in self.cuts]
        at = keys.index(self.page.cut.key) + step if self.page.cut.key in keys else 0
        if 0 <= at < len(keys):
            self.open_cut(keys[at])

    def mark_read(self) -> None:
        """Say no more of this one and those before it."""
        if self.page is None:
            return
        keys = [cut.key for cut in self.cuts]
        at = keys.index(self.page.cut.key) if self.page.cut.key in keys else 0
        self.desk.remember(READ, sorted({*self._read(), *keys[at:]} & set(keys)))
        self._news = None
        self.rejoined.emit(None)
        self._stale, self._read_ms = True, 0
        self._show()
        self.tick(self.desk.now_ms())

    def _read(self) -> list[str]:
        kept: list[str] = self.desk.remembered(READ, [])
        return kept

    def _question(self) -> Callable[[StationReader], tuple[list[CutOff], dict[str, Page]]]:
        wanted, read = self._wanted, set(self._read())

        def question(reader: StationReader) -> tuple[list[CutOff], dict[str, Page]]:
            cuts = read_cuts(reader)
            shown = next((cut for cut in cuts if cut.key == wanted), None)
            news = next((cut for cut in cuts if cut.key not in read), None)
            chosen = (shown or news or next(iter(cuts), None), news)
            return cuts, {cut.key: read_page(reader, cut) for cut in chosen if cut is not None}

        return question

    def _take(self, found: tuple[list[CutOff], dict[str, Page]]) -> None:
        self._reading = False
        cuts, pages = found
        if cuts != self.cuts:
            self.cuts = cuts
            self.cuts_changed.emit(cuts)
        read = set(self._read())
        news = next((cut.key for cut in cuts if cut.key not in read), "")
        self._news = pages.get(news)
        self.page = pages.get(self._wanted) or self._news or next(iter(pages.values()), None)
        both = len(self._news.view.both) if self._news is not None else 0
        told = self._news is not None and (both or self._news.decisions())
        decisions = self._news.decisions() if self._news is not None else 0
        self.rejoined.emit(Rejoined(both, decisions) if told else None)
        self._show()

    def _show(self) -> None:
        page = self.page
        self.head.setVisible(page is not None)
        for button in (self.earlier, self.later, self.mark):
            button.setVisible(page is not None)
        if page is None:
            self.place.setText("")
            self.stack.setCurrentWidget(self._none)
            return
        keys = [cut.key for cut in self.cuts]
        at = keys.index(page.cut.key) if page.cut.key in keys else 0
        self.place.setText(f"{at + 1} of {len(keys)}" if len(keys) > 1 else "")
        for button in (self.earlier, self.later):
            button.setVisible(len(keys) > 1)
        self.earlier.setEnabled(at + 1 < len(keys))
        self.later.setEnabled(at > 0)
        self.mark.setEnabled(page.cut.key not in self._read())
        self.head.show_page(page)
        self.names.show_sides(sides_of(page.cut))
        self.list.show_lines(lines_of(page, self._unfolded))
        calm = not page.view.both and not page.decisions() and not self._unfolded
        self.stack.setCurrentWidget(self._calm_page(page) if calm else self._whole)
        self.acted.emit()

    def _calm_page(self, page: Page) -> EmptyState:
        """What is said when nothing was touched on both sides."""
        view = page.view
        alone = view.only_mine or view.only_theirs
        empty = EmptyState(
            EmptyView(
                title="Nothing collided",
                text=calm_words(page),
                buttons=(
                    EmptyButton("back", "Back to work", "Esc", primary=True),
                    *((EmptyButton("unfold", "Show what each side did"),) if alone else ()),
                ),
            )
        )
        empty.chosen.connect(self._calm_chosen)
        if self._calm is not None:
            self.stack.removeWidget(self._calm)
            self._calm.deleteLater()
        self._calm = empty
        self.stack.addWidget(empty)
        return empty

    def _calm_chosen(self, key: str) -> None:
        if key == "back":
            self.left.emit()
            return
        self._unfolded = {"mine", "theirs"}
        self._show()
        self.list.setFocus()

    # -- what is done ------------------------------------------------------------------------

    def enter(self) -> None:
        """Open the selected thing, or fold and unfold the band."""
        line = self.list.selected()
        if line is None:
            return
        if line.folded is not None:
            self._unfolded ^= {line.key}
            self._show()
            if line.key in self._unfolded:
                self.list.reveal_below()
        elif line.opens:
            self.desk.show_thing(line.opens)

    def _pressed(self, key: str) -> None:
        if key == OPEN_KEY:
            self.enter()
        else:
            self.choose(key)

    def choose(self, key: str) -> None:
        """Decide the selected thing by the choice behind this key."""
        line = self.list.selected()
        if line is None:
            return
        choice = dict(zip(KEYS, line.choices, strict=False)).get(key)
        if choice is None:
            return

        def done(_: object) -> None:
            self.desk.say("Decided", f"{choice.words}.")

        self.desk.command(choice.named, choice.call, done)
