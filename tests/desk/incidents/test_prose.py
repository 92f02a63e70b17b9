"""Text wraps, follows the zoom and keeps its styles."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from crisisdesk.desk.incidents.prose import lay_segments, lay_text
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.told import Segment, plain, strong

pytestmark = pytest.mark.usefixtures("look")


def test_long_text_wraps_and_breaks_stay():
    one = lay_text("short", "body", 400)
    assert (one.height, one.last_top) == (18, 0)
    assert lay_text("word " * 40, "body", 200).height > 3 * 18
    assert lay_text("one\ntwo\nthree", "body", 400).height == 3 * 18
    assert lay_text("x" * 400, "body", 100).height > 18


def test_text_follows_the_zoom(look: Look):
    before = lay_text("word " * 30, "body", 300).height
    look.switch(zoom=200)
    assert lay_text("word " * 30, "body", 300).height > 2 * before


def test_styles_change_weight_face_and_colour():
    line = [strong("Cause"), plain(" at "), Segment(text="A-1", style="mono"),
            Segment(text=" late", style="worse")]  # fmt: skip
    prose = lay_segments(line, 400)
    assert prose.last_width > lay_segments([plain("Cause at A-1 late")], 400).last_width
    image = QImage(400, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    prose.draw(painter, 0, 0, QColor("white"))
    painter.end()
    pixels = [image.pixelColor(x, y) for x in range(400) for y in range(18)]
    assert any(p.red() > 200 and p.blue() < 80 for p in pixels), "late is in the colour of high"
    assert any(min(p.red(), p.green(), p.blue()) > 230 for p in pixels)
