"""The page of heartbeats, loop tests and the audit of people: what is missed when it is silent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.comms_room.heartbeat_form import HeartbeatForm, Wanted
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.desk.comms_room.reading import Unread, guarded
from crisisdesk.desk.comms_room.watch_lines import (
    Line,
    WatchDelegate,
    beat_lines,
    beats_words,
    loop_line,
    person_line,
    spoken_line,
)
from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Action
from crisisdesk.domain.loop_standing import loop_lines
from crisisdesk.domain.reachability_reading import audit_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.store.queries import StationReader

# Beats are asked of the engine, for they are in no file; the rest is read from the file.
_BEATS_MS, _FILE_MS = 2_000, 15_000
REMOVE_AGAIN = "Press Delete again to remove it: its address leads nowhere afterwards."


class Watched(NamedTuple):
    """What the file tells: loop tests, people, and the audit's headline."""

    loops: tuple[Line, ...]
    people: tuple[Line, ...]
    headline: str


def read_watched(now_ms: int) -> Callable[[StationReader], Watched]:
    """Loop tests and the audit, as they stand at ``now_ms``."""

    def question(reader: StationReader) -> Watched:
        audit = audit_people(reader, now_ms)
        loops = tuple(loop_line(one, now_ms) for one in loop_lines(reader, now_ms))
        return Watched(loops, tuple(person_line(one) for one in audit.people), audit.headline)

    return question


def _list(name: str, *, picks: bool = False) -> LineList[Line]:
    return LineList[Line](name, WatchDelegate(), lambda line: line.key, spoken_line, picks=picks)


