"""Contacts from a file, looked at before they are kept, and the contact sheet onto paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.card import Verdict, row
from crisisdesk.desk.sheet.paper import SheetError, paper_here, write_sheet
from crisisdesk.desk.sheet.printing import local_zone
from crisisdesk.domain.contact import CARD_WORDS
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.file_text import FILE_LIMIT, form_of, text_of
from crisisdesk.store.queries.sheet import read_sheet

if TYPE_CHECKING:
    from crisisdesk.desk.frame.text import Ink
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.store.queries import StationReader

SHOWN = 12
_INKS: dict[str, Ink] = {"added": "ok", "changed": "primary", "refused": "critical"}
_ORDER = ("refused", "added", "changed", "unchanged")
_FILES = "Contacts (*.csv *.tsv *.txt *.vcf *.vcard);;All files (*)"


class PeopleFiles(QWidget):
    """Two buttons, and below them what a file would change. ``taken`` comes when it was kept,
    ``printed`` carries how the printing of the sheet ended."""

    taken = Signal()
    printed = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._file: tuple[str, str] | None = None
        self._rows: list[QWidget] = []
        self.dialog: QFileDialog | None = None
        self.take = KeyButton("Take them in", kind="primary")
        self.leave = KeyButton("Leave it")
        self.verdict = Verdict()
        self.open, self.print = KeyButton("Import…"), KeyButton("Print sheet…")
        self.buttons = (self.open, self.print, self.take, self.leave)
        self.open.setAccessibleName("Import people from a file")
        self.print.setAccessibleName("Print the emergency contact sheet")
        self.open.clicked.connect(self.choose)
        self.print.clicked.connect(self.choose_paper)
        self.take.clicked.connect(self._take)
        self.leave.clicked.connect(self._leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(4))
        column.addWidget(self.verdict)
        self._list = QVBoxLayout()
        column.addLayout(self._list)
        column.addLayout(row(self.take, self.leave, 1))
        self.take.hide()
        self.leave.hide()

    # -- files in ----------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask which file."""
        dialog = QFileDialog(self, "Import people", "", _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._ask(dialog, self.look_at)

    def look_at(self, name: str) -> None:
        """Read a file and show what it would change."""
        self._show_rows({"rows": []})
        path = Path(name)
        try:
            if path.stat().st_size > FILE_LIMIT:
                self.verdict.say(
                    f"{path.name} is larger than {FILE_LIMIT} bytes; split it.", "stale"
                )
                return
            text, guessed = text_of(path.read_bytes())
        except OSError as error:
            self.verdict.say(f"{path.name} cannot be read: {error.strerror or error}.", "stale")
            return
        except Malformed as error:
            self.verdict.say(f"{path.name} {error.problem}; {error.remedy}.", "stale")
            return
        form = form_of(path.name, text)

        def looked(told: dict[str, Any]) -> None:
            self._file = None if told["refused"] else (form, text)
            self._say(path.name, told, guessed)
            self._show_rows(told)

        self._desk.command(
            f"looking into {path.name}",
            lambda client: client.import_contacts(form, text),
            looked,
            self._refused,
        )

    def _say(self, name: str, told: dict[str, Any], guessed: str) -> None:
        parts = [f"{told[word]} {word}" for word in _ORDER if told[word]]
        notes = [note for note in (guessed, *told["notes"]) if note]
        ending = "Nothing is kept until every row can be used." if told["refused"] else ""
        words = " ".join([f"{name}: {', '.join(parts)}.", *(f"{n}." for n in notes), ending])
        self.verdict.say(words.strip(), "stale" if told["refused"] else "secondary")

    def _show_rows(self, told: dict[str, Any]) -> None:
        """List the rows, those that cannot be used first, and offer what can be done."""
        for old in self._rows:
            old.hide()
            old.deleteLater()
        found = sorted(told["rows"], key=lambda one: _ORDER.index(one["outcome"]))
        self._rows = [self._line(one) for one in found[:SHOWN]]
        if len(found) > SHOWN:
            self._rows.append(Text(f"and {len(found) - SHOWN} more", "small", "tertiary"))
        for line in self._rows:
            self._list.addWidget(line)
        takes = bool(found) and not told["refused"]
        # The keyboard goes first: from a button that is hidden it would land in another card.
        place = self.take if takes else self.leave if found else self.open
        for button, shown in ((self.take, takes), (self.leave, bool(found))):
            if shown or not button.hasFocus():
                button.setVisible(shown)
            else:
                place.show()
                place.setFocus(Qt.FocusReason.OtherFocusReason)
                button.hide()
        if found:
            place.setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _line(one: dict[str, Any]) -> QWidget:
        error = one["error"]
        what = ", ".join(CARD_WORDS.get(name, name) for name in one["changes"])
        if error is not None:
            what = f"{error['field']}: {error['problem']}; {error['remedy']}"
        words = f"Row {one['row']}  {one['name']}  {one['outcome']}" + (f": {what}" if what else "")
        return Text(words, "small", _INKS.get(one["outcome"], "tertiary"), wrap=True)

    def _take(self) -> None:
        if self._file is None or not self.take.isEnabled():
            return
        form, text = self._file

        def done(told: dict[str, Any]) -> None:
            self.take.setEnabled(True)
            self._leave()
            self.verdict.say(f"{told['added']} added, {told['changed']} changed.")
            self.taken.emit()

        def refused(refusal: Refusal) -> None:
            self.take.setEnabled(True)
            self._refused(refusal)

        self.take.setEnabled(False)
        self._desk.command(
            "the people of the file",
            lambda client: client.import_contacts(form, text, apply=True),
            done,
            refused,
        )

    def _leave(self) -> None:
        self._file = None
        self.verdict.say("")
        self._show_rows({"rows": []})

    def _refused(self, refusal: Refusal) -> None:
        where = f"{refusal.field}: " if refusal.field else ""
        self.verdict.say(f"Nothing was kept: {where}{refusal.words}; {refusal.remedy}.", "stale")

    # -- the sheet ---------------------------------------------------------------------------

    def choose_paper(self) -> None:
        """Ask where the sheet goes."""
        dialog = QFileDialog(self, "Print the contact sheet", "contacts.pdf", "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        self._ask(dialog, self.print_to)

    def print_to(self, name: str) -> None:
        """Write the sheet as PDF, on the paper of this machine's country; off the Qt thread."""
        now_ms, path, paper = self._desk.now_ms(), Path(name), paper_here()

        def question(reader: StationReader) -> str:
            try:
                write_sheet(read_sheet(reader, now_ms, local_zone(now_ms)), path, paper)
            except SheetError as error:
                return str(error)
            return ""

        def answer(problem: str) -> None:
            words = f"Not printed: {problem}." if problem else f"The sheet is in {path}."
            self.verdict.say(words, "stale" if problem else "ok")
            self.printed.emit(words)

        self.verdict.say("Drawing the sheet.", "secondary")
        self._desk.ask(question, answer)

    def _ask(self, dialog: QFileDialog, chosen: Any) -> None:
        """Open a dialog of files beside the window; nothing waits for it."""
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None
