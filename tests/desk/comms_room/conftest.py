"""A station's file with deliveries of every state, and a desk that reads it within the call."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from crisisdesk.desk.room import Refusal
from crisisdesk.domain.delivery import Delivery
from crisisdesk.store.projections import write_states
from crisisdesk.store.queries import StationReader

from tests.domain.deliveries import NOW, a_delivery
from tests.store.workload import Station

T = TypeVar("T")
OF_EVERY_STATE: tuple[dict[str, Any], ...] = (
    {},
    {"failed_at": NOW, "due_at": NOW + 15_000, "attempt": 1, "words": "503 busy"},
    {"status": "sending", "attempt": 1, "due_at": NOW},
    {"status": "bundled", "into": "D-0000000000000005", "due_at": NOW},
    {"status": "sent", "claimed_at": NOW, "sent_at": NOW, "attempt": 1, "queued_at": NOW + 5_000},
    {"status": "delivered", "channel": "sms", "masked": "twilio://…712"},
    {"status": "read", "severity": "high"},
    {"status": "failed", "failed_at": NOW + 9_000, "words": "410 gone", "attempt": 1},
    {"status": "expired", "reason": "test", "alert_id": ""},
    {"status": "superseded", "severity": "low", "words": "Ann has it"},
)


class FileDesk:
    """The `Desk` of one test: reads a real file at once, takes down what is asked of the rest."""

    def __init__(self, path: Path) -> None:
        self.path, self.now, self.away = path, NOW + 60_000, False
        self.commands: list[str] = []
        self.calls: list[Any] = []
        self.said: list[str] = []
        self.shown: list[str] = []
        self.opened: list[int] = []
        self.kept: dict[str, Any] = {}
        # While it is a list, questions wait in it.
        self.held: list[Callable[[], None]] | None = None

    def now_ms(self) -> int:
        return self.now

    def operator(self) -> str:
        return "Klára Langová"

    def engine_away(self) -> bool:
        return self.away

    def command(
        self,
        words: str,
        call: Callable[[Any], T],
        done: Callable[[T], None] | None = None,
        refused: Callable[[Refusal], None] | None = None,
    ) -> None:
        self.commands.append(words)
        self.calls.append(call)
        if done is not None:
            done("D-NEW")  # type: ignore[arg-type]

    def look(
        self,
        call: Callable[[Any], T],
        done: Callable[[T], None],
        refused: Callable[[Any], None],
    ) -> None:
        raise AssertionError("nothing here asks the engine")

    def ask(self, question: Callable[[StationReader], T], answer: Callable[[T], None]) -> None:
        def run() -> None:
            reader = StationReader(self.path)
            try:
                found = question(reader)
            finally:
                reader.close()
            answer(found)

        if self.held is None:
            run()
        else:
            self.held.append(run)

    def say(self, title: str, body: str = "", severity: str = "", icon: str = "") -> None:
        self.said.append(f"{title} {body}")

    def offer_undo(self, title: str, undo: Callable[[], None]) -> None:
        raise AssertionError("nothing here can be undone")

    def show_thing(self, aggregate_id: str) -> None:
        self.shown.append(aggregate_id)

    def open_room(self, key: int) -> None:
        self.opened.append(key)

    def remember(self, key: str, value: Any) -> None:
        self.kept[key] = value

    def remembered(self, key: str, default: Any) -> Any:
        return self.kept.get(key, default)


class Shelf:
    """The file of one test."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.desk = FileDesk(station.path)

    def put(self, *given: dict[str, Any], first: int = 1) -> list[Delivery]:
        """Write deliveries as their projection holds them; the later the newer."""
        made = [
            a_delivery(number, **({"due_at": NOW} if not one.get("status") else {}) | one)
            for number, one in enumerate(given, start=first)
        ]
        with sqlite3.connect(self.station.path) as raw:
            write_states(raw, [(one.delivery_id, 1, one) for one in made])
        raw.close()
        return made


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty station's file."""
    station = Station(tmp_path / "data")
    yield Shelf(station)
    station.close()
