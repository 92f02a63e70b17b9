"""Messages: grouped as they were claimed, told as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.engine.policy import PAGE_TTL_MS
from crisisdesk.engine.workers.messages import grouped, parts_of

from tests.domain.test_bundle import delivery
from tests.engine.handlers.test_bundles import claim, contact, fire
from tests.store.workload import AT_ONCE, Station


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data", policy=AT_ONCE)
    yield made
    made.close()


def test_those_that_go_with_a_carrier_come_behind_it() -> None:
    claims: list[Any] = [
        (delivery(1), None),
        (delivery(2), None),
        (delivery(3, into="D-002", unknown=1), None),
        (delivery(4, into="D-002"), None),
    ]
    alone, bundle = grouped(claims)
    assert (alone.keys, alone.carried_keys) == (["D-001"], [])
    assert (bundle.keys, bundle.carried_keys) == (["D-002", "D-003", "D-004"], ["D-003", "D-004"])
    assert (alone.is_possible_repeat, bundle.is_possible_repeat) == (False, True)


def test_what_is_left_out_is_known_and_the_carrier_carries_on() -> None:
    [bundle] = grouped([(delivery(2), None), (delivery(3, into="D-002"), None)])
    bundle.keep({"D-003"})
    assert (bundle.tells_carrier, bundle.left_out, bundle.carried_keys) == (False, [], ["D-003"])
    bundle.keep({"D-002"})
    assert (bundle.tells_carrier, bundle.left_out, bundle.carried_keys) == (True, ["D-003"], [])


def test_one_page_is_told_as_a_page_and_many_as_a_digest(station: Station) -> None:
    contact(station)
    fire(station, 1)
    [page] = claim(station)
    assert page.digest(PAGE_TTL_MS) is None
    fire(station, 4, first=50)
    [bundle] = claim(station)
    digest = bundle.digest(PAGE_TTL_MS)
    assert digest is not None
    assert digest.count == 4
    bundle.keep({bundle.carrier.delivery_id})
    assert bundle.digest(PAGE_TTL_MS) is None


@given(st.lists(st.text(max_size=3)), st.integers(1, 5))
def test_parts_are_small_and_leave_nothing_out(keys: list[str], size: int) -> None:
    parts = parts_of(keys, size)
    assert [key for part in parts for key in part] == keys
    assert parts
    assert all(len(part) <= size for part in parts)
