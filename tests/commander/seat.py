"""A commander's seat: a station with its engine, a desk on a real screen, somebody to work it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from crisisdesk.api.client import Client
from crisisdesk.desk.supervisor import read_door
from crisisdesk.settings.places import Places
from crisisdesk.store.queries import StationReader

from tests.crash.desk_process import DeskProcess
from tests.crash.engine_process import running
from tests.fleet.desks import ARTEFACTS, HEIGHT, SMALLEST_PICTURE, WIDTH, screen
from tests.fleet.stations import until

WITHIN_S = 20.0
T = TypeVar("T")


class SeatDesk(DeskProcess):
    """The desk in its process; what it says goes to ``desk.out`` beside the data folder."""

    def __init__(self, data_dir: Path, shown: dict[str, str]) -> None:
        place = [str(data_dir), str(WIDTH), str(HEIGHT)]
        self.start("tests.commander.desk_driver", place, shown, data_dir.with_name("desk.out"))


class Seat:
    """What a test holds: keys and mouse in, pictures and facts out."""

    def __init__(self, places: Places, client: Client, desk: SeatDesk) -> None:
        self.places, self.client, self.desk = places, client, desk
        self._pictures = 0

    def press(self, *keys: str) -> None:
        """Keys one after the other, such as ``J`` or ``Ctrl Return``."""
        for key in keys:
            self.desk.ask("press", keys=key)

    def write(self, words: str) -> None:
        """Letter by letter, wherever the keyboard is."""
        self.desk.ask("write", words=words)

    def click(self, name: str) -> None:
        """The mouse on the one thing that is called so."""
        told = self.desk.ask("click", name=name)
        assert told["clicked"], f"nothing, or more than one, is called {name!r}: {told['seen']}"

    def copy(self) -> None:
        """A picture of the window, for pasting."""
        self.desk.ask("copy")

    def sees(self, **wanted: Any) -> dict[str, Any]:
        """Wait until the desk tells this of itself."""
        return self.desk.until(lambda state: wanted.items() <= state.items())

    def picture(self, name: str) -> Path:
        """What stands on the screen, kept with the results of the tests."""
        self._pictures += 1
        ARTEFACTS.mkdir(exist_ok=True)
        file = ARTEFACTS / f"commander-{self._pictures:02d}-{name}.png"
        assert self.desk.ask("grab", file=str(file))["saved"]
        assert file.stat().st_size > SMALLEST_PICTURE
        return file

    def read(self, question: Callable[[StationReader], T]) -> T:
        """Ask the store itself."""
        reader = StationReader(self.places.store)
        try:
            return question(reader)
        finally:
            reader.close()

    def until(self, question: Callable[[StationReader], T]) -> T:
        """The store's first answer that is anything; fails after a patient while."""
        return until(lambda: self.read(question), WITHIN_S)

    def as_other(self, operator: str) -> Client:
        """The door of the same station for somebody else; the caller closes it."""
        door = read_door(self.places)
        assert door is not None
        return Client(door.url, door.token, operator)


@contextmanager
def seated(folder: Path, operator: str) -> Iterator[Seat]:
    """An engine on an empty station with somebody at its desk, which has the whole screen."""
    data = folder / "station"
    data.mkdir(mode=0o700)
    places = Places(data)
    with ExitStack() as stack:
        shown = stack.enter_context(screen(WIDTH, HEIGHT))
        stack.enter_context(running(data, CRISISDESK_SEALED="true"))
        door = read_door(places)
        assert door is not None
        client = stack.enter_context(Client(door.url, door.token, operator))
        client.set_station(name="BRNO-1", operator=operator)
        desk = SeatDesk(data, shown)
        try:
            desk.until(
                lambda s: s["furnished"] and s["engine"] == "up" and s["operator"] == operator
            )
            yield Seat(places, client, desk)
            desk.quit()
        finally:
            if desk.process.poll() is None:
                desk.kill()
