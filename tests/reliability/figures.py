"""What each figure must come to: which fields of its records count, and what they may not show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the results.

    ``name`` is that of the records, or how those begin. ``counts`` and ``zero`` map fields, which
    are summed over the newest records, to words; ``zero`` ones must be 0, ``more`` ones above 0.
    ``most`` maps fields, of which the greatest counts, to what they may be at most. ``variant`` is
    the field that tells records of one run apart.
    """

    name: str
    what: str
    target: str
    counts: Mapping[str, str] = field(default_factory=dict)
    zero: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)
    variant: str = ""

    @property
    def number(self) -> str:
        """R and a number, for those that have one."""
        first = self.name.split()[0]
        return first if first[1:].isdigit() else ""


def _same(*names: str) -> dict[str, str]:
    return {name: name.replace("_", " ") for name in names}


LOST = {"lost": "acknowledged writes lost"}
ACKED_LOST = {"acked_lost": "acknowledged writes lost"}

FIGURES = (
    Figure(
        name="R1 simulated fleet",
        what="simulated stations under crashes, cuts, clock jumps, restores",
        target="0 lost; equal states",
        counts=_same("steps", "crashes", "partition flips", "hub restores", "clock jumps"),
        zero=LOST,
        variant="chunk",
    ),
    Figure(
        name="R2 real fleet",
        what="3 engines and a Postgres under kills, cuts and crashes",
        target="0 lost; equal bytes; whole files",
        counts={"promised": "writes"}
        | _same("kills", "kills_at_start", "stops", "replies_dropped"),
        zero=LOST | _same("faults"),
    ),
    Figure(
        name="R2 control",
        what="planted: answers too early, forgetful, selfish",
        target="all caught",
        more=_same("caught"),
        variant="mutant",
    ),
    Figure(
        name="R3 power cut",
        what="disk images as a power cut leaves them",
        target="0 lost, 0 corrupt",
        counts=_same("images", "calls"),
        zero=ACKED_LOST | _same("corrupt", "spool_short"),
    ),
    Figure(
        name="R3 control",
        what="planted: does not wait for the disk",
        target="loses",
        counts=_same("images"),
        more=ACKED_LOST,
    ),
    Figure(
        name="R4 system calls",
        what="kills and errors at every write and flush",
        target="0 lost, 0 corrupt, every error told",
        counts=_same("runs", "acked"),
        zero=ACKED_LOST | _same("corrupt", "silent"),
    ),
    Figure(
        name="R5 cursor skip",
        what="8 writers, delayed commits, one transaction held open",
        target="0 missed; p99 ≤ 1 s",
        counts=_same("events"),
        zero=_same("missed"),
        most={"lag_p99_s": 1.0},
    ),
    Figure(
        name="R5 control pos",
        what="planted: the usual cursors",
        target="miss",
        counts=_same("events"),
        more=_same("missed"),
    ),
    Figure(
        name="R6",
        what="events permuted, doubled, batched otherwise",
        target="0 different",
        counts=_same("cases", "arrivals"),
        zero=_same("different"),
    ),
    Figure(
        name="R7",
        what="stations that act apart beside the rules said plainly",
        target="0 disagreements",
        counts=_same("runs", "steps", "checks"),
        zero=_same("disagreements"),
    ),
    Figure(
        name="R8",
        what="hostile texts in SQLite, Postgres, memory, other surroundings",
        target="0 different",
        counts=_same("events"),
        zero=_same("different"),
    ),
    Figure(
        name="R9 takeover",
        what="the duty station killed, frozen, cut off",
        target="≤ 5 s; no stale commit; no overlap",
        counts=_same("faults"),
        zero=_same("stale_commits", "overlap_s"),
        most={"p50_s": 5.0, "max_s": 5.0},
    ),
    Figure(
        name="R10 no double page",
        what="pages while the duty moves and stations pause",
        target="0 repeats, 0 missed",
        counts=_same("pages", "moves", "pauses"),
        zero=_same("repeats", "missed"),
    ),
    Figure(
        name="R11 unknown outcome",
        what="kills at 8 points around a send, lost answers, freezes",
        target="0 missed; 0 repeats where the provider knows keys",
        counts=_same("trials", "points", "repeats"),
        zero={"repeats_at_a_provider_that_knows_keys": "repeats where it knows keys"}
        | _same("missed"),
    ),
    Figure(
        name="R12 partition paging",
        what="hub down, split, isolated, one way, healed",
        target="0 silent",
        counts=_same("scenarios", "pages", "repeats"),
        zero=_same("silent"),
        variant="kind",
    ),
    Figure(
        name="direct links",
        what="stations that hear each other while the hub is away",
        target="0 repeats",
        counts=_same("stations"),
        zero=_same("repeats"),
    ),
    Figure(
        name="R13 clocks",
        what="clocks ten years off, jumping, standing still",
        target="0 refusals; replies after causes",
        counts=_same("seeds", "jumps", "replies"),
        zero=_same("sync_refusals", "replies_before_their_cause"),
    ),
    Figure(
        name="R14 hub amnesia",
        what="a real hub restored from base backups",
        target="0 repeated pages; whole again",
        counts=_same("restores", "alerts"),
        zero=_same("repeated_pages"),
    ),
    Figure(
        name="R14 hub amnesia (simulated)",
        what="the same in the simulation",
        target="0 lost; whole after one exchange each",
        counts=_same("hub restores"),
        zero=LOST | _same("not_whole"),
    ),
    Figure(
        name="R15 clone and roll-back",
        what="copied and restored station files",
        target="all found out",
        counts=_same("cases", "found_out"),
        zero=_same("wrong"),
    ),
    Figure(
        name="R16 tampering",
        what="edits of a signed log",
        target="0 missed",
        counts=_same("events", "edits"),
        zero=_same("missed"),
    ),
    Figure(
        name="R16 clean log",
        what="verification of an untouched log",
        target="0 false alarms; ≤ 30 s",
        counts=_same("events"),
        zero=_same("alarms"),
        most={"seconds": 30.0},
    ),
    Figure(
        name="R17 corrupt file",
        what="spoilt station files",
        target="0 unnoticed, 0 lost",
        counts=_same("files", "log_changed", "by_hand"),
        zero={"unpushed_lost_in": "lost"} | _same("unnoticed", "faults"),
    ),
    Figure(
        name="R17 control",
        what="planted: no second copy",
        target="loses",
        counts=_same("files"),
        more={"unpushed_lost_in": "lost"},
    ),
    Figure(
        name="R18 disk full",
        what="a disk that fills at any point",
        target="0 lost; back ≤ 5 s",
        counts=_same("points", "acked", "refused"),
        zero=ACKED_LOST | _same("faults"),
        most={"slowest_recovery_s": 5.0},
    ),
    Figure(
        name="R19 liveness",
        what="from the last fault of R2 to one truth, engines' starts included",
        target="≤ 10 s",
        most={"equal_s": 10.0},
    ),
    Figure(
        name="R20 scale",
        what="a fresh station beside a fleet's long log",
        target="1,000,000 events: ready ≤ 60 s, < 500 MiB, start ≤ 3 s",
        counts=_same("events", "aggregates", "stations"),
        most={"ready_s": 60.0, "size_mib": 500.0, "start_s": 3.0},
    ),
    Figure(
        name="R22 mixed versions",
        what="three versions in one fleet",
        target="0 crashes; unknown events relayed",
        counts=_same("seeds", "steps", "unknown_events"),
        zero=_same("fold_crashes"),
    ),
    Figure(
        name="R25 mutant",
        what="planted bugs in the simulation",
        target="all killed, ≥ 25",
        more=_same("killed"),
        variant="mutant",
    ),
)
NOT_HERE = {
    "R21": "latency: tests/benchmarks",
    "R23": "attacks: in the rooms' own tests",
    "R24": "eight hours under load: before a release",
}
