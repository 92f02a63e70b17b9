"""The lines of the Channels page: words beside every colour, numbers in full, aloud as well."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from crisisdesk.desk.comms_room.channel_lines import (
    FACES,
    ChannelDelegate,
    MethodDelegate,
    StrandedDelegate,
    numbers_of,
    spoken_channel,
    spoken_method,
    spoken_stranded,
)
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.channel_health import (
    ChannelLine,
    MethodLine,
    Stranded,
    Use,
    Verdict,
)

from tests.domain.deliveries import NOW

pytestmark = pytest.mark.usefixtures("look")
USE = Use(last_success=NOW, waiting=2, sent_hour=7, failed_hour=2, waits_ms=(1_400,))


def channel(verdict: Verdict = Verdict.WORKS) -> ChannelLine:
    return ChannelLine(
        channel="webhook", provider="a.example", contacts=3, only=1, use=USE, verdict=verdict
    )


def method(**given: Any) -> MethodLine:
    filled: dict[str, Any] = {
        "contact_id": "C-1",
        "contact_name": "Ann",
        "method_id": "M-1",
        "label": "pager",
        "masked": "webhook://a.example/…",
        "on": True,
        "use": USE,
        "verdict": Verdict.WORKS,
    }
    return MethodLine(**(filled | given))


def painted(delegate: Any, line: Any) -> bytes:
    delegate.now_ms = NOW
    pixmap = QPixmap(804, 50)
    pixmap.fill(theme().color.panel)
    painter = QPainter(pixmap)
    delegate.paint_line(painter, QRectF(0, 0, 804, 50), line)
    painter.end()
    image = pixmap.toImage()
    return bytes(image.convertToFormat(image.Format.Format_Grayscale8).constBits())


def test_each_verdict_is_told_without_colour() -> None:
    assert len({icon for icon, _ in FACES.values()}) == len(Verdict)
    pictures = {painted(ChannelDelegate(), channel(verdict)) for verdict in Verdict}
    assert len(pictures) == len(Verdict)


def test_a_method_that_is_off_or_cannot_be_tested_looks_so() -> None:
    delegate, away = MethodDelegate(), MethodDelegate()
    away.away = True
    pictures = {
        painted(delegate, method()),
        painted(delegate, method(on=False)),
        painted(away, method()),
    }
    assert len(pictures) == 3
    rect = QRectF(0, 0, 400, 50)
    place = delegate.button_box(rect).center()
    assert delegate.is_pressed(rect, method(), place.x(), place.y())
    assert not away.is_pressed(rect, method(), place.x(), place.y())
    assert not delegate.is_pressed(rect, method(), 20, 25)


def test_a_stranded_contact_shows_numbers_or_that_there_are_none() -> None:
    with_numbers = Stranded(
        contact_id="C", name="Ann", role="DBA", why="x: failing", phones=("+1", "+2"), mails=("m",)
    )
    without = Stranded(contact_id="C", name="Ann", role="", why="no contact method in use")
    assert numbers_of(with_numbers) == "+1  +2  m"
    assert numbers_of(without) == "no emergency number written down"
    delegate = StrandedDelegate()
    assert painted(delegate, with_numbers) != painted(delegate, without)
    assert spoken_stranded(with_numbers) == "Ann, DBA, x: failing, +1  +2  m"


def test_lines_are_read_aloud_in_full() -> None:
    assert spoken_channel(channel()) == (
        "webhook, a.example, works, 3 contacts rely on it, 1 have no other channel, 2 waiting, "
        "2 of 9, 22 % failed in the last hour, median wait 1.4 s"
    )
    assert spoken_method(method(on=False)) == "Ann, pager, switched off, works"
    assert spoken_method(method(label="")) == "Ann, webhook://a.example/…, works"
