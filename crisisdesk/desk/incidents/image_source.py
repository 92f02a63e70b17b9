"""Images as they come from clipboard and disk, drawn anew small enough to be kept.

What is taken is judged by its first bytes before anything is decoded; what is kept is a new drawing
of it, so that nothing of the file goes along. Blocking: to be called off the Qt thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter

from crisisdesk.desk.incidents.draft import DraftImage
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import (
    IMAGE_BYTES,
    SOURCE_BYTES,
    ImageFile,
    bare_image,
    check_source,
)
from crisisdesk.domain.image_reference import CAPTION_LIMIT

# Longest side of what is kept: a screen's width.
SIDE = 1_920
THUMB_SIDE = 192
# A drawing this small stays PNG, which keeps letters sharp; a photograph never is.
_SHARP_BYTES = 256 * 1024
_QUALITIES = (85, 70)
_SMALLER, _TRIES = 0.75, 8
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
Given = bytes | QImage | Path


def image_of(given: Given) -> ImageFile:
    """The image to keep; raises Malformed (image) for what cannot be one."""
    if isinstance(given, QImage):
        return _kept(_fitted(given))
    data = _read(given) if isinstance(given, Path) else given
    return _kept(decoded(data, SIDE))


def draft_image(given: Given) -> DraftImage:
    """The same with a small drawing of it and the name of its file as caption."""
    file = image_of(given)
    small = _written(decoded(file.data, THUMB_SIDE), "PNG", -1)
    caption = given.stem[:CAPTION_LIMIT] if isinstance(given, Path) else ""
    return DraftImage(file=file, thumb=small, caption=caption)


def decoded(data: bytes, side: int) -> QImage:
    """The drawing, upright, at most ``side`` pixels wide and high; raises Malformed (image)."""
    header = check_source(data)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, header.kind.encode())
    reader.setDecideFormatFromContent(False)
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = QSize(header.width, header.height)
    if max(header.width, header.height) > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    drawn = reader.read()
    if drawn.isNull():
        words = f"cannot be read ({reader.errorString()})"
        raise Malformed("image", words, "open it in a program and save it anew")
    return drawn


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(SOURCE_BYTES + 1)
    except OSError as error:
        words = f"{path.name} cannot be read: {error.strerror or error}"
        raise Malformed("image", words, "choose another file") from error


def _fitted(drawn: QImage) -> QImage:
    if drawn.isNull():
        raise Malformed("image", "is empty", "copy it again")
    if max(drawn.width(), drawn.height()) <= SIDE:
        return drawn
    return _scaled(drawn, SIDE, SIDE)


def _scaled(drawn: QImage, width: int, height: int) -> QImage:
    ratio, way = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return drawn.scaled(max(1, width), max(1, height), ratio, way)


def _kept(drawn: QImage) -> ImageFile:
    """The first of its forms that is small enough."""
    for data in _forms(drawn):
        if len(data) <= IMAGE_BYTES:
            return bare_image(data)
    raise Malformed("image", "does not get small enough", "cut out the part that matters")


def _forms(drawn: QImage) -> Iterator[bytes]:
    sharp = _written(drawn, "PNG", -1)
    if len(sharp) <= _SHARP_BYTES:
        yield sharp
    for _ in range(_TRIES):
        plain = _on_white(drawn)
        for quality in _QUALITIES:
            yield _written(plain, "JPEG", quality)
        width, height = round(drawn.width() * _SMALLER), round(drawn.height() * _SMALLER)
        drawn = _scaled(drawn, width, height)


def _on_white(drawn: QImage) -> QImage:
    """JPEG knows no transparency; what shows through would turn black."""
    if not drawn.hasAlphaChannel():
        return drawn
    plain = QImage(drawn.size(), QImage.Format.Format_RGB32)
    plain.fill(Qt.GlobalColor.white)
    painter = QPainter(plain)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return plain


def _written(drawn: QImage, form: str, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(form.encode()))
    writer.setQuality(quality)
    if not writer.write(drawn):
        words = f"cannot be written as {form} ({writer.errorString()})"
        raise Malformed("image", words, "copy it again")
    return bytes(buffer.data().data())
