"""Acknowledgements: given twice, taken back one by one, given again after one ran out."""

from __future__ import annotations

from tests.domain.events import JONAS, KLARA
from tests.domain.test_holding import any_order, hold, run_out, taken, until
from tests.domain.test_merge import BERLIN, PRAGUE


def test_who_acknowledges_again_is_shown_once_beside_the_first() -> None:
    log, _ack = taken()
    for at in (70, 80):
        log.add(BERLIN, at, "alert.acknowledged", epoch="n1", life=1)
    state = any_order(log)
    assert (state.acknowledged_by, state.also_acknowledged_by) == (KLARA, [JONAS])


def test_taking_the_first_back_leaves_the_next_with_the_end_that_stands() -> None:
    log, ack = taken()
    log.add(BERLIN, 70, "alert.acknowledged", epoch="n1", life=1, hold=hold(31))
    log.add(PRAGUE, 80, "alert.unacknowledged", ack_id=ack.id)
    state = any_order(log)
    assert (state.owner, state.hold_until, state.response_ms) == (JONAS, until(31), 70_000)


def test_taken_back_it_was_no_response_unless_one_had_run_out() -> None:
    log, ack = taken()
    log.add(PRAGUE, 80, "alert.unacknowledged", ack_id=ack.id)
    assert any_order(log).response_ms is None

    log, ack = taken()
    run_out(log, PRAGUE, 1_800, ack, until(30))
    again = log.add(BERLIN, 1_900, "alert.acknowledged", epoch="n1", life=1)
    log.add(BERLIN, 1_950, "alert.unacknowledged", ack_id=again.id)
    assert any_order(log).response_ms == 60_000


def test_an_end_written_by_an_older_program_names_none_and_counts() -> None:
    log, ack = taken()
    log.add(BERLIN, 90, "alert.ack_expired", ack_id=ack.id)
    state = any_order(log)
    assert (state.owner, len(state.lapsed)) == ("", 1)
