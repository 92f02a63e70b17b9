"""The field of a note: text, and images that are pasted or dropped into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from crisisdesk.desk.incidents.editors import TextEditor
from crisisdesk.desk.incidents.image_source import SUFFIXES, Given

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

_FORMATS = ("image/png", "image/jpeg", "image/webp")


def given_images(mime: QMimeData) -> list[Given]:
    """The images that a paste or a drop carries; none where it is text.

    Files of this machine are taken, addresses of elsewhere never are: nothing is fetched. What is
    text and image at once, such as cells of a table, is text.
    """
    if mime.hasUrls():
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        alike = len(paths) == len(mime.urls())
        images = alike and all(path.suffix.lower() in SUFFIXES for path in paths)
        return list(paths) if images else []
    if mime.text().strip():
        return []
    for name in _FORMATS:
        if mime.hasFormat(name):
            return [bytes(mime.data(name).data())]
    if mime.hasImage():
        drawn = mime.imageData()
        return [drawn] if isinstance(drawn, QImage) else []
    return []


class NoteField(TextEditor):
    """``given`` carries a list of what `image_source.image_of` takes."""

    given = Signal(object)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text, and images."""
        return bool(given_images(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Hand images on; put text where the cursor is."""
        images = given_images(source)
        if images:
            self.given.emit(images)
        else:
            super().insertFromMimeData(source)
