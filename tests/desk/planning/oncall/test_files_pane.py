"""Calendar files through the page: written off the window, read in only after a look."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.domain.oncall.reading import read_override
from crisisdesk.domain.policy_version import current

from tests.desk.live import Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def overrides(live: Live) -> list[dict[str, object]]:
    found = current(live.read(lambda reader: reader.policies()))
    return [v.content for v in found if v.content["kind"] == "override"]


def words_of(page: OnCallPage) -> list[str]:
    texts = page.files.findChildren(Text)
    return [text.text() for text in texts if text.isVisible()]


def test_shifts_go_out_and_come_back_as_overrides_after_a_look(
    page: OnCallPage, live: Live, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "shifts.ics"
    page.files.write_to(str(path))
    qtbot.waitUntil(lambda: f"are in {path}." in page.files.verdict.text())
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR")
    page.files.look_at(str(path))
    qtbot.waitUntil(lambda: bool(page.files.wanted))
    count = len(page.files.wanted)
    assert f"would publish {count} overrides of Database:" in page.files.verdict.text()
    qtbot.waitUntil(lambda: f"and {count - 8} more" in words_of(page))
    assert any(words.startswith(("Ann Alder, ", "Bo Birk, ")) for words in words_of(page))
    assert overrides(live) == [], "a look publishes nothing"
    assert page.files.take.hasFocus()
    QTest.keyClick(page.files.take, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.files.verdict.text() == f"{count} overrides are published.",
                    timeout=15_000)  # fmt: skip
    assert len(overrides(live)) == count
    assert {read_override(one).schedule for one in overrides(live)} == {"Database"}
    assert not page.files.take.isVisible()


def test_what_was_looked_at_is_left_by_key_and_with_the_schedule(
    page: OnCallPage, live: Live, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "shifts.ics"
    page.files.write_to(str(path))
    qtbot.waitUntil(path.exists)
    page.files.look_at(str(path))
    qtbot.waitUntil(lambda: bool(page.files.wanted))
    page.files.leave.setFocus()
    QTest.keyClick(page.files.leave, Qt.Key.Key_Return)
    assert page.files.wanted == []
    assert not page.files.verdict.isVisible()
    assert page.files.into.hasFocus()
    page.files.look_at(str(path))
    qtbot.waitUntil(lambda: bool(page.files.wanted))
    page.left.schedules.select("Office")
    qtbot.waitUntil(lambda: not page.files.wanted)
    assert overrides(live) == []


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("none.ics", None, "none.ics cannot be read: No such file"),
        ("odd.ics", b"nothing", "odd.ics: line"),
        ("large.ics", b"x" * (2 * 1024 * 1024 + 1), "large.ics is larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_and_offers_nothing(
    page: OnCallPage, live: Live, qtbot: QtBot, tmp_path: Path, name: str, data: bytes | None,
    words: str,
) -> None:  # fmt: skip
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    page.files.look_at(str(path))
    qtbot.waitUntil(lambda: words in page.files.verdict.text())
    assert page.files.verdict.text().startswith("Nothing is published. ")
    assert not page.files.take.isVisible()
    assert overrides(live) == []


def test_a_place_that_cannot_be_written_is_told(
    page: OnCallPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.files.write_to(str(tmp_path / "no" / "folder.ics"))
    qtbot.waitUntil(lambda: "Not exported" in page.files.verdict.text())
    assert "No such file or directory" in page.files.verdict.text()


def test_keys_open_the_dialogs_and_nothing_waits_for_them(page: OnCallPage, qtbot: QtBot) -> None:
    for key, mode in (
        (Qt.Key.Key_X, QFileDialog.AcceptMode.AcceptSave),
        (Qt.Key.Key_I, QFileDialog.AcceptMode.AcceptOpen),
    ):
        page.into_calendar()
        QTest.keyClick(QApplication.focusWidget() or page, key)
        dialog = page.files.dialog
        assert dialog is not None
        assert dialog.acceptMode() == mode
        dialog.reject()
        qtbot.waitUntil(lambda: page.files.dialog is None)
