"""What an exchange tells of where a station stands."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import Digest, Fleet, Mark, Report
from crisisdesk.engine.exchange.standing import (
    compare_digests,
    durability,
    hub_down,
    hub_up,
    missing,
    stations,
)
from crisisdesk.engine.fleet import Durability, HubStatus

ME, OTHER = "a" * 32, "b" * 32


def report(origin: str, name: str, vector: dict[str, int], digest: bytes = b"") -> Report:
    return Report(
        station_id=f"S-{name}",
        origin=origin,
        name=name,
        version="1",
        vector=vector,
        hlc=5,
        fold_version=2,
        digest=digest,
    )


def outcome(*reports: Report) -> Outcome:
    return Outcome(
        hub={ME: Mark(7, b"h"), OTHER: Mark(4, b"o")},
        here={ME: Mark(9, b"m"), OTHER: Mark(3, b"p")},
        fleet=Fleet(reports=reports, hub_now_ms=1),
    )


def test_what_is_missing_is_counted_by_origin() -> None:
    assert missing({"a": 3, "c": 9}, {"a": 5, "b": 2, "c": 1}) == 4


def test_a_link_keeps_the_moment_at_which_its_state_began() -> None:
    up = hub_up(HubStatus(state="away", since_ms=5, words="gone"), outcome(), 100)
    assert (up.state, up.since_ms, up.words, up.to_push, up.to_pull) == ("up", 100, "", 2, 1)
    assert hub_up(up, outcome(), 200).since_ms == 100
    away = hub_down(up, "away", "refused", 300)
    assert (away.since_ms, hub_down(away, "away", "again", 400).since_ms) == (300, 300)


def test_an_own_event_is_as_safe_as_the_hub_and_the_others_say() -> None:
    told = outcome(report(ME, "me", {ME: 9}), report(OTHER, "other", {ME: 6, OTHER: 4}))
    assert durability(ME, told) == Durability(disk=9, hub=7, other=6)
    assert durability(ME, outcome()) == Durability(disk=9, hub=7, other=0)


def test_stations_are_shown_with_this_one_first() -> None:
    told = outcome(report(OTHER, "a", {ME: 6, OTHER: 3}), report(ME, "z", {ME: 9, OTHER: 3}))
    shown = stations(ME, told, {OTHER: False})
    assert [(s.name, s.is_self, s.behind, s.digest_agrees) for s in shown] == [
        ("z", True, 0, None),
        ("a", False, 3, False),
    ]


def test_digests_are_compared_only_at_the_same_place_and_fold() -> None:
    vector = {ME: 9, OTHER: 4}
    mine = Digest(vector=vector, fold_version=2, digest=b"x")
    same, wrong = report(OTHER, "o", vector, b"x"), report("c" * 32, "c", vector, b"y")
    behind, mute = report("d" * 32, "d", {ME: 8}, b"y"), report("e" * 32, "e", vector)
    newer = replace(report("f" * 32, "f", vector, b"y"), fold_version=3)
    told = compare_digests(mine, outcome(same, wrong, behind, mute, newer))
    assert told == {OTHER: True, "c" * 32: False}
