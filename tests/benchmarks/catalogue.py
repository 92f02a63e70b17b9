"""Every benchmark by its name."""

from __future__ import annotations

from tests.benchmarks.anomalies import ANOMALIES
from tests.benchmarks.catching_up import CATCHING_UP, FRESH
from tests.benchmarks.charts import CHARTS
from tests.benchmarks.delivery import DELIVERY, WORSE
from tests.benchmarks.fanout import FANOUT
from tests.benchmarks.fault_to_page import FAULT_TO_PAGE
from tests.benchmarks.figures import Benchmark
from tests.benchmarks.ingest import BATCHES, FLATNESS, KILLED, REPEATS, SINGLES
from tests.benchmarks.listing import LISTING
from tests.benchmarks.many_sources import MANY_SOURCES
from tests.benchmarks.month import MONTH
from tests.benchmarks.rules import RULES
from tests.benchmarks.samples import SAMPLES
from tests.benchmarks.screen import HUNDRED, LIVE, STARTING, STORED, STORMING
from tests.benchmarks.spreading import SPREADING
from tests.benchmarks.team import TEAM
from tests.benchmarks.timeline import TIMELINE

BENCHMARKS: dict[str, Benchmark] = {
    b.name: b
    for b in (
        SINGLES,
        BATCHES,
        FLATNESS,
        REPEATS,
        KILLED,
        DELIVERY,
        WORSE,
        TEAM,
        FANOUT,
        LISTING,
        STARTING,
        STORED,
        LIVE,
        STORMING,
        HUNDRED,
        SPREADING,
        CATCHING_UP,
        FRESH,
        MONTH,
        SAMPLES,
        ANOMALIES,
        RULES,
        CHARTS,
        TIMELINE,
        FAULT_TO_PAGE,
        MANY_SOURCES,
    )
}
