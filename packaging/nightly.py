"""The full reliability figures: ``packaging/test.py --nightly [--only r9]...``.

Each file of tests/reliability is a check of its own, run without coverage and with time enough, one
after another; then the page of results is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import checks

if TYPE_CHECKING:
    from pathlib import Path

WHOLE_LIMIT_S = 3 * 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One file of tests and its figures. ``workers`` is how many processes share its tests."""

    figures: tuple[str, ...]
    file: str
    limit_s: float = 1200.0
    workers: int = 0
    folder: str = checks.RELIABILITY


# The short ones first: whoever looks in early sees most of it.
PARTS = (
    Part(figures=("r6",), file="test_order_free.py"),
    Part(figures=("candidates",), file="test_candidates.py"),
    Part(figures=("r13",), file="test_clocks.py", limit_s=1800.0),
    Part(figures=("r22",), file="test_versions.py", limit_s=1800.0),
    Part(figures=("r25",), file="test_mutants.py", workers=2),
    Part(figures=("small",), file="test_small_checks.py"),
    Part(figures=("memhub",), file="test_memhub.py"),
    Part(figures=("results",), file="test_results.py"),
    Part(figures=("r12",), file="test_partition_paging.py", workers=2),
    Part(figures=("bundles",), file="test_bundles_apart.py", workers=2),
    Part(figures=("storm",), file="test_page_storm.py"),
    Part(figures=("links",), file="test_direct_links.py"),
    Part(figures=("r15",), file="test_incarnations.py"),
    Part(figures=("r3",), file="test_power_cut.py"),
    Part(figures=("r4",), file="test_syscalls.py"),
    Part(figures=("r18",), file="test_disk_full.py"),
    Part(figures=("r17",), file="test_corrupt_file.py"),
    Part(figures=("r7",), file="test_domain_rules.py"),
    Part(figures=("r8",), file="test_parity.py"),
    Part(figures=("r14",), file="test_hub_amnesia.py"),
    Part(figures=("r20",), file="test_scale.py"),
    Part(figures=("r5",), file="test_cursor.py"),
    Part(figures=("r16",), file="test_tampering.py"),
    Part(figures=("kills",), file="test_kill.py", limit_s=1800.0, folder="tests/crash"),
    Part(figures=("runs",), file="test_recovery.py", limit_s=1800.0, folder="tests/crash"),
    Part(figures=("r10",), file="test_no_double_page.py", limit_s=3600.0),
    Part(figures=("r9",), file="test_takeover.py", limit_s=3600.0),
    Part(figures=("r2", "r19"), file="test_real_fleet.py", limit_s=3600.0),
    Part(figures=("r11",), file="test_unknown_outcome.py", limit_s=3600.0),
    Part(figures=("r1",), file="test_fleet.py", limit_s=3600.0, workers=2),
)


def names() -> list[str]:
    """What ``--only`` may name, in the order of the figures."""
    known = {name for part in PARTS for name in part.figures}
    return sorted(known, key=lambda name: (not name[1:].isdigit(), len(name), name))


def nightly_checks(python: Path, only: list[str] | None = None) -> list[checks.Check]:
    """A check per chosen file, named by its first figure, and the one that writes the page."""
    chosen = [part for part in PARTS if only is None or set(only) & set(part.figures)]
    page = checks.Check(
        name="results",
        what="the page of what was found",
        commands=((str(python), "-m", "tests.reliability.results"),),
        limit_s=120.0,
    )
    return [*(_check(python, part) for part in chosen), page]


def environment(given: dict[str, str]) -> dict[str, str]:
    """With what asks the tests for their full figures, and for examples not seen before."""
    return given | {"CRISISDESK_NIGHTLY": "1", "HYPOTHESIS_PROFILE": "nightly"}


def _check(python: Path, part: Part) -> checks.Check:
    name = part.figures[0]
    junit = checks.ARTEFACTS / f"junit-{name}.xml"
    command = (
        *(str(python), "-m", "pytest", f"--junitxml={junit}", f"{part.folder}/{part.file}"),
        # A test that names a limit of its own keeps it.
        *("-n", str(part.workers), f"--timeout={part.limit_s:.0f}", "-p", "no:randomly"),
    )
    return checks.Check(
        name=name,
        what=f"{', '.join(part.figures)} in full: {part.file}",
        commands=(command,),
        junit=junit,
        limit_s=part.limit_s,
    )
