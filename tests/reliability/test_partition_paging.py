"""R12: who pages when the hub or the roads are gone. Real duty rules, simulated clock and roads."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crisisdesk.domain import duty
from crisisdesk.domain.duty import Decision, Knowledge
from crisisdesk.engine.duty import pager_gate

from tests.reliability.partition_fleet import PartitionFleet, Roads
from tests.reliability.tiers import record, scaled

KINDS = ("hub down", "split", "isolated", "one way", "cut off", "heal")
SCENARIOS = scaled(20, 50)  # of each kind
SETTLE_S, PHASE_S = 12.0, 110.0
GRACE_S, RANK_S = 35.0, 30.0
# Within this time what one station writes has come to all that it has a road to.
HEARING_S = 2.0

Phase = tuple[float, Roads]


@dataclass
class Verdict:
    """What one scenario showed: repeats, pages over their bounds, and the greatest silence."""

    pages: int = 0
    repeats: int = 0
    too_many: int = 0
    silent: int = 0
    worst_s: float = 0.0

    def add(self, other: Verdict) -> None:
        self.pages += other.pages
        self.repeats += other.repeats
        self.too_many += other.too_many
        self.silent += other.silent
        self.worst_s = max(self.worst_s, other.worst_s)


def whole(names: list[str]) -> Roads:
    return Roads(set(names), {(a, b) for a in names for b in names if a != b})


def grouped(names: list[str], groups: list[list[str]], hub: list[str]) -> Roads:
    reaches = {(a, b) for group in groups for a in group for b in group if a != b}
    return Roads(set(hub), reaches)


def split_up(names: list[str], pick: random.Random, parts: int) -> list[list[str]]:
    groups: list[list[str]] = [[] for _ in range(parts)]
    for name in names:
        pick.choice(groups).append(name)
    return [group for group in groups if group]


def broken(kind: str, names: list[str], pick: random.Random) -> Roads:
    """The roads of one kind of trouble."""
    if kind == "hub down":
        return grouped(names, [names], [])
    if kind == "isolated":
        return grouped(names, [[name] for name in names], [])
    groups = split_up(names, pick, pick.randint(2, 3))
    if kind == "split":
        return grouped(names, groups, [])
    if kind == "cut off":
        return grouped(names, groups, groups[0])
    roads = grouped(names, [names], [])
    for pair in sorted(roads.reaches):
        if pick.random() < 0.25:
            roads.reaches.discard(pair)
    return roads


def phases_of(kind: str, names: list[str], pick: random.Random) -> list[Phase]:
    if kind != "heal":
        return [(SETTLE_S, whole(names)), (PHASE_S, broken(kind, names, pick))]
    phases: list[Phase] = [(SETTLE_S, whole(names))]
    for _ in range(3):
        phases.append((pick.uniform(3, 60), broken(pick.choice(KINDS[:5]), names, pick)))
        phases.append((pick.uniform(2, 15), whole(names)))
    return [*phases, (20.0, whole(names))]


# -- what the roads allow ------------------------------------------------------------------------


def together(roads: Roads, name: str, names: list[str]) -> set[str]:
    """Whom it is joined with over any number of roads that lead both ways."""
    found = {name}
    for _ in names:
        found |= {b for a in found for b in names if roads.both_ways(a, b)}
    if found & roads.hub:
        found |= roads.hub
    return found


def ranked_groups(roads: Roads, ranks: dict[str, int | None]) -> int:
    """How many may page side by side: the hub's side, and every leader that knows of no better."""
    names = list(ranks)
    leaders = 1 if roads.hub else 0
    for name in names:
        mine = ranks[name]
        seen = together(roads, name, names)
        if mine is None or seen & roads.hub:
            continue
        better = [r for n in seen if (r := ranks[n]) is not None and (r, n) < (mine, name)]
        leaders += not better
    return leaders


def bound_s(roads: Roads, ranks: dict[str, int | None], at: str) -> float | None:
    """Within what time a page born there must go out (s); None where nobody may page it."""
    joined = together(roads, at, list(ranks))
    if joined & roads.hub:
        return GRACE_S
    found = [rank for name in joined if (rank := ranks[name]) is not None]
    return GRACE_S + RANK_S * min(found) if found else None


