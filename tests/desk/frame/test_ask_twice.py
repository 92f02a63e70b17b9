"""What cannot be taken back is asked for twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.ask_twice import AskTwice

pytestmark = pytest.mark.usefixtures("look")


def test_only_the_second_press_in_a_row_is_meant(qtbot: QtBot) -> None:
    button = AskTwice("Remove", "Really remove", "Ann")
    qtbot.addWidget(button)
    meant: list[bool] = []
    button.meant.connect(lambda: meant.append(True))
    assert button.accessibleName() == "Remove Ann"
    button.click()
    assert (button.text(), button.accessibleName(), meant) == (
        *("Really remove", "Really remove Ann"),
        [],
    )
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusOut))
    assert (button.text(), button.asks) == ("Remove", False)
    button.click()
    button.click()
    assert (meant, button.text()) == ([True], "Remove")
