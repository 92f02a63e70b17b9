"""Two desks beside each other on one hub: one is cut off, both act, both see what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from crisisdesk.desk.splits.room import SPLITS

from tests.comms.receivers import Receiver, Request, answer, receiving
from tests.fleet.desks import StationDesk, desks_on, keep_picture, screen
from tests.fleet.stations import Station, stations_on, until
from tests.postgres.fixtures import HubPlace
from tests.postgres.proxy import FaultProxy, Mode

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(180)]

KLARA, MATEO, AKI, JANA = "Klára Langová", "Mateo Ruiz", "Aki Tanaka", "Jana Dvořák"
ALERTS = (
    ("checkout-api", "Error rate 12.4 %, limit 2 %", "critical"),
    ("db-primary", "Replication to db-standby-fra2 stopped", "high"),
    ("payments-gw", "Capture queue 4 120 waiting, limit 500", "high"),
    ("search-indexer", "Queue age 9 min, limit 5", "medium"),
)
INCIDENT = "Payments are slow"


@dataclass(kw_only=True)
class Fleet:
    """Brno stays with the hub, Praha is reached through the road."""

    brno: Station
    praha: Station
    left: StationDesk
    right: StationDesk
    road: FaultProxy
    called: Receiver
    alerts: list[str]
    incident: str

    def both(self) -> tuple[tuple[Station, StationDesk], tuple[Station, StationDesk]]:
        """Stations with their desks."""
        return (self.brno, self.left), (self.praha, self.right)

    def alert(self, station: Station, alert_id: str) -> Any:
        """What a station's file says of an alert."""
        return station.read(lambda reader: reader.alert(alert_id))

    def case(self, station: Station) -> Any:
        """What a station's file says of the incident."""
        return station.read(lambda reader: reader.incident(self.incident))


@pytest.fixture
def fleet(hub_place: HubPlace, tmp_path: Path) -> Iterator[Fleet]:
    """Two stations with people at their desks, alerts and an incident that both know."""

    def taken(_request: Request) -> bytes:
        return answer(200, "ok")

    with (
        screen() as shown,
        FaultProxy(hub_place.server.port) as road,
        receiving(taken) as called,
        stations_on(hub_place, tmp_path, "BRNO-1", "PRAHA-1") as (brno, praha),
    ):
        # Praha may page on its own. Pages go to a receiver of this test.
        brno.join(duty_rank=2)
        praha.join(port=road.port, duty_rank=1)
        brno.start(CRISISDESK_SEALED="false")
        until(lambda: brno.fleet()["duty"]["kind"] == "holds")
        praha.start(CRISISDESK_SEALED="false")
        for station, operator in ((brno, KLARA), (praha, MATEO)):
            seat = {"name": station.name, "operator": operator}
            tell(station, "PUT", "/crisis/station/", seat, operator)
        url = f"webhook://{called.host}/page"
        contact = {"name": JANA, "methods": [{"url": url}]}
        tell(brno, "POST", "/crisis/contacts/", contact, KLARA)
        alerts = [raised(brno, KLARA, *one) for one in ALERTS]
        opened = {"title": INCIDENT, "severity": "major", "alerts": alerts[:1]}
        incident = tell(brno, "POST", "/crisis/incidents/", opened, KLARA)["incident_id"]
        until(lambda: praha.read(lambda reader: reader.incident(incident)))
        with desks_on([brno, praha], shown) as (left, right):
            for desk, operator in ((left, KLARA), (right, MATEO)):
                desk.until(partial(is_staffed, operator))
            yield Fleet(
                brno=brno,
                praha=praha,
                left=left,
                right=right,
                road=road,
                called=called,
                alerts=alerts,
                incident=incident,
            )


def tell(station: Station, method: str, path: str, body: Any, by: str) -> Any:
    """A command of an operator."""
    return station.ask(method, path, body, quote(by))


def raised(station: Station, by: str, service: str, title: str, severity: str) -> str:
    """An alert by hand; its id."""
    alert = {"service": service, "title": title, "severity": severity}
    return str(tell(station, "POST", "/crisis/alerts/", alert, by)["alert_id"])


def test_both_see_what_was_done_apart_and_one_decides(fleet: Fleet) -> None:
    cut(fleet)
    both_act(fleet)
    keep_picture(fleet.left, "split", whole=True)
    keep_picture(fleet.right, "split-praha")
    heal(fleet)
    for _, desk in fleet.both():
        desk.until(lambda s: "Rejoined:" in s["banner"] and "2 to decide" in s["banner"])
    keep_picture(fleet.left, "rejoined", whole=True)

    fleet.left.ask("look")
    fleet.right.press("F7")
    for _, desk in fleet.both():
        tells_what_came_of_it(fleet, desk)
    keep_picture(fleet.left, "merge", whole=True)
    keep_picture(fleet.left, "merge-brno")
    keep_picture(fleet.right, "merge-praha")
    choose_a_commander(fleet)
    keep_picture(fleet.left, "decided", whole=True)


