"""The whole way of an alert through real programs: Prometheus to a person's page and back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import pytest

from crisisdesk.bootstrap.building import INTAKE_TOKEN
from crisisdesk.domain.alarm import AlarmAlert, AlarmMemory, Motif, decide
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.queue_order import SEVERITY_NAME
from crisisdesk.domain.severity import Severity
from crisisdesk.settings.places import Places
from crisisdesk.settings.vault import SealedFile
from crisisdesk.store.queries import StationReader

from tests.chain.programs import Sources, get, metric, sources
from tests.comms.receivers import (
    Mailbox,
    Receiver,
    Request,
    answer,
    mail_server,
    proxied,
    receiving,
)
from tests.crash.desk_process import DeskProcess, desk_on
from tests.crash.engine_process import ROOT, Caller, Door, running

ARTEFACTS = ROOT / "artefacts"
OPERATOR = "Zoe Ng"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
SLACK_PATH = "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TITLE = "Checkout answers nobody"
WITHIN_S = 30.0
T = TypeVar("T")


@dataclass
class Shop:
    """The exporter: one gauge that the test turns."""

    up: int = 1

    def __call__(self, _request: Request) -> bytes:
        text = f"# TYPE shop_checkout_up gauge\nshop_checkout_up {self.up}\n"
        return answer(200, text, Content_Type="text/plain; version=0.0.4")


@dataclass
class Arrivals:
    """When the first page of each kind came (monotonic seconds)."""

    at: dict[str, float] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def note(self, kind: str) -> None:
        with self.changed:
            self.at.setdefault(kind, monotonic())
            self.changed.notify_all()

    def wait(self, *kinds: str) -> None:
        with self.changed:
            came = self.changed.wait_for(lambda: set(kinds) <= set(self.at), WITHIN_S)
        assert came, f"only {sorted(self.at)} came"


class Inbox(Mailbox):
    """A mailbox that says when a mail comes."""

    def __init__(self, arrivals: Arrivals) -> None:
        super().__init__()
        self._arrivals = arrivals

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await super().handle_DATA(server, session, envelope)
        self._arrivals.note("mail")
        return said


@dataclass(kw_only=True)
class World:
    """Everything around one engine."""

    shop: Shop
    arrivals: Arrivals
    inbox: Inbox
    slack: Receiver
    broken: Receiver
    door: Door
    desk: DeskProcess
    sources: Sources
    store: Path

    def read(self, question: Callable[[StationReader], T]) -> T:
        """Ask the station's file."""
        reader = StationReader(self.store)
        try:
            return question(reader)
        finally:
            reader.close()

    def until(self, question: Callable[[StationReader], T]) -> T:
        """The first true answer of the station's file."""
        began, pause = monotonic(), threading.Event()
        while not (found := self.read(question)):
            assert monotonic() - began < WITHIN_S, "it did not come to that in time"
            pause.wait(0.02)
        return found

    def alert(self) -> Alert:
        """The one alert."""
        [alert] = self.read(lambda reader: reader.page_alerts()).items
        return alert

    def pages(self) -> dict[str, Delivery]:
        """Its deliveries by channel."""
        alert_id = self.alert().alert_id
        return {d.channel: d for d in self.read(lambda reader: reader.deliveries_of(alert_id))}


@pytest.fixture
def world(tmp_path: Path, x_environment: dict[str, str]) -> Iterator[World]:
    shop, arrivals = Shop(), Arrivals()
    inbox = Inbox(arrivals)

    def take(_request: Request) -> bytes:
        arrivals.note("slack")
        return answer(200, "ok")

    with (
        proxied(take, tmp_path, ["hooks.slack.com"]) as (slack, authority),
        receiving(lambda _: answer(500, "out of order")) as broken,
        receiving(shop) as exporter,
        mail_server(inbox) as mail_port,
        running(
            tmp_path / "station",
            HTTPS_PROXY=f"http://{slack.host}",
            REQUESTS_CA_BUNDLE=str(authority),
            CRISISDESK_DELIVERY__BACKOFF_S="3",
            CRISISDESK_DELIVERY__MAX_ATTEMPTS="10",
        ) as (engine, door),
    ):
        _seat_and_list(door, mail_port, broken)
        token = SealedFile(engine.places.vault, engine.places.vault_key).get(INTAKE_TOKEN)
        assert token is not None
        folder = tmp_path / "sources"
        folder.mkdir()
        target = f"{door.host}:{door.port}"
        with (
            desk_on(tmp_path / "station", x_environment, starts_engine=False) as desk,
            sources(folder, engine=target, token=token, exporter=exporter.host) as both,
        ):
            yield World(
                shop=shop,
                arrivals=arrivals,
                inbox=inbox,
                slack=slack,
                broken=broken,
                door=door,
                desk=desk,
                sources=both,
                store=Places(tmp_path / "station").store,
            )


