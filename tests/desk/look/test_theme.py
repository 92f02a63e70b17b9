"""Themes: colours, zoom, type, and the swap of one for another."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPalette, QRawFont
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look import icons, marks
from crisisdesk.desk.look.qss import stylesheet
from crisisdesk.desk.look.theme import Look, Theme, parse_color, theme
from crisisdesk.desk.look.tokens import THEMES, ThemeName

pytestmark = pytest.mark.usefixtures("look")


def test_alpha_stands_last_in_the_tokens() -> None:
    assert parse_color("#05070AB8").getRgb() == (5, 7, 10, 0xB8)
    assert parse_color("#0C0F14").getRgb() == (12, 15, 20, 255)


@pytest.mark.parametrize("zoom", [79, 201, 0])
def test_a_zoom_out_of_range_is_refused(zoom: int) -> None:
    with pytest.raises(ValueError, match="80 to 200"):
        Theme("dark", zoom)


@pytest.mark.parametrize(("zoom", "row", "text"), [(80, 26, 10), (100, 32, 13), (200, 64, 26)])
def test_sizes_and_type_follow_the_zoom(zoom: int, row: int, text: int) -> None:
    look = Theme("dark", zoom)
    assert look.density().row == row
    assert look.font("body").pixelSize() == text
    assert look.px(1) == max(1, round(zoom / 100))
    assert look.px(0) == 0


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_inter_is_really_loaded_in_its_weights(weight: int) -> None:
    info = QFontInfo(theme().font("body", weight=weight))
    assert (info.family(), info.weight()) == ("Inter", weight)


def test_names_of_operators_need_no_other_font() -> None:
    for font in (theme().font("body"), theme().mono()):
        raw = QRawFont.fromFont(font)
        for letter in "Klára Langová Přecházíme ŘĚŠČŽ ąęłńśź őű ß ñ × – … “ ”":
            assert raw.supportsCharacter(ord(letter)), letter


def test_clock_digits_have_one_width() -> None:
    metrics = theme().metrics("clock", tabular=True)
    assert metrics.horizontalAdvance("11:11") == metrics.horizontalAdvance("00:00")
    plain = QFontMetricsF(theme().font("clock"))
    assert plain.horizontalAdvance("11:11") < plain.horizontalAdvance("00:00")


def test_ids_are_set_in_mono_without_ligatures() -> None:
    font = theme().mono()
    assert QFontInfo(font).family() == "JetBrains Mono"
    assert font.featureValue(QFont.Tag("calt")) == 0


@pytest.mark.parametrize("name", THEMES)
def test_palette_and_sheet_come_from_the_tokens(name: ThemeName) -> None:
    look = Theme(name)
    palette, roles = look.palette(), QPalette.ColorRole
    assert palette.color(roles.Window) == look.color.window
    assert palette.color(QPalette.ColorGroup.Inactive, roles.Highlight) == look.color.selected_idle
    sheet = stylesheet(look)
    assert look.color.field.name() in sheet
    assert "{" in sheet
    assert "{{" not in sheet


def test_a_swap_reaches_widgets_and_empties_the_caches(look: Look, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    before = marks.mark_pixmap("critical").toImage()
    icons.icon_pixmap("check", theme().color.primary)
    with qtbot.waitSignal(look.changed):
        look.switch(name="light", zoom=150)
    assert icons._pixmaps == {}
    assert widget.palette().color(QPalette.ColorRole.Window) == look.theme.color.window
    assert QApplication.font().pixelSize() == 20
    assert marks.mark_pixmap("critical").toImage() != before


def test_motion_stops_when_asked(look: Look) -> None:
    look.reduced_motion = False
    assert theme().motion("newBar") == 120
    look.reduced_motion = True
    assert theme().motion("newBar") == 0
