"""The section *Context* on the screen: shown when known, hidden when not, spoken in words."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.context_section import ContextSection, MeasuredSection
from crisisdesk.desk.alerts.detail import DetailPane
from crisisdesk.domain.context.gathered import Context
from crisisdesk.domain.context.measured import Measured

from tests.desk.alerts.rows import NOW, alert_row

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]

KNOWN = Context(
    alert_id="A-1",
    services=("db",),
    is_known=True,
    owner="Kim",
    measured=(Measured("load", ((0, 1.0), (1, 4.0), (2, 2.0))),),
)


def test_it_appears_with_what_is_known_and_goes_with_another_alert(qtbot: QtBot) -> None:
    pane = DetailPane()
    qtbot.addWidget(pane)
    pane.show_row(alert_row("A-1"), NOW)
    assert pane.context.isHidden()
    pane.context.show_context(KNOWN, NOW)
    pane.measured.show_context(KNOWN)
    assert not pane.context.isHidden()
    assert not pane.measured.isHidden()
    pane.show_row(alert_row("A-2"), NOW)
    assert pane.context.isHidden()
    assert pane.measured.isHidden()


def test_a_screen_reader_hears_all_of_it(qtbot: QtBot) -> None:
    facts, curves = ContextSection(), MeasuredSection()
    for section in (facts, curves):
        qtbot.addWidget(section)
    facts.show_context(KNOWN, NOW)
    curves.show_context(KNOWN)
    assert "Owner: Kim, db" in facts.accessibleName()
    assert "load: 2, 1 to 4" in curves.accessibleName()


def test_the_curve_leaves_ink_that_a_flat_section_has_not(qtbot: QtBot) -> None:
    section = MeasuredSection()
    qtbot.addWidget(section)
    section.resize(420, 100)
    section.show_context(KNOWN)

    def picture() -> QImage:
        image = QImage(section.size(), QImage.Format.Format_RGB32)
        section.render(image)
        return image

    drawn = picture()
    flat = Context(alert_id="A-1", measured=(Measured("load", ((0, 1.0), (1, 2.0), (2, 2.0))),))
    section.show_context(flat)
    assert picture() != drawn