def _seat_and_list(door: Door, mail_port: int, broken: Receiver) -> None:
    """An operator at the desk, and three contacts; the last one's address is out of order."""
    mail = f"mailto://127.0.0.1:{mail_port}/?mode=insecure&from=desk@example.org&to=ann@example.org"
    urls = {"Ann": mail, "Ben": SLACK, "Cy": f"webhook://{broken.host}/page"}
    with _calling(door) as ask:
        ask("PUT", "/crisis/station/", {"name": "North", "operator": OPERATOR})
        for name, url in urls.items():
            ask("POST", "/crisis/contacts/", {"name": name, "methods": [{"url": url}]})


@contextmanager
def _calling(door: Door) -> Iterator[Callable[[str, str, Any], Any]]:
    caller = Caller(door, "setup")

    def ask(method: str, path: str, body: Any) -> Any:
        status, told = caller.ask(method, path, body)
        assert 200 <= status < 300, told
        return told

    yield ask
    caller.close()


@pytest.mark.timeout(180)
def test_from_a_rule_that_fires_to_a_quiet_desk(world: World) -> None:
    state = world.desk.until(lambda s: s["engine"] == "up" and s["operator"] == OPERATOR)
    assert (state["platform"], state["rows"]) == ("xcb", [])
    world.until(lambda _: _prometheus_watches(world))

    flipped = monotonic()
    world.shop.up = 0
    state = world.desk.until(lambda s: bool(s["rows"]))
    row_s = monotonic() - flipped
    world.arrivals.wait("mail", "slack")
    mail_s, slack_s = (world.arrivals.at[kind] - flipped for kind in ("mail", "slack"))
    print(f"\nchain: flip to row {row_s:.2f} s, mail {mail_s:.2f} s, Slack {slack_s:.2f} s")
    assert max(row_s, mail_s, slack_s) < 15.0

    alert = world.alert()
    assert state["rows"] == [{"alert_id": alert.alert_id, "title": TITLE, "status": "active"}]
    assert (alert.severity, alert.source, alert.service) == ("critical", "alertmanager", "checkout")
    _both_routes_lead_to_one_alert(world)
    _pages_say_what_is_wrong(world, alert)
    world.desk.until(lambda s: "critical" in s["rang"] and s["calling"])
    assert _motif(world) is Motif.CRITICAL
    _keep_picture(world.desk, "chain-fired")

    _acknowledge_by_key(world, alert)
    _is_quiet(world, alert)
    _keep_picture(world.desk, "chain-acknowledged")

    world.shop.up = 1
    world.until(lambda reader: _status(reader, alert) == "resolved")
    world.desk.until(lambda s: not s["rows"] or s["rows"][0]["status"] == "resolved")
    ended = world.alert()
    assert ended.acknowledged_by == OPERATOR
    assert ended.resolved_by == "source:alertmanager"
    assert ended.epoch_no == 1
    assert len(world.slack.requests) == len(world.inbox.mails) == 1


def _prometheus_watches(world: World) -> bool:
    """It has scraped the shop, and knows both places to send alerts to."""
    host = world.sources.prometheus
    scraped = json.loads(get(host, "/api/v1/query?query=shop_checkout_up")[1])
    managers = json.loads(get(host, "/api/v1/alertmanagers")[1])
    return bool(scraped["data"]["result"]) and len(managers["data"]["activeAlertmanagers"]) == 2


