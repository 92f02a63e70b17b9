"""What every hub must do, the real one and the one in memory: checks to inherit.

A subclass says how to make a hub by a fixture ``factory`` that gives a `HubFactory` or a
`DutyFactory`; its name begins with ``Test``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine.duty.ports import DutyHub, LedgerRow
from crisisdesk.engine.exchange.ports import (
    BATCH_BYTES,
    Forked,
    Hub,
    Mark,
    SignedHead,
)

from tests.hub.making import A, B, C, chain, report


class HubFactory(Protocol):
    """Makes hubs over one and the same shared log."""

    def hub(self, station: str) -> Hub:
        """That station's way to it."""

    def keep_copy(self) -> Callable[[], None]:
        """Make a backup of the hub as it is; what is returned sets the hub back to it.

        After either, ways to the hub are to be asked for anew.
        """


class HubContract:
    """Checks of `engine.exchange.ports.Hub`."""

    def test_what_was_pushed_is_pulled_byte_for_byte(self, factory: HubFactory) -> None:
        events = chain(A, 12)
        hub = factory.hub("alpha")
        assert hub.heads() == {}
        assert hub.push(A, 1, events) == 12
        assert hub.heads() == {A: Mark(12, events[-1].hash)}
        assert factory.hub("beta").pull({A: 0}) == events

    def test_a_repeated_push_changes_nothing(self, factory: HubFactory) -> None:
        events = chain(A, 5)
        hub = factory.hub("alpha")
        for _ in range(3):
            assert hub.push(A, 1, events) == 5
        assert hub.push(A, 2, events[1:4]) == 5
        assert hub.pull({A: 0}) == events

    def test_an_overlap_adds_only_the_rest(self, factory: HubFactory) -> None:
        events = chain(A, 9)
        hub = factory.hub("alpha")
        assert hub.push(A, 1, events[:6]) == 6
        assert hub.push(A, 4, events[3:]) == 9
        assert hub.pull({A: 0}) == events

    def test_a_gap_is_not_taken_and_the_head_says_where_to_go_on(self, factory: HubFactory) -> None:
        events = chain(A, 9)
        hub = factory.hub("alpha")
        assert hub.push(A, 4, events[3:]) == 0
        assert hub.heads() == {}
        hub.push(A, 1, events[:2])
        assert hub.push(A, 4, events[3:]) == 2
        assert hub.push(A, 3, events[2:]) == 9

    def test_another_event_in_a_place_that_is_taken_is_a_fork(self, factory: HubFactory) -> None:
        events = chain(A, 6)
        hub = factory.hub("alpha")
        hub.push(A, 1, events)
        other = chain(A, 3, after=events[:3], text="something else")
        with pytest.raises(Forked) as caught:
            hub.push(A, 4, other)
        assert (caught.value.origin, caught.value.seq) == (A, 4)
        with pytest.raises(Forked) as caught:
            hub.push(A, 1, events[:4] + chain(A, 2, after=events[:4], text="late"))
        assert caught.value.seq == 5
        assert hub.pull({A: 0}) == events

    def test_events_behind_another_past_are_a_fork_and_none_is_taken(
        self, factory: HubFactory
    ) -> None:
        events = chain(A, 3)
        hub = factory.hub("alpha")
        hub.push(A, 1, events)
        other = chain(A, 5, text="something else")
        with pytest.raises(Forked):
            hub.push(A, 4, other[3:])
        assert hub.pull({A: 0}) == events

    def test_a_fork_in_one_origin_leaves_the_others_alone(self, factory: HubFactory) -> None:
        hub = factory.hub("alpha")
        hub.push(A, 1, chain(A, 2))
        with pytest.raises(Forked):
            hub.push(A, 1, chain(A, 2, text="something else"))
        assert hub.push(B, 1, chain(B, 2)) == 2

    def test_whoever_holds_events_may_hand_them_over(self, factory: HubFactory) -> None:
        events = chain(A, 4)
        factory.hub("alpha").report(report("s-a", A))
        assert factory.hub("beta").push(A, 1, events[:2]) == 2
        assert factory.hub("alpha").push(A, 1, events) == 4

    def test_only_what_is_behind_the_vector_by_origin_and_seq(self, factory: HubFactory) -> None:
        hub = factory.hub("alpha")
        logs = {origin: chain(origin, 6) for origin in (C, A, B)}
        for origin, events in logs.items():
            hub.push(origin, 1, events)
        assert hub.pull({C: 5, A: 4, B: 6}) == logs[A][4:] + logs[C][5:]
        assert hub.pull({A: 99}) == []
        assert hub.pull({}) == []

    @pytest.mark.parametrize("limit", [1, 4, 7])
    def test_pulling_in_pieces_gives_the_whole(self, factory: HubFactory, limit: int) -> None:
        hub = factory.hub("alpha")
        logs = {origin: chain(origin, 9) for origin in (A, B)}
        for origin, events in logs.items():
            hub.push(origin, 1, events)
        got: dict[str, list[Stored]] = {A: [], B: []}
        while piece := hub.pull({origin: len(events) for origin, events in got.items()}, limit):
            assert len(piece) <= limit
            for event in piece:
                got[event.origin].append(event)
        assert got == logs

    def test_a_batch_is_no_larger_than_its_bytes_but_never_empty(self, factory: HubFactory) -> None:
        hub = factory.hub("alpha")
        huge = chain(A, 1, size=BATCH_BYTES // 2 + 1)
        events = huge + chain(A, 7, after=huge, size=BATCH_BYTES // 8)
        for event in events:
            hub.push(A, event.seq, [event])
        hub.push(B, 1, chain(B, 1))
        assert hub.pull({A: 0, B: 0}) == huge
        got = list(huge)
        while piece := hub.pull({A: len(got)}):
            assert sum(len(e.raw) + len(e.body) for e in piece) <= BATCH_BYTES
            got += piece
        assert got == events

    def test_an_origin_that_writes_much_keeps_no_other_waiting(self, factory: HubFactory) -> None:
        hub = factory.hub("alpha")
        logs = {A: chain(A, 30), B: chain(B, 2), C: chain(C, 9)}
        for origin, events in logs.items():
            hub.push(origin, 1, events)
        everything = dict.fromkeys(logs, 0)
        assert hub.pull(everything, 12) == logs[A][:5] + logs[B] + logs[C][:5]
        assert hub.pull(everything, 100) == logs[A] + logs[B] + logs[C]

    def test_every_station_hears_how_all_stand(self, factory: HubFactory) -> None:
        first, second = report("s-a", A), report("s-b", B, duty_rank=None, digest=b"", vector={})
        factory.hub("alpha").report(first)
        fleet = factory.hub("beta").report(second)
        told = {told.station_id: told for told in fleet.reports}
        assert replace(told["s-a"], seen_ms=0) == first
        assert replace(told["s-b"], seen_ms=0) == second
        assert 0 < told["s-a"].seen_ms <= told["s-b"].seen_ms <= fleet.hub_now_ms

    def test_a_later_report_takes_the_place_of_the_former(self, factory: HubFactory) -> None:
        hub = factory.hub("alpha")
        hub.report(report("s-a", A))
        again = report("s-a", C, name="Post \u00fc", vector={C: 1})
        assert [replace(r, seen_ms=0) for r in hub.report(again).reports] == [again]

    def test_the_newest_signed_head_of_each_origin_is_kept(self, factory: HubFactory) -> None:
        hub = factory.hub("alpha")
        heads = [
            SignedHead(origin=A, seq=seq, hash=bytes([seq]) * 32, signature=b"s", witnesses=b"{}")
            for seq in (3, 5, 4)
        ]
        for head in heads:
            hub.sign_head(head)
        assert hub.signed_heads() == [heads[1]]

    def test_a_hub_set_back_takes_again_what_it_has_forgotten(self, factory: HubFactory) -> None:
        logs = {origin: chain(origin, 8) for origin in (A, B)}
        hub = factory.hub("alpha")
        hub.push(A, 1, logs[A][:3])
        set_back = factory.keep_copy()
        hub = factory.hub("alpha")
        hub.push(A, 4, logs[A][3:])
        hub.push(B, 1, logs[B])
        set_back()
        hub = factory.hub("alpha")
        assert hub.heads() == {A: Mark(3, logs[A][2].hash)}
        assert hub.push(A, 9, chain(A, 1, after=logs[A])) == 3
        assert hub.push(A, 4, logs[A][3:]) == 8
        assert hub.push(B, 1, logs[B]) == 8
        assert hub.pull({A: 0, B: 0}) == logs[A] + logs[B]


class DutyFactory(Protocol):
    """Makes ways to one and the same lease and ledger."""

    def duty(self, station: str) -> DutyHub:
        """That station's way to it."""

    def pass_time(self, ms: int) -> None:
        """Let at least that much time pass on the hub's clock."""

    def keep_copy(self) -> Callable[[], None]:
        """Make a backup of the hub as it is; what is returned sets the hub back to it.

        After either, ways to the hub are to be asked for anew.
        """


LONG, SHORT = 60_000, 60


class DutyContract:
    """Checks of `engine.duty.ports.DutyHub`."""

    def test_one_holds_the_lease_and_the_others_hear_who(self, factory: DutyFactory) -> None:
        mine = factory.duty("alpha").renew(A, LONG, 0)
        theirs = factory.duty("beta").renew(B, LONG, 0)
        assert (mine.holder, theirs.holder) == (A, A)
        assert mine.token == theirs.token > 0
        assert 0 < theirs.left_ms <= mine.left_ms <= LONG

    def test_renewing_keeps_the_token_and_a_lapse_ends_it(self, factory: DutyFactory) -> None:
        hub = factory.duty("alpha")
        first = hub.renew(A, LONG, 0)
        assert hub.renew(A, SHORT, 0).token == first.token
        factory.pass_time(SHORT + 1)
        assert hub.renew(A, LONG, 0).token > first.token

    def test_another_takes_over_after_the_lapse_under_a_higher_token(
        self, factory: DutyFactory
    ) -> None:
        first = factory.duty("alpha").renew(A, SHORT, 0)
        factory.pass_time(SHORT + 1)
        taken = factory.duty("beta").renew(B, LONG, 0)
        assert taken.holder == B
        assert taken.token > first.token
        assert factory.duty("alpha").renew(A, LONG, 0).holder == B

    def test_a_released_lease_is_free_at_once(self, factory: DutyFactory) -> None:
        first = factory.duty("alpha").renew(A, LONG, 0)
        factory.duty("beta").release(B, first.token)
        factory.duty("alpha").release(A, first.token - 1)
        assert factory.duty("beta").renew(B, LONG, 0).holder == A
        factory.duty("alpha").release(A, first.token)
        taken = factory.duty("beta").renew(B, LONG, 0)
        assert (taken.holder, taken.token) == (B, first.token + 1)

    def test_only_one_of_many_deposes_a_holder_that_hangs(self, factory: DutyFactory) -> None:
        first = factory.duty("alpha").renew(A, LONG, 0)
        taken = factory.duty("beta").depose(B, first.token, LONG)
        late = factory.duty("gamma").depose(C, first.token, LONG)
        again = factory.duty("beta").depose(B, first.token, LONG)
        assert (taken.holder, late.holder, again.holder) == (B, B, B)
        assert first.token < taken.token == late.token == again.token
        assert factory.duty("alpha").claim(A, first.token, ["k"], LONG) == {}

    def test_no_claim_under_a_stale_token(self, factory: DutyFactory) -> None:
        alpha, beta = factory.duty("alpha"), factory.duty("beta")
        assert alpha.claim(A, 1, ["k"], LONG) == {}
        stale = alpha.renew(A, SHORT, 0).token
        assert beta.claim(B, stale, ["k"], LONG) == {}
        factory.pass_time(SHORT + 1)
        assert alpha.claim(A, stale, ["k"], LONG) == {}
        token = beta.renew(B, LONG, 0).token
        assert alpha.claim(A, stale, ["k"], LONG) == {}
        assert alpha.claim(A, token, ["k"], LONG) == {}
        assert beta.claim(B, token, ["k"], LONG) == {"k": 1}

    def test_a_claim_of_another_is_granted_only_after_its_deadline(
        self, factory: DutyFactory
    ) -> None:
        alpha, beta = factory.duty("alpha"), factory.duty("beta")
        first = alpha.renew(A, LONG, 0).token
        assert alpha.claim(A, first, ["long", "short"], LONG) == {"long": 1, "short": 1}
        assert alpha.claim(A, first, ["brief"], SHORT) == {"brief": 1}
        alpha.release(A, first)
        token = beta.renew(B, LONG, 0).token
        factory.pass_time(SHORT + 1)
        granted = beta.claim(B, token, ["brief", "long", "new", "short"], LONG)
        assert granted == {"brief": 2, "new": 1}

    def test_what_was_sent_is_never_granted_again(self, factory: DutyFactory) -> None:
        hub = factory.duty("alpha")
        token = hub.renew(A, LONG, 0).token
        hub.claim(A, token, ["sent", "failed"], SHORT)
        assert hub.settle("sent", token, "sent", "SM1")
        assert hub.settle("sent", token, "sent", "SM1")
        assert hub.settle("failed", token, "failed")
        factory.pass_time(SHORT + 1)
        assert hub.claim(A, token, ["sent", "failed"], LONG) == {"failed": 2}
        (row,) = hub.look(["sent", "unknown key"])
        assert (row.state, row.provider_id, row.attempt) == ("sent", "SM1", 1)

    def test_all_that_went_in_one_message_end_as_one(self, factory: DutyFactory) -> None:
        hub = factory.duty("alpha")
        token = hub.renew(A, LONG, 0).token
        hub.claim(A, token, ["c", "a", "b", "other"], SHORT)
        assert hub.settle_all(["c", "a", "b"], token, "sent", "SM1") == 3
        assert {r.key: (r.state, r.provider_id) for r in hub.look(["a", "b", "c", "other"])} == {
            "a": ("sent", "SM1"),
            "b": ("sent", "SM1"),
            "c": ("sent", "SM1"),
            "other": ("claimed", ""),
        }
        assert hub.settle_all(["other"], token - 1, "failed") == 0

    def test_a_late_word_of_a_former_holder_is_not_taken(self, factory: DutyFactory) -> None:
        alpha, beta = factory.duty("alpha"), factory.duty("beta")
        old = alpha.renew(A, LONG, 0).token
        alpha.claim(A, old, ["k"], SHORT)
        alpha.release(A, old)
        factory.pass_time(SHORT + 1)
        new = beta.renew(B, LONG, 0).token
        assert beta.claim(B, new, ["k"], LONG) == {"k": 2}
        assert not alpha.settle("k", old, "failed")
        (row,) = beta.look(["k"])
        assert (row.state, row.holder, row.token) == ("claimed", B, new)

    def test_a_token_never_comes_back_after_the_hub_was_set_back(
        self, factory: DutyFactory
    ) -> None:
        factory.duty("alpha").renew(A, SHORT, 0)
        set_back = factory.keep_copy()
        for _ in range(4):
            factory.pass_time(SHORT + 1)
            used = factory.duty("alpha").renew(A, SHORT, 0).token
        set_back()
        factory.pass_time(SHORT + 1)
        after = factory.duty("beta").renew(B, LONG, used)
        assert after.holder == B
        assert after.token > used

    def test_what_the_hub_forgot_is_put_back_and_never_moved_backwards(
        self, factory: DutyFactory
    ) -> None:
        set_back = factory.keep_copy()
        hub = factory.duty("alpha")
        token = hub.renew(A, LONG, 0).token
        hub.claim(A, token, ["sent", "open"], LONG)
        hub.settle("sent", token, "sent", "SM1")
        rows = sorted(hub.look(["open", "sent"]), key=lambda row: row.key)
        set_back()
        hub = factory.duty("alpha")
        assert hub.look(["open", "sent"]) == []
        hub.remember(rows)
        assert sorted(hub.look(["open", "sent"]), key=lambda row: row.key) == rows
        older = [replace(row, state="claimed", attempt=1, token=0, provider_id="") for row in rows]
        hub.remember(older)
        assert sorted(hub.look(["open", "sent"]), key=lambda row: row.key) == rows
        token = hub.renew(A, LONG, token).token
        assert hub.claim(A, token, ["sent"], LONG) == {}

    def test_remembering_many_or_none(self, factory: DutyFactory) -> None:
        hub = factory.duty("alpha")
        hub.remember([])
        rows = [
            LedgerRow(
                key=f"k{number:04}",
                token=3,
                holder=A,
                state="sent",
                attempt=2,
                deadline_ms=1_770_861_902_123,
                provider_id=f"SM{number}",
            )
            for number in range(700)
        ]
        hub.remember(rows)
        assert sorted(hub.look([row.key for row in rows]), key=lambda row: row.key) == rows