# -- one scenario --------------------------------------------------------------------------------


def play(kind: str, seed: int) -> Verdict:
    pick = random.Random(seed)
    names = list("abcdef"[: pick.randint(3, 6)])
    given: list[int | None] = [0, 1, 2, None, None, None]
    ranks = dict(zip(names, pick.sample(given[: len(names)], len(names)), strict=True))
    fleet = PartitionFleet(ranks, seed)
    phases = phases_of(kind, names, pick)
    starts: list[tuple[float, Roads]] = []
    for length, roads in phases:
        fleet.roads.hub, fleet.roads.reaches = set(roads.hub), set(roads.reaches)
        starts.append((fleet.now_ms / 1000, roads))
        end = fleet.now_ms / 1000 + length
        while (now := fleet.now_ms / 1000) < end:
            page = f"p{len(fleet.born)}"
            for at in pick.sample(names, pick.choice((1, 1, 2))):
                fleet.fire(page, at)
            fleet.run(min(end - now, pick.uniform(0.2, 4.0)))
    return judge(fleet, starts)


def judge(fleet: PartitionFleet, starts: list[tuple[float, Roads]]) -> Verdict:
    verdict = Verdict(pages=len(fleet.born))
    end = fleet.now_ms / 1000
    ends = [start for start, _ in starts[1:]] + [end]
    most = max(ranked_groups(roads, fleet.ranks) for _, roads in starts)
    for page, (at, born_ms) in fleet.born.items():
        born, sends = born_ms / 1000, fleet.sends(page)
        verdict.repeats += max(0, len(sends) - 1)
        # Who had the lease may have sent it without anyone hearing of it before the roads broke.
        unheard = any(start - HEARING_S <= born < start for start, _ in starts)
        verdict.too_many += len(sends) > most + unheard
        first = min((t / 1000 for _name, t in sends), default=end)
        for (start, roads), until in zip(starts, ends, strict=True):
            bound = bound_s(roads, fleet.ranks, at)
            since = max(start, born)
            if bound is None or first <= since or until <= since:
                continue
            verdict.silent += min(first, until) > since + bound
            if first <= until:
                verdict.worst_s = max(verdict.worst_s, first - since)
    return verdict


def play_all(kind: str, count: int, seed: int) -> Verdict:
    total = Verdict()
    for number in range(count):
        one = play(kind, seed + number)
        assert one.too_many == 0, f"{kind}, seed {seed + number}: {one}"
        assert one.silent == 0, f"{kind}, seed {seed + number}: {one}"
        if kind == "hub down":
            assert one.repeats == 0, f"{kind}, seed {seed + number}: {one}"
        total.add(one)
    return total


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.timeout(600)
def test_r12_partition_paging(kind: str) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    total = play_all(kind, SCENARIOS, seed)
    record(
        "R12 partition paging",
        kind=kind,
        scenarios=SCENARIOS,
        seed=seed,
        pages=total.pages,
        repeats=total.repeats,
        silent=total.silent,
        first_send_max_s=total.worst_s,
    )


# -- controls: a rule taken away must show -------------------------------------------------------


def no_ranks(k: Knowledge, now: float) -> Decision:
    """Everyone who has lost the hub pages."""
    return duty.decide(replace(k, peers=(), rank=0, intent_since=0.0), now)


def hub_only(k: Knowledge, now: float) -> Decision:
    """Nobody pages without the hub."""
    made = duty.decide(k, now)
    return replace(made, may_page=False) if made.kind == "acting" else made


def seen_by(rule: Any, kind: str, monkeypatch: pytest.MonkeyPatch, count: int = 6) -> Verdict:
    monkeypatch.setattr(pager_gate, "decide", rule)
    total = Verdict()
    for seed in range(count):
        total.add(play(kind, seed))
    return total


def test_control_without_ranks_there_are_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = seen_by(no_ranks, "hub down", monkeypatch)
    assert seen.repeats > 0
    assert seen.too_many > 0


def test_control_without_acting_there_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen_by(hub_only, "isolated", monkeypatch).silent > 0
