"""A room of the desk: what the window asks of each, and what each may ask of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.frame.palette_model import PaletteAction

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.desk.frame.clock_strip import ClockCell
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.store.queries import StationReader

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a room can do now; the palette lists it and its key starts it.

    ``keys`` are parted by blanks ("Shift E"); a single letter works only while no field has the
    focus. ``group`` is the palette's section; give the selected thing's name for what acts on it.
    ``enabled`` False greys it, with ``detail`` as the reason. ``also`` are other words for it.
    """

    key: str
    title: str
    run: Callable[[], None]
    keys: str = ""
    detail: str = ""
    icon: str = ""
    group: str = "Anywhere"
    also: tuple[str, ...] = ()
    enabled: bool = True

    def for_palette(self) -> PaletteAction:
        """The same without what it does."""
        return PaletteAction(
            key=self.key,
            title=self.title,
            detail=self.detail,
            keys=self.keys,
            icon=self.icon,
            group=self.group,
            also=self.also,
            enabled=self.enabled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that was not kept, in words; ``field`` is "" when no field is to blame.

    ``away`` is True when the engine could not be reached, so that nothing was even judged.
    """

    words: str
    remedy: str = ""
    field: str = ""
    away: bool = False


class Desk(Protocol):
    """What a room may ask of the desk; every call returns at once and answers on the Qt thread."""

    def now_ms(self) -> int:
        """The time, UTC ms."""

    def operator(self) -> str:
        """Who sits here; "" before the first run is through."""

    def engine_away(self) -> bool:
        """Whether commands cannot be saved at present."""

    def command(
        self,
        words: str,
        call: Callable[[Client], T],
        done: Callable[[T], None] | None = None,
        refused: Callable[[Refusal], None] | None = None,
    ) -> None:
        """Send a command from the worker thread. ``words`` name it: "acknowledge A-20931".

        Without ``refused`` the desk says itself what was not saved and why.
        """

    def look(
        self,
        call: Callable[[Client], T],
        done: Callable[[T], None],
        refused: Callable[[Refusal], None],
    ) -> None:
        """Ask the engine what may take seconds, on a thread apart from that of commands."""

    def ask(
        self,
        question: Callable[[StationReader], T],
        answer: Callable[[T], None],
    ) -> None:
        """Read from the store on the reader's thread and have the answer on the Qt thread."""

    def say(self, title: str, body: str = "", severity: str = "", icon: str = "") -> None:
        """Show a toast."""

    def offer_undo(self, title: str, undo: Callable[[], None]) -> None:
        """Show a toast with an undo that stands for ten seconds."""

    def show_thing(self, aggregate_id: str) -> None:
        """Go to the room that owns an alert or incident and select it there."""

    def open_room(self, key: int) -> None:
        """Go to a room by its number."""

    def remember(self, key: str, value: Any) -> None:
        """Keep a value (JSON types) of this window over restarts."""

    def remembered(self, key: str, default: Any) -> Any:
        """A value kept before; ``default`` when there is none or it has another type."""


class Room(QWidget):
    """One page of the window. ``key`` is its number on the rail, ``word`` and ``icon`` its face.

    Subclasses set the three class attributes, take the desk in their constructor and override
    what they need. Emit ``counted`` when ``count()`` changed, ``acted`` when ``actions()`` did.
    """

    key: int = 0
    word: str = ""
    icon: str = ""

    counted = Signal()
    acted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setAccessibleName(self.word)

    def count(self) -> int:
        """How many things here need somebody; 0 shows no figure on the rail."""
        return 0

    def count_severity(self) -> str:
        """The severity to mark the count with on the rail; "" for a plain figure."""
        return ""

    def clocks(self) -> list[ClockCell]:
        """The running clocks of this room for the clock strip; ``key`` is the aggregate's id."""
        return []

    def on_snapshot(self, change: Change) -> None:
        """Take what changed; called at most every 50 ms, also while the room is not in view."""

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done now, those on the selected thing first."""
        return []

    def tick(self, now_ms: int) -> None:
        """Turn the clocks in view; called every 250 ms while the room is shown."""

    def engine_changed(self, away: bool) -> None:
        """The engine went away or came back: disable or enable what needs it."""

    def focus_first(self) -> None:
        """Put the keyboard where work starts in this room."""
        self.setFocus()

    def help_page(self) -> str:
        """The name of the page of help that fits what is in view; "" for the room's usual one."""
        return ""

    def owns(self, aggregate_id: str) -> bool:
        """Whether ``go_to`` of that id is for this room, told by its prefix."""
        return False

    def go_to(self, aggregate_id: str) -> None:
        """Select that thing and bring it into view."""
