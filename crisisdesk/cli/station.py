"""Finding the station: its folder, its file to read, its engine's door to knock on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from crisisdesk.api.client import ApiRefused, Client, EngineAway
from crisisdesk.domain.errors import DomainError
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.figures import FlappingFigures
from crisisdesk.settings.places import Places, default_data_dir
from crisisdesk.store.queries import StationReader, StoreUnavailable

REFUSED = 1
USAGE = 2
AWAY = 3

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of the station (CRISISDESK_DATA_DIR).", metavar="DIR"),
]
By = Annotated[
    str, typer.Option("--operator", help="Who acts; else the operator at the desk.", metavar="NAME")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object for each line.")]


def fail(code: int, words: str) -> NoReturn:
    """Say why on stderr and end with this exit code."""
    print(f"crisisdesk: {words}", file=sys.stderr)
    raise typer.Exit(code)


@contextmanager
def in_words() -> Iterator[None]:
    """Every foreseen failure as one sentence and its exit code: 1 refused, 2 usage, 3 away."""
    try:
        yield
    except ApiRefused as error:
        fail(REFUSED, f"refused: {error}")
    except EngineAway as error:
        remedy = "see the log before sending it again" if error.maybe_saved else "start it first"
        fail(AWAY, f"{error}; {remedy}")
    except StoreUnavailable as error:
        fail(AWAY, str(error))
    except DomainError as error:
        fail(USAGE, str(error))
    except SettingsError as error:
        fail(REFUSED, str(error))


def places_of(data_dir: Path | None) -> Places:
    """The files of the station in this folder, or of the one that is meant without it."""
    return Places(default_data_dir() if data_dir is None else data_dir.expanduser().absolute())


@contextmanager
def reading(data_dir: Path | None) -> Iterator[StationReader]:
    """Read the station's file, whether its engine runs or not."""
    with in_words():
        places = places_of(data_dir)
        reader = StationReader(places.store, FlappingFigures(places.settings))
        try:
            yield reader
        finally:
            reader.close()


@contextmanager
def commanding(data_dir: Path | None, operator: str) -> Iterator[Client]:
    """Ask the station's engine as an operator; raises nothing but `typer.Exit`."""
    with in_words():
        places = places_of(data_dir)
        url, token = read_door(places)
        with Client(url, token, operator.strip() or _seated(places)) as client:
            yield client


@contextmanager
def asking(data_dir: Path | None) -> Iterator[Client]:
    """Ask the station's engine what only it knows; nobody acts."""
    with in_words():
        url, token = read_door(places_of(data_dir))
        with Client(url, token, "") as client:
            yield client


def read_door(places: Places) -> tuple[str, str]:
    """Address and token of the running engine; raises EngineAway when there is none."""
    try:
        door = json.loads(places.engine_door.read_text(encoding="utf-8"))
        return str(door["url"]), str(door["token"])
    except FileNotFoundError:
        raise EngineAway(f"no engine runs on {places.data_dir}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineAway(f"{places.engine_door} cannot be read ({error})") from None


def viewer_of(reader: StationReader, operator: str) -> str:
    """Who reads: as named, else the operator at the desk; "" when nobody sits there."""
    return operator.strip() or reader.station().operator


def _seated(places: Places) -> str:
    """The operator at the desk."""
    reader = StationReader(places.store)
    try:
        operator = reader.station().operator
    finally:
        reader.close()
    if not operator:
        fail(USAGE, "nobody sits at this station's desk yet; say who acts with --operator NAME")
    return operator
