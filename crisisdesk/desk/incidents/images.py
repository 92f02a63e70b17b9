"""Images of the incident in view: into the composer, into the timeline, and large over the window.

Reading, drawing and scaling happen on the reader's thread; the window only paints.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from crisisdesk.desk.incidents.image_cache import ImageCache
from crisisdesk.desk.incidents.image_source import SUFFIXES, Given, decoded, draft_image
from crisisdesk.desk.incidents.image_tiles import GONE, NOT_HERE
from crisisdesk.desk.incidents.image_viewer import ImageViewer
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import IMAGE_SIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.incidents.draft import DraftImage
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.timeline import TimelineEntry
    from crisisdesk.store.queries import StationReader

_FILTER = f"Images ({' '.join('*' + suffix for suffix in SUFFIXES)})"


class Images:
    """Answers what composer and timeline ask for."""

    def __init__(self, desk: Desk, page: IncidentPage, window: QWidget) -> None:
        self._desk, self._page, self._window = desk, page, window
        self.dialog: QFileDialog | None = None
        self.viewer: ImageViewer | None = None
        self._shown: tuple[TimelineEntry, int] | None = None
        view = page.timeline.view
        self.cache = ImageCache(desk.ask, view)
        view.delegate.images.cache = self.cache
        self.cache.arrived.connect(view.viewport().update)
        view.image_wanted.connect(self.open)
        page.timeline.composer.given.connect(self.take)
        page.timeline.composer.asked.connect(self.choose)

    # -- into the composer ----------------------------------------------------------------

    def choose(self) -> None:
        """Ask for image files; nothing waits for it."""
        dialog = QFileDialog(self._window, "Add images to the note", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.finished.connect(self._forget)
        dialog.open()

    def take(self, given: Sequence[Given]) -> None:
        """Make what was pasted, dropped or chosen ready, and put it below the note."""
        incident_id = self._incident_id()

        def question(_reader: StationReader) -> list[DraftImage | str]:
            return [_made_of(one) for one in given]

        def answer(made: list[DraftImage | str]) -> None:
            if self._incident_id() != incident_id:
                words = f"it was for a note of {incident_id}, which is not in view any more"
                self._desk.say("Image not added", words, icon="image")
                return
            for one in made:
                self._put(one)
            self._page.timeline.composer.ready()

        self._page.timeline.composer.expect()
        self._desk.ask(question, answer)

    def _put(self, one: DraftImage | str) -> None:
        composer = self._page.timeline.composer
        if isinstance(one, str):
            composer.refuse(one)
        else:
            composer.write()
            composer.add_image(one)

    def _incident_id(self) -> str:
        dossier = self._page.dossier
        return dossier.incident.incident_id if dossier is not None else ""

    def _forget(self) -> None:
        self.dialog = None

    # -- large ----------------------------------------------------------------------------

    def open(self, entry: TimelineEntry, at: int) -> None:
        """Show one image of an entry over the window."""
        if self.viewer is None:
            self.viewer = ImageViewer(self._window.window())
            self.viewer.turned.connect(self._turn)
        self._shown = (entry, at)
        shown, known = entry.images[at], self._page.timeline.view.delegate.images.known
        one = known.get(shown.image_id)
        many = f"{at + 1} of {len(entry.images)}, " if len(entry.images) > 1 else ""
        about = f"{many}{entry.author}" + ("" if one is None else f", {one.width} × {one.height}")
        self.viewer.wait_for(shown.caption, about)
        if one is None:
            self.viewer.show_image(None, NOT_HERE)
            return

        def answer(drawn: QImage | None) -> None:
            if self.viewer is not None and self._shown == (entry, at):
                self.viewer.show_image(drawn, "" if drawn is not None else GONE)

        self._desk.ask(lambda reader: _whole(reader, shown.image_id), answer)

    def _turn(self, by: int) -> None:
        if self._shown is not None:
            entry, at = self._shown
            if 0 <= at + by < len(entry.images):
                self.open(entry, at + by)


def _made_of(given: Given) -> DraftImage | str:
    try:
        return draft_image(given)
    except Malformed as error:
        return f"Not added: {error.field} {error.problem}; {error.remedy}."


def _whole(reader: StationReader, image_id: str) -> QImage | None:
    data = reader.image_data(image_id)
    try:
        return None if data is None else decoded(data, IMAGE_SIDE)
    except Malformed:
        # It has the form of an image and is none.
        return None
