"""The commander's whole path on a real screen, by keys and mouse alone, with a picture a stage.

From the first alert to the closed incident: declared, led, put on record, decided upon, handed over
with a brief, recovered by a procedure with a second person's approval, resolved, looked at as it
stood, and closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.incident import Incident
from crisisdesk.store.queries import StationReader

from tests.commander.seat import Seat, seated

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]
KLARA, MATEO = "Klara Langova", "Mateo Ruiz"
ALERTS = (
    ("db-primary", "Replication to db-standby-fra2 stopped", "high"),
    ("checkout-api", "Error rate 12.4 %, limit 2 %", "critical"),
    ("payments-gw", "Capture queue 4 120 waiting, limit 500", "high"),
)
SERVICES = {
    "db-primary": {"availability": "99.9", "owner": "Storage"},
    "checkout-api": {"depends_on": ["db-primary"], "users": 41000, "money_per_minute": "310.00"},
    "payments-gw": {"depends_on": ["db-primary"], "users": 18000},
}
FAIL_OVER: dict[str, Any] = {
    "description": "The primary is lost. The standby becomes the only writer.",
    "incident_type": "any",
    "severity_level": "minor",
    "estimated_time": "15m",
    "parameters": {"target": {"type": "host", "title": "The standby"}},
    "steps": [
        {"id": "freeze", "title": "Freeze writes", "within": "5m",
         "rollback": {"title": "Lift the freeze"}},
        {"id": "second", "kind": "approval", "title": "Promote {target}", "after": ["freeze"]},
        {"id": "promote", "title": "Promote {target}: pg_ctl promote", "after": ["second"]},
    ],
    "success_criteria": ["Orders can be placed"],
}  # fmt: skip


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path, KLARA) as found:
        found.client.publish_policy("Shop", {"kind": "catalogue", "services": SERVICES})
        found.client.publish_procedure("Fail over", FAIL_OVER)
        found.client.save_contact({"name": MATEO, "methods": []})
        yield found


def test_from_the_first_alert_to_the_closed_incident(seat: Seat) -> None:
    incident_id = declared(seat)
    led(seat, incident_id)
    put_on_record(seat, incident_id)
    decided(seat, incident_id)
    handed_over(seat, incident_id)
    recovered(seat, incident_id)
    resolved(seat, incident_id)
    looked_back_at(seat, incident_id)
    closed(seat, incident_id)


def incident(seat: Seat, incident_id: str) -> Incident:
    """As the store has it."""
    found = seat.read(lambda reader: reader.incident(incident_id))
    assert found is not None
    return found


def declared(seat: Seat) -> str:
    """Alerts come, the worst is acknowledged and becomes an incident: three keys."""
    for service, title, severity in ALERTS:
        seat.client.raise_alert(title, severity, service=service)
    seat.desk.until(lambda state: len(state["rows"]) == len(ALERTS))
    seat.picture("alerts")
    seat.press("J")
    seat.desk.until(lambda state: bool(state["selected"]))
    alert_id = seat.sees()["selected"]
    seat.press("A")
    seat.until(lambda reader: reader.alert(alert_id).status == "acknowledged")  # type: ignore[union-attr]
    seat.press("E")
    incident_id = seat.until(lambda reader: reader.alert(alert_id).incident_id)  # type: ignore[union-attr]
    seat.sees(room=2, incident=incident_id)
    assert incident(seat, incident_id).commander == KLARA
    seat.picture("declared")
    return incident_id


def led(seat: Seat, incident_id: str) -> None:
    """It is investigated; the first task is begun and done."""
    seat.press("S", "Return")
    seat.until(lambda reader: reader.incident(incident_id).status == "investigating")  # type: ignore[union-attr]
    seat.press("Shift T", "Home", "B")
    first = seat.until(
        lambda reader: [t for t in reader.tasks_of(incident_id) if t.status == "started"]
    )[0]
    seat.press("Space")
    seat.until(lambda reader: reader.task(first.task_id).status == "done")  # type: ignore[union-attr]
    seat.press("T")
    seat.write("Ask the carrier about the link")
    seat.picture("task")
    seat.press("Return")
    seat.until(lambda reader: any("carrier" in t.title for t in reader.tasks_of(incident_id)))
    seat.picture("tasks")


def put_on_record(seat: Seat, incident_id: str) -> None:
    """A note in Markdown with an image that was pasted, and an update for everybody."""
    seat.press("N")
    seat.write("Lag holds at **41 s**.")
    seat.copy()
    seat.press("Ctrl V")
    seat.sees(images=1)
    seat.picture("image")
    seat.press("Ctrl Return")
    [note] = seat.until(lambda reader: told(reader, incident_id, "Lag holds at **41 s**."))
    assert "(image:" in note.description
    seat.press("Escape")
    seat.click("Post update")
    seat.write("Orders cannot be placed. Next word at 17:00 UTC.")
    seat.picture("update")
    seat.press("Ctrl Return")
    public = seat.until(lambda reader: told(reader, incident_id, "Orders cannot be placed."))
    assert public[0].is_public
    seat.press("Escape")
    seat.picture("timeline")


def decided(seat: Seat, incident_id: str) -> None:
    """What, at which risk, and when to look again."""
    seat.press("D")
    seat.write("Fail over to fra2")
    seat.press("Tab")
    seat.write("Wait for the carrier")
    seat.press("Tab", "Tab")
    seat.write("4 s of orders are lost")
    seat.press("Tab", "Tab", "Tab", "Tab")
    seat.write("15m")
    seat.picture("decision")
    seat.press("Ctrl Return")
    [one] = seat.until(lambda reader: reader.decisions_of(incident_id))
    assert (one.title, one.options) == ("Fail over to fra2", ["Wait for the carrier"])
    assert (one.risk, one.decider) == ("4 s of orders are lost", KLARA)
    assert one.check_at is not None
    seat.picture("decisions")


def handed_over(seat: Seat, incident_id: str) -> None:
    """Command is offered with a brief made from the record, and accepted in own words."""
    seat.press("H")
    seat.write(MATEO)
    seat.picture("brief")
    seat.press("Ctrl Return")
    seat.until(lambda reader: reader.incident(incident_id).offer_of("commander"))  # type: ignore[union-attr]
    seat.picture("offered")
    with seat.as_other(MATEO) as other:
        other.accept_role(incident_id, "commander", "Orders are down; I fail over to fra2 next")
    seat.until(lambda reader: reader.incident(incident_id).commander == MATEO)  # type: ignore[union-attr]
    seat.picture("handed-over")


def told(reader: StationReader, incident_id: str, words: str) -> list[Any]:
    """The entries that begin so."""
    return [u for u in reader.updates_of(incident_id) if u.title.startswith(words)]


def recovered(seat: Seat, incident_id: str) -> None:
    """A procedure that fits is run; another person approves, nobody else can."""
    seat.press("5")
    seat.sees(room=5)
    seat.press("R")
    seat.write("db-standby-fra2")
    seat.picture("procedure")
    seat.press("Return")
    seat.sees(step="freeze")
    seat.picture("run")
    seat.press("Return")
    seat.sees(step="second")
    seat.picture("approval")
    [run] = seat.client.runs()
    assert run["incident_id"] == incident_id
    seat.press("A")
    assert seat.client.get_run(run["run_id"])["done"] == 1
    with seat.as_other(MATEO) as second:
        binding = second.get_run(run["run_id"])["binding"]
        second.do_step(run["run_id"], "second", "approve", binding=binding)
    seat.sees(step="promote")
    seat.press("Return")
    seat.sees(step="met-1")
    seat.press("Return")
    seat.until(lambda _: seat.client.get_run(run["run_id"])["verdict"] == "succeeded")
    seat.picture("verdict")
    seat.press("I")
    seat.sees(room=2, incident=incident_id)


def resolved(seat: Seat, incident_id: str) -> None:
    """It is over; how, is asked for."""
    seat.press("S", "Right", "Right", "Return")
    seat.write("fra2 took over")
    seat.picture("resolving")
    seat.press("Return")
    seat.until(lambda reader: reader.incident(incident_id).status == "resolved")  # type: ignore[union-attr]
    assert incident(seat, incident_id).resolution_summary == "fra2 took over"
    seat.picture("resolved")


def looked_back_at(seat: Seat, incident_id: str) -> None:
    """As it stood some facts ago, and back to now."""
    for _ in range(6):
        seat.press("BracketLeft")
    seat.sees(past=True)
    seat.picture("past")
    seat.press("L")
    seat.sees(past=False)
    assert incident(seat, incident_id).status == "resolved"


def closed(seat: Seat, incident_id: str) -> None:
    """The last step of the ladder."""
    seat.press("S", "Return")
    seat.until(lambda reader: reader.incident(incident_id).status == "closed")  # type: ignore[union-attr]
    seat.picture("closed")
