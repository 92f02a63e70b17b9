"""Commands go to the worker and their ends come back to the Qt thread."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import ApiRefused, Client, EngineAway
from crisisdesk.desk.ops import Op, Ops
from crisisdesk.desk.room import Refusal


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
