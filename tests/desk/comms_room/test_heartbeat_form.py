"""The form of a heartbeat: what it takes, what it refuses, and the address it shows once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.heartbeat_form import HeartbeatForm, Wanted, seconds_of, wanted


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("5 min", 300),
        ("2h", 7_200),
        ("1D", 86_400),
        ("", None),
        ("5", None),
        ("-5m", None),
        ("5m2", None),
    ],
)
def test_spans(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


def test_what_is_wrong_is_said_with_the_remedy() -> None:
    assert wanted(" backup ", "5m", "1m") == Wanted("backup", 300, 60)
    for asked, why in (
        ((" ", "5m", "1m"), "name is empty"),
        (("x", "soon", "1m"), "“soon” is no span"),
        (("x", "5m", "?"), "“?” is no span"),
    ):
        told = wanted(*asked)
        assert isinstance(told, str)
        assert why in told


@pytest.mark.usefixtures("look")
def test_by_keys_from_the_name_to_the_address(qtbot: QtBot) -> None:
    form = HeartbeatForm()
    qtbot.addWidget(form)
    given: list[Wanted] = []
    left: list[bool] = []
    form.given.connect(given.append)
    form.left.connect(lambda: left.append(True))
    with qtbot.waitExposed(form):
        form.begin()
    QTest.keyClick(form.name, Qt.Key.Key_Return)
    assert (given, "name is empty" in form.words.text()) == ([], True)
    QTest.keyClicks(form.name, "backup")
    QTest.keyClick(form.name, Qt.Key.Key_Return)
    QTest.keyClick(form.name, Qt.Key.Key_Return)
    assert given == [Wanted("backup", 300, 60)]
    form.refuse("Not declared: it is there already.")
    QTest.keyClick(form.name, Qt.Key.Key_Return)
    assert len(given) == 2
    form.told("http://127.0.0.1:9611/crisis/heartbeats/s3cret/")
    assert form.address.selectedText() == form.address.text()
    assert "told only now" in form.words.text()
    QTest.keyClick(form.address, Qt.Key.Key_Escape)
    assert left
    form.dismiss()
    assert (form.address.text(), form.isVisible()) == ("", False)
