"""An image large over the window, by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QShortcut
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.image_viewer import ImageViewer

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    made.activateWindow()
    return made


@pytest.fixture
def viewer(window: QWidget) -> ImageViewer:
    made = ImageViewer(window)
    made.wait_for("The rack", "Klára, 2000 × 1000")
    return made


def large() -> QImage:
    image = QImage(2_000, 1_000, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 10, 20))
    return image


def test_it_is_fitted_then_pixel_by_pixel_then_closed(
    viewer: ImageViewer, window: QWidget, qtbot: QtBot
) -> None:
    viewer.show_image(large())
    assert viewer.isVisible()
    assert viewer.accessibleName() == "Image: The rack"
    assert viewer.foot() == "fitted; Space: 100 %; arrows: other images; Esc closes"
    assert viewer._size().width() <= 800
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    assert (viewer.is_whole, viewer._size().width()) == (False, 2_000)
    left = viewer._box().left()
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer._box().left() < left
    for _ in range(40):
        qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer._box().right() == pytest.approx(viewer._room().right(), abs=1)
    shown = window.grab().toImage().pixelColor(400, 280)
    assert (shown.red(), shown.green()) == (200, 10)
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert viewer.isHidden()


def test_plain_keys_do_not_reach_the_room_below(
    viewer: ImageViewer, window: QWidget, qtbot: QtBot
) -> None:
    pressed: list[str] = []
    for keys in ("N", "F8"):
        QShortcut(keys, window).activated.connect(lambda keys=keys: pressed.append(keys))
    turned: list[int] = []
    viewer.turned.connect(turned.append)
    for key in (Qt.Key.Key_N, Qt.Key.Key_F8, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(viewer, key)
    assert pressed == ["F8"]
    assert turned == [-1, 1]


def test_what_cannot_be_shown_says_why_and_a_press_beside_closes(
    viewer: ImageViewer, qtbot: QtBot
) -> None:
    viewer.show_image(None, "Not on this station yet")
    assert viewer.accessibleDescription() == "Not on this station yet"
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    qtbot.mouseClick(viewer, Qt.MouseButton.LeftButton, pos=viewer._box().center().toPoint())
    assert viewer.isVisible()
    qtbot.mouseClick(viewer, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert viewer.isHidden()
