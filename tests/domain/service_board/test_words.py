"""What is said of services and sources."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.service_board.hushed import Hush
from crisisdesk.domain.service_board.judging import ServiceLine, ServiceState
from crisisdesk.domain.service_board.watching import Looker, SourceCount, Told, source_lines
from crisisdesk.domain.service_board.words import (
    alert_words,
    because_words,
    count_words,
    freshness_words,
    look_words,
    nobody_words,
    quiet_words,
    unwell_words,
    watch_words,
    why_words,
)

from tests.domain.service_board.facts import HERE, NOW, alerts, board, line

DOWN, OK = ServiceState.DOWN, ServiceState.OK
AWAY = Looker("ST-A", on_duty=False)


def service(state: ServiceState = OK, **more: Any) -> ServiceLine:
    return ServiceLine("shop", state, **more)


def test_alerts_are_told_the_worst_first() -> None:
    assert alert_words(service(alerts=(1, 0, 2, 3, 0))) == "3 critical, 2 high, 1 low"
    assert alert_words(service()) == ""


@pytest.mark.parametrize(
    ("state", "because", "words"),
    [
        (DOWN, (("db", DOWN),), "because db is down"),
        (DOWN, (("db", DOWN), ("mq", DOWN)), "because db and mq are down"),
        (OK, (("db", DOWN),), "needs db, which is down"),
        (DOWN, (("db", ServiceState.DEGRADED),), "needs db, which is degraded"),
        (DOWN, (("db", DOWN), ("mq", ServiceState.DEGRADED)), "because db is down"),
        (DOWN, (), ""),
    ],
)
def test_a_cause_is_claimed_only_where_it_is_down(
    state: ServiceState, because: Any, words: str
) -> None:
    assert because_words(service(state, because=because)) == words


def test_what_keeps_it_quiet() -> None:
    hush = Hush("SIL-1", NOW + 120_000, "new disks")
    assert quiet_words(service(hush=hush), NOW) == "silenced for 2 min: new disks"
    assert quiet_words(service(alerts=(0, 0, 0, 2, 0), quiet=2), NOW) == "all kept quiet"
    assert quiet_words(service(alerts=(0, 0, 0, 2, 0), quiet=1), NOW) == "1 kept quiet"
    assert quiet_words(service(), NOW) == ""


@pytest.mark.parametrize(
    ("watchers", "words"),
    [
        ((), "nothing here looks at it"),
        ((line(paused=True),), "all its sources are paused"),
        ((line(),), "1 source"),
        ((line(), line()), "2 sources"),
        ((line(ago=25_000),), "its source is late"),
        ((line(ago=25_000), line()), "1 of 2 sources late"),
        ((line(ago=90_000),), "its source is silent"),
        ((line(ago=90_000), line(told=Told.SILENT), line()), "2 of 3 sources silent"),
        ((line(looker=AWAY),), "1 source at another station"),
        ((line(ago=None, since=NOW),), "1 source, first look to come"),
    ],
)
def test_who_looks_at_it(watchers: Any, words: str) -> None:
    assert watch_words(service(watchers=watchers), NOW) == words


def test_looks_that_cannot_be_read() -> None:
    (unread,) = source_lines([line().source], None, {}, HERE, NOW)
    assert look_words(unread, NOW) == "its looks cannot be read, every 10 s"
    words = watch_words(service(watchers=(unread, line())), NOW)
    assert words == "what its sources found cannot be read"


def test_the_whole_reason() -> None:
    one = service(
        DOWN,
        alerts=(0, 0, 0, 2, 0),
        unowned=1,
        because=(("db", DOWN),),
        watchers=(line(told=Told.DOWN),),
    )
    assert why_words(one, NOW) == "because db is down, 2 critical, 1 that nobody has"
    late = one._replace(unowned=2, watchers=(line(ago=25_000),), because=())
    assert why_words(late, NOW) == "2 critical, nobody has them, its source is late"
    quiet = one._replace(hush=Hush("S", NOW + 60_000, "disks"), because=(), unowned=0)
    assert why_words(quiet, NOW) == "silenced for 1 min: disks, 2 critical"
    assert why_words(service(watchers=(line(),)), NOW) == "1 source"
    probed = service(DOWN, watchers=(line(told=Told.DOWN, name="web"),))
    assert why_words(probed, NOW) == "web found it down"
    failing = service(ServiceState.UNSURE, watchers=(line(is_up=False, name="web"),))
    assert why_words(failing, NOW) == "the last look of web failed"


def test_counts() -> None:
    found = board(alerts=[alerts("a", 4), alerts("b", 4), alerts("c", 2)])
    assert count_words(found) == "2 down, 1 degraded"
    assert count_words(board()) == ""
    assert unwell_words(found) == "2 down, 1 degraded"
    well = board(sources=[line()], alerts=[alerts("a", 1)])
    assert unwell_words(well) == "1 no data, 1 ok"


def test_how_many_nobody_has() -> None:
    assert nobody_words(service(alerts=(0, 0, 0, 1, 0), unowned=1)) == "nobody has it"
    assert nobody_words(service(alerts=(0, 0, 0, 2, 0), unowned=2)) == "nobody has them"
    assert nobody_words(service(alerts=(0, 0, 0, 2, 0), unowned=1)) == "1 that nobody has"
    assert nobody_words(service()) == ""


def test_the_last_look_is_told_against_the_declared_interval() -> None:
    assert look_words(line(ago=14_000), NOW) == "last look 14 s ago, every 10 s"
    assert look_words(line(ago=14_000), NOW + 3_000) == "last look 17 s ago, every 10 s"
    assert look_words(line(ago=None, since=NOW), NOW) == "no look yet, every 10 s"
    assert look_words(line(paused=True), NOW) == "paused, every 10 s"
    assert look_words(line(looker=AWAY), NOW) == "another station looks, every 10 s"


def test_how_many_are_fresh() -> None:
    assert freshness_words(SourceCount(14, 0, 1, 0)) == "14 fresh, 1 stale"
    assert freshness_words(SourceCount(1, 2, 0, 3)) == "1 fresh, 2 late, 3 elsewhere"
    assert freshness_words(SourceCount()) == ""
