"""The page of heartbeats, loop tests and people, on a real file; the engine's words are given."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.heartbeat_form import Wanted
from crisisdesk.desk.comms_room.watches_page import REMOVE_AGAIN, WatchesPage
from crisisdesk.desk.room import Refusal
from crisisdesk.engine.loop_commands import SetLoopTest

from tests.desk.comms_room.conftest import FileDesk, Shelf
from tests.desk.comms_room.test_watch_lines import beat

pytestmark = pytest.mark.usefixtures("look")


class Engine:
    """What the client of an engine answers."""

    def __init__(self) -> None:
        self.told = [beat("backup", "missing"), beat("mail", "well")]
        self.done: list[Any] = []

    def heartbeats(self) -> list[dict[str, Any]]:
        return self.told

    def declare_heartbeat(self, name: str, every_s: int, **fields: Any) -> dict[str, Any]:
        self.done.append((name, every_s, fields))
        return {"path": "/crisis/heartbeats/s3cret/"}

    def url_of(self, path: str) -> str:
        return f"http://127.0.0.1:9611{path}"

    def change_heartbeat(self, heartbeat_id: str, **changes: Any) -> None:
        self.done.append((heartbeat_id, changes))

    def remove_heartbeat(self, heartbeat_id: str) -> None:
        self.done.append(heartbeat_id)


class EngineDesk(FileDesk):
    """A desk whose commands reach that engine, or are refused."""

    def __init__(self, desk: FileDesk, engine: Engine) -> None:
        super().__init__(desk.path)
        self.engine = engine
        self.refusing: Refusal | None = None

    def command(self, words: str, call: Any, done: Any = None, refused: Any = None) -> None:
        self.commands.append(words)
        if self.refusing is not None:
            assert refused is not None
            refused(self.refusing)
            return
        result = call(self.engine)
        if done is not None:
            done(result)


@pytest.fixture
def desk(shelf: Shelf) -> EngineDesk:
    ann = shelf.station.add_contact("Ann", "m1")
    shelf.station.do(SetLoopTest(contact_id=ann, method_id="m1"))
    return EngineDesk(shelf.desk, Engine())


@pytest.fixture
def page(qtbot: QtBot, desk: EngineDesk) -> WatchesPage:
    made = WatchesPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 620)
    with qtbot.waitExposed(made):
        made.show()
    made.tick(desk.now)
    return made


def run(page: WatchesPage, keys: str) -> None:
    next(action for action in page.actions() if action.keys == keys).run()


def names(page: WatchesPage) -> list[str]:
    return [line.name for line in page.beats.lines.rows()]


def test_everything_is_there_with_its_words(page: WatchesPage) -> None:
    assert names(page) == ["backup", "mail"]
    assert page.beats_head.accessibleName() == "Heartbeats 1 missing"
    assert [line.state for line in page.loops.lines.rows()] == ["not tested yet"]
    assert page.people_head.accessibleName().endswith("1 of 1 person is not proven reachable")


def test_the_engine_is_asked_in_measure_and_the_selection_stays(
    page: WatchesPage, desk: EngineDesk
) -> None:
    run(page, "J")
    before = len(desk.commands)
    page.tick(desk.now + 100)
    assert len(desk.commands) == before
    desk.engine.told = [beat("aaa", "missing"), *desk.engine.told]
    desk.now += 2_000
    page.tick(desk.now)
    assert names(page)[0] == "aaa"
    chosen = page.beats.selected()
    assert chosen is not None
    assert chosen.name == "mail"


def test_a_heartbeat_is_added_and_its_address_shown_once(
    page: WatchesPage, desk: EngineDesk
) -> None:
    run(page, "A")
    page.form.given.emit(Wanted("nightly", 86_400, 3_600))
    assert desk.engine.done == [("nightly", 86_400, {"grace_s": 3_600})]
    assert page.form.address.text() == "http://127.0.0.1:9611/crisis/heartbeats/s3cret/"
    page.form.left.emit()
    assert page.form.address.text() == ""
    desk.refusing = Refusal(words="'nightly' is a heartbeat already", remedy="choose another name")
    run(page, "A")
    page.form.given.emit(Wanted("nightly", 86_400, 3_600))
    assert "is a heartbeat already; choose another name." in page.form.words.text()


def test_one_is_paused_and_removed_only_when_asked_twice(
    page: WatchesPage, desk: EngineDesk
) -> None:
    run(page, "P")
    assert desk.engine.done == [("HB-backup", {"paused": True})]
    desk.engine.told = [beat("backup", "paused")]
    page.ask_beats()
    run(page, "P")
    assert desk.engine.done[-1] == ("HB-backup", {"paused": False})
    run(page, "Delete")
    assert desk.engine.done[-1] != "HB-backup"
    assert REMOVE_AGAIN in page.said.text()
    run(page, "Delete")
    assert desk.engine.done[-1] == "HB-backup"


def test_without_the_engine_nothing_is_asked_and_it_says_so(
    page: WatchesPage, desk: EngineDesk
) -> None:
    page.engine_changed(True)
    before = len(desk.commands)
    desk.now += 60_000
    page.tick(desk.now)
    assert len(desk.commands) == before
    assert page.said.isVisibleTo(page)
    enabled = {action.keys for action in page.actions() if action.enabled}
    assert enabled == {"J", "K"}
    page.engine_changed(False)
    desk.refusing = Refusal(words="the engine is too busy")
    page.tick(desk.now + 2_000)
    assert "too busy" in page.said.text()
    assert names(page) == ["backup", "mail"]
