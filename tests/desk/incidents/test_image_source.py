"""Whatever comes in goes out as a small bare drawing, or is refused before it is decoded."""

from __future__ import annotations

import base64
import random
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter

from crisisdesk.desk.incidents.image_source import SIDE, Given, decoded, image_of
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import IMAGE_BYTES, bare_image

from tests.domain.image_bytes import chunk, gif, png

pytestmark = pytest.mark.usefixtures("qapp")
RED = QColor(200, 10, 20)


def drawn(width: int, height: int, color: QColor = RED) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(color)
    return image


def noise(width: int, height: int) -> QImage:
    """What no format makes small."""
    data = random.Random(3).randbytes(width * height * 4)
    return QImage(data, width, height, QImage.Format.Format_RGB32).copy()


def file_of(image: QImage, form: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(form.encode())).write(image)
    return bytes(buffer.data().data())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_every_format_is_drawn_anew_and_scaled_down(form: str, tmp_path: Path) -> None:
    data = file_of(drawn(3_000, 1_000), form) + b"hidden behind it"
    path = tmp_path / "photo.bin"
    path.write_bytes(data)
    for given in (data, path):
        kept = image_of(given)
        assert (kept.width, kept.height) == (SIDE, SIDE // 3)
        assert bare_image(kept.data) == kept
        assert b"hidden" not in kept.data
        pixel = decoded(kept.data, SIDE).pixelColor(5, 5)
        assert abs(pixel.red() - RED.red()) < 8


def test_of_a_gif_its_first_image_is_taken() -> None:
    gif_file = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
    kept = image_of(gif_file)
    assert (kept.media, kept.width, kept.height) == ("image/png", 1, 1)


def test_the_clipboards_drawing_is_taken_and_what_shows_through_is_kept() -> None:
    clear = QImage(20, 10, QImage.Format.Format_ARGB32)
    clear.fill(QColor(0, 0, 0, 0))
    kept = image_of(clear)
    assert kept.media == "image/png"
    assert decoded(kept.data, 99).pixelColor(1, 1).alpha() == 0
    assert image_of(drawn(4_000, 8)).width == SIDE


def test_what_stays_large_becomes_smaller_until_it_fits() -> None:
    kept = image_of(noise(1_500, 1_500))
    assert kept.media == "image/jpeg"
    assert len(kept.data) <= IMAGE_BYTES
    assert 200 < kept.width < 1_500
    clear = noise(600, 600).convertToFormat(QImage.Format.Format_ARGB32)
    clear.setPixelColor(0, 0, QColor(0, 0, 0, 0))
    for x in range(24):
        for y in range(24):
            clear.setPixelColor(x, y, QColor(0, 0, 0, 0))
    white = decoded(image_of(clear).data, SIDE).pixelColor(4, 4)
    assert min(white.red(), white.green(), white.blue()) > 200


def test_a_photograph_is_turned_upright_and_loses_where_it_was_taken() -> None:
    tall = file_of(drawn(60, 20), "JPEG")
    # EXIF that says: turned by 90 degrees; and a place.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 50.07 N"
    turned = tall[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + tall[2:]
    kept = image_of(turned)
    assert (kept.width, kept.height) == (20, 60)
    assert b"GPS" not in kept.data


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='5' height='5'/>", "none of the formats"),
        (png(4, 3).replace(b"\0\0\0\x04\0\0\0\x03", b"\0\0\xea\x60\0\0\xea\x60"), "60000 x 60000"),
        (gif(10, 10), "cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\x05\0\0\0\x05\x08\0\0\0\0"), "cannot be"),
        (QImage(), "is empty"),
        (Path("/no/such/file.png"), "file.png cannot be read: No such file"),
    ],
)
def test_what_is_none_is_refused_in_words(given: Given, words: str) -> None:
    with pytest.raises(Malformed, match=words) as refused:
        image_of(given)
    assert refused.value.field == "image"
