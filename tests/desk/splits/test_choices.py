"""What can be decided about a thing, from real states of a real split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from crisisdesk.api.client import Client
from crisisdesk.desk.splits.choices import choices_of
from crisisdesk.desk.splits.reading import Page
from crisisdesk.store.queries import StationReader

from tests.desk.splits.conftest import CUT
from tests.desk.splits.story import Story

pytestmark = CUT


class Taker:
    """Takes an order down as the door would get it."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, str, dict[str, Any]]] = []

    def edit_incident(self, name: str, **changes: Any) -> None:
        self.orders.append(("incident", name, changes))

    def investigate(self, name: str) -> None:
        self.orders.append(("investigate", name, {}))

    def edit_alert(self, name: str, **changes: Any) -> None:
        self.orders.append(("alert", name, changes))


def order(page: Page, subject: str, at: int) -> tuple[str, str, dict[str, Any]]:
    taker = Taker()
    page.choices[subject][at].call(cast("Client", taker))
    [found] = taker.orders
    return found


def test_each_commander_can_be_named_and_the_lost_title_put_back(page: Page, told: Story) -> None:
    ways = page.choices[told.incident]
    assert sorted(way.words for way in ways[:2]) == ["Aki Tanaka commands", "Mateo Ruiz commands"]
    assert ways[2].words.startswith("Put back title “")
    name = ways[0].words.removesuffix(" commands")
    assert order(page, told.incident, 0) == (
        "incident",
        told.incident,
        {"incident_commander": name},
    )
    _, _, changes = order(page, told.incident, 2)
    assert set(changes) == {"title"}


def test_a_severity_that_gave_way_can_be_put_back(page: Page, told: Story) -> None:
    assert order(page, told.alerts[0], 0) == (
        "alert",
        told.alerts[0],
        {"severity": "critical"},
    )


def test_nothing_is_offered_where_nothing_is_left_to_choose(page: Page, told: Story) -> None:
    assert told.alerts[1] not in page.choices
    reader = StationReader(told.folder / "station.sqlite3")
    try:
        alert = reader.alert(told.alerts[0])
    finally:
        reader.close()
    assert alert is not None
    [item] = [i for i in page.view.both if i.subject == alert.alert_id]
    lost = [{**alert.overwritten[-1], "value": alert.severity}]
    assert choices_of(item, replace(alert, overwritten=lost)) == ()
    assert choices_of(item, None) == ()
    rivalled = replace(alert, rival_owners=["Aki Tanaka"], overwritten=[])
    [take] = choices_of(item, rivalled)
    taker = Taker()
    take.call(cast("Client", taker))
    assert taker.orders == [("investigate", alert.alert_id, {})]
