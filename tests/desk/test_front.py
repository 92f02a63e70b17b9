"""What stands in the frame: which banner above which, and when it is shown anew."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from crisisdesk.desk.alerts.tally import Tally
from crisisdesk.desk.fleet.banner_words import Rejoined
from crisisdesk.desk.front import Front
from crisisdesk.desk.supervisor import EngineState
from crisisdesk.domain.service_board.watching import SourceCount

from tests.desk.alerts.rows import alert_row
from tests.desk.fleet.fleets import NOW, STATES

if TYPE_CHECKING:
    from crisisdesk.desk.alerts.room import AlertsRoom

pytestmark = pytest.mark.usefixtures("look", "qtbot")
UP = EngineState(kind="up", since_ms=0)
AWAY = EngineState(kind="away", since_ms=NOW - 7_000)


def banners(front: Front, engine: EngineState, *, waiting: bool) -> list[str]:
    """The subjects shown, top down."""
    tally = Tally()
    tally.learn([alert_row("A-1", "critical")] if waiting else [])
    alerts = SimpleNamespace(tally=tally, queue=SimpleNamespace(waiting=dict))
    front.show(engine, {}, cast("AlertsRoom", alerts), NOW)
    return [view.subject for view in front.banner.views()]


def test_trouble_stands_above_the_worst_alert_and_good_news_below_it() -> None:
    front = Front()
    front.standing = STATES["not-paging"]
    subjects = banners(front, UP, waiting=True)
    assert subjects[0] == "NOT PAGING."
    assert len(subjects) == 2
    front.standing, front.rejoined = STATES["holds"], Rejoined(2, 0)
    subjects = banners(front, UP, waiting=True)
    assert subjects[1] == "Rejoined:"
    assert banners(front, UP, waiting=False) == ["Rejoined:"]
    front.rejoined = None
    assert banners(front, UP, waiting=False) == ["Nothing is open."]


def test_an_engine_that_is_away_is_worse_than_what_it_said_last() -> None:
    front = Front()
    front.standing = STATES["not-paging"]
    assert banners(front, AWAY, waiting=False) == ["Engine restarting, 7 s."]


def test_it_is_due_on_a_change_and_each_second_while_something_counts() -> None:
    front = Front()
    front.standing = STATES["acting"]
    assert front.due(NOW)
    banners(front, UP, waiting=False)
    assert not front.due(NOW)
    assert front.due(NOW + 1_000)
    front.standing = STATES["holds"]
    assert not front.due(NOW + 2_000)
    front.stale = True
    assert front.due(NOW + 2_000)


def test_how_the_sources_stand_is_shown_in_the_status_bar() -> None:
    front = Front()
    banners(front, UP, waiting=False)
    assert not front.due(NOW + 1)
    front.set_watched(SourceCount(fresh=2, stale=1))
    assert front.stale
    banners(front, UP, waiting=False)
    shown = {segment.key: segment.label for segment in front.status.segments()}
    assert shown["sources"] == "Sources 2 fresh, 1 stale"
