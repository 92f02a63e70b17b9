"""Probers are made when they are asked for, each once."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from crisisdesk.sources.probes.registry import FACTORIES, Probers

from tests.architecture.tree import ROOT
from tests.engine.workers.looking_out import ToldProber


def test_each_is_made_once_and_closed_once() -> None:
    made: list[ToldProber] = []

    def make() -> ToldProber:
        made.append(ToldProber(lambda: 0))
        return made[-1]

    probers = Probers({"told": make, "other": make})
    assert probers.types() == ["other", "told"]
    assert made == []
    assert probers.get("told") is probers.get("told")
    assert probers.get("strange") is None
    asyncio.run(probers.aclose())
    assert [one.is_closed for one in made] == [True]


def test_a_station_that_looks_at_nothing_loads_no_prober() -> None:
    script = (
        "import sys, crisisdesk.bootstrap.detecting, crisisdesk.engine.runtime\n"
        "print(sorted(n for n in sys.modules if n == 'dns' or n.endswith('_probe')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert {"http", "tcp", "dns", "icmp"} <= set(FACTORIES)
