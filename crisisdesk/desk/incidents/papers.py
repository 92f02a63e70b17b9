"""An incident into a file and onto paper, as the page shows it: now, or at the moment looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from crisisdesk.desk.sheet.document import document_pdf
from crisisdesk.desk.sheet.paper import SheetError, paper_here, write_bytes
from crisisdesk.desk.sheet.printing import local_zone
from crisisdesk.domain.papers.document import Document, image_files, markdown, page
from crisisdesk.domain.papers.ics import FORMS, Period, ics_form
from crisisdesk.domain.papers.report import incident_data, incident_report
from crisisdesk.store.queries.record import find_images, read_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.sheet.paper import Paper
    from crisisdesk.domain.incident_record import Standing
    from crisisdesk.domain.papers.images import Found
    from crisisdesk.store.queries import StationReader

KINDS = (".pdf", ".md", ".html", ".json")
_FILTERS = "PDF (*.pdf);;Markdown (*.md);;Web page (*.html);;Data (*.json)"


class Papers:
    """Asks where to write, writes on the reader's thread and says how it ended."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self._desk, self._window = desk, window
        self.dialog: QFileDialog | None = None

    def choose_file(self, incident_id: str, at_ms: int | None) -> None:
        """Ask for a file and export the incident to it."""
        dialog = QFileDialog(self._window, "Export the incident", f"{incident_id}.pdf", _FILTERS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        self._open(dialog, lambda name: self.export(incident_id, at_ms, Path(name)))

    def choose_folder(self, incident_id: str, at_ms: int | None) -> None:
        """Ask for a folder and print the forms into it."""
        dialog = QFileDialog(self._window, "Print the ICS forms into a folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog, lambda name: self.print_forms(incident_id, at_ms, Path(name)))

    def export(self, incident_id: str, at_ms: int | None, path: Path) -> None:
        """Write the incident to a file in the form that its ending says."""
        now_ms, paper = self._desk.now_ms(), paper_here()
        if path.suffix.lower() not in KINDS:
            self._desk.say("Not exported", f"{path.name} ends in none of {', '.join(KINDS)}.")
            return

        def write(stood: Standing, found: Found) -> str:
            moment = now_ms if at_ms is None else at_ms
            if path.suffix.lower() == ".json":
                told = json.dumps(incident_data(stood, moment, found), ensure_ascii=False, indent=2)
                write_bytes(f"{told}\n".encode(), path)
                return str(path)
            report = incident_report(stood, moment, local_zone(now_ms), found)
            write_bytes(_drawn(report, path, paper), path)
            beside = image_files(report) if path.suffix.lower() == ".md" else {}
            return str(path) + (f", its images in {_beside(path, beside)}" if beside else "")

        self._ask(incident_id, at_ms, write)

    def print_forms(self, incident_id: str, at_ms: int | None, folder: Path) -> None:
        """Write ICS 201, 202 and 214 as PDFs, for the time from its declaration on."""
        now_ms, paper = self._desk.now_ms(), paper_here()

        def write(stood: Standing, _found: Found) -> str:
            until = now_ms if at_ms is None else at_ms
            period = Period(since=stood.incident.created_at, until=until)
            for number in FORMS:
                form = ics_form(number, stood, period, local_zone(now_ms))
                name = f"{incident_id}-ICS-{number}.pdf"
                write_bytes(document_pdf(form, paper), folder / name)
            return f"{folder} as {incident_id}-ICS-{', -'.join(FORMS)}"

        self._ask(incident_id, at_ms, write)

    def _ask(
        self, incident_id: str, at_ms: int | None, write: Callable[[Standing, Found], str]
    ) -> None:
        viewer = self._desk.operator()

        def question(reader: StationReader) -> tuple[str, str]:
            record = read_record(reader, incident_id, viewer)
            stood = None if record is None else record.at(at_ms)
            if stood is None:
                return "Not written", f"{incident_id} is not there at that moment."
            try:
                found = find_images(reader, stood, viewer)
                return "Written", f"It is in {write(stood, found)}."
            except SheetError as error:
                return "Not written", f"{error}."

        self._desk.ask(question, lambda told: self._desk.say(*told, icon="file-text"))

    def _open(self, dialog: QFileDialog, chosen: Callable[[str], None]) -> None:
        """Open a dialog of files beside the window; nothing waits for it."""
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None


def _drawn(document: Document, path: Path, paper: Paper) -> bytes:
    kind = path.suffix.lower()
    if kind == ".pdf":
        return document_pdf(document, paper)
    return (page(document) if kind == ".html" else markdown(document, _folder(path))).encode()


def _folder(path: Path) -> str:
    """The name of the folder for what a Markdown file cannot hold itself."""
    return f"{path.stem}-images"


def _beside(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into the folder beside a file; raises SheetError in words."""
    folder = path.with_name(_folder(path))
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise SheetError(f"{folder} cannot be made: {error.strerror or error}") from error
    for name, data in files.items():
        write_bytes(data, folder / name)
    return folder
