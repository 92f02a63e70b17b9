"""The record of an incident is read whole from the station's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.image_reference import reference_to
from crisisdesk.engine import commands as c
from crisisdesk.engine.image_commands import AddImage
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident, UnmergeIncident
from crisisdesk.engine.task_commands import AddTask
from crisisdesk.store.queries import StationReader, record
from crisisdesk.store.queries.record import find_images, gather, read_record

from tests.domain.image_bytes import png
from tests.store.workload import START, Station, signal

MINUTE_MS = 60_000


def test_it_is_cut_at_a_minute_as_the_file_was_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "PAGE", 3)
    station = Station(tmp_path / "data", now_ms=START)
    (alert_id,) = station.do(c.TakeIn(signals=[signal(1, severity="critical")]))[0]
    made: Any = station.do(
        c.OpenIncident(title="Slow", severity="major", alerts=[alert_id]), actor="Ann"
    )
    incident_id = made[0]
    reader = StationReader(station.path)
    try:
        stood = []
        for minute in range(1, 9):
            station.now_ms = START + minute * MINUTE_MS
            post = c.PostUpdate(incident_id=incident_id, update_type="note", title=f"{minute}")
            station.do(post, actor="Ann")
            incident = reader.incident(incident_id)
            assert incident is not None
            stood.append((incident, reader.updates_of(incident_id)))
        whole = read_record(reader, incident_id, "Ann")
        assert whole is not None
        for minute, (incident, updates) in enumerate(stood, start=1):
            then = whole.at(START + minute * MINUTE_MS + MINUTE_MS // 2)
            assert then is not None
            assert then.incident == incident
            assert then.updates == {u.update_id: u for u in updates}
            assert [a.alert_id for a in then.alerts] == [alert_id]
        found = gather(reader, stood[-1][0], "Ann")
        assert len([e for e in found.events if e.kind == "update.posted"]) == 8
        assert found.cut_short == ()
        assert read_record(reader, "INC-NONE", "Ann") is None
    finally:
        reader.close()
        station.close()


def test_parts_belong_to_it_from_when_they_were_merged(tmp_path: Path) -> None:
    station = Station(tmp_path / "data", now_ms=START)
    opened: Any = station.do(
        c.OpenIncident(title="Slow", severity="major"),
        c.OpenIncident(title="Mails wait", severity="minor"),
        actor="Ann",
    )
    whole, part = map(str, opened)
    station.now_ms = START + MINUTE_MS
    station.do(
        c.PostUpdate(incident_id=part, update_type="note", title="Said of the part"),
        AddTask(incident_id=part, title="Cut off"),
        actor="Ann",
    )
    station.now_ms = START + 2 * MINUTE_MS
    station.do(MergeIncident(incident_id=part, into=whole), actor="Ann")
    reader = StationReader(station.path)
    try:
        record = read_record(reader, whole, "Ann")
        assert record is not None
        apart, joined = record.at(START + MINUTE_MS * 3 // 2), record.at(START + MINUTE_MS * 7 // 2)
        now = record.at(None)
        assert apart is not None
        assert joined is not None
        assert now is not None
        for standing, is_there in ((apart, False), (joined, True), (now, True)):
            lines = [e.told.plain for e in standing.entries]
            assert ("Said of the part" in lines) is is_there
            assert ([t.title for t in standing.tasks] == ["Cut off"]) is is_there
        assert any(line.startswith(f"{part}: ") for line in (e.told.plain for e in now.entries))
    finally:
        reader.close()
        station.close()


def test_what_was_of_it_for_a_while_shows_at_the_moments_when_it_was(tmp_path: Path) -> None:
    station = Station(tmp_path / "data", now_ms=START)
    (own, other) = station.do(c.TakeIn(signals=[signal(1), signal(2)]))[0]
    opened: Any = station.do(
        c.OpenIncident(title="Slow", severity="major", alerts=[own]),
        c.OpenIncident(title="Mails wait", severity="minor", alerts=[other]),
        c.OpenIncident(title="Inner", severity="minor"),
        actor="Ann",
    )
    whole, part, inner = map(str, opened)
    station.do(
        c.PostUpdate(incident_id=part, update_type="note", title="Said of the part"),
        AddTask(incident_id=inner, title="Cut off"),
        MergeIncident(incident_id=inner, into=part),
        actor="Ann",
    )
    steps: list[Any] = [
        MergeIncident(incident_id=part, into=whole),
        UnmergeIncident(incident_id=part),
        c.LinkAlert(incident_id=whole, alert_id=own, linked=False),
    ]
    for minute, step in enumerate(steps, start=1):
        station.now_ms = START + minute * MINUTE_MS
        assert station.do(step, actor="Ann") == [None if minute > 1 else whole]
    reader = StationReader(station.path)

    def seen(minute: float | None, viewer: str = "Ann") -> tuple[bool, list[str], set[str]]:
        record = read_record(reader, whole, viewer)
        assert record is not None
        at = None if minute is None else START + round(minute * MINUTE_MS)
        stood = record.at(at)
        assert stood is not None
        said = "Said of the part" in [e.told.plain for e in stood.entries]
        return said, [t.title for t in stood.tasks], {a.alert_id for a in stood.alerts}

    try:
        assert seen(0.5) == (False, [], {own})
        assert seen(1.5) == (True, ["Cut off"], {own, other})
        assert seen(2.5) == (False, [], {own})
        assert seen(3.5) == seen(None) == (False, [], set())
        hidden = RestrictIncident(incident_id=part, restricted=True, readers=["Ann"])
        station.do(hidden, actor="Ann")
        assert seen(1.5) == (True, ["Cut off"], {own, other})
        assert seen(1.5, "Mallory") == (False, [], {own})
    finally:
        reader.close()
        station.close()


def test_a_restricted_one_is_no_record_for_others(tmp_path: Path) -> None:
    station = Station(tmp_path / "data", now_ms=START)
    [incident_id] = station.do(c.OpenIncident(title="Whistle", severity="critical"), actor="Ann")
    station.do(RestrictIncident(incident_id=incident_id, restricted=True), actor="Ann")
    reader = StationReader(station.path)
    try:
        assert read_record(reader, incident_id, "Mallory") is None
        assert read_record(reader, incident_id, "") is None
        assert read_record(reader, incident_id, "Ann") is not None
    finally:
        reader.close()
        station.close()


def test_images_of_an_incident_are_found_and_no_others(tmp_path: Path) -> None:
    station = Station(tmp_path / "data", now_ms=START)
    whole, part, other = station.do(
        *(c.OpenIncident(title=title, severity="critical") for title in ("A", "B", "C")),
        actor="Ann",
    )
    names = station.do(
        *(AddImage(incident_id=one, data=png()) for one in (whole, part, other)), actor="Ann"
    )
    shown = "\n".join(reference_to(name) for name in (*names, "IMG-" + "0" * 20))
    station.do(c.PostUpdate(incident_id=whole, title="Seen", description=shown), actor="Ann")
    station.do(MergeIncident(incident_id=part, into=whole), actor="Ann")
    reader = StationReader(station.path)

    def found(viewer: str) -> dict[str, bytes | None]:
        record = read_record(reader, whole, viewer)
        stood = None if record is None else record.at(None)
        assert stood is not None
        return {n: one.data for n, one in find_images(reader, stood, viewer).items()}

    try:
        assert found("Mallory") == {names[0]: png(), names[1]: png()}
        station.do(RestrictIncident(incident_id=part, restricted=True), actor="Ann")
        assert found("Mallory") == {names[0]: png()}
        assert found("Ann") == {names[0]: png(), names[1]: png()}
    finally:
        reader.close()
        station.close()
