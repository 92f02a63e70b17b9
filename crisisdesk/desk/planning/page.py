"""A page of the Planning room: what the room asks of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from crisisdesk.desk.room import Action
    from crisisdesk.desk.snapshot import Change


class Page(Protocol):
    """One tab of the room; every page is a QWidget as well and takes the desk when it is made.

    ``word`` stands on its tab, ``help_page`` is the name of its page of help, and ``acted`` a Qt
    signal. The methods are those of `crisisdesk.desk.room.Room`.
    """

    word: str
    help_page: str
    acted: SignalInstance

    def on_snapshot(self, change: Change) -> None:
        """Take what changed; called at most every 50 ms, also while the page is not in view."""

    def actions(self) -> list[Action]:
        """What can be done now, those on the selected thing first."""

    def tick(self, now_ms: int) -> None:
        """Turn what moves with time (UTC ms); called every 250 ms while the page is shown."""

    def engine_changed(self, away: bool) -> None:
        """The engine went away or came back: disable or enable what needs it."""

    def focus_first(self) -> None:
        """Put the keyboard where work starts on this page."""
