"""The shelf says how large each image is, and stays usable by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.draft import DraftImage
from crisisdesk.desk.incidents.image_shelf import ImageShelf, size_words
from crisisdesk.domain.image_file import ImageFile, bare_image

from tests.domain.image_bytes import png

pytestmark = pytest.mark.usefixtures("look")


def test_sizes_are_told() -> None:
    file = ImageFile(media="image/png", width=1_920, height=1_080, data=bytes(217_000))
    assert size_words(file) == "1920 × 1080, 212 KiB"
    assert size_words(bare_image(png())) == "4 × 3, 1 KiB"


def test_the_keyboard_goes_to_the_next_when_one_is_removed(qtbot: QtBot) -> None:
    shelf = ImageShelf()
    qtbot.addWidget(shelf)
    files = [bare_image(png(4, 3, shade)) for shade in range(3)]
    shelf.show_images(
        [DraftImage(file=f, thumb=f.data, caption=str(n)) for n, f in enumerate(files)]
    )
    shelf.show()
    rows = shelf.rows()
    left: list[str] = []
    shelf.left.connect(lambda: left.append("left"))
    qtbot.keyClick(rows[1].caption, Qt.Key.Key_Escape)
    assert left == ["left"]
    qtbot.keyClick(rows[1].remove, Qt.Key.Key_Space)
    assert [image.caption for image in shelf.images()] == ["0", "2"]
    assert shelf.focusWidget() is rows[2].remove
    qtbot.keyClick(rows[2].remove, Qt.Key.Key_Space)
    qtbot.keyClick(rows[0].remove, Qt.Key.Key_Space)
    assert shelf.isHidden()
