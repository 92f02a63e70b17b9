"""Run every check from a checkout: ``python3 packaging/test.py [--fast] [--only NAME]...``.

Sets up what is missing first: the environment with the test packages, the Qt system libraries,
Xvfb, Prometheus and Alertmanager. The last line says how many checks and tests passed, failed and
were skipped; the exit code is 0 only when none failed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("CrisisDesk needs Python 3.11 or newer; this is " + sys.version.split()[0])

import checks
import setup_env


def heading(text: str) -> None:
    """A line that stands out between the outputs of the checks."""
    print(f"\n=== {text} ===", flush=True)


def read_options(arguments: list[str]) -> argparse.Namespace:
    """Parse the command line; an unknown check name ends the program with the known ones."""
    names = [check.name for check in checks.all_checks(Path("python"), fast=False)]
    parser = argparse.ArgumentParser(description="Run every check of CrisisDesk.")
    parser.add_argument("--fast", action="store_true", help="leave out slow tests and benchmarks")
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Set up, run the chosen checks, print the closing line; returns the exit code."""
    options = read_options(arguments)
    started = time.monotonic()
    python = setup_env.ensure("test")
    chosen = [
        check
        for check in checks.all_checks(python, fast=options.fast)
        if (check.name in options.only if options.only else check.in_fast or not options.fast)
    ]
    # Tools started by tests (uvicorn, alembic, crisisdesk) are those of the environment.
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    total, failed = checks.run_all(chosen, os.environ | {"PATH": path}, heading)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    heading(f"all done in {minutes} min {seconds} s")
    if failed:
        print(f"failed: {', '.join(failed)}")
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
