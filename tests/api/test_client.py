"""The client of desk and command line, against a real door on a real port."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from crisisdesk.api.client import ApiRefused, Client, EngineAway

from tests.api.station import DESK, Station
from tests.api.test_feed import served
from tests.api.test_people import URL


def with_client(station: Station, work: Callable[[Client], None], token: str = DESK) -> None:
    """Run ``work(client)`` on a worker thread, as the desk does, while the door is open."""

    async def run() -> None:
        async with served(station) as (url, _stop):
            await asyncio.to_thread(use, url)

    def use(url: str) -> None:
        with Client(url, token, "Zoë Ng") as client:
            work(client)

    station.run(run())


def test_a_desk_does_its_work(station: Station) -> None:
    def work(client: Client) -> None:
        assert client.health()["ok"]
        client.set_station(name="North", operator="Zoë Ng")
        assert client.station()["operator"] == "Zoë Ng"
        assert "low" in client.confirm_sound("low")["sounds_heard"]
        alert = client.raise_alert("Disk full", "critical", service="billing")
        key = alert["id"]
        assert client.acknowledge([key], epochs=[alert["epoch"]], note="mine") == [key]
        assert client.unacknowledge([key]) == [key]
        assert client.investigate(key)["status"] == "investigating"
        assert client.resolve(key, "done")["resolution"] == "done"
        assert client.close_alert(key)["status"] == "closed"
        assert client.reopen(key, "again")["status"] == "active"
        assert client.edit_alert(key, severity="emergency")["severity"] == "emergency"
        client.note(key, "text")
        incident = client.escalate(key, incident_commander="Ana")["id"]
        assert client.alert(key)["incident"] == incident
        assert client.alert_history(key)[0]["kind"] == "alert.fired"
        assert client.alert_deliveries(key) == []
        for n in range(3):
            client.raise_alert(f"t{n}", "low")
        assert len(list(client.every_alert(limit=2))) == 4
        assert len(client.alerts(status=["active", "closed"], limit=2)["results"]) == 2
        assert client.dashboard()["open_alerts"] == 4
        assert client.notifications()["results"] == []
        assert client.channels()["results"] == []

    with_client(station, work)


def test_a_commander_does_theirs(station: Station) -> None:
    def work(client: Client) -> None:
        alert = client.raise_alert("x", "low")["id"]
        incident = client.open_incident("Down", "major", category="security")["id"]
        assert client.incident(incident)["category"] == "security"
        client.link_alert(incident, alert)
        assert client.unlink_alert(incident, alert)["alerts"] == []
        client.edit_incident(incident, impact="low", reason="one shop")
        entry = client.post_update(incident, "first", update_type="decision")["id"]
        assert client.edit_update(incident, entry, title="second")["edits"] == 1
        assert client.updates(incident)["results"][0]["title"] == "second"
        client.incident_status(incident, "resolved", "fixed")
        assert client.reopen_incident(incident, "no")["status"] == "investigating"
        assert client.incident_history(incident)
        assert client.incidents(status="investigating")["results"]
        card = client.save_contact({"name": "Ana", "methods": [{"url": URL}]})
        card = client.save_contact({"name": "Ana B"}, card["contact_id"])
        assert [c["name"] for c in client.contacts()] == ["Ana B"]
        card["methods"] = [{"url": URL}]
        made = client.save_contact({k: card[k] for k in ("name", "methods")}, card["contact_id"])
        page = client.send_test_page(made["contact_id"], made["methods"][0]["method_id"])
        assert page.startswith("D-")
        client.remove_contact(card["contact_id"])

    with_client(station, work)


def test_silences_are_tried_set_and_lifted(station: Station) -> None:
    def work(client: Client) -> None:
        client.raise_alert("x", "low", service="db")
        assert client.preview_silence("service=db")["hides"] == 1
        made = client.set_silence(["service=db"], "Works", duration_s=60)
        assert client.silences() == [client.silence(made["id"])]
        client.lift_silence(made["id"])
        assert client.silence(made["id"])["state"] == "lifted"

    with_client(station, work)


def test_refusals_come_with_field_and_remedy(station: Station) -> None:
    def work(client: Client) -> None:
        with pytest.raises(ApiRefused) as refused:
            client.alert("A/../B")
        assert (refused.value.status, refused.value.field) == (404, "path")
        with pytest.raises(ApiRefused) as refused:
            client.raise_alert("x", "bad")
        assert (refused.value.status, refused.value.field) == (400, "severity")
        assert refused.value.remedy
        client.operator = "engine"
        with pytest.raises(ApiRefused, match="X-CrisisDesk-Operator"):
            client.raise_alert("x", "low")

    with_client(station, work)


def test_a_wrong_token_is_refused_in_words(station: Station) -> None:
    def work(client: Client) -> None:
        with pytest.raises(ApiRefused) as refused:
            client.alerts()
        assert refused.value.status == 401

    with_client(station, work, token="other")


def test_no_engine_means_not_saved() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with (
            Client(f"http://127.0.0.1:{port}", "t", "o") as client,
            pytest.raises(EngineAway, match="not saved") as away,
        ):
            client.raise_alert("x", "low")
    assert not away.value.maybe_saved


def test_an_engine_that_stops_says_not_saved(station: Station) -> None:
    station.run(station.engine.stop())

    def work(client: Client) -> None:
        with pytest.raises(EngineAway, match="not saved") as away:
            client.raise_alert("x", "low")
        assert not away.value.maybe_saved

    with_client(station, work)


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """A port that answers one connection with these bytes, then hangs up."""

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(raw)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    ("raw", "error", "words"),
    [
        (b"", EngineAway, "not known whether this was saved"),
        (b"HTTP/1.1 503 x\r\ncontent-length: 4\r\n\r\nbusy", EngineAway, "not saved"),
        (b"HTTP/1.1 502 x\r\ncontent-length: 2\r\n\r\n{}", ApiRefused, "502"),
    ],
)
def test_strange_answers_are_told_apart(raw: bytes, error: type[Exception], words: str) -> None:
    with (
        answering(raw) as url,
        Client(url, "t", "o") as client,
        pytest.raises(error, match=words),
    ):
        client.raise_alert("x", "low")


def test_a_slow_engine_is_not_waited_for() -> None:
    def late(request: httpx.Request) -> Any:
        raise httpx.ReadTimeout("late", request=request)

    transport = httpx.MockTransport(late)
    with Client("http://127.0.0.1:1", "t", "o", timeout_s=0.5, transport=transport) as client:
        with pytest.raises(EngineAway, match=r"within 0\.5 s") as away:
            client.raise_alert("x", "low")
        assert away.value.maybe_saved
        with pytest.raises(EngineAway) as asked:
            client.alerts()
        assert not asked.value.maybe_saved