def test_without_a_collision_there_is_nothing_to_decide(fleet: Fleet) -> None:
    cut(fleet)
    each_does_its_own(fleet)
    heal(fleet)
    for _, desk in fleet.both():
        state = desk.until(lambda s: s["split"]["cuts"] == 1 and is_calm(s))
        assert "Rejoined" not in state["banner"]
        desk.press("F7")
        state = desk.until(lambda s: s["room"] == SPLITS and bool(s["split"]["empty"]))
        assert "Nothing collided" in state["split"]["empty"]
        assert state["split"]["decisions"] == 0
        assert not [line for line in state["split"]["lines"] if line["decide"]]
    keep_picture(fleet.left, "nothing-collided", whole=True)


def is_calm(state: dict[str, Any]) -> bool:
    """Whether the desk says that the hub is there."""
    return bool(state["status"]["hub"].startswith("Hub up")) and "HUB AWAY" not in state["banner"]


def is_staffed(operator: str, state: dict[str, Any]) -> bool:
    """Whether a desk knows who sits there, and shows the alerts."""
    return bool(state["operator"] == operator) and len(state["rows"]) >= len(ALERTS)


def is_acknowledged(fleet: Fleet, station: Station, alert_id: str) -> bool:
    """Whether a station knows that somebody has the alert."""
    return bool(fleet.alert(station, alert_id).status == "acknowledged")


def is_settled(fleet: Fleet, station: Station) -> bool:
    """Whether a station knows one commander, and that it is Aki."""
    case = fleet.case(station)
    return case.commander == AKI and not case.rivals


# -- what happens ------------------------------------------------------------------------------


def cut(fleet: Fleet) -> None:
    """Praha loses the hub and says so; Brno pages on, and Praha pages by itself."""
    fleet.road.mode = Mode.REFUSE
    fleet.right.until(lambda s: s["status"].get("hub", "").startswith("Hub away"))
    state = fleet.right.until(lambda s: "PRAHA-1, without hub" in s["status"]["duty"], 30)
    assert "HUB AWAY" in state["banner"]
    assert "this station goes on by itself" in state["banner"]
    assert "Pages by itself" in state["banner"]
    calm = fleet.left.ask("state")
    assert "HUB AWAY" not in calm["banner"]
    assert calm["status"]["hub"].startswith("Hub up")
    assert "BRNO-1, this station" in calm["status"]["duty"]


def each_does_its_own(fleet: Fleet) -> None:
    """A new alert at each station, paged from there; a note here, a resolve there."""
    pages = {fleet.brno: "Card terminals time out in Brno", fleet.praha: "Praha lost its uplink"}
    for (station, _), by in zip(fleet.both(), (KLARA, MATEO), strict=True):
        service = f"edge-{station.name.lower()}"
        alert_id = raised(station, by, service, pages[station], "critical")
        until(partial(paged, station, alert_id))
        assert fleet.alert(fleet.praha if station is fleet.brno else fleet.brno, alert_id) is None
    third, fourth = fleet.alerts[2:]
    note = {"text": "the bank confirms a backlog"}
    tell(fleet.brno, "POST", f"/crisis/alerts/{third}/notes/", note, KLARA)
    resolved = {"status": "resolved", "reason": "indexer restarted"}
    tell(fleet.praha, "PATCH", f"/crisis/alerts/{fourth}/", resolved, MATEO)


def paged(station: Station, alert_id: str) -> bool:
    """Whether the station has sent a page for it."""
    deliveries = station.read(lambda reader: reader.deliveries_of(alert_id))
    return any(one.status == "sent" for one in deliveries)


