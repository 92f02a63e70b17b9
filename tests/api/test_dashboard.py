"""The board as the dashboard tells it: the worst in full, all of them counted."""

from __future__ import annotations

from crisisdesk.api.dashboard import MOST_TOLD, services_out
from crisisdesk.api.times import iso
from crisisdesk.domain.service_board.hushed import Hush
from crisisdesk.domain.service_board.judging import Board, ServiceLine, ServiceState

from tests.domain.service_board.facts import NOW, line


def test_the_worst_are_told_and_all_are_counted() -> None:
    many = [ServiceLine(f"s{n}", ServiceState.DOWN) for n in range(MOST_TOLD + 5)]
    told = services_out(Board(tuple(many), 7), NOW)
    assert told.counts == {"down": MOST_TOLD + 5}
    assert told.unplaced == 7
    assert [one.name for one in told.worst] == [one.name for one in many[:MOST_TOLD]]


def test_all_that_is_known_of_a_service_is_told() -> None:
    down = ServiceState.DOWN
    one = ServiceLine(
        "shop",
        down,
        alerts=(0, 0, 1, 2, 0),
        quiet=1,
        since=NOW - 1_000,
        watchers=(line(name="web"),),
        because=(("db", down),),
        hush=Hush("SIL-1", NOW + 1_000, ""),
    )
    (told,) = services_out(Board((one,)), NOW).worst
    assert told.alerts == {"high": 1, "critical": 2}
    assert (told.since, told.silenced_until) == (iso(NOW - 1_000), iso(NOW + 1_000))
    assert (told.because, told.sources, told.quiet) == (["db"], ["SRC-web"], 1)
    assert told.words.startswith("because db is down, silenced for 1 s, 2 critical, 1 high")
