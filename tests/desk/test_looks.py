"""Looks have a worker of their own, which begins with the first of them."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from crisisdesk.desk.connector import Connector, Seat
from crisisdesk.desk.looks import Looks
from crisisdesk.desk.supervisor import Door


class Supervisor:
    """Knows an engine that is never really asked."""

    def connector(self, timeout_s: float) -> Connector:
        door = Door(url="http://127.0.0.1:9", token="t", pid=1, started_ms=0)
        return Connector(lambda: Seat(door, "Ana"), timeout_s)


def test_a_look_does_not_wait_for_a_look_of_nobody_and_ends_on_the_qt_thread(qtbot: QtBot) -> None:
    parent = QObject()
    before = threading.active_count()
    looks = Looks(Supervisor(), parent)  # type: ignore[arg-type]
    assert threading.active_count() == before
    ends: list[Any] = []

    def call(client: Any) -> tuple[str, int]:
        return client.operator, threading.get_ident()

    looks.ask(call, lambda told: ends.append((told, threading.get_ident())), ends.append)
    looks.ask(lambda client: client.health(), ends.append, ends.append)
    qtbot.waitUntil(lambda: len(ends) == 2)
    (told, thread), refusal = ends
    assert told[0] == "Ana"
    assert thread == threading.get_ident() != told[1]
    assert refusal.away
    looks.close()
    Looks(Supervisor(), parent).close()  # type: ignore[arg-type]
