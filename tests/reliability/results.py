"""Writes RESULTS.md from the recorded figures: ``python -m tests.reliability.results``.

The newest nightly records of a figure count; the newest others only where it has none. Those that
count are kept in records.jsonl, so that the page can be written anew where only one figure was run.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tests.postgres.programs import identity, programs
from tests.reliability.figures import FIGURES, NOT_HERE, Figure
from tests.reliability.tiers import FIGURES as RECORDS
from tests.reliability.tiers import ROOT

PAGE = Path(__file__).with_name("RESULTS.md")
KEPT = Path(__file__).with_name("records.jsonl")
UNITS = {"mib": "MiB"}
Record = dict[str, Any]


def read_records(path: Path) -> list[Record]:
    """All lines, the oldest first."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def kept_of(records: Sequence[Record]) -> list[Record]:
    """Those that count for any figure, in the order of the page."""
    return [record for figure in FIGURES for record in records_of(figure, records)]


def write_records(path: Path, records: Iterable[Record]) -> None:
    """A line each."""
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text("".join(lines), encoding="utf-8")


def records_of(figure: Figure, records: Iterable[Record]) -> list[Record]:
    """The newest of each variant, all of one tier: nightly when there are such."""
    exact = [r for r in records if r["name"] == figure.name]
    mine = exact or [r for r in records if _belongs(figure, r["name"])]
    tier = [r for r in mine if r["nightly"]] or mine
    newest = {(r["name"], str(r.get(figure.variant, ""))): r for r in tier}
    return list(newest.values())


def _belongs(figure: Figure, name: str) -> bool:
    others = {other.name for other in FIGURES if other is not figure}
    return name.startswith(figure.name) and name not in others


def amount(value: Any) -> float:
    """A number as it is; what was counted by kind, summed."""
    if isinstance(value, dict):
        return sum(amount(one) for one in value.values())
    return float(value)


def total(records: Iterable[Record], field: str) -> float:
    """The field summed over those records that have it."""
    return sum(amount(record[field]) for record in records if field in record)


def greatest(records: Iterable[Record], field: str) -> float | None:
    """The field's greatest value; None where no record has it."""
    return max((float(r[field]) for r in records if field in r), default=None)


def number(value: float) -> str:
    """Without needless digits, thousands apart."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def count_of(figure: Figure, records: Sequence[Record]) -> str:
    """What was done."""
    done = {words: total(records, field) for field, words in figure.counts.items()}
    told = [f"{number(value)} {words}" for words, value in done.items() if value]
    return ", ".join(told) or f"{len(records)}"


def result_of(figure: Figure, records: Sequence[Record]) -> tuple[str, bool]:
    """What came of it, and whether that is the target."""
    told, good = [], True
    for field, words in figure.zero.items():
        value = total(records, field)
        told.append(f"{number(value)} {words}")
        good = good and value == 0
    for field, words in figure.more.items():
        if figure.variant:
            shown = sum(bool(record.get(field)) for record in records)
            told.append(f"{shown} of {len(records)} {words}")
            good = good and shown == len(records)
        else:
            told.append(f"{number(total(records, field))} {words}")
            good = good and all(amount(record[field]) > 0 for record in records)
    for field, bound in figure.most.items():
        worst = greatest(records, field)
        words, unit = field.rsplit("_", 1) if "_" in field else ("took", "s")
        told.append(f"{words.replace('_', ' ')} {_with_unit(worst, UNITS.get(unit, unit))}")
        good = good and worst is not None and worst <= bound
    return ", ".join(told), good


def _with_unit(value: float | None, unit: str = "s") -> str:
    return "unknown" if value is None else f"{value:.2f} {unit}"


def seeds_of(records: Iterable[Record]) -> str:
    """The seeds, or the ranges of them."""
    told = []
    for record in records:
        if "seed" in record:
            told.append(str(record["seed"]))
        elif "first_seed" in record:
            told.append(f"from {record['first_seed']}")
    return ", ".join(sorted(set(told))[:4])


def seconds_of(figure: Figure, records: Iterable[Record], folder: Path) -> str:
    """How long its file of tests ran at night, from pytest's report; else what the record says."""
    report = folder / f"junit-{figure.number.lower()}.xml"
    if figure.number and report.exists():
        whole = sum(float(suite.get("time", 0)) for suite in ET.parse(report).iter("testsuite"))
        return f"{whole:.0f}"
    took = greatest(records, "took_s")
    return "" if took is None else f"{took:.0f}"


