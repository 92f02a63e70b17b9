"""Words that are kept look as those that are not, and do not outlive their theme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from crisisdesk.desk.health import lettering
from crisisdesk.desk.health.lettering import card, letter
from crisisdesk.desk.look.paint import CENTER, LEFT, RIGHT
from crisisdesk.desk.look.theme import Look, theme


def written(text: str, align: object = LEFT, width: int = 100) -> QImage:
    image = QImage(120, 24, QImage.Format.Format_RGB32)
    image.fill(theme().color.panel)
    painter = QPainter(image)
    box = QRectF(10, 2, width, 20)
    letter(painter, box, text, theme().color.primary, align=align)  # type: ignore[arg-type]
    painter.end()
    return image


def inked(image: QImage) -> list[int]:
    ground = theme().color.panel.rgb()
    return sorted(
        {x for x in range(image.width()) for y in range(24) if image.pixel(x, y) != ground}
    )


def test_words_stand_where_they_should(look: Look) -> None:
    left, middle, right = (inked(written("limit", align)) for align in (LEFT, CENTER, RIGHT))
    assert 9 <= left[0] <= 12
    assert 107 <= right[-1] <= 110
    assert left[0] < middle[0] < right[0]
    assert written("limit") == written("limit")
    assert inked(written("")) == []


def test_what_is_too_long_ends_in_dots_within_its_box(look: Look) -> None:
    columns = inked(written("a rule with a long name", width=60))
    assert max(columns) <= 71
    assert inked(written("x", width=0)) == []


def test_another_theme_is_written_anew(look: Look) -> None:
    small = inked(written("limit"))
    look.switch(zoom=200)
    assert max(inked(written("limit"))) > max(small)


def test_what_is_kept_stays_small(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_WORDS_MOST", 5)
    monkeypatch.setattr(lettering, "_PICTURES_MOST", 2)
    image = QImage(50, 50, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for number in range(12):
        letter(painter, QRectF(0, 0, 40, 20), f"{number}", theme().color.primary)
        card(painter, 30 + number, 20)
        assert len(lettering._words) <= 5
        assert len(lettering._pictures) <= 2
    painter.end()
    assert image.pixelColor(20, 10) == theme().color.panel
