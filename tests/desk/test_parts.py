"""The threads and files behind the window, one at a time."""

from __future__ import annotations

import gc
import json
import threading
import weakref
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import ApiRefused, Client, EngineAway
from crisisdesk.desk.feed import FRAME, Feed, Gathering
from crisisdesk.desk.key_map import sequence
from crisisdesk.desk.ops import Op, Ops
from crisisdesk.desk.room import Refusal
from crisisdesk.desk.snapshot import Change
from crisisdesk.desk.status_words import alert_banner, channels_of, engine_banner
from crisisdesk.desk.supervisor import (
    EngineState,
    Supervisor,
    last_words,
    process_lives,
    read_door,
)
from crisisdesk.desk.tidy import Tidy
from crisisdesk.desk.wall_clock import WallClock
from crisisdesk.desk.window_state import WindowState
from crisisdesk.domain.contact import Contact
from crisisdesk.engine.clock import ManualClock
from crisisdesk.settings.places import Places

from tests.desk.alerts.rows import alert_row
from tests.desk.live import living

NOW = 1_770_861_600_000


# -- commands ------------------------------------------------------------------------------


def carried_out(qtbot: QtBot, call: object) -> list[object]:
    ops = Ops(lambda: Client("http://127.0.0.1:9", "token", "Ana"))
    ops.start()
    ends: list[object] = []
    op: Op[object] = Op(ops, call)  # type: ignore[arg-type]
    op.success(ends.append).failure(ends.append).start()
    qtbot.waitUntil(lambda: bool(ends))
    ops.stop()
    return ends


def test_a_command_runs_on_the_worker_and_ends_on_the_qt_thread(qtbot: QtBot) -> None:
    ends = carried_out(qtbot, lambda _: threading.current_thread().name)
    assert ends == ["desk commands"]


def test_a_refusal_is_told_in_words(qtbot: QtBot) -> None:
    def refuse(_: Client) -> None:
        raise ApiRefused("title", "is empty", "write a title", 422)

    assert carried_out(qtbot, refuse) == [
        Refusal(words="is empty", remedy="write a title", field="title")
    ]


def test_an_engine_that_is_away_is_told_as_such(qtbot: QtBot) -> None:
    (refusal,) = carried_out(qtbot, lambda client: client.health())
    assert isinstance(refusal, Refusal)
    assert refusal.away
    assert "not running" in refusal.words

    def lost(_: Client) -> None:
        raise EngineAway("the engine broke off the connection", maybe_saved=True)

    (refusal,) = carried_out(qtbot, lost)
    assert isinstance(refusal, Refusal)
    assert "look whether it took effect" in refusal.remedy


@pytest.mark.expect_log("a command of the desk failed", level="ERROR")
def test_a_bug_is_logged_and_told(qtbot: QtBot) -> None:
    (refusal,) = carried_out(qtbot, lambda _: dict[str, int]()["nothing"])
    assert isinstance(refusal, Refusal)
    assert "KeyError" in refusal.words


# -- the reader ----------------------------------------------------------------------------


def test_the_feed_says_that_there_is_no_store_yet(qtbot: QtBot, tmp_path: Path) -> None:
    feed = Feed(tmp_path / "station.sqlite3", WallClock())
    with qtbot.waitSignal(feed.unreadable, timeout=3_000) as told:
        feed.start()
    feed.stop()
    assert "start the engine" in told.args[0]


@pytest.mark.serial
def test_the_feed_loads_all_and_then_tells_only_what_changed(qtbot: QtBot, tmp_path: Path) -> None:
    with living(qtbot, tmp_path) as live:
        first = live.raise_alert("First")
        feed = Feed(live.places.store, WallClock())
        changes: list[Change] = []
        feed.changed.connect(changes.append)
        feed.start()
        try:
            qtbot.waitUntil(lambda: bool(changes) and not changes[-1].loading)
            loaded = {row.alert_id for change in changes for row in change.alerts}
            assert changes[0].full
            assert loaded == {first}
            assert changes[0].station is not None
            assert changes[0].station.name == "BRNO-1"
            changes.clear()
            second = live.raise_alert("Second")
            qtbot.waitUntil(lambda: any(change.alerts for change in changes))
            told = {row.alert_id for change in changes for row in change.alerts}
            assert told == {second}
            assert second in changes[-1].touched
            assert changes[-1].head_pos == live.read(lambda reader: reader.head_pos())
            answers: list[str] = []
            feed.ask(lambda reader: str(reader.alert(second)), answers.append)
            qtbot.waitUntil(lambda: bool(answers))
            assert "Second" in answers[0]
        finally:
            feed.stop()


