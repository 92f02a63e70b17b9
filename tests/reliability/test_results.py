"""The page of results says what was recorded, and calls a miss a miss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.reliability.figures import FIGURES, Figure
from tests.reliability.results import (
    kept_of,
    page,
    read_records,
    records_of,
    result_of,
    write_records,
)


def line(name: str, *, nightly: bool, at: int = 0, **figures: Any) -> dict[str, Any]:
    when = f"2026-11-21T00:{at:02}:00+00:00"
    return {"name": name, "nightly": nightly, "commit": "abc", "at": when, **figures}


def figure(name: str) -> Figure:
    return next(one for one in FIGURES if one.name == name)


def test_the_newest_nightly_record_counts() -> None:
    records = [
        line("R6", nightly=True, cases=10, different=1),
        line("R6", nightly=True, at=1, cases=20, different=0),
        line("R6", nightly=False, at=2, cases=3, different=7),
    ]
    assert records_of(figure("R6"), records) == [records[1]]
    assert records_of(figure("R6"), records[2:]) == records[2:]


def test_what_counts_is_kept_and_gives_the_same_page(tmp_path: Path) -> None:
    old = line("R6", nightly=True, cases=10, different=1)
    records = [
        old,
        line("R6", nightly=True, at=1, cases=20, different=0),
        *(line("R1 simulated fleet", nightly=True, chunk=n, steps=10, lost=0) for n in (0, 1)),
    ]
    kept = tmp_path / "kept.jsonl"
    write_records(kept, kept_of(records))
    again = read_records(kept)
    assert old not in again
    assert len(again) == 3
    assert page(again, Path(), "").split("\n")[8:] == page(records, Path(), "").split("\n")[8:]


def test_the_parts_of_one_run_are_summed() -> None:
    name = "R1 simulated fleet"
    chunks = [line(name, nightly=True, chunk=n, steps=10, lost=0) for n in (0, 1, 1)]
    assert len(records_of(figure(name), chunks)) == 2
    assert "20 steps" in page(chunks, Path(), "")


def test_a_control_is_not_taken_for_the_figure() -> None:
    real = line("R2 real fleet", nightly=False, lost=0, faults=0)
    control = line("R2 control", nightly=False, caught=True, mutant="selfish")
    assert records_of(figure("R2 real fleet"), [real, control]) == [real]
    assert records_of(figure("R2 control"), [real, control]) == [control]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("R6", {"different": 0}, {"different": 1}),
        ("R19 liveness", {"equal_s": 10.0}, {"equal_s": 10.1}),
        ("R19 liveness", {"equal_s": 1.0}, {}),
        ("R3 control", {"acked_lost": 1}, {"acked_lost": 0}),
        ("R25 mutant", {"killed": True}, {"killed": False}),
    ],
)
def test_a_miss_is_called_one(name: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    told = [result_of(figure(name), [line(name, nightly=True, **one)])[1] for one in (good, bad)]
    assert told == [True, False]
    assert "**missed:**" in page([line(name, nightly=True, **bad)], Path(), "")


def test_what_was_never_run_is_said() -> None:
    assert page([], Path(), "").count("**not run**") == len(FIGURES)
