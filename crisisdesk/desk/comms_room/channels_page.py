"""The page of channels: how each does, its contact methods, and who has none that works."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.comms_room.board import ONE_PANE_BELOW
from crisisdesk.desk.comms_room.channel_lines import (
    ChannelDelegate,
    ChannelHead,
    MethodDelegate,
    StrandedDelegate,
    spoken_channel,
    spoken_method,
    spoken_stranded,
)
from crisisdesk.desk.comms_room.empty_pages import NO_CHANNEL, EmptyPages, unreadable
from crisisdesk.desk.comms_room.loop_control import LoopControl
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.desk.comms_room.reading import Unread, guarded, read_channels
from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Action
from crisisdesk.domain.channel_health import (
    ChannelLine,
    Channels,
    MethodLine,
    Stranded,
    Verdict,
    channel_why,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change

# Read anew this often while in view: what is the last hour moves with the clock.
_SEEN_MS, _MOVING_MS = 2_000, 15_000


def headline(found: Channels) -> tuple[str, str]:
    """What stands above the table: the verdict in one word each, and what is not known."""
    counts = [
        f"{number} {verdict}"
        for verdict in Verdict
        if (number := sum(line.verdict is verdict for line in found.lines))
    ]
    untried = ""
    if found.untried:
        people = "1 contact has" if found.untried == 1 else f"{found.untried} contacts have"
        untried = f"{people} only channels not used lately"
    return ", ".join(counts), untried


class ChannelsPage(QWidget):
    """``acted`` says that other actions are in force, ``people`` asks for the page of people,
    ``judged`` carries how many channels fail."""

    acted = Signal()
    people = Signal()
    judged = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.away = desk.engine_away()
        self.found = Channels()
        self._stale, self._asking, self._read_ms = True, False, 0
        self.table = LineList[ChannelLine](
            "Channels, the worst first", ChannelDelegate(), lambda line: line.key, spoken_channel
        )
        self._painter_of_methods = MethodDelegate()
        self.methods = LineList[MethodLine](
            "Contact methods of this channel",
            self._painter_of_methods,
            lambda line: f"{line.contact_id} {line.method_id}",
            spoken_method,
        )
        self.stranded = LineList[Stranded](
            "Contacts without a working channel",
            StrandedDelegate(),
            lambda one: one.contact_id,
            spoken_stranded,
            picks=False,
        )
        self.head = PaneHead("Channels")
        self.stranded_head = PaneHead("No working channel")
        self.methods_head = PaneHead("Contact methods")
        self.why = Text("", "body", "secondary", wrap=True)
        self.test = KeyButton("Send test page", "T", "primary")
        self.reason = Text("", "small", "stale", wrap=True)
        self.loops = LoopControl(desk)
        self._lay_out()
        self.pages.asked.connect(self._asked)
        self.table.moved.connect(self._show_methods)
        self.table.entered.connect(self._enter)
        self.methods.moved.connect(self._show_button)
        self.methods.pressed_button.connect(self.send_test)
        self.test.clicked.connect(self.send_test)
        self.loops.changed.connect(self._read_anew)
        self.loops.opened.connect(self._show_button)
        self.loops.left.connect(self._leave_loops)

    def _lay_out(self) -> None:
        px = theme().px
        left, right, words = PaneGround(), PaneGround(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(ChannelHead(self.table))
        column.addWidget(self.table, 3)
        column.addWidget(self.stranded_head)
        column.addWidget(self.stranded, 2)
        column.addStretch(0)
        said = QVBoxLayout(words)
        said.setContentsMargins(px(12), px(12), px(12), px(12))
        said.setSpacing(px(8))
        for part in (self.why, self.test, self.loops, self.reason):
            said.addWidget(part)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.methods_head)
        column.addWidget(words)
        column.addWidget(self.methods, 1)
        self.split = SplitPane(Qt.Orientation.Horizontal)
        self.split.add_pane(left, stretch=1)
        self.split.add_pane(right)
        left.setMinimumWidth(px(420))
        right.setMinimumWidth(px(320))
        self.pages = EmptyPages(self.split)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        self._sized = False

    # -- what the room hands on --------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again when pages moved or contacts changed."""
        if change.full:
            # What was asked of a store that could not be read never comes back.
            self._asking = False
        if change.full or change.deliveries_changed or change.contacts_changed:
            self._stale = True

    def tick(self, now_ms: int) -> None:
        """Read what is stale, in measure; called while the page is in view."""
        rest = _SEEN_MS if self._stale else _MOVING_MS
        if not self._asking and now_ms - self._read_ms >= rest:
            self.read()

    def read(self) -> None:
        """Ask the store."""
        now_ms = self.desk.now_ms()
        self._stale, self._asking, self._read_ms = False, True, now_ms
        self.desk.ask(guarded(read_channels(now_ms)), self._take)
        self.loops.read()

    def _read_anew(self) -> None:
        self._stale, self._read_ms = True, 0
        self.acted.emit()

    def engine_changed(self, away: bool) -> None:
        """Disable or enable what needs the engine."""
        self.away = self._painter_of_methods.away = away
        self.methods.viewport().update()
        self.loops.engine_changed(away)
        self._show_button()

    def focus_first(self) -> None:
        """The table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """The test page of the selected contact method, and ways around the page."""

        def make(key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
            return Action(
                key=f"channels {key}", title=title, keys=keys, icon=icon, group="Comms", run=run
            )

        found = []
        method = self.methods.selected()
        if method is not None:
            found.append(
                Action(
                    key="channels test",
                    title=f"Send test page to {method.contact_name}",
                    detail=AWAY if self.away else method.masked,
                    keys="T",
                    icon="phone-forwarded",
                    group=f"For {method.contact_name}, {method.masked}",
                    run=self.send_test,
                    enabled=not self.away,
                )
            )
        return [
            *found,
            *self.loops.actions(),
            make("next", "Next line", "J", "arrow-down", partial(self._go, 1)),
            make("previous", "Previous line", "K", "arrow-up", partial(self._go, -1)),
        ]

    # -- what is shown -----------------------------------------------------------------------

    def _take(self, found: Channels | Unread) -> None:
        self._asking = False
        if isinstance(found, Unread):
            self._stale = True
            self.pages.show_empty(unreadable("Channels", found.words))
            return
        self.found = found
        now_ms = self._read_ms
        self.pages.show_empty(None if found.lines or found.stranded else NO_CHANNEL)
        self.head.show_words("Channels", *headline(found))
        self.table.show_lines(found.lines, now_ms)
        self.table.fit()
        count = len(found.stranded)
        self.stranded_head.show_words(
            "No working channel" if count else "Everybody has a channel that is not failing",
            str(count) if count else "",
        )
        self.stranded.show_lines(found.stranded, now_ms)
        self.stranded.fit()
        self.stranded.setVisible(bool(count))
        self._show_methods()
        self.judged.emit(sum(line.verdict is Verdict.FAILING for line in found.lines))

    def _show_methods(self) -> None:
        chosen = self.table.selected()
        line = next((one for one in self.found.lines if chosen and one.key == chosen.key), None)
        now_ms = self._read_ms
        if line is None:
            self.methods_head.show_words("Contact methods")
            self.methods.show_lines((), now_ms)
            self.why.setText("")
        else:
            count = len(line.methods)
            self.methods_head.show_words(line.name, f"{count} contact method{'s'[: count != 1]}")
            self.methods.show_lines(line.methods, now_ms)
            self.why.setText(f"{str(line.verdict).capitalize()}: {channel_why(line, now_ms)}.")
        self.loops.show_channel(line)
        self._show_button()

    def _show_button(self) -> None:
        method = self.methods.selected()
        # One primary button in a pane: the form has its own.
        self.test.setVisible(method is not None and not self.loops.form.is_open())
        self.test.setEnabled(not self.away)
        self.reason.setText(AWAY if self.away else "")
        self.reason.setVisible(self.away)
        self.acted.emit()

    # -- what is done ------------------------------------------------------------------------

    def _go(self, step: int) -> None:
        lists = (self.methods, self.stranded)
        inside = next((one for one in lists if one.hasFocus()), self.table)
        inside.go(step)

    def _leave_loops(self) -> None:
        self._show_button()
        self.focus_first()

    def _enter(self) -> None:
        self.methods.setFocus(Qt.FocusReason.OtherFocusReason)

    def send_test(self) -> None:
        """Send a test page by the selected contact method."""
        method = self.methods.selected()
        if method is None or self.away:
            return
        contact_id, method_id = method.contact_id, method.method_id
        name, masked = method.contact_name, method.masked
        self.desk.command(
            f"send a test page to {name}",
            lambda client: client.send_test_page(contact_id, method_id),
            lambda _: self.desk.say("Test page queued", f"To {name}, {masked}."),
        )

    def _asked(self, key: str) -> None:
        if key == "people":
            self.people.emit()
        else:
            self.read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the methods the width the other page gives its detail; below where it is narrow."""
        narrow = self.width() < theme().px(ONE_PANE_BELOW)
        way = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.split.orientation() != way:
            self.split.setOrientation(way)
            self._sized = False
        if not self._sized and self.width() > theme().px(200):
            self._sized = True
            whole = self.height() if narrow else self.width()
            own = theme().px(560 if self.width() >= theme().px(1500) else 424)
            right = whole // 3 if narrow else own
            self.split.setSizes([whole - right - 1, right])
