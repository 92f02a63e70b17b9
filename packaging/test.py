"""Run every check from a checkout: ``python3 packaging/test.py [--fast] [--only NAME]...``.

``--nightly`` runs the reliability tests with their full figures instead, for hours, and writes
tests/reliability/RESULTS.md; ``--nightly --only r9`` one figure of them.

Sets up what is missing first: the environment with the test packages, the Qt system libraries,
Xvfb, Prometheus and Alertmanager. The last line says how many checks and tests passed, failed and
were skipped; the exit code is 0 only when none failed.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("CrisisDesk needs Python 3.11 or newer; this is " + sys.version.split()[0])

import checks
import nightly
import setup_env


def heading(text: str) -> None:
    """A line that stands out between the outputs of the checks."""
    print(f"\n=== {text} ===", flush=True)


def read_options(arguments: list[str]) -> argparse.Namespace:
    """Parse the command line; an unknown name ends the program with the known ones."""
    names = [check.name for check in checks.all_checks(Path("python"), fast=False)]
    parser = argparse.ArgumentParser(description="Run every check of CrisisDesk.")
    tier = parser.add_mutually_exclusive_group()
    tier.add_argument("--fast", action="store_true", help="leave out slow tests and benchmarks")
    tier.add_argument(
        "--nightly",
        action="store_true",
        help="the reliability tests alone, with their full figures; takes hours",
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help=f"one of {', '.join(names)}; with --nightly one of {', '.join(nightly.names())}",
    )
    options = parser.parse_args(arguments)
    known = nightly.names() if options.nightly else names
    for name in options.only or ():
        if name not in known:
            parser.error(f"argument --only: no check is called {name}; choose from {known}")
    return options


def choose(options: argparse.Namespace, python: Path) -> list[checks.Check]:
    """The checks that were asked for."""
    if options.nightly:
        return nightly.nightly_checks(python, options.only)
    return [
        check
        for check in checks.all_checks(python, fast=options.fast)
        if (check.name in options.only if options.only else check.in_fast or not options.fast)
    ]


def main(arguments: list[str]) -> int:
    """Set up, run the chosen checks, print the closing line; returns the exit code."""
    options = read_options(arguments)
    started = time.monotonic()
    python = setup_env.ensure("test")
    # Tools started by tests (uvicorn, alembic, crisisdesk) are those of the environment.
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    environment, limit_s = os.environ | {"PATH": path}, math.inf
    if options.nightly:
        environment, limit_s = nightly.environment(environment), nightly.WHOLE_LIMIT_S
    total, failed = checks.run_all(choose(options, python), environment, heading, limit_s)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    heading(f"all done in {minutes} min {seconds} s")
    if failed:
        print(f"failed: {', '.join(failed)}")
    for name in total.unsteady:
        print(f"unsteady, passed when tried again: {name}")
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