class WatchesPage(QWidget):
    """``acted`` says that other actions are in force."""

    acted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.away = desk, desk.engine_away()
        self._asking = self._reading = False
        self._asked_ms = self._read_ms = 0
        self._removing = ""
        self.beats = _list("Heartbeats, those that are missing first", picks=True)
        self.loops = _list("Loop tests of channels")
        self.people = _list("People, those not proven reachable first")
        self.beats_head = PaneHead("Heartbeats")
        self.loops_head = PaneHead("Loop tests")
        self.people_head = PaneHead("Reachability")
        self.form = HeartbeatForm()
        self.said = Text("", "small", "stale", wrap=True)
        self._lay_out()
        self.beats.moved.connect(self._moved)
        self.form.given.connect(self._declare)
        self.form.left.connect(self._leave)

    def _lay_out(self) -> None:
        px = theme().px
        left, right = PaneGround(), PaneGround()
        for pane, parts in (
            (left, (self.beats_head, self.form, self.said, self.beats)),
            (right, (self.loops_head, self.loops, self.people_head, self.people)),
        ):
            column = QVBoxLayout(pane)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            for part in parts:
                column.addWidget(part, 1 if isinstance(part, LineList) else 0)
            pane.setMinimumWidth(px(320))
        self.said.setContentsMargins(px(12), px(6), px(12), px(6))
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(left, stretch=1)
        self.split.add_pane(right, stretch=1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.split)
        self._show_words("")

    # -- what the room hands on --------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again when pages moved or contacts changed; at most every few seconds."""
        if change.full:
            self._reading = self._asking = False
        if change.full or change.deliveries_changed or change.contacts_changed:
            self._read_ms = min(self._read_ms, self.desk.now_ms() - _FILE_MS + _BEATS_MS)

    def tick(self, now_ms: int) -> None:
        """Ask for what is in view, in measure."""
        if not self._asking and not self.away and now_ms - self._asked_ms >= _BEATS_MS:
            self.ask_beats()
        if not self._reading and now_ms - self._read_ms >= _FILE_MS:
            self._reading, self._read_ms = True, now_ms
            self.desk.ask(guarded(read_watched(now_ms)), self._take_file)

    def ask_beats(self) -> None:
        """Ask the engine how the heartbeats stand."""
        self._asking, self._asked_ms = True, self.desk.now_ms()
        self.desk.command(
            "read the heartbeats",
            lambda client: client.heartbeats(),
            self._take_beats,
            self._beats_refused,
        )

    def engine_changed(self, away: bool) -> None:
        """Without the engine nothing is heard, and nothing can be changed."""
        self.away, self._asking = away, False
        self._show_words(AWAY if away else "")
        self.acted.emit()

    def focus_first(self) -> None:
        """The heartbeats."""
        self.beats.setFocus(Qt.FocusReason.OtherFocusReason)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """Add, pause and remove heartbeats, and ways around the page."""
        chosen = self.beats.selected()
        found = [self._action("add", "Add a heartbeat", "A", "plus", self.add)]
        if chosen is not None:
            word = "Go on with" if chosen.state == "paused" else "Pause"
            found += [
                self._action("pause", f"{word} {chosen.name}", "P", "minus", self.pause),
                self._action("remove", f"Remove {chosen.name}", "Delete", "x", self.remove),
            ]
        return [
            *found,
            self._action("next", "Next line", "J", "arrow-down", partial(self._go, 1), True),
            self._action("previous", "Previous line", "K", "arrow-up", partial(self._go, -1), True),
        ]

    def _action(
        self,
        key: str,
        title: str,
        keys: str,
        icon: str,
        run: Callable[[], None],
        always: bool = False,
    ) -> Action:
        return Action(
            key=f"watches {key}",
            title=title,
            detail="" if always or not self.away else AWAY,
            keys=keys,
            icon=icon,
            group="Comms",
            run=run,
            enabled=always or not self.away,
        )

    # -- what is shown -----------------------------------------------------------------------

    def _take_beats(self, told: list[dict[str, Any]]) -> None:
        self._asking = False
        lines = beat_lines(told)
        self.beats.show_lines(lines, self._asked_ms)
        self.beats_head.show_words("Heartbeats", beats_words(lines))
        self.acted.emit()

    def _beats_refused(self, refusal: Refusal) -> None:
        self._asking = False
        self._show_words(f"Heartbeats cannot be told now: {refusal.words}.")

    def _take_file(self, found: Watched | Unread) -> None:
        self._reading = False
        if isinstance(found, Unread):
            self._show_words(f"The station's file cannot be read now: {found.words}.")
            return
        self.loops.show_lines(found.loops, self._read_ms)
        words = "" if found.loops else "none yet; C, then L, begins one"
        self.loops_head.show_words("Loop tests", words)
        self.people.show_lines(found.people, self._read_ms)
        self.people_head.show_words("Reachability", found.headline)

    def _show_words(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _moved(self) -> None:
        self._removing = ""
        self.acted.emit()

    # -- what is done ------------------------------------------------------------------------

    def _go(self, step: int) -> None:
        lists = (self.loops, self.people)
        next((one for one in lists if one.hasFocus()), self.beats).go(step)

    def add(self) -> None:
        """Open the form."""
        if not self.away:
            self.form.begin()

    def _leave(self) -> None:
        self.form.dismiss()
        self.focus_first()

    def _declare(self, asked: Wanted) -> None:
        def call(client: Client) -> str:
            made = client.declare_heartbeat(asked.name, asked.every_s, grace_s=asked.grace_s)
            return client.url_of(made["path"])

        def done(address: str) -> None:
            self.form.told(address)
            self.ask_beats()

        def refused(refusal: Refusal) -> None:
            remedy = f"; {refusal.remedy}" if refusal.remedy else ""
            self.form.refuse(f"Not declared: {refusal.words}{remedy}.")

        self.desk.command(f"declare the heartbeat {asked.name}", call, done, refused)

    def pause(self) -> None:
        """Pause the selected one, or go on with it."""
        line = self.beats.selected()
        if line is None or self.away:
            return
        key, paused = line.key, line.state != "paused"
        self.desk.command(
            f"{'pause' if paused else 'go on with'} {line.name}",
            lambda client: client.change_heartbeat(key, paused=paused),
            lambda _: self.ask_beats(),
        )

    def remove(self) -> None:
        """Remove the selected one, when it is asked twice."""
        line = self.beats.selected()
        if line is None or self.away:
            return
        key = line.key
        if self._removing != key:
            self._removing = key
            self._show_words(f"{line.name}: {REMOVE_AGAIN}")
            return
        self._removing = ""
        self._show_words("")
        self.desk.command(
            f"remove the heartbeat {line.name}",
            lambda client: client.remove_heartbeat(key),
            lambda _: self.ask_beats(),
        )
