"""A real engine in its own process and a real desk on it, for the tests of the whole window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.api.client import Client
from crisisdesk.desk.app import Desk, build_desk
from crisisdesk.desk.supervisor import read_door
from crisisdesk.settings.places import Places
from crisisdesk.store.queries import StationReader

from tests.crash.engine_process import EngineProcess, running

OPERATOR = "Klára Langová"


class Live:
    """What a test holds: the station's files, an engine, a client and a desk."""

    def __init__(self, qtbot: QtBot, places: Places, engine: EngineProcess, client: Client) -> None:
        self.qtbot, self.places, self.engine, self.client = qtbot, places, engine, client
        self.desk: Desk | None = None

    def raise_alert(self, title: str, severity: str = "critical", **fields: Any) -> str:
        """An alert by hand; its id."""
        return str(self.client.raise_alert(title, severity, **fields)["alert_id"])

    def open(self, qapp: QApplication, *, starts_engine: bool = False) -> Desk:
        """Open the window and wait until it is active and furnished."""
        desk = self.desk = build_desk(qapp, self.places, starts_engine=starts_engine, sounds=False)
        desk.start()
        self.qtbot.waitUntil(lambda: bool(desk.parts))
        desk.shell.activateWindow()
        self.qtbot.waitUntil(desk.shell.isActiveWindow)
        self.qtbot.waitUntil(lambda: desk.shell.engine.kind == "up", timeout=10_000)
        return desk

    def read(self, question: Callable[[StationReader], Any]) -> Any:
        """Ask the store itself."""
        reader = StationReader(self.places.store)
        try:
            return question(reader)
        finally:
            reader.close()

    def status(self, alert_id: str) -> str:
        """An alert's status in the store."""
        return str(self.read(lambda reader: reader.alert(alert_id)).status)


@contextmanager
def living(qtbot: QtBot, folder: Path, *, named: bool = True) -> Iterator[Live]:
    """An engine on an empty folder; the desk a test opens is closed at its end."""
    data = folder / "station"
    data.mkdir(mode=0o700)
    places = Places(data)
    with ExitStack() as stack:
        engine, _ = stack.enter_context(running(data, CRISISDESK_SEALED="true"))
        door = read_door(places)
        assert door is not None
        client = stack.enter_context(Client(door.url, door.token, OPERATOR))
        if named:
            client.set_station(name="BRNO-1", operator=OPERATOR)
        live = Live(qtbot, places, engine, client)
        try:
            yield live
        finally:
            if live.desk is not None:
                live.desk.close()
