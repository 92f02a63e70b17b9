"""How long a reliability test may run, and where its figures go.

``CRISISDESK_NIGHTLY=1`` asks for the full figures; without it each test runs a small share of them.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent.parent
FIGURES = ROOT / "artefacts" / "reliability.jsonl"


def switch(name: str) -> str:
    """What an environment variable for the tests says; an engine would refuse it as a setting.

    tests/conftest.py therefore puts it under another name before anything is started.
    """
    return os.environ.get(f"TESTS_OF_{name}") or os.environ.get(name, "")


NIGHTLY: bool = switch("CRISISDESK_NIGHTLY") == "1"


def scaled(fast: T, nightly: T) -> T:
    """The one for this run's tier."""
    return nightly if NIGHTLY else fast


def record(name: str, **figures: Any) -> None:
    """Append one line to artefacts/reliability.jsonl: what was run and what came of it."""
    line = {
        "name": name,
        "nightly": NIGHTLY,
        "commit": _commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **figures,
    }
    FIGURES.parent.mkdir(exist_ok=True)
    with FIGURES.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _commit() -> str:
    """The commit that ran, with a + when the checkout differs from it; empty outside of git."""
    try:
        ran = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.strip()
