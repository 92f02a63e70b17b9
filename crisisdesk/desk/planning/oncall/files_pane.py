"""Calendar files out and in: written in one go, read in only after a look at what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.calendar_files import (
    AHEAD_DAYS,
    FILE_LIMIT,
    Wanted,
    calendar_of,
    wanted_of,
)
from crisisdesk.desk.planning.oncall.words import short_range
from crisisdesk.desk.settings_room.card import Verdict, row
from crisisdesk.domain.amounts import count_words
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.planning.oncall.orders import Orders
    from crisisdesk.desk.planning.oncall.reading import Published
    from crisisdesk.desk.room import Desk
    from crisisdesk.store.queries import StationReader

SHOWN = 8
_FILES = "Calendars (*.ics *.ical);;All files (*)"


class FilesPane(Painted):
    """Two buttons, how the last file ended, and what a file would publish before it does.

    ``grew`` says that there is something to read in it.
    """

    grew = Signal()

    def __init__(self, desk: Desk, orders: Orders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._desk, self._orders = desk, orders
        self._published: Published | None = None
        self._schedule = ""
        self.wanted: list[Wanted] = []
        self.dialog: QFileDialog | None = None
        self._rows: list[QWidget] = []
        self._away = False
        self.setAccessibleName("Calendar files")
        self.out, self.into = KeyButton("Export…", "X"), KeyButton("Import…", "I")
        self.out.setAccessibleName("Export the shifts as a calendar file")
        self.into.setAccessibleName("Import overrides from a calendar file")
        self.take = KeyButton("Publish them", kind="primary")
        self.leave = KeyButton("Leave it")
        self.verdict = Verdict()
        self.out.clicked.connect(self.choose_out)
        self.into.clicked.connect(self.choose_in)
        self.take.clicked.connect(self._take)
        self.leave.clicked.connect(self._leave)
        self.take.hide()
        self.leave.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(10), px(16), px(10))
        column.setSpacing(px(4))
        column.addWidget(Text("Calendar file", "small", "secondary", weight=600))
        column.addLayout(row(self.out, self.into, 1))
        column.addWidget(self.verdict)
        self._list = QVBoxLayout()
        self._list.setSpacing(px(2))
        column.addLayout(self._list)
        column.addLayout(row(self.take, self.leave, 1))

    def show_schedule(self, schedule: str, published: Published | None) -> None:
        """Speak of this schedule from now on; what was looked at for another is left."""
        if schedule != self._schedule:
            self._leave()
        self._schedule, self._published = schedule, published

    def set_away(self, away: bool) -> None:
        """Nothing is published while the engine is away; files can still be written."""
        self._away = away
        self.take.setEnabled(not away)
        self.into.setEnabled(not away)

    # -- out ---------------------------------------------------------------------------------

    def choose_out(self) -> None:
        """Ask where the file goes."""
        if not self._schedule:
            return
        plain = "".join(c if c.isalnum() else "-" for c in self._schedule)
        dialog = QFileDialog(self, "Export shifts", f"{plain}.ics", "Calendars (*.ics)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("ics")
        self._ask(dialog, self.write_to)

    def write_to(self, name: str) -> None:
        """Write the schedule's shifts of the next 90 days; off the Qt thread."""
        published, schedule, now_ms = self._published, self._schedule, self._desk.now_ms()
        if published is None or schedule not in published.rota.schedules:
            return
        path = Path(name)

        def question(_: StationReader) -> str:
            try:
                path.write_bytes(calendar_of(published, schedule, now_ms))
            except OSError as error:
                return f"Not exported: {path} cannot be written, {error.strerror or error}."
            return ""

        def answer(problem: str) -> None:
            words = problem or f"The next {AHEAD_DAYS} days of {schedule} are in {path}."
            self._tell(words, problem=bool(problem))

        self._desk.ask(question, answer)

    # -- in ----------------------------------------------------------------------------------

    def choose_in(self) -> None:
        """Ask which file."""
        if not self._schedule or self._away:
            return
        dialog = QFileDialog(self, "Import overrides", "", _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._ask(dialog, self.look_at)

    def look_at(self, name: str) -> None:
        """Read a file off the Qt thread and show what it would publish."""
        published, schedule, now_ms = self._published, self._schedule, self._desk.now_ms()
        if published is None or schedule not in published.rota.schedules:
            return
        path, given_at = Path(name), self._orders.stamp()

        def question(_: StationReader) -> tuple[list[Wanted], str]:
            try:
                if path.stat().st_size > FILE_LIMIT:
                    return [], f"{path.name} is larger than 2 MB; export a shorter time."
                data = path.read_bytes()
                return wanted_of(data, published, schedule, now_ms, given_at), ""
            except OSError as error:
                return [], f"{path.name} cannot be read: {error.strerror or error}."
            except Malformed as error:
                return [], f"{path.name}: {error.field} {error.problem}; {error.remedy}."

        def answer(found: tuple[list[Wanted], str]) -> None:
            if schedule == self._schedule:
                self._show(path.name, *found)

        self._desk.ask(question, answer)

    def _show(self, name: str, wanted: list[Wanted], problem: str) -> None:
        self._clear()
        self.wanted = wanted
        if problem:
            self._tell(f"Nothing is published. {problem}", problem=True)
            return
        if not wanted:
            self._tell(f"{name} says nothing of the next {AHEAD_DAYS} days.", problem=True)
            return
        count = count_words(len(wanted))
        plural = "override" if len(wanted) == 1 else "overrides"
        self.verdict.say(f"{name} would publish {count} {plural} of {self._schedule}:", "secondary")
        zone = ZoneInfo(self._published.rota.schedules[self._schedule].zone)  # type: ignore[union-attr]
        for one in wanted[:SHOWN]:
            when = short_range(one.entry.start_ms, one.entry.end_ms, zone)
            self._rows.append(Text(f"{one.entry.who}, {when}", "small", "primary", wrap=True))
        if len(wanted) > SHOWN:
            more = f"and {count_words(len(wanted) - SHOWN)} more"
            self._rows.append(Text(more, "small", "tertiary"))
        for line in self._rows:
            self._list.addWidget(line)
        self.take.setEnabled(not self._away)
        self.take.show()
        self.leave.show()
        self.take.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grew.emit()

    def _take(self) -> None:
        if not self.wanted or not self.take.isEnabled():
            return

        def done(count: int) -> None:
            self._leave()
            plural = "override is" if count == 1 else "overrides are"
            self._tell(f"{count_words(count)} {plural} published.")

        def refused(field: str, words: str) -> None:
            self.take.setEnabled(not self._away)
            where = f"{field} " if field else ""
            self._tell(f"Not all is published: {where}{words}", problem=True)

        self.take.setEnabled(False)
        self._orders.take_in([one.order for one in self.wanted], done, refused)

    def _leave(self) -> None:
        had_focus = self.take.hasFocus() or self.leave.hasFocus()
        self.wanted = []
        self._clear()
        self.verdict.say("")
        if had_focus:
            self.into.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        for line in self._rows:
            line.hide()
            line.deleteLater()
        self._rows = []
        self.take.hide()
        self.leave.hide()

    def _tell(self, words: str, *, problem: bool = False) -> None:
        self.verdict.say(words, "stale" if problem else "ok")
        self.grew.emit()

    def _ask(self, dialog: QFileDialog, chosen: Any) -> None:
        """Open a dialog of files beside the window; nothing waits for it."""
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def paint(self, painter: QPainter) -> None:
        """Ground and a line above."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, 0, self.width(), 1, color.hair)
