"""The checks of this project, what each runs, and how its result is counted."""

from __future__ import annotations

import math
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
ARTEFACTS = ROOT / "artefacts"
MEASURED_ROOMS = ("domain", "engine", "store", "api")
COVERAGE_FLOOR_PERCENT = 90
NO_TESTS_COLLECTED = 5
LIMIT_S = 2400.0
# The order of the tests and what they draw: a change is judged by the same ones each time. A run of
# pytest by itself draws its own.
SEED = 64
RELIABILITY = "tests/reliability"
# Whole windows on real engines: they mostly wait, so two of them share the machine.
WINDOWS = "tests/desk"
# Twelve minutes on a machine that does nothing else, and room for one that does.
RELIABILITY_LIMIT_S = 1_750.0
# On a shared machine a test of real processes may miss its patience once. Up to so many failed ones
# are tried once more by themselves; one that passes only then is named at the end, not hidden.
SECOND_TRIES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many checks or tests ended in which way; pytest's errors count as failed.

    ``unsteady`` names those among the passed that failed first and passed when tried again.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    unsteady: tuple[str, ...] = ()

    def __add__(self, other: Count) -> Count:
        return Count(
            passed=self.passed + other.passed,
            failed=self.failed + other.failed,
            skipped=self.skipped + other.skipped,
            unsteady=self.unsteady + other.unsteady,
        )

    def __str__(self) -> str:
        words = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        again = len(self.unsteady)
        return f"{words}, {again} of the passed only when tried again" if again else words


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One named check: commands run in order until one fails, then counted."""

    name: str
    what: str
    commands: tuple[tuple[str, ...], ...]
    junit: Path | None = None
    in_fast: bool = True
    limit_s: float = LIMIT_S
    retried: bool = False


def junit_count(path: Path, exit_code: int) -> Count:
    """Count the tests of one pytest run; one without a report, or failing beside it, has failed."""
    try:
        suites = ET.parse(path).getroot().iter("testsuite")
        numbers = [
            {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
            for suite in suites
        ]
    except (FileNotFoundError, ET.ParseError):
        return Count(failed=1)
    failed = sum(n["failures"] + n["errors"] for n in numbers)
    skipped = sum(n["skipped"] for n in numbers)
    passed = sum(n["tests"] for n in numbers) - failed - skipped
    if exit_code and not failed:
        failed = 1
    return Count(passed=max(passed, 0), failed=failed, skipped=skipped)


def failed_tests(path: Path) -> tuple[str, ...]:
    """The names of the tests that a report of pytest calls failed, in its order."""
    cases = ET.parse(path).getroot().iter("testcase")
    bad = (
        case for case in cases if case.find("failure") is not None or case.find("error") is not None
    )
    return tuple(dict.fromkeys(f"{case.get('classname')}::{case.get('name')}" for case in bad))


def run_command(command: tuple[str, ...], environment: dict[str, str], limit_s: float) -> int:
    """Run one command; returns its exit code, 1 when it had to be stopped after ``limit_s``."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=limit_s)
    except subprocess.TimeoutExpired:
        print(f"stopped: not finished after {limit_s:.0f} s", flush=True)
        return 1
    return done.returncode


def run_check(check: Check, environment: dict[str, str]) -> Count:
    """Run one check with its output on this terminal; returns its count."""
    if check.junit is not None:
        check.junit.parent.mkdir(parents=True, exist_ok=True)
        check.junit.unlink(missing_ok=True)
    exit_code = 0
    for command in check.commands:
        exit_code = run_command(command, environment, check.limit_s)
        if exit_code:
            break
    if exit_code == NO_TESTS_COLLECTED and check.junit is not None:
        print("no test was found where there should be some")
    if check.junit is not None:
        count = junit_count(check.junit, exit_code)
        return _try_again(check, count, environment) if count.failed and check.retried else count
    return Count(failed=1) if exit_code else Count(passed=1)


def _try_again(check: Check, count: Count, environment: dict[str, str]) -> Count:
    """Run the few tests that failed once more, alone; what fails again has failed."""
    assert check.junit is not None
    names = failed_tests(check.junit) if count.passed else ()
    if not 0 < len(names) <= SECOND_TRIES:
        return count
    print("\ntried again, alone:", *names, sep="\n  ", flush=True)
    report = check.junit.with_stem(f"{check.junit.stem}-again")
    report.unlink(missing_ok=True)
    command = tuple(word.replace(str(check.junit), str(report)) for word in check.commands[-1])
    only = ("--last-failed", "--last-failed-no-failures=none")
    measured = ("--cov-append",) if "--cov" in command else ()
    code = run_command((*command, *only, *measured), environment, check.limit_s)
    again = junit_count(report, code)
    if again.failed or again.passed < len(names):
        return count
    return Count(
        passed=count.passed + len(names), skipped=count.skipped, unsteady=count.unsteady + names
    )


