"""The dossier holds one incident whole, or says what is missing."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.incidents.dossier import Dossier, read_dossier
from crisisdesk.store.queries import record

from tests.desk.incidents.desk_stand_in import Reader
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook


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
