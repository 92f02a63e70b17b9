"""Runs benchmarks in rounds: ``python -m tests.benchmarks [names] [--rounds N] [--out FILE]``."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.figures import Figures, Scale, judge, short, table

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Print a JSON line a round and a table at the end; write the table to a file."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; none means all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full work")
    parser.add_argument("--out", type=Path, help=f"where the tables go; {RESULTS.name} keeps them")
    parser.add_argument("--add", action="store_true", help="keep what the file holds already")
    options = parser.parse_args()
    # As an installed program starts: its compiled modules are there.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parts, broken = [], []
    for name in options.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        rounds: list[Figures] = []
        for number in range(1, options.rounds + 1):
            figures = benchmark.measure(Scale(share=options.scale))
            rounds.append(figures)
            shown = {k: float(f"{v:.4g}") for k, v in figures.items()}
            sys.stdout.write(json.dumps({"benchmark": name, "round": number, **shown}) + "\n")
            sys.stdout.flush()
        verdicts = judge(benchmark.goals, rounds)
        broken += [v.goal.row for v in verdicts if v.goal.must and not v.met]
        more = benchmark.more(rounds)
        shown_more = f"\n{more}\n" if more else ""
        parts.append(
            f"## {name}\n\n{inspect.getdoc(benchmark.measure)}\n\n{table(verdicts)}\n{shown_more}"
        )
    text = "\n".join(parts)
    sys.stdout.write(text + "\n")
    if options.out is not None:
        before = options.out.read_text() + "\n" if options.add else "# Benchmarks\n\n"
        options.out.write_text(f"{before}{_facts(options.rounds, options.scale)}\n{text}")
    for row in broken:
        sys.stderr.write(f"not kept, and must be: {row}\n")
    return 1 if broken else 0


def _facts(rounds: int, scale: float) -> str:
    """Machine, versions, commit and date: what the figures hold for."""
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    memory = psutil.virtual_memory().total / 2**30
    load = " ".join(f"{value:.1f}" for value in psutil.getloadavg())
    return (
        f"# Run of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit or 'unknown'}\n\n"
        f"- {platform.platform()}, {psutil.cpu_count()} cores, {memory:.0f} GiB, "
        f"CPython {platform.python_version()}; load at the end {load}\n"
        f"- {rounds} rounds at scale {short(scale)}; every figure is a median of rounds, every "
        "ratio the median of ratios within one round\n"
        "- made by `python -m tests.benchmarks --out tests/benchmarks/RESULTS.md`; where others "
        "used the machine meanwhile (load above 2), only the ratios count\n"
    )


if __name__ == "__main__":
    sys.exit(main())