def all_checks(python: Path, *, fast: bool) -> list[Check]:
    """Every check in the order it runs; ``fast`` leaves out tests marked slow."""
    scripts = python.parent
    quick = " and not slow" if fast else ""
    pytest = (str(python), "-m", "pytest")
    measured = ("--cov", "--cov-branch", "--cov-report=")

    def tests(
        name: str, what: str, *options: str, in_fast: bool = True, limit_s: float = LIMIT_S
    ) -> Check:
        junit = ARTEFACTS / f"junit-{name}.xml"
        # Where nothing is drawn, pytest does not know the option.
        seed = () if "no:randomly" in options else (f"--randomly-seed={SEED}",)
        command = (*pytest, f"--junitxml={junit}", *seed, *options)
        return Check(
            name=name,
            what=what,
            commands=(command,),
            junit=junit,
            in_fast=in_fast,
            limit_s=limit_s,
            retried=True,
        )

    rooms = ",".join(f"crisisdesk/{room}/*" for room in MEASURED_ROOMS)
    gate = (f"--include={rooms}", f"--fail-under={COVERAGE_FLOOR_PERCENT}")
    return [
        Check(
            name="lint",
            what="ruff: rules",
            commands=((str(python), "-m", "ruff", "check", "."),),
        ),
        Check(
            name="format",
            what="ruff: layout",
            commands=((str(python), "-m", "ruff", "format", "--check", "."),),
        ),
        Check(
            name="types",
            what="mypy --strict",
            commands=(
                (str(python), "-m", "mypy", "crisisdesk", "tests"),
                (str(python), "-m", "mypy", "--no-explicit-package-bases", *_packaging_scripts()),
            ),
        ),
        Check(
            name="imports",
            what="import contracts between the rooms",
            commands=((str(scripts / "lint-imports"), "--no-cache", "--no-logo"),),
        ),
        tests(
            "tests",
            "tests that share the machine, two at a time",
            *("-n", "2", "-m", f"not serial{quick}", *measured),
        ),
        tests(
            "windows",
            "whole windows on real engines, two at a time",
            *(WINDOWS, "-n", "2", "-m", f"serial{quick}"),
        ),
        tests(
            "serial",
            "tests that need the machine for themselves: real processes, a real screen",
            *("-m", f"serial{quick}", "--ignore=tests/benchmarks", f"--ignore={RELIABILITY}"),
            f"--ignore={WINDOWS}",
        ),
        tests(
            "reliability",
            "those of them that break things: a small share of what runs at night",
            *(RELIABILITY, "-m", f"serial{quick}"),
            limit_s=RELIABILITY_LIMIT_S,
        ),
        Check(
            name="coverage",
            what=f"{COVERAGE_FLOOR_PERCENT} % branch coverage of {', '.join(MEASURED_ROOMS)}",
            commands=((str(python), "-m", "coverage", "report", *gate),),
        ),
        tests(
            "benchmarks",
            "benchmarks, without coverage",
            *("tests/benchmarks", "-p", "no:randomly", "-s"),
            in_fast=False,
        ),
    ]


def _packaging_scripts() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "packaging").glob("*.py"))


def run_all(
    checks: list[Check],
    environment: dict[str, str],
    heading: Callable[[str], None],
    limit_s: float = math.inf,
) -> tuple[Count, list[str]]:
    """Run the checks in order, all of them whatever fails; returns the sum and the failed names.

    One that tests is stopped, or not begun, when all together took ``limit_s``, and has failed.
    """
    total = Count()
    failed: list[str] = []
    end = time.monotonic() + limit_s
    for number, check in enumerate(checks, start=1):
        heading(f"[{number}/{len(checks)}] {check.name}: {check.what}")
        started = time.monotonic()
        if check.junit is not None:
            left_s = max(end - started, 0.0)
            check = replace(check, limit_s=min(check.limit_s, left_s))
        count = run_check(check, environment)
        total += count
        if count.failed:
            failed.append(check.name)
        heading(f"{check.name}: {count} in {time.monotonic() - started:.1f} s")
    return total, failed