def both_act(fleet: Fleet) -> None:
    """The same alert acknowledged by key at both desks, and more that collides."""
    first, second = fleet.alerts[:2]
    for (station, desk), by in zip(fleet.both(), (KLARA, MATEO), strict=True):
        select(desk, first)
        desk.press("A")
        until(partial(is_acknowledged, fleet, station, first))
        assert fleet.alert(station, first).acknowledged_by == by
    edits: tuple[tuple[Station, str, str, str, str], ...] = (
        (fleet.praha, MATEO, MATEO, "Payments fail in fra1", "emergency"),
        (fleet.brno, KLARA, AKI, "Payments are slow since the link was lost", "high"),
    )
    for station, by, commander, title, severity in edits:
        changes = {"incident_commander": commander, "title": title}
        tell(station, "PATCH", f"/crisis/incidents/{fleet.incident}/", changes, by)
        tell(station, "PATCH", f"/crisis/alerts/{first}/", {"severity": severity}, by)
    ended = {"status": "resolved", "reason": "deploy taken back"}
    tell(fleet.brno, "PATCH", f"/crisis/alerts/{second}/", ended, KLARA)
    note = {"text": "vendor was called, ticket 4711"}
    tell(fleet.praha, "POST", f"/crisis/alerts/{second}/notes/", note, MATEO)
    each_does_its_own(fleet)
    for _, desk in fleet.both():
        select(desk, first)
    fleet.left.until(lambda s: "Card terminals" in s["banner"])
    fleet.right.until(lambda s: "wait here" in s["banner"] and "lost its uplink" in s["banner"])


def select(desk: StationDesk, alert_id: str) -> None:
    """Go down the list until this alert is chosen."""
    for _ in range(12):
        if desk.ask("state")["selected"] == alert_id:
            return
        desk.press("J")
    for _ in range(12):
        if desk.ask("state")["selected"] == alert_id:
            return
        desk.press("K")
    raise AssertionError(f"the list has no {alert_id}")


def heal(fleet: Fleet) -> None:
    """The road is open; both come to the same states."""
    fleet.road.mode = Mode.PASS

    def agree() -> bool:
        told = [station.fleet() for station in (fleet.brno, fleet.praha)]
        calm = all(t["hub"]["state"] == "up" and not t["hub"]["to_push"] for t in told)
        cases = [fleet.case(station) for station in (fleet.brno, fleet.praha)]
        alerts = [
            [fleet.alert(station, alert) for alert in fleet.alerts]
            for station in (fleet.brno, fleet.praha)
        ]
        return calm and cases[0] == cases[1] and alerts[0] == alerts[1]

    until(agree)


def tells_what_came_of_it(fleet: Fleet, desk: StationDesk) -> None:
    """The page of one desk: both sides, what stands, and what can be decided."""
    state = desk.until(lambda s: bool(s["split"]["lines"]) and s["room"] == SPLITS)
    page = state["split"]
    lines = {line["key"]: line for line in page["lines"]}
    decide = [key for key, line in lines.items() if line["decide"]]
    first, second = fleet.alerts[:2]
    assert decide == [f"decide {fleet.incident}", f"decide {first}"]
    case, acked = (lines[f"decide {subject}"] for subject in (fleet.incident, first))
    at_praha, at_brno = ("here", "elsewhere") if desk is fleet.right else ("at PRAHA-1", "here")
    assert (
        page["names"].lower() == f"columns: thing, {at_praha}, {at_brno}, what stands now".lower()
    )
    assert f"{at_brno} commander: {AKI} by {KLARA}" in case["spoken"]
    assert f"{at_praha} commander: {MATEO} by {MATEO}" in case["spoken"]
    assert "Payments fail in fra1" in case["spoken"]
    assert {f"{AKI} commands", f"{MATEO} commands"} <= set(case["choices"])
    assert "Also acknowledged by" in acked["spoken"]
    assert "emergency" in acked["spoken"]
    other = lines[f"both {second}"]["spoken"]
    assert "resolved" in other
    assert "vendor was called" in other
    assert {"mine", "theirs"} <= set(lines)
    assert "PRAHA-1" in page["head"]
    assert "2 to decide" in page["head"]


def choose_a_commander(fleet: Fleet) -> None:
    """Mateo gives the command to Aki by the button's key; Brno learns it."""
    desk = fleet.right
    wanted = f"decide {fleet.incident}"
    page = desk.until(lambda s: s["split"]["selected"] == wanted)["split"]
    [line] = [line for line in page["lines"] if line["key"] == wanted]
    desk.press("ABCD"[line["choices"].index(f"{AKI} commands")])
    for station, shown in fleet.both():
        until(partial(is_settled, fleet, station))
        state = shown.until(lambda s: s["split"]["decisions"] == 1 and "1 to decide" in s["banner"])
        left = [line["key"] for line in state["split"]["lines"] if line["decide"]]
        assert left == [f"decide {fleet.alerts[0]}"] == [state["split"]["selected"]]
    history = fleet.brno.ask("GET", f"/crisis/incidents/{fleet.incident}/history/")["results"]
    assert MATEO in str(history[-1])
