"""The images of a note that is being written: small, each with its caption and a way to drop it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.paint import draw_box
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.image_reference import CAPTION_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.incidents.draft import DraftImage
    from crisisdesk.domain.image_file import ImageFile

_WIDE, _HIGH, _SIZE_WIDE = 64, 44, 116


def size_words(file: ImageFile) -> str:
    """``1920 x 1080, 212 KiB``."""
    return f"{file.width} × {file.height}, {max(1, round(len(file.data) / 1024))} KiB"


class _Thumb(Painted):
    """The image, as large as fits."""

    def __init__(self, image: DraftImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = QImage.fromData(image.thumb)
        self._scaled = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Image, {size_words(image.file)}")
        self.retheme()

    def sizeHint(self) -> QSize:
        """Always the same, so that a row of them stands straight."""
        return QSize(theme().px(_WIDE), theme().px(_HIGH))

    def retheme(self) -> None:
        """Scale for the zoom in force."""
        ratio = self.devicePixelRatioF()
        room = self.sizeHint() * ratio
        scaled = self._whole.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(ratio)
        self._scaled = QPixmap.fromImage(scaled)
        super().retheme()

    def paint(self, painter: QPainter) -> None:
        """In the middle of a frame."""
        color = theme().color
        box = QRectF(self.rect())
        draw_box(painter, box, fill=color.raised, line=color.hair, radius=theme().px(3))
        size = self._scaled.deviceIndependentSize()
        x, y = (box.width() - size.width()) / 2, (box.height() - size.height()) / 2
        painter.drawPixmap(round(x), round(y), self._scaled)


class _Row(QWidget):
    """One image that is to be sent."""

    dropped = Signal()
    left = Signal()
    entered = Signal()

    def __init__(self, image: DraftImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._image = image
        self.caption = LineEditor("Caption of the image", "Caption: what is to be seen here")
        self.caption.setMaxLength(CAPTION_LIMIT)
        self.caption.setText(image.caption)
        self.remove = KeyButton("Remove", icon="x")
        self.remove.setAccessibleName("Remove this image from the note")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        row.addWidget(_Thumb(image))
        row.addWidget(self.caption, 1)
        size = Text(size_words(image.file), "micro", "tertiary", tabular=True)
        size.setMinimumWidth(px(_SIZE_WIDE))
        row.addWidget(size)
        row.addWidget(self.remove)
        self.caption.left.connect(self.left)
        self.caption.entered.connect(self.entered)
        self.remove.clicked.connect(self.dropped)

    def image(self) -> DraftImage:
        """It, with what stands in its caption."""
        return replace(self._image, caption=self.caption.text())


class ImageShelf(QWidget):
    """Hidden while there is none. ``changed`` says that one came or went, ``left`` and ``entered``
    that the keyboard asks to leave, or to send the note."""

    changed = Signal()
    left = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(6))
        self.hide()

    def rows(self) -> list[_Row]:
        """The rows from top to bottom."""
        return list(self._rows)

    def images(self) -> tuple[DraftImage, ...]:
        """What is to be sent."""
        return tuple(row.image() for row in self._rows)

    def show_images(self, images: Iterable[DraftImage]) -> None:
        """Stand as it was left."""
        while self._rows:
            self._take_off(self._rows[0])
        for image in images:
            self._put(image)
        self._settle()

    def add(self, image: DraftImage) -> None:
        """One more; the same again is there already."""
        if all(row.image().file != image.file for row in self._rows):
            self._put(image)
            self._settle()

    def _put(self, image: DraftImage) -> None:
        row = _Row(image, self)
        row.dropped.connect(lambda: self._drop(row))
        row.left.connect(self.left)
        row.entered.connect(self.entered)
        self._rows.append(row)
        self._column.addWidget(row)
        # A layout shows what it gets when it has time; Tab passes over what is not shown yet.
        row.show()

    def _drop(self, row: _Row) -> None:
        at = self._rows.index(row)
        self._take_off(row)
        if self._rows:
            self._rows[min(at, len(self._rows) - 1)].remove.setFocus()
        self._settle()

    def _take_off(self, row: _Row) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _settle(self) -> None:
        self.setVisible(bool(self._rows))
        self.changed.emit()
