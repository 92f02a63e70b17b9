"""The board of desks: signs, closings, what others tell, and that a stranger moves nobody here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisdesk.domain.presence import HEARD_MS, KEPT_MS, TOUCHED_MS, Presence, Standing
from crisisdesk.engine.presence import PresenceBoard

START = 1_770_861_600_000


SIGN = {
    "desk": "d7", "operator": "Ann", "incident": "", "left": False,
    "opened": 9_000, "since": 9_000, "touched": 0, "seen": 1_000,
}  # fmt: skip


class Board(PresenceBoard):
    """With a clock that the test moves."""

    def __init__(self) -> None:
        self.at = START
        super().__init__(lambda: self.at, lambda: "BRNO-1")


def test_a_desk_is_there_while_it_gives_signs_and_keeps_since_when() -> None:
    board = Board()
    board.sign("d1", "Zoë", "INC-A", 0)
    board.at += 60_000
    board.sign("d1", "Zoë", "INC-A", 2_000)
    [one] = board.own()
    assert (one.opened_ms, one.since_ms, one.seen_ms) == (START, START, board.at)
    assert (one.touched_ms, one.station) == (board.at - 2_000, "BRNO-1")
    board.sign("d1", "Zoë", "INC-B", 0)
    assert (board.own()[0].opened_ms, board.own()[0].since_ms) == (START, board.at)
    assert board.at_desk() == {"zoë"}
    board.sign("d1", "Zoë", "INC-B", TOUCHED_MS + 1)
    assert board.at_desk() == frozenset()
    board.sign("d1", "Bo", "INC-B", 0)
    assert (board.own()[0].operator, board.own()[0].opened_ms) == ("Bo", board.at)
    board.at += HEARD_MS + 1
    assert board.at_desk() == frozenset()


def test_a_closed_desk_is_away_at_once_and_may_be_opened_again() -> None:
    board = Board()
    board.leave("d1")
    board.sign("d1", "Zoë", "INC-A", 0)
    board.at += 1_000
    board.leave("d1")
    board.at += 1_000
    board.leave("d1")
    [one] = board.own()
    assert (one.standing(board.at), one.seen_ms) == (Standing.AWAY, board.at - 1_000)
    board.sign("d1", "Zoë", "", 0)
    assert board.own()[0].opened_ms == board.at


def test_others_are_heard_the_newest_counts_and_own_desks_stay_own() -> None:
    board = Board()
    board.sign("d1", "Zoë", "", 0)
    there = Presence(
        desk="d2", operator="Bo", station="Praha", opened_ms=START, since_ms=START,
        touched_ms=START, seen_ms=START,
    )  # fmt: skip
    board.hear([there, replace(there, desk="d1", operator="Mallory", seen_ms=START + 9)])
    board.hear([replace(there, seen_ms=START - 1, left=True)])
    assert {p.operator: p.left for p in board.all()} == {"Zoë": False, "Bo": False}
    assert board.at_desk() == {"zoë", "bo"}
    assert [p.operator for p in board.own()] == ["Zoë"]
    board.at += KEPT_MS + 1
    assert board.all() == []


@pytest.mark.allow_log("cannot be read")
def test_what_cannot_be_read_is_left_out_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    board = Board()
    for _ in range(2):
        board.hear_told("Praha", [{**SIGN, "seen": "now"}])
    assert board.all() == []
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    board.hear_told("Praha", [SIGN], 2_000)
    assert (board.all()[0].seen_ms, board.all()[0].station) == (START - 3_000, "Praha")
    board.sign("d1", "Zoë", "", 0)
    assert [row["desk"] for row in board.told()] == ["d1"]
