"""Loop tests of the selected channel: how they stand, and the key that switches them on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.comms_room.loop_form import LoopForm
from crisisdesk.desk.comms_room.loop_words import (
    NO_LOOPS,
    Channel,
    LoopWanted,
    read_loops,
    standing_words,
)
from crisisdesk.desk.comms_room.one_delivery import AWAY
from crisisdesk.desk.comms_room.reading import Unread, guarded
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.comms_room.loop_words import Loops
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.channel_health import ChannelLine
    from crisisdesk.domain.loop_test import LoopLine

ON, OFF = "Loop tests…", "Loop tests off"


class LoopControl(QWidget):
    """``changed`` says that other actions are in force, or that what is shown is to be read anew;
    ``opened`` and ``left`` that the form was opened or closed."""

    changed = Signal()
    opened = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._desk, self._away = desk, desk.engine_away()
        self._line: ChannelLine | None = None
        self._found: Loops = NO_LOOPS
        self.words = Text("", "small", "secondary", wrap=True)
        self.button = KeyButton(ON, "L")
        self.button.clicked.connect(self.turn)
        self.form = LoopForm()
        self.form.given.connect(self._set)
        self.form.left.connect(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        for part in (self.words, self.button, self.form):
            column.addWidget(part)
        self._show()

    # -- what is known -----------------------------------------------------------------------

    def read(self) -> None:
        """Ask the store; one that cannot be read is told by the page around it."""
        self._desk.ask(guarded(read_loops(self._desk.now_ms())), self._take)

    def _take(self, found: Loops | Unread) -> None:
        if not isinstance(found, Unread):
            self._found = found
            self._show()

    def show_channel(self, line: ChannelLine | None) -> None:
        """Be about this channel; a form that is open for another one is closed."""
        if self._key() != _key_of(line) and self.form.is_open():
            self._leave()
        self._line = line
        self._show()

    def engine_changed(self, away: bool) -> None:
        """Nothing can be switched while the engine is away."""
        self._away = away
        self.form.set_away(away)
        self._show()

    def _key(self) -> Channel | None:
        return _key_of(self._line)

    def _test(self) -> LoopLine | None:
        key = self._key()
        return self._found.lines.get(key) if key is not None else None

    def _show(self) -> None:
        test, now_ms = self._test(), self._desk.now_ms()
        self.setVisible(self._line is not None)
        self.words.setText(standing_words(test, now_ms))
        self.button.setText(OFF if test is not None else ON)
        self.button.setEnabled(not self._away)
        self.button.setVisible(not self.form.is_open())

    # -- what is done ------------------------------------------------------------------------

    def actions(self) -> list[Action]:  # type: ignore[override]
        """The switch."""
        if self._line is None:
            return []
        word = "Switch loop tests off" if self._test() is not None else "Switch loop tests on"
        return [
            Action(
                key="channels loop",
                title=f"{word}: {self._line.name}",
                detail=AWAY if self._away else "",
                keys="L",
                icon="refresh-cw",
                group="Comms",
                run=self.turn,
                enabled=not self._away,
            )
        ]

    def turn(self) -> None:
        """Switch them off; or open the form that switches them on."""
        line, test, key = self._line, self._test(), self._key()
        if self._away or line is None or key is None:
            return
        if test is None:
            self.form.begin(line.name, line.channel, self._found.ways.get(key, ()))
            self._show()
            self.opened.emit()
            return
        target, name = test.target, line.name
        again = LoopWanted(target.contact_id, target.method_id, target.every_ms // 1_000)

        def done(_: object) -> None:
            self._desk.offer_undo(f"{name} is tried no more.", lambda: self._set(again))
            self._read_anew()

        self._desk.command(
            f"switch the loop tests of {name} off",
            lambda client: client.end_loop_test(target.method_id),
            done,
        )

    def _set(self, asked: LoopWanted) -> None:
        def done(_: object) -> None:
            if self.form.is_open():
                self._leave()
            self._read_anew()

        def refused(refusal: Refusal) -> None:
            remedy = f"; {refusal.remedy}" if refusal.remedy else ""
            words = f"Not switched on: {refusal.words}{remedy}."
            if self.form.is_open():
                self.form.refuse(words)
            else:
                self._desk.say("Loop tests are off", words, "high")

        self._desk.command(
            "switch loop tests on",
            lambda client: client.set_loop_test(
                asked.contact_id, asked.method_id, every_s=asked.every_s
            ),
            done,
            refused,
        )

    def _read_anew(self) -> None:
        self.read()
        self.changed.emit()

    def _leave(self) -> None:
        self.form.dismiss()
        self._show()
        self.left.emit()


def _key_of(line: ChannelLine | None) -> Channel | None:
    return None if line is None else (line.channel, line.provider)
