"""Images of the incident in view: pasted, sent, seen in the timeline, opened large."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.composer import READY_WITHIN_MS
from crisisdesk.desk.incidents.image_tiles import NOT_HERE
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.domain.image import image_body, image_name
from crisisdesk.domain.image_file import bare_image
from crisisdesk.domain.image_reference import reference_to, references

from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.domain.image_bytes import png
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook

BARE = bare_image(png(300, 200))
NAME = image_name(INCIDENT, BARE)


def write_note(log: LogBook, room: IncidentsRoom, *, arrived: bool = True) -> None:
    """A note that shows the image, as another station's comes in."""
    events = []
    if arrived:
        events.append(log.write(NAME, "image.added", image_body(INCIDENT, BARE), at=33 * MINUTE))
    body = {
        "incident_id": INCIDENT,
        "update_type": "note",
        "title": "The rack",
        "description": f"See:\n{reference_to(NAME, 'Row 4')}",
        "happened_at": START + 34 * MINUTE,
    }
    events.append(log.write("U-IMAGE", "update.posted", body, at=34 * MINUTE))
    room.on_snapshot(change_of(log, events))


def test_a_paste_becomes_a_preview_and_is_sent_before_its_note(
    room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    composer = room.page.timeline.composer
    desk.client.answers["add_image"] = {"id": NAME}
    path = tmp_path / "Row 4.png"
    path.write_bytes(png(300, 200))
    composer.given.emit([path, b"<svg/>"])
    assert composer.words.text().startswith("Not added: image is none of the formats")
    assert [one.caption for one in composer.draft().images] == ["Row 4"]
    qtbot.keyClicks(composer.field, "The rack")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (first, sent, _), (second, told, fields) = desk.client.orders[-2:]
    assert (first, sent[0], second, told) == (
        "add_image", INCIDENT, "post_update", (INCIDENT, "The rack"),
    )  # fmt: skip
    assert bare_image(sent[1]).width == 300
    assert [tuple(one) for one in references(fields["description"])] == [(NAME, "Row 4")]
    assert composer.draft().is_empty


def test_it_stands_in_the_timeline_and_opens_by_key_and_press(
    room: IncidentsRoom, log: LogBook, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    write_note(log, room)
    view = room.page.timeline.view
    settle()
    index = view.rows.index_of("U-IMAGE")
    entry = view.rows.row(index.row())
    assert entry.told.detail == "See:"
    assert view.visualRect(index).height() > 200
    view.setCurrentIndex(index)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    viewer = room.images.viewer
    assert viewer is not None
    assert viewer.isVisible()
    assert viewer.accessibleName() == "Image: Row 4"
    assert viewer._size().width() == 300
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    rect = view.visualRect(index)
    places = (QPoint(rect.left() + 220, y) for y in range(rect.top(), rect.bottom(), 9))
    place = next(
        p for p in places if view.delegate.image_at(QRectF(rect), p.toPointF(), index) == 0
    )
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert viewer.isVisible()


def test_one_that_arrives_after_its_note_takes_its_place(
    room: IncidentsRoom, log: LogBook, settle: Callable[[], None]
) -> None:
    write_note(log, room, arrived=False)
    view = room.page.timeline.view
    settle()
    index = view.rows.index_of("U-IMAGE")
    before = view.visualRect(index).height()
    room.images.open(view.rows.row(index.row()), 0)
    assert room.images.viewer is not None
    assert room.images.viewer.accessibleDescription() == NOT_HERE
    event = log.write(NAME, "image.added", image_body(INCIDENT, BARE), at=35 * MINUTE)
    room.on_snapshot(change_of(log, [event]))
    room.tick(room.desk.now_ms())
    settle()
    assert view.visualRect(index).height() > before


def test_one_for_an_incident_that_is_no_longer_in_view_is_not_added_to_another(
    room: IncidentsRoom, desk: StandInDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Callable[[], None]] = []
    monkeypatch.setattr(desk, "ask", lambda ask, answer: held.append(lambda: answer(ask(None))))
    room.images.take([png(30, 20)])
    monkeypatch.undo()
    room.go_to("INC-2222AAAA")
    held[0]()
    assert room.page.timeline.composer.draft().images == ()
    assert desk.said[-1][0] == "Image not added"


def test_what_is_posted_while_its_image_is_made_ready_waits_for_it(
    room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    composer = room.page.timeline.composer
    desk.client.answers["add_image"] = {"id": NAME}
    later: list[Callable[[], None]] = []
    at_once = desk.ask

    def post() -> None:
        qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    with monkeypatch.context() as slow:
        slow.setattr(desk, "ask", lambda *told: later.append(lambda: at_once(*told)))
        composer.given.emit([png(300, 200)])
        qtbot.keyClicks(composer.field, "The rack")
        post()
        assert desk.client.orders == []
        assert composer.words.text() == "It is posted as soon as its image is ready."
        later.pop()()
        assert [order[0] for order in desk.client.orders] == ["add_image", "post_update"]

        composer.given.emit([b"<svg/>"])
        qtbot.keyClicks(composer.field, "Another")
        post()
        later.pop()()
        assert composer.words.text().startswith("Not added: image is none of the formats")
        assert composer.draft().text == "Another"

        composer.given.emit([png(300, 200)])
        composer.now_ms += READY_WITHIN_MS + 1
        post()
        assert composer.words.text().startswith("Not posted: the image never came")
    post()
    assert [order[0] for order in desk.client.orders][2:] == ["post_update"]


def test_the_key_asks_for_files_and_the_past_takes_none(room: IncidentsRoom) -> None:
    action = next(a for a in room.actions() if a.key == "incident.image")
    assert (action.keys, action.enabled) == ("Ctrl I", True)
    action.run()
    dialog = room.images.dialog
    assert dialog is not None
    assert "*.png" in dialog.nameFilters()[0]
    assert "svg" not in dialog.nameFilters()[0]
    dialog.reject()
    assert room.images.dialog is None
    room.past.look(-1)
    assert not next(a for a in room.actions() if a.key == "incident.image").enabled


def test_the_past_shows_what_was_there_then(room: IncidentsRoom, log: LogBook) -> None:
    write_note(log, room)
    view = room.page.timeline.view
    at_ms = view.rows.row(view.rows.index_of("U-IMAGE").row()).logged_at
    room.past.go(at_ms)
    assert view.rows.row(view.rows.index_of("U-IMAGE").row()).images[0].image_id == NAME
    assert NAME in view.delegate.images.known
    assert room.page.timeline.composer.isHidden()
    room.past.go(at_ms - 1)
    assert not view.rows.index_of("U-IMAGE").isValid()