def _status(reader: StationReader, alert: Alert) -> str:
    found = reader.alert(alert.alert_id)
    return found.status if found is not None else ""


def _both_routes_lead_to_one_alert(world: World) -> None:
    """Alertmanager's webhook and Prometheus itself have both been answered 2xx."""
    world.until(lambda _: _notified(world, "total") >= 1)
    direct = f'{{alertmanager="http://{world.door.host}:{world.door.port}/api/v2/alerts"}}'
    posted = metric(world.sources.prometheus, f"prometheus_notifications_sent_total{direct}")
    refused = metric(world.sources.prometheus, f"prometheus_notifications_errors_total{direct}")
    assert posted >= 1
    assert (_notified(world, "failed_total"), refused) == (0, 0)
    world.until(lambda reader: reader.page_alerts().items[0].count >= 3)
    assert world.alert().epoch_no == 1


def _notified(world: World, kind: str) -> float:
    start = f'alertmanager_notifications_{kind}{{integration="webhook"'
    return metric(world.sources.alertmanager, start)


def _pages_say_what_is_wrong(world: World, alert: Alert) -> None:
    [(recipients, mail)] = world.inbox.mails
    assert recipients == ["ann@example.org"]
    assert TITLE in mail
    assert alert.alert_id in mail
    [request] = world.slack.requests
    assert (request.host, request.path) == ("hooks.slack.com", SLACK_PATH)
    assert TITLE in request.body.decode()
    pages = world.pages()
    assert (pages["email"].status, pages["email"].provider_id) == ("sent", "Q77")
    assert (pages["slack"].status, pages["slack"].words) == ("sent", "ok")
    assert pages["webhook"].status in {"queued", "sending"}


def _acknowledge_by_key(world: World, alert: Alert) -> None:
    """The row is chosen and A is pressed in the window."""
    if world.desk.ask("state")["selected"] != alert.alert_id:
        world.desk.ask("press", key="J")
    world.desk.until(lambda s: s["selected"] == alert.alert_id)
    world.desk.ask("press", key="A")
    world.until(lambda reader: _status(reader, alert) == "acknowledged")
    acked = world.alert()
    assert (acked.acknowledged_by, acked.owner) == (OPERATOR, OPERATOR)
    assert acked.response_ms is not None
    world.desk.until(lambda s: s["rows"][0]["status"] == "acknowledged")


def _is_quiet(world: World, alert: Alert) -> None:
    """No sound is due or called for, and the page still waiting will not go out."""
    world.desk.until(lambda s: not s["calling"])
    assert _motif(world) is None
    rang = world.desk.ask("state")["rang"]
    world.until(
        lambda reader: all(
            d.status in {"sent", "superseded"} for d in reader.deliveries_of(alert.alert_id)
        )
    )
    superseded = world.pages()["webhook"]
    assert (superseded.status, superseded.words) == ("superseded", f"{OPERATOR} has it")
    assert len(world.broken.requests) == superseded.attempt
    # Repeats keep coming from both sources meanwhile, and change nothing.
    count = world.alert().count
    world.until(lambda reader: reader.page_alerts().items[0].count > count + 2)
    assert world.alert().status == "acknowledged"
    assert world.desk.ask("state")["rang"] == rang
    assert len(world.slack.requests) == len(world.inbox.mails) == 1


def _motif(world: World) -> Motif | None:
    """What the alarm rule says of the station's alerts to somebody who has heard nothing yet."""
    rows = world.read(lambda reader: reader.alert_rows())
    alerts = [
        AlarmAlert(
            alert_id=row.alert_id,
            severity=Severity(SEVERITY_NAME[row.severity]),
            status=row.status,
        )
        for row in rows
    ]
    return decide(alerts, muted=set(), now_ms=1, memory=AlarmMemory()).motif


def _keep_picture(desk: DeskProcess, name: str) -> None:
    """What stands on the X screen, kept with the results of the tests."""
    ARTEFACTS.mkdir(exist_ok=True)
    picture = ARTEFACTS / f"{name}.png"
    assert desk.ask("grab", file=str(picture))["saved"]
    assert picture.stat().st_size > 20_000
