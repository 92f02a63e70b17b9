"""The dossier holds one incident whole, or says what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crisisdesk.desk.incidents.dossier import Dossier, read_dossier
from crisisdesk.engine import commands as c
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident
from crisisdesk.engine.task_commands import AddTask
from crisisdesk.store.queries import StationReader, record

from tests.desk.incidents.desk_stand_in import Reader
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook
from tests.store.workload import Station


def test_it_holds_everything_of_one_incident_newest_first(dossier: Dossier):
    assert dossier.incident.incident_id == INCIDENT
    times = [entry.happened_at for entry in dossier.entries]
    assert times == sorted(times, reverse=True)
    assert [a.alert_id for a in dossier.alerts] == dossier.incident.alerts
    assert dossier.parts == {INCIDENT, *dossier.incident.alerts, *dossier.updates}
    assert dossier.known[:3] == ("Mateo Ruiz", "Priya Nair", "Aiko Tanaka")
    assert dossier.cut_short == ()


def test_what_is_not_there_is_none(log: LogBook):
    reader: Any = Reader(log)
    assert read_dossier(reader, "INC-NONE") is None


def test_a_long_log_is_read_to_its_beginning_or_said_to_be_cut(log: LogBook, monkeypatch: Any):
    monkeypatch.setattr(record, "PAGE", 5)
    reader: Any = Reader(log)
    whole = read_dossier(reader, INCIDENT)
    assert whole is not None
    assert len(whole.entries) == 17
    for number in range(30):
        body = {"epoch": "A-CHECKOUT00001/1", "text": f"note {number}"}
        log.write("A-CHECKOUT00001", "alert.noted", body, at=31 * MINUTE + number)
    cut = read_dossier(reader, INCIDENT)
    assert cut is not None
    assert cut.cut_short == ("A-CHECKOUT00001",)
    assert [a.alert_id for a in cut.alerts] == cut.incident.alerts


def test_what_is_part_of_it_is_read_with_it_and_named(tmp_path: Path):
    station = Station(tmp_path)
    alert_id = station.fire(1)[0]
    whole, part = station.do(
        c.OpenIncident(title="Orders", severity="critical"),
        c.OpenIncident(title="Mails", severity="major", alerts=[alert_id]),
    )
    station.do(AddTask(incident_id=part, title="Cut off"))
    station.do(c.PostUpdate(incident_id=part, title="Mails wait"))
    station.do(MergeIncident(incident_id=part, into=whole))
    reader = StationReader(station.path)
    made = read_dossier(reader, whole)
    of_part = read_dossier(reader, part)
    assert made is not None
    assert of_part is not None
    lines = [entry.told.plain for entry in made.entries]
    assert f"{part}: Part of {whole}" in lines
    assert "Mails wait" in lines
    assert "Task written: Cut off" in lines
    assert [a.alert_id for a in made.alerts] == [alert_id]
    assert ([t.title for t in made.tasks], made.whole, of_part.whole) == (["Cut off"], "", whole)
    assert {whole, part, alert_id, made.tasks[0].task_id} <= made.parts
    reader.close()
    station.close()


def test_a_restricted_one_says_nothing_to_others(tmp_path: Path):
    station = Station(tmp_path)
    [incident_id] = station.do(c.OpenIncident(title="Whistle", severity="critical"))
    station.do(c.PostUpdate(incident_id=incident_id, title="Whistle again"))
    station.do(RestrictIncident(incident_id=incident_id, restricted=True))
    reader = StationReader(station.path)
    for viewer, title, told in (
        ("Klára Langová", "Whistle", True),
        ("Mallory", "Restricted incident", False),
        ("", "Restricted incident", False),
    ):
        made = read_dossier(reader, incident_id, viewer)
        assert made is not None
        assert (made.incident.title, bool(made.entries)) == (title, told)
        assert ("Whistle" in str(made)) is told
    reader.close()
    station.close()
