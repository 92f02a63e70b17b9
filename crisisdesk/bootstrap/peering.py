"""Makes a station's direct links out of the concrete classes, and keeps who was registered."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from crisisdesk.domain.station import Station
from crisisdesk.engine.ports import Secrets, StoreFailed
from crisisdesk.peers.links import LinkParts, Links
from crisisdesk.settings.atomic import write_atomically
from crisisdesk.settings.model import HubSettings
from crisisdesk.settings.places import Places
from crisisdesk.store.files import reading_connection
from crisisdesk.store.states import decode

log = logging.getLogger(__name__)

REGISTERED = "registered.json"


def make_links(places: Places, settings: HubSettings, secrets: Secrets, station_id: str) -> Links:
    """The links of a station that has a hub; nothing is opened yet."""
    kept = places.data_dir / REGISTERED
    return Links(
        LinkParts(
            station_id=station_id,
            listen=settings.peer_listen,
            addresses=settings.peer_addresses,
            secrets=secrets,
            stations=partial(stations_in, places.store),
            recall=partial(recall, kept),
            remember=partial(remember, kept),
        )
    )


def stations_in(path: Path) -> list[Station]:
    """All stations' states in a station's file; raises StoreFailed when it cannot be read."""
    try:
        with closing(reading_connection(path)) as raw:
            rows = raw.execute("SELECT state FROM station ORDER BY agg").fetchall()
    except sqlite3.Error as error:
        raise StoreFailed(f"the station's file cannot be read ({error})") from error
    return [decode(Station, state) for (state,) in rows]


def recall(path: Path) -> dict[str, str]:
    """Who was registered when the hub was last asked: station to origin.

    Nobody when that was never kept; nobody is called then, until the hub answers once.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {str(station): str(origin) for station, origin in told.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        log.warning(
            "%s cannot be read, no station is called before the hub answers: %s", path, error
        )
        return {}


def remember(path: Path, registered: Mapping[str, str]) -> None:
    """Keep it over a restart: the hub may be away then."""
    try:
        write_atomically(path, json.dumps(dict(registered), sort_keys=True).encode())
    except OSError as error:
        # It stands in memory; after a restart without the hub an older list counts.
        log.warning("%s could not be written: %s", path, error)