def test_a_backlog_is_brought_in_frame_by_frame(qtbot: QtBot, tmp_path: Path) -> None:
    feed = Feed(tmp_path / "none", WallClock())
    changes: list[Change] = []
    feed.changed.connect(changes.append)
    found = Gathering()
    found.alerts = {f"A-{n}": alert_row(f"A-{n}") for n in range(2 * FRAME + 7)}
    found.note(deliveries_changed=True, head_pos=9)
    feed.offer(found)
    qtbot.waitUntil(lambda: len(changes) == 3)
    assert [len(change.alerts) for change in changes] == [FRAME, FRAME, 7]
    names = [row.alert_id for change in changes for row in change.alerts]
    assert names == list(found_names(2 * FRAME + 7))
    assert not any(change.full for change in changes)


def found_names(count: int) -> list[str]:
    return [f"A-{n}" for n in range(count)]


def test_garbage_is_collected_in_steps_and_given_back(qtbot: QtBot) -> None:
    tidy = Tidy()
    tidy.start()
    try:
        assert not gc.isenabled()

        class Ring:
            me: object = None

        ring = Ring()
        ring.me = ring
        gone = weakref.ref(ring)
        del ring
        tidy.step()
        assert gone() is None
    finally:
        tidy.stop()
    assert gc.isenabled()


# -- the engine's keeper -------------------------------------------------------------------


def test_a_door_of_a_dead_engine_is_no_engine(qtbot: QtBot, tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert read_door(places) is None
    places.engine_door.write_text("{broken")
    assert read_door(places) is None
    door = {"url": "http://127.0.0.1:9", "token": "t", "pid": 2**22 - 3, "started_ms": 1}
    places.engine_door.write_text(json.dumps(door))
    assert not process_lives(2**22 - 3)
    keeper = Supervisor(places, ManualClock(NOW), starts_engine=False)
    keeper.start()
    with pytest.raises(EngineAway, match="restarting"):
        keeper.client()
    keeper.stop()
    assert keeper.state.kind == "starting"


def test_the_last_words_of_an_engine_are_found(tmp_path: Path) -> None:
    said = tmp_path / "engine-start.log"
    assert last_words(said) == ""
    said.write_text('{"message": "one"}\n{"level": "critical", "message": "port 9611 is taken"}\n')
    assert last_words(said) == "port 9611 is taken"
    said.write_text("Traceback\nImportError: no\n")
    assert last_words(said) == "ImportError: no"


# -- what the window remembers -------------------------------------------------------------


def test_the_window_remembers_over_restarts(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    state = WindowState(path)
    for key, value in (("a.b", 'Ω "quoted" \\ \x7f 🚨\n'), ("n", 7), ("on", True), ("l", [1, 2])):
        state.set(key, value)
    state.save()
    state.wait()
    again = WindowState(path)
    assert again.get("a.b", "") == 'Ω "quoted" \\ \x7f 🚨\n'
    assert again.get("n", 0) == 7
    assert again.get("n", 0.0) == 7.0
    assert again.get("on", False) is True
    assert again.get("l", []) == [1, 2]
    assert again.get("n", "text") == "text", "another type counts as nothing"


@pytest.mark.expect_log("window state desk.toml is not used")
def test_a_broken_window_file_counts_as_empty(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    path.write_text("= broken")
    assert WindowState(path).get("n", 3) == 3


# -- words ---------------------------------------------------------------------------------


def test_the_banner_counts_the_seconds_of_a_restart() -> None:
    away = EngineState(kind="away", since_ms=NOW - 7_400)
    view = engine_banner(away, NOW, NOW - 8_000)
    assert view is not None
    assert view.subject == "Engine restarting, 7 s."
    assert view.rest.startswith("Read-only, as of")
    assert engine_banner(EngineState(kind="up", since_ms=0), NOW, NOW) is None


def test_nothing_open_is_said_when_nothing_is() -> None:
    from crisisdesk.desk.alerts.tally import Tally

    from tests.desk.alerts.rows import alert_row, taken

    tally = Tally()
    assert alert_banner(tally, 0).subject == "Nothing is open."
    tally.learn([taken(alert_row("A-1"))])
    assert alert_banner(tally, 0).aside == "1 alert is open and looked after"
    tally.learn([alert_row("A-2", "critical"), alert_row("A-3", "critical")])
    view = alert_banner(tally, 3)
    assert (view.severity, view.aside) == ("critical", "1 more critical, 3 new rows")


def test_channels_without_methods_are_counted_as_none() -> None:
    assert channels_of([], []).methods == 0
    method = {"method_id": "m1", "channel": "mail", "label": "", "masked": "", "enabled": True}
    contact = Contact(contact_id="C-1", name="Ana", methods=[method])
    assert channels_of([contact], []).methods == 1


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("A", "A"),
        ("Ctrl K", "Ctrl+K"),
        ("Shift A", "Shift+A"),
        ("?", "?"),
        ("Ctrl Enter", "Ctrl+Return"),
    ],
)
def test_keys_are_read_as_qt_reads_them(keys: str, text: str) -> None:
    assert sequence(keys).toString() == text
