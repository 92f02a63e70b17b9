"""Images read from the station's file: lists without bytes, bytes from log and archive."""

from __future__ import annotations

import base64
import json
from contextlib import closing

import pytest

from crisisdesk.domain.event import unseal
from crisisdesk.domain.image import image_name
from crisisdesk.domain.image_file import bare_image
from crisisdesk.engine import commands as c
from crisisdesk.engine.image_commands import AddImage
from crisisdesk.engine.incident_commands import RestrictIncident
from crisisdesk.store import compaction
from crisisdesk.store.compaction import compact, plan
from crisisdesk.store.files import writing_connection
from crisisdesk.store.queries import StationReader
from crisisdesk.store.rebuild import compare, rebuild

from tests.domain.image_bytes import png
from tests.store.workload import Station


@pytest.fixture
def shown(station: Station) -> tuple[str, list[str]]:
    """An incident and its two images."""
    incident = station.do(c.OpenIncident(title="Orders", severity="critical"))[0]
    orders = [AddImage(incident_id=incident, data=png(40, 30, shade)) for shade in (10, 20)]
    return incident, station.do(*orders)


def test_lists_tell_of_them_and_their_bytes_come_one_at_a_time(
    reader: StationReader, shown: tuple[str, list[str]]
) -> None:
    incident, (first, second) = shown
    listed = reader.images_of([incident, "INC-0"])
    assert list(listed) == [first, second]
    assert listed[first] == reader.image(first)
    assert [reader.image_data(name) for name in listed] == [png(40, 30, 10), png(40, 30, 20)]
    missing = "IMG-" + "0" * 20
    assert (reader.image(missing), reader.image_data(missing)) == (None, None)
    assert reader.images_of([]) == {}


def test_followers_of_the_log_get_no_bytes_and_no_state_has_them(
    station: Station, reader: StationReader, shown: tuple[str, list[str]]
) -> None:
    rows = [row for row in reader.events_after(0) if b'"image.added"' in row.raw]
    assert [row.body for row in rows] == [b"{}", b"{}"]
    assert [unseal(row.raw, row.body).agg for row in rows] == shown[1]
    with closing(writing_connection(station.path)) as raw:
        (largest,) = raw.execute("SELECT max(length(state)) FROM image").fetchone()
    assert largest < 400


def test_a_restricted_incident_hides_its_images_from_followers(
    station: Station, reader: StationReader, shown: tuple[str, list[str]]
) -> None:
    incident, names = shown
    assert reader.veiled(names) == set()
    station.do(RestrictIncident(incident_id=incident, restricted=True))
    assert reader.veiled([*names, "IMG-" + "0" * 20]) == set(names)


def test_they_outlive_compaction_and_refolding(
    station: Station,
    reader: StationReader,
    shown: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    incident, names = shown
    station.do(c.PostUpdate(incident_id=incident, title="the end of the log stays"))
    before = reader.images_of([incident])
    monkeypatch.setattr(compaction, "PIECE_BYTES", 1)
    with closing(writing_connection(station.path)) as raw:
        pieces = plan(station.path, 2**62, keep_events=0)
        # One by one, by their size: the incident, its tasks and the images.
        assert len(pieces) >= len(names) + 1
        for piece in pieces:
            compact(raw, station.path, piece)
        (left,) = raw.execute("SELECT count(*) FROM event WHERE kind='image.added'").fetchone()
        (base,) = raw.execute("SELECT max(length(state)) FROM base").fetchone()
    assert left == 0
    assert base < 2_000
    assert compare(station.path).different == 0
    rebuild(station.path)
    assert reader.images_of([incident]) == before
    assert [reader.image_data(name) for name in names] == [png(40, 30, 10), png(40, 30, 20)]


def test_bytes_that_are_not_what_the_id_says_are_never_given(
    station: Station, reader: StationReader, shown: tuple[str, list[str]]
) -> None:
    incident, (first, _second) = shown
    lie = {"incident_id": incident, "data": base64.b64encode(png(9, 9)).decode()}
    assert image_name(incident, bare_image(png(9, 9))) != first
    with closing(writing_connection(station.path)) as raw:
        body = json.dumps(lie, sort_keys=True, separators=(",", ":")).encode()
        raw.execute("UPDATE event SET body = ? WHERE agg = ?", (body, first))
    assert reader.image_data(first) is None
