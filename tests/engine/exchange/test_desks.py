"""The chore that tells other stations who is at a desk: how often, and what it hears."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from crisisdesk.engine.exchange.desks import EVERY_S, DeskTeller, Meeting
from crisisdesk.engine.exchange.ports import HubAway
from crisisdesk.engine.presence import PresenceBoard

from tests.engine.test_presence import SIGN, START


class Hub:
    """Keeps what it is told, and answers with what is laid ready."""

    def __init__(self) -> None:
        self.told: list[Sequence[dict[str, Any]]] = []
        self.answer: list[Meeting] | None = []
        self.away = False

    def meet(self, rows: Sequence[dict[str, Any]]) -> list[Meeting] | None:
        if self.away:
            raise HubAway("no route")
        self.told.append(rows)
        return self.answer


def test_it_tells_at_intervals_and_at_once_when_something_changed() -> None:
    hub, board, now = Hub(), PresenceBoard(lambda: START), [0.0]
    teller = DeskTeller(hub, board, lambda: now[0])
    teller.run()
    teller.run()
    board.sign("d1", "Zoë", "INC-A", 0)
    teller.run()
    now[0] += EVERY_S - 0.1
    teller.run()
    assert [len(rows) for rows in hub.told] == [0, 1]
    now[0] += 0.2
    teller.run()
    board.leave("d1")
    teller.run()
    assert [row[0]["left"] for row in hub.told[1:]] == [False, False, True]


@pytest.mark.allow_log("who is at the desks of Mallory")
def test_what_others_told_is_taken_by_the_hubs_own_age() -> None:
    hub, board = Hub(), PresenceBoard(lambda: START)
    lies = Meeting(station="Mallory", rows={"desks": 1}, age_ms=0)
    hub.answer = [lies, Meeting(station="Praha", rows=[SIGN], age_ms=4_000)]
    DeskTeller(hub, board, lambda: 0.0).run()
    [one] = board.all()
    assert (one.station, one.operator, one.seen_ms) == ("Praha", "Ann", START - 5_000)


def test_an_old_hub_and_one_that_is_away_change_nothing() -> None:
    hub, board = Hub(), PresenceBoard(lambda: START)
    hub.answer = None
    teller = DeskTeller(hub, board, lambda: 0.0)
    teller.run()
    assert board.all() == []
    hub.away = True
    board.sign("d1", "Zoë", "", 0)
    with pytest.raises(HubAway):
        teller.run()
    hub.away = False
    teller.run()
    assert len(hub.told) == 2
