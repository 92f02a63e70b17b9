"""The board's rows: newest first, held back while read, never moved, and edits that tell it all."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.comms_room.rows import BoardRows
from crisisdesk.domain.delivery import Delivery

from tests.domain.deliveries import a_delivery


def follow(shown: list[Any], edits: list[Any]) -> list[Any]:
    """What a model shows after these edits."""
    for kind, first, size, items in edits:
        assert size == len(items)
        if kind == "reset":
            shown = list(items)
        elif kind == "insert":
            shown[first:first] = items
        else:
            shown[first : first + size] = items
    return shown


def loaded(*numbers: int, more: bool = False) -> BoardRows:
    rows = BoardRows()
    rows.begin([a_delivery(n) for n in sorted(numbers, reverse=True)], more=more)
    return rows


def numbers(rows: BoardRows) -> list[int]:
    return [int(one.delivery_id[2:]) for one in rows.rows]


def test_a_known_one_changes_in_place() -> None:
    rows = loaded(1, 2, 3)
    sent = a_delivery(2, status="sent")
    [edit] = rows.learn([sent], hold=True)
    assert (edit.kind, edit.first) == ("change", 1)
    assert rows.rows[1] is sent
    assert rows.learn([sent], hold=True) == []


def test_new_ones_wait_while_somebody_reads() -> None:
    rows = loaded(1, 2)
    assert rows.learn([a_delivery(3), a_delivery(4, severity="low")], hold=True) == []
    assert rows.waiting() == [("critical", 1), ("low", 1)]
    [edit] = rows.release()
    assert (edit.kind, edit.first, edit.size) == ("insert", 0, 2)
    assert numbers(rows) == [4, 3, 2, 1]
    assert rows.waiting() == []


def test_one_that_waits_is_let_in_as_it_stands_then() -> None:
    rows = loaded(1)
    rows.learn([a_delivery(3)], hold=True)
    rows.learn([a_delivery(3, status="failed")], hold=True)
    rows.release()
    assert rows.rows[0].status == "failed"


def test_one_that_leaves_the_group_keeps_its_place_and_none_of_another_comes() -> None:
    rows = BoardRows()
    rows.choose("waiting", "")
    rows.begin([a_delivery(2), a_delivery(1)], more=False)
    rows.learn([a_delivery(2, status="sent"), a_delivery(3, status="sent")], hold=False)
    assert numbers(rows) == [2, 1]
    assert rows.rows[0].status == "sent"
    rows.learn([a_delivery(4)], hold=True)
    rows.learn([a_delivery(4, status="sent")], hold=True)
    assert rows.waiting() == []


def test_what_a_later_page_brings_is_left_to_it() -> None:
    rows = loaded(5, 6, more=True)
    rows.learn([a_delivery(2)], hold=False)
    assert numbers(rows) == [6, 5]
    rows.extend([a_delivery(n) for n in (5, 4, 2)], more=False)
    assert numbers(rows) == [6, 5, 4, 2]
    rows.learn([a_delivery(1), a_delivery(3)], hold=False)
    assert numbers(rows) == [6, 5, 4, 3, 2, 1]


@given(
    first=st.sets(st.integers(1, 40)),
    waves=st.lists(st.tuples(st.lists(st.integers(1, 60), max_size=9), st.booleans()), max_size=6),
)
def test_the_edits_always_lead_to_the_rows_newest_first(
    first: set[int], waves: list[tuple[list[int], bool]]
) -> None:
    rows = BoardRows()
    shown = follow([], rows.begin([a_delivery(n) for n in sorted(first, reverse=True)], more=False))
    known = set(first)
    for attempt, (wave, hold) in enumerate(waves):
        states: list[Delivery] = [a_delivery(n, attempt=attempt) for n in dict.fromkeys(wave)]
        shown = follow(shown, rows.learn(states, hold=hold))
        known |= set(wave)
    shown = follow(shown, rows.release())
    assert shown == rows.rows
    assert numbers(rows) == sorted(known, reverse=True)
