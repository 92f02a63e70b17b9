"""Dashboard, notifications, health, metrics, and the document."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from crisisdesk.api.overview import exposition
from crisisdesk.api.times import FIRST, LAST, iso, ms_of
from crisisdesk.domain.errors import Malformed

from tests.api.station import Station
from tests.api.test_people import saved


def test_the_dashboard_counts_what_is_open(station: Station) -> None:
    station.raised(severity="critical")
    acked = station.raised(severity="low")
    station.ask("POST", f"/crisis/alerts/{acked['id']}/acknowledge/")
    told = station.ask("GET", "/crisis/dashboard/").json()
    assert told["open_alerts"] == 2
    assert told["alerts"]["active"] == {"critical": 1}
    assert told["alerts"]["acknowledged"] == {"low": 1}
    assert told["acknowledged_24h"] == 1
    assert told["engine"]["last_pos"] == station.head()


def test_the_dashboard_tells_how_services_stand(station: Station) -> None:
    content = {"kind": "catalogue", "services": {"db": {"owner": "Kim", "tier": 1}, "mail": {}}}
    order = {"name": "Shop", "content": content}
    assert station.ask("POST", "/crisis/policies/", json=order).status_code == 201
    station.raised(severity="critical", service="db")
    station.raised(severity="low")
    told = station.ask("GET", "/crisis/dashboard/").json()["services"]
    assert told["counts"] == {"down": 1, "no data": 1}
    assert told["unplaced"] == 1
    db, mail = told["worst"]
    assert (db["name"], db["state"], db["alerts"], db["unowned"]) == (
        "db",
        "down",
        {"critical": 1},
        1,
    )
    assert (db["owner"], db["tier"], db["because"], db["sources"]) == ("Kim", "1", [], [])
    assert db["words"] == "1 critical, nobody has it, nothing here looks at it"
    assert (mail["name"], mail["since"], mail["silenced_until"]) == ("mail", None, None)


def test_pages_are_listed_as_notifications(station: Station) -> None:
    contact = saved(station)
    alert = station.raised(severity="critical")
    station.ask("POST", f"/crisis/alerts/{alert['id']}/escalate/")
    page = station.ask("GET", f"/crisis/notifications/?alert={alert['id']}").json()
    [told] = page["results"]
    assert (told["alert"], told["contact_id"]) == (alert["id"], contact["contact_id"])
    assert told["incident"].startswith("INC-")
    assert told["status"] in ("queued", "sending", "sent")
    same = station.ask("GET", f"/crisis/alerts/{alert['id']}/deliveries/").json()["results"]
    assert [d["id"] for d in same] == [told["id"]]
    assert station.ask("GET", "/crisis/notifications/?status=lost").status_code == 400
    assert station.ask("GET", "/crisis/notifications/?status=failed").json()["results"] == []


def test_health_tells_strangers_little(station: Station) -> None:
    told = station.bare("GET", "/healthz").json()
    assert set(told) == {"ok", "station", "version"}
    assert told["ok"] is True


def test_metrics_are_what_prometheus_reads(station: Station) -> None:
    station.raised(severity="critical")
    answer = station.ask("GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'crisisdesk_open_alerts{status="active",severity="critical"} 1' in answer.text
    assert 'crisisdesk_events_total{kind="alert.fired"} 1' in answer.text
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: apt-get install prometheus")
    checked = subprocess.run(
        [promtool, "check", "metrics"],
        input=answer.text,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_samples_of_one_family_stand_together() -> None:
    text = exposition([('a_total{k="1"}', 1.0), ("b", 0.5), ('a_total{k="2"}', 2.0)])
    assert text.splitlines() == [
        "# HELP a_total CrisisDesk: a.",
        "# TYPE a_total counter",
        'a_total{k="1"} 1',
        'a_total{k="2"} 2',
        "# HELP b CrisisDesk: b.",
        "# TYPE b gauge",
        "b 0.5",
    ]


def test_times_beyond_the_calendar_are_still_told() -> None:
    assert iso(0) == "1970-01-01T00:00:00.000Z"
    assert iso(-62_135_596_800_000) == "0001-01-01T00:00:00.000Z"
    assert (iso(10**17), iso(-(10**17))) == (LAST, FIRST)
    assert ms_of("2026-03-01t12:30:00.0019z", "f") == ms_of("2026-03-01T13:30:00.001+01:00", "f")
    with pytest.raises(Malformed):
        ms_of("2026-03-01", "f")


def test_the_document_names_every_answer(station: Station) -> None:
    document = station.ask("GET", "/openapi.json").json()
    assert "422" not in str(document)
    ids = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            ids.append(operation["operationId"])
            wanted = {"400", "401", "403", "413", "415", "503"}
            assert wanted <= set(operation["responses"]), (method, path)
    assert len(ids) == len(set(ids))
    for path in station.app.state.room.intakes:
        assert "post" in document["paths"][path]
    new = document["paths"]["/crisis/alerts/"]["post"]["requestBody"]["content"]
    assert new["application/json"]["schema"]["$ref"] == "#/components/schemas/AlertNew"
    url = document["components"]["schemas"]["MethodIn"]["properties"]["url"]
    assert url["writeOnly"] is True
