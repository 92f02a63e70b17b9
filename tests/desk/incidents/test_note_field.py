"""What a paste or a drop is taken for: images of this machine, text, and nothing fetched."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.note_field import NoteField, given_images

from tests.domain.image_bytes import png

pytestmark = pytest.mark.usefixtures("look")


def mime(*, text: str = "", urls: tuple[str, ...] = (), **data: bytes) -> QMimeData:
    made = QMimeData()
    if text:
        made.setText(text)
    if urls:
        made.setUrls([QUrl(url) for url in urls])
    for name, content in data.items():
        made.setData(f"image/{name}", content)
    return made


def test_only_images_of_this_machine_are_taken() -> None:
    files = given_images(mime(urls=("file:///tmp/a.png", "file:///tmp/B.JPG")))
    assert [str(path) for path in files] == ["/tmp/a.png", "/tmp/B.JPG"]
    for urls in (
        ("https://203.0.113.9/p.png",),
        ("file:///tmp/a.png", "http://203.0.113.9/p.png"),
        ("file:///tmp/notes.txt",),
        ("file:///tmp/drawing.svg",),
    ):
        assert given_images(mime(urls=urls)) == []
    assert given_images(mime(png=png())) == [png()]
    assert given_images(mime(text="a\tb", png=png())) == []
    assert given_images(mime(text="![x](https://203.0.113.9/p.png)")) == []
    drawn = QMimeData()
    drawn.setImageData(QImage(3, 2, QImage.Format.Format_RGB32))
    (taken,) = given_images(drawn)
    assert isinstance(taken, QImage)
    assert taken.width() == 3


def test_paste_hands_images_on_and_writes_text(qtbot: QtBot) -> None:
    field = NoteField("Note")
    qtbot.addWidget(field)
    field.show()
    given: list[object] = []
    field.given.connect(given.append)
    QGuiApplication.clipboard().setMimeData(mime(png=png()))
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert given == [[png()]]
    assert field.toPlainText() == ""
    QGuiApplication.clipboard().setText("Lag holds.")
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (field.toPlainText(), len(given)) == ("Lag holds.", 1)