def row(figure: Figure, records: Sequence[Record], folder: Path) -> str:
    """One line of the table."""
    if not records:
        return f"| {figure.number} | {figure.what} | | {figure.target} | **not run** | | | |"
    result, good = result_of(figure, records)
    tier = "nightly" if records[-1]["nightly"] else "fast"
    cells = (
        figure.number,
        figure.what,
        count_of(figure, records),
        figure.target,
        result if good else f"**missed:** {result}",
        seconds_of(figure, records, folder),
        seeds_of(records),
        f"{tier}, {', '.join(sorted({r['commit'] for r in records}))}",
    )
    return f"| {' | '.join(cells)} |"


def sums(records: Sequence[Record]) -> list[str]:
    """The figures that are told with every release, in one list."""

    def of(name: str, *fields: str) -> float:
        (figure,) = (one for one in FIGURES if one.name == name)
        return sum(total(records_of(figure, records), field) for field in fields)

    (takeover, *_) = (one for one in FIGURES if one.number == "R9")
    taken = records_of(takeover, records)
    mutants = records_of(next(f for f in FIGURES if f.number == "R25"), records)
    killed = sum(bool(record["killed"]) for record in mutants)
    p50, worst = greatest(taken, "p50_s"), greatest(taken, "max_s")
    lost = of("R1 simulated fleet", "lost") + of("R2 real fleet", "lost")
    lost += of("R3 power cut", "acked_lost") + of("R4 system calls", "acked_lost")
    missed = of("R5 cursor skip", "missed") + of("R10 no double page", "missed")
    return [
        f"- operations simulated: {number(of('R1 simulated fleet', 'steps'))}",
        f"- kills of real engines: {number(of('R2 real fleet', 'kills', 'kills_at_start'))}",
        f"- power cuts: {number(of('R3 power cut', 'images'))}",
        f"- take-over: p50 {_with_unit(p50)}, max {_with_unit(worst)}",
        f"- acknowledged writes lost: {number(lost)}",
        f"- pages sent twice: {number(of('R10 no double page', 'repeats'))}",
        f"- events or pages missed: {number(missed + of('R11 unknown outcome', 'missed'))}",
        f"- planted bugs killed: {killed} of {len(mutants)}",
    ]


def machine() -> str:
    """What this was written on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgres()}"
    )


def _postgres() -> str:
    ran: subprocess.CompletedProcess[str] = subprocess.run(
        [programs() / "postgres", "--version"],
        check=True,
        capture_output=True,
        text=True,
        timeout=20,
        **identity(),
    )
    return ran.stdout.strip().replace("postgres (PostgreSQL)", "Postgres")


def page(records: Sequence[Record], folder: Path, machine_words: str) -> str:
    """The whole page."""
    newest = max((str(record["at"]) for record in records), default="")
    lines = [
        "# What the reliability tests found",
        "",
        "Written by `python -m tests.reliability.results`; do not edit. A figure is of its newest",
        "nightly run, or where there is none of its newest fast one, which does a small share.",
        "A commit with a + was run with changes beside it.",
        "",
        f"- newest record: {newest}; written {datetime.now(UTC).isoformat(timespec='minutes')}",
        f"- machine: {machine_words}",
        *sums(records),
        "",
        "| | What | Count | Target | Result | Seconds | Seeds | Run |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [row(figure, records_of(figure, records), folder) for figure in FIGURES]
    lines += ["", "Elsewhere:", ""]
    lines += [f"- {name}: {where}" for name, where in NOT_HERE.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page and what it was written from; 1 when nothing was recorded yet."""
    found = [record for path in (KEPT, RECORDS) if path.exists() for record in read_records(path)]
    if not found:
        print(f"nothing is recorded in {RECORDS.relative_to(ROOT)}", file=sys.stderr)
        return 1
    found.sort(key=lambda record: str(record["at"]))
    PAGE.write_text(page(found, RECORDS.parent, machine()), encoding="utf-8")
    write_records(KEPT, kept_of(found))
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
