"""What becomes of the values of rows; they are asked of a real Postgres beside the prober."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from crisisdesk.sources.probes.postgres_values import PostgresValues

from tests.sources.probes.looks import NOW


@pytest.mark.parametrize(
    ("value", "kept"),
    [(True, 1.0), (7, 7.0), (0.5, 0.5), (Decimal("1.5"), 1.5), (Decimal("NaN"), None)],
)
def test_numbers_of_every_kind(value: object, kept: float | None) -> None:
    values = PostgresValues("s1", NOW)
    assert values.add("jobs", value, {"state": "open"})
    [sample] = values.samples
    assert (str(sample.series), sample.at) == ('jobs{state="open"}', NOW)
    assert math.isnan(sample.value) if kept is None else sample.value == kept


def test_nothing_is_no_fault_and_no_sample() -> None:
    values = PostgresValues("s1", NOW)
    assert values.add("jobs", None)
    assert values.samples == []


@pytest.mark.parametrize(
    ("metric", "value", "labels"),
    [
        ("jobs", "text", {}),
        ("jobs", 10**400, {}),
        ("jobs ?column?", 1, {}),
        ("jobs", 1, {"state": "x" * 600}),
        ("jobs", 1, {f"l{n}": "x" for n in range(65)}),
    ],
)
def test_what_is_out_of_bounds_is_told(metric: str, value: object, labels: dict[str, str]) -> None:
    values = PostgresValues("s1", NOW)
    assert not values.add(metric, value, labels)
    assert values.samples == []
