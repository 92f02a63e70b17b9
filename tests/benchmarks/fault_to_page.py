"""From a fault of a real part to a person's page, at the station's own intervals."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from tests.benchmarks.fault_databases import (
    LAG_BYTES,
    LAG_SECONDS,
    PRIMARY,
    lagging_standbys,
    stopped_primaries,
)
from tests.benchmarks.fault_nodes import ASKED, FETCHED, PUSHED, lost_nodes
from tests.benchmarks.fault_services import (
    EXPIRED,
    HTTP_500,
    HUNG,
    NAMES_STOPPED,
    NAMES_WRONG,
    STOPPED,
    broken_pages,
    expired_certificates,
    hung_services,
    stopped_name_servers,
    stopped_services,
    wrong_names,
)
from tests.benchmarks.fault_signs import HEARTBEAT, LOG_LINE, log_lines, silent_heartbeats
from tests.benchmarks.fault_stage import Fault, Outcome, Played, Stage, play, stage
from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, percentile, short

Builder = Callable[[Stage, int], Iterator[Fault]]

# What breaks, and how many of it in a run of the full size.
BUILDERS: tuple[tuple[Builder, int], ...] = (
    (broken_pages, 20),
    (expired_certificates, 20),
    (stopped_services, 20),
    (hung_services, 20),
    (stopped_name_servers, 20),
    (wrong_names, 20),
    (stopped_primaries, 20),
    (lagging_standbys, 10),
    (lost_nodes, 20),
    (log_lines, 20),
    (silent_heartbeats, 20),
)
KINDS = (
    HTTP_500,
    EXPIRED,
    STOPPED,
    HUNG,
    NAMES_STOPPED,
    NAMES_WRONG,
    PRIMARY,
    LAG_BYTES,
    LAG_SECONDS,
    PUSHED,
    FETCHED,
    ASKED,
    LOG_LINE,
    HEARTBEAT,
)
HUSHED = 3
# Faults begin within this time; the longest wait after it is a heartbeat's, period and grace.
WINDOW_S = 420.0
LIMIT_S = 180.0
# A run of less than this shows that it works, and nothing else: everything is hurried.
HURRIED_BELOW = 0.01
HURRIED_EVERY_S, HURRIED_WINDOW_S = 3, 3.0
GOAL_S = 30.0


def fault_to_page(scale: Scale) -> Figures:
    """Fault to page at a receiver, with every interval as the station has it by itself.

    Real parts, all at once, each fault at a random moment: pages of an nginx that answer 500,
    certificates that have expired, programs that end or hang, name servers that end or lie,
    Postgres primaries that stop and standbys that fall behind, node exporters that go away from a
    Prometheus (15 s, as Debian has it; its own rule, pushed and fetched, and a rule of the station
    over what it asks there), a line in a log, heartbeats that stay out. The rule's own waiting is
    the 10 s that a standby may be behind, Prometheus' scrape and evaluation until it fires, and a
    heartbeat's period (30 s) and grace (60 s).
    """
    counted = [(build, scale.of(count)) for build, count in BUILDERS]
    hurried = scale.share < HURRIED_BELOW
    played = run(
        counted,
        every_s=HURRIED_EVERY_S if hurried else 0,
        window_s=HURRIED_WINDOW_S if hurried else WINDOW_S,
    )
    for words in played.strangers:
        print(f"a page about no fault: {words!r}")
    for one in played.outcomes:
        if one.took_s is None:
            print(f"never paged: {one.words!r}")
    return figures_of(played)


def run(
    builders: Sequence[tuple[Builder, int]],
    *,
    every_s: int,
    window_s: float,
    limit_s: float = LIMIT_S,
    hushed: int = HUSHED,
) -> Played:
    """Build so many of each, let them break within ``window_s``, and see what is paged.

    ``every_s`` 0 leaves every interval as the station has it. So many pages as ``hushed`` break as
    well while their sources are paused.
    """
    with stage(every_s=every_s) as (one, pages):
        faults = list(itertools.chain(*(build(one, count) for build, count in builders)))
        quiet = list(broken_pages(one, hushed, paused=True)) if hushed else []
        one.until_up()
        chance = random.SystemRandom()
        planned = [(chance.uniform(0.0, window_s), fault) for fault in faults]
        return play(planned, quiet, pages, limit_s)


def figures_of(played: Played) -> Figures:
    """Of each kind how many, and percentiles; a page that never came took for ever."""
    found: Figures = {}
    for number, kind in enumerate(KINDS):
        own = [one for one in played.outcomes if one.kind == kind]
        if own:
            found |= _figures(f"k{number}", own)
    known = [one for one in played.outcomes if one.kind != HEARTBEAT]
    return {
        **found,
        **_figures("all", played.outcomes),
        **(_figures("looks", known) if known else {}),
        "missed": sum(one.took_s is None for one in played.outcomes),
        "hushed": played.hushed,
        "strangers": len(played.strangers),
    }


def _figures(name: str, outcomes: Sequence[Outcome]) -> Figures:
    took = [math.inf if one.took_s is None else one.took_s for one in outcomes]
    less = [t - one.own_s for t, one in zip(took, outcomes, strict=True)]
    return {
        f"{name}_n": len(took),
        f"{name}_p50_s": percentile(took, 50),
        f"{name}_p95_s": percentile(took, 95),
        f"{name}_max_s": max(took),
        f"{name}_own_p50_s": percentile([one.own_s for one in outcomes], 50),
        f"{name}_less_p95_s": percentile(less, 95),
    }


def by_kind(rounds: Sequence[Figures]) -> str:
    """A Markdown table of the kinds, medians of the rounds; all in seconds but the number."""
    lines = [
        "| fault | n | p50 s | p95 s | max s | the rule's own waiting, p50 s | p95 without it, s |",
        "|---|---|---|---|---|---|---|",
    ]
    named = [*((f"k{n}", kind) for n, kind in enumerate(KINDS)), ("all", "all")]
    for name, words in named:
        if any(f"{name}_n" not in figures for figures in rounds):
            continue
        ends = ("n", "p50_s", "p95_s", "max_s", "own_p50_s", "less_p95_s")
        told = [median(figures[f"{name}_{end}"] for figures in rounds) for end in ends]
        lines.append(f"| {words} | {' | '.join(short(value) for value in told)} |")
    return "\n".join(lines)


FAULT_TO_PAGE = Benchmark(
    name="faults",
    measure=fault_to_page,
    more=by_kind,
    goals=(
        Goal(row="faults that were not paged", ours="missed", at_most=0, must=True),
        Goal(row="pages though the source is paused", ours="hushed", at_most=0, must=True),
        Goal(row="pages about no fault", ours="strangers", at_most=0),
        Goal(
            row="fault to page, the rule's own waiting taken off, p95 s",
            ours="all_less_p95_s",
            at_most=GOAL_S,
        ),
        Goal(
            row="all but heartbeats, nothing taken off, p95 s", ours="looks_p95_s", at_most=GOAL_S
        ),
        Goal(row="the same, longest s", ours="looks_max_s", at_most=1.5 * GOAL_S),
    ),
)
