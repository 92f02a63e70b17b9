"""People from a file, looked at first; the contact sheet onto paper. Against a real engine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.settings_room.people_files import SHOWN, PeopleFiles
from crisisdesk.desk.settings_room.room import SettingsRoom
from crisisdesk.domain.file_text import FILE_LIMIT

from tests.desk.live import Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]

CSV = "Name,Phone,Zone\nAna Malá,+420 1,Europe/Prague\nBob,+420 2,\n"


def said(files: PeopleFiles) -> str:
    return "\n".join(t.text() for t in files.findChildren(Text) if t.isVisibleTo(files))


def stored(live: Live) -> list[str]:
    return [c.name for c in live.read(lambda reader: reader.contacts())]


def file(live: Live, data: bytes, name: str = "people.csv") -> str:
    path = live.places.data_dir / name
    path.write_bytes(data)
    return str(path)


def test_a_file_is_looked_at_and_then_taken_in(
    room: SettingsRoom, live: Live, qtbot: QtBot
) -> None:
    card, files = room.people, room.people.files
    files.look_at(file(live, CSV.encode("utf-16")))
    qtbot.waitUntil(files.take.isVisible)
    qtbot.waitUntil(lambda: "Row 2  Ana Malá  added: name, time zone, numbers" in said(files))
    assert "people.csv: 2 added." in said(files)
    assert stored(live) == []
    assert files.take.hasFocus()
    QTest.keyClick(files.take, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(card.contacts) == 2)
    assert said(files) == "2 added, 0 changed."
    assert not files.take.isVisible()
    assert files.open.hasFocus()


def test_a_row_that_cannot_be_used_is_shown_first_and_nothing_is_offered(
    room: SettingsRoom, live: Live, qtbot: QtBot
) -> None:
    files = room.people.files
    files.look_at(file(live, CSV.encode()))
    qtbot.waitUntil(files.take.isVisible)
    many = CSV + "Eve,,Mars\n" + "".join(f"P{n},1,\n" for n in range(SHOWN))
    files.look_at(file(live, many.encode()))
    qtbot.waitUntil(lambda: "and 3 more" in said(files))
    lines = said(files).splitlines()
    assert "1 refused, 14 added. Nothing is kept until every row can be used." in lines[0]
    assert "Row 4  Eve  refused: zone: 'Mars' is no time zone" in lines[1]
    assert lines[-1] == "and 3 more"
    assert not files.take.isVisible()
    assert files.leave.hasFocus()
    QTest.keyClick(files.leave, Qt.Key.Key_Space)
    assert (said(files), files.open.hasFocus()) == ("", True)
    assert stored(live) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04\0\0\0", "holds NUL bytes"),
        (b"x" * (FILE_LIMIT + 1), "split it"),
        (b"a,b\n1,2\n", "has no column for the name"),
    ],
    ids=["binary", "large", "no heads"],
)
def test_a_file_that_cannot_be_read_says_why(
    room: SettingsRoom, live: Live, qtbot: QtBot, data: bytes, words: str
) -> None:
    files = room.people.files
    files.look_at(file(live, data))
    qtbot.waitUntil(lambda: words in said(files))
    assert not files.take.isVisible()


def test_a_file_that_is_gone_is_told(room: SettingsRoom, live: Live) -> None:
    room.people.files.look_at(str(live.places.data_dir / "none.csv"))
    assert "none.csv cannot be read" in said(room.people.files)


def test_the_sheet_is_printed_and_what_prevents_it_told(
    room: SettingsRoom, live: Live, qtbot: QtBot, tmp_path: Path
) -> None:
    files = room.people.files
    live.client.save_contact({"name": "Ana Malá", "emergency": {"phones": ["+420 777 1"]}})
    out = tmp_path / "contacts.pdf"
    files.print_to(str(out))
    qtbot.waitUntil(lambda: "The sheet is in" in said(files), timeout=10_000)
    told = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, text=True, check=True)
    assert "+420 777 1" in told.stdout
    assert "BRNO-1" in told.stdout
    files.print_to(str(tmp_path / "none" / "contacts.pdf"))
    qtbot.waitUntil(lambda: "Not printed" in said(files), timeout=10_000)


def test_the_buttons_ask_for_a_file_without_holding_the_window(
    room: SettingsRoom, qtbot: QtBot
) -> None:
    files = room.people.files
    for button in (files.open, files.print):
        button.click()
        dialog = files.dialog
        assert dialog is not None
        qtbot.waitUntil(dialog.isVisible)
        dialog.reject()
        qtbot.waitUntil(lambda: files.dialog is None)
    actions = {action.key: action for action in room.actions()}
    for key in ("settings import", "settings sheet"):
        actions[key].run()
        assert files.dialog is not None
        files.dialog.reject()
        qtbot.waitUntil(lambda: files.dialog is None)
    QApplication.processEvents()
