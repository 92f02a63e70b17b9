"""Every state is painted with its own mark; what is wrong is not said by colour alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPixmap

from crisisdesk.desk.comms_room.delegate import ICONS, BoardDelegate, channel_icon
from crisisdesk.desk.comms_room.model import BoardModel
from crisisdesk.desk.look.icons import icon_pixmap
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.look.tokens import THEMES
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.delivery_words import FACES

from tests.desk.comms_room.conftest import OF_EVERY_STATE
from tests.domain.deliveries import NOW, a_delivery

pytestmark = pytest.mark.usefixtures("look")


def painted(one: Delivery, width: int = 804, *, selected: bool = False) -> bytes:
    model = BoardModel()
    model.now_ms = NOW
    delegate = BoardDelegate(model)
    delegate.focused = selected
    pixmap = QPixmap(width, 32)
    pixmap.fill(theme().color.panel)
    painter = QPainter(pixmap)
    delegate.paint_row(painter, QRect(0, 0, width, 32), one, selected, 0)
    painter.end()
    image = pixmap.toImage().convertToFormat(pixmap.toImage().Format.Format_Grayscale8)
    return bytes(image.constBits())


@pytest.mark.parametrize("name", THEMES)
def test_every_state_looks_different_without_colour(look: Look, name: str) -> None:
    look.switch(name=name)  # type: ignore[arg-type]
    pictures = [painted(a_delivery(1, **{**one, "queued_at": NOW})) for one in OF_EVERY_STATE]
    assert len(set(pictures)) == len(OF_EVERY_STATE)


def test_selection_and_width_show() -> None:
    assert painted(a_delivery()) != painted(a_delivery(), selected=True)
    wide = painted(a_delivery(attempt=3), 1330)
    assert wide != painted(a_delivery(attempt=4), 1330)


def test_every_mark_and_channel_has_an_icon() -> None:
    for name in (*ICONS.values(), *(face.mark for face in FACES.values()), channel_icon("new")):
        assert not icon_pixmap(name, theme().color.primary, 14).isNull()
