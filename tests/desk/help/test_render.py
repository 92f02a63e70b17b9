"""Pages as documents: type, colours, code, tables, and nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument, QTextTable
from PySide6.QtNetwork import QHostAddress, QTcpServer
from pytestqt.qtbot import QtBot

from crisisdesk.desk.help.browser import HelpBrowser
from crisisdesk.desk.help.pages import HelpPage, help_root, load_pages, read_page
from crisisdesk.desk.help.render import HelpDocument, Piece, is_code
from crisisdesk.desk.look.theme import Look, theme
from crisisdesk.desk.look.tokens import THEMES

pytestmark = pytest.mark.usefixtures("look")
PAGES = load_pages(help_root())
IMAGE = QTextDocument.ResourceType.ImageResource.value


def document(name: str) -> HelpDocument:
    return HelpDocument(help_root(), read_page(help_root(), name))


def piece_of(shown: HelpDocument, words: str) -> Piece:
    text = shown.toRawText()
    return next(
        piece for piece in shown.pieces() if words in text[piece.start : piece.start + piece.length]
    )


@pytest.fixture
def listener(qtbot: QtBot) -> Iterator[QTcpServer]:
    server = QTcpServer()
    assert server.listen(QHostAddress.SpecialAddress.LocalHost)
    yield server
    server.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_renders_in_every_theme_and_zoom(
    page: HelpPage, qtbot: QtBot, look: Look
) -> None:
    browser = HelpBrowser(help_root())
    qtbot.addWidget(browser)
    browser.resize(900, 700)
    browser.show()
    for name in THEMES:
        for zoom in (80, 100, 200):
            look.switch(name=name, zoom=zoom)
            browser.retheme()
            browser.show_page(page)
            browser.grab()
            shown = browser.document()
            assert isinstance(shown, HelpDocument)
            assert shown.begin().text() == page.title
            head = shown.pieces()[0].format
            assert head.font().pixelSize() == theme().px(26)
            assert head.foreground().color() == theme().color.primary
            assert "```" not in shown.toPlainText()
            assert "|" not in shown.toPlainText()


def test_words_code_and_links_have_their_type() -> None:
    shown = document("connect-prometheus")
    body = piece_of(shown, "The station speaks").format
    assert body.font().pixelSize() == 13
    assert body.font().families()[0] == "Inter"
    code = piece_of(shown, "POST /api/v2/alerts").format
    assert code.font().families()[0] == "JetBrains Mono"
    assert code.background().color() == theme().color.raised
    link = piece_of(shown, "through an Alertmanager").format
    assert link.anchorHref() == "connect-alertmanager.md"
    assert link.foreground().color() == theme().color.link


def test_code_stands_in_a_frame_and_no_empty_line_is_left() -> None:
    shown = document("connect-alertmanager")
    code = [block for block in shown.blocks() if is_code(block)]
    assert code[0].text() == "route:"
    assert code[1].text() == "  receiver: crisisdesk"
    frames = shown.rootFrame().childFrames()
    limits = next(block for block in code if block.text() == "[intake_limits]")
    assert [frame.firstPosition() for frame in frames] == [code[0].position(), limits.position()]
    assert frames[-1].lastPosition() == code[-1].position() + code[-1].length() - 1
    assert all(f.frameFormat().background().color() == theme().color.raised for f in frames)
    for block in code:
        assert block.begin().fragment().charFormat().font().families()[0] == "JetBrains Mono"
    steps = [block for block in shown.blocks() if block.textList() is not None]
    assert [block.textList().itemNumber(block) for block in steps] == [0, 1, 2]


def test_a_table_right_after_its_heading_is_one_and_an_empty_head_goes() -> None:
    shown = document("paging")
    tables = [f for f in shown.rootFrame().childFrames() if isinstance(f, QTextTable)]
    firsts = [one.cellAt(0, 0).firstCursorPosition().block().text() for one in tables]
    assert firsts[0] == "queued, sending"
    assert firsts[-1] == "email"
    assert tables[-1].rows() == 8


def test_html_is_text(tmp_path: Path) -> None:
    page = HelpPage("x", "X", '# X\n\n<img src="http://a/b.png"> <b>bold</b>\n')
    shown = HelpDocument(tmp_path, page)
    assert '<img src="http://a/b.png"> <b>bold</b>' in shown.toPlainText()


def test_a_picture_from_the_network_or_the_disk_is_left_out(
    qtbot: QtBot, tmp_path: Path, listener: QTcpServer
) -> None:
    root = tmp_path / "help"
    root.mkdir()
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(0xFF0000)
    assert image.save(str(root / "ours.png"))
    assert image.save(str(tmp_path / "outside.png"))
    there = f"http://127.0.0.1:{listener.serverPort()}/there.png"
    page = HelpPage(
        "x",
        "X",
        f"# X\n\n![Ours](ours.png) ![Web]({there}) ![Disk]({tmp_path}/outside.png) "
        f"![Up](../outside.png) ![File](file://{tmp_path}/outside.png)\n",
    )
    browser = HelpBrowser(root)
    qtbot.addWidget(browser)
    browser.show()
    with qtbot.assertNotEmitted(listener.newConnection, wait=200):
        browser.show_page(page)
        browser.grab()
    shown = browser.document()
    assert isinstance(shown, HelpDocument)
    images = [piece.format for piece in shown.pieces() if piece.format.isImageFormat()]
    assert [image.toImageFormat().name() for image in images] == ["ours.png"]
    for word in ("Web", "Disk", "Up", "File"):
        assert f"[picture left out: {word}]" in shown.toPlainText()
    for address in (there, f"file://{tmp_path}/outside.png", f"{tmp_path}/outside.png"):
        loaded = browser.loadResource(IMAGE, QUrl(address))
        assert isinstance(loaded, QImage)
        assert loaded.isNull()
    ours = browser.loadResource(IMAGE, QUrl("ours.png"))
    assert isinstance(ours, QImage)
    assert ours.width() == 40
    sheet = QTextDocument.ResourceType.StyleSheetResource.value
    assert browser.loadResource(sheet, QUrl("ours.png")) is None
