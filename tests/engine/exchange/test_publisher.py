"""The publisher's rules, apart from any hub; `tests/hub/test_published.py` has the real tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from crisisdesk.domain.contact import Contact
from crisisdesk.engine.duty.ports import Lease
from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import HubAway, Mark
from crisisdesk.engine.exchange.publisher import (
    BATCHES_A_ROUND,
    EVENTS_A_BATCH,
    SWEEP_A_BATCH,
    Batch,
    Present,
    Published,
    Publisher,
    Touched,
    Verdict,
    covers,
    form,
)

A, B = "a" * 32, "b" * 32
LEASE = Lease(holder=A, token=1, left_ms=4_000)


@dataclass(slots=True)
class Tables:
    """Tables that take what they are given, unless a test says otherwise."""

    stand: Published = field(default_factory=Published)
    taken: list[Batch] = field(default_factory=list)
    answers: list[Verdict | type[Exception]] = field(default_factory=list)
    lost: bool = False
    asked: int = 0

    def published(self) -> Published:
        self.asked += 1
        return self.stand

    def publish(self, batch: Batch, holder: str, token: int) -> Verdict:
        answer = self.answers.pop(0) if self.answers else Verdict.WRITTEN
        if isinstance(answer, Verdict) and answer is not Verdict.WRITTEN:
            return answer
        if batch.before != self.stand:
            return Verdict.MOVED
        self.taken.append(batch)
        self.stand = batch.after
        if not isinstance(answer, Verdict):
            raise answer("the answer was lost")
        return Verdict.WRITTEN


@dataclass(slots=True)
class Log:
    """So many events of each origin, each of an aggregate of its own."""

    seqs: dict[str, int]
    first_kept: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[dict[str, int], dict[str, int]]] = field(default_factory=list)

    def begins(self) -> dict[str, int]:
        return self.first_kept

    def touched(
        self, behind: Mapping[str, int], most: Mapping[str, int], events: int
    ) -> Touched | None:
        self.asked.append((dict(behind), dict(most)))
        for origin, last in sorted(most.items()):
            after = behind.get(origin, 0)
            if last > after:
                upto = min(last, after + events)
                names = [f"{origin[0]}{n}" for n in range(after + 1, upto + 1)]
                return Touched(present=presents(names), upto={origin: upto})
        return None

    def after(self, aggregate: str, limit: int) -> list[Present]:
        names = sorted(f"{o[0]}{n:05d}" for o, last in self.seqs.items() for n in range(last))
        return presents([name for name in names if name > aggregate][:limit])


def presents(names: Sequence[str]) -> list[Present]:
    return [
        Present(aggregate=name, state=Contact(contact_id=name, name=name), order=(1, A, 1))
        for name in names
    ]


def outcome(here: dict[str, int], hub: dict[str, int] | None = None) -> Outcome:
    there = here if hub is None else hub
    return Outcome(
        here={o: Mark(seq, b"") for o, seq in here.items()},
        hub={o: Mark(seq, b"") for o, seq in there.items()},
    )


def test_without_duty_nothing_is_even_asked() -> None:
    tables = Tables()
    Publisher(tables, Log({A: 5}), lambda: None).run(outcome({A: 5}))
    assert (tables.asked, tables.taken) == (0, [])


def test_it_stops_when_asked_and_tells_that_more_waits() -> None:
    tables, log = Tables(), Log({A: EVENTS_A_BATCH * (BATCHES_A_ROUND + 1)})
    publisher = Publisher(tables, log, lambda: LEASE)
    publisher.run(outcome(log.seqs))
    assert (len(tables.taken), publisher.behind) == (BATCHES_A_ROUND, True)
    publisher.run(outcome(log.seqs))
    assert (tables.stand.vector, publisher.behind) == (log.seqs, False)
    stopped = Publisher(Tables(), log, lambda: LEASE, lambda: True)
    stopped.run(outcome(log.seqs))
    assert stopped.written == 0


def test_it_publishes_nothing_that_the_hub_does_not_hold() -> None:
    tables, log = Tables(), Log({A: 9, B: 4})
    Publisher(tables, log, lambda: LEASE).run(outcome(log.seqs, {A: 6, B: 7}))
    assert tables.stand.vector == {A: 6, B: 4}


def test_it_waits_until_it_holds_what_the_tables_show() -> None:
    tables, log = Tables(stand=Published(vector={B: 9}, made_by=form())), Log({A: 5})
    publisher = Publisher(tables, log, lambda: LEASE)
    publisher.run(outcome({A: 5, B: 8}, {A: 5, B: 9}))
    assert tables.taken == []
    publisher.run(outcome({A: 5, B: 9}))
    assert tables.stand.vector == {A: 5, B: 9}


@pytest.mark.parametrize("verdict", [Verdict.MOVED, Verdict.STALE])
def test_when_refused_it_asks_anew_how_far_the_tables_are(verdict: Verdict) -> None:
    tables, log = Tables(answers=[verdict]), Log({A: 5})
    publisher = Publisher(tables, log, lambda: LEASE)
    publisher.run(outcome(log.seqs))
    assert (tables.taken, tables.asked) == ([], 1)
    tables.stand = Published(vector={A: 3}, made_by=form())
    publisher.run(outcome(log.seqs))
    assert [p.aggregate for p in tables.taken[0].present] == ["a4", "a5"]


def test_a_lost_answer_is_found_out_and_no_harm() -> None:
    tables, log = Tables(answers=[HubAway]), Log({A: EVENTS_A_BATCH + 5})
    publisher = Publisher(tables, log, lambda: LEASE)
    with pytest.raises(HubAway):
        publisher.run(outcome(log.seqs))
    for _ in range(2):
        publisher.run(outcome(log.seqs))
    assert tables.stand.vector == log.seqs
    assert len(tables.taken) == 2


def test_a_new_lease_asks_the_hub_and_trusts_no_memory() -> None:
    tables, log, leases = Tables(), Log({A: 5}), [LEASE]
    publisher = Publisher(tables, log, lambda: leases[0])
    publisher.run(outcome(log.seqs))
    asked = tables.asked
    publisher.run(outcome(log.seqs))
    assert tables.asked == asked
    leases[0] = Lease(holder=A, token=2, left_ms=4_000)
    publisher.run(outcome(log.seqs))
    assert tables.asked == asked + 1


@pytest.mark.parametrize("why", ["compacted", "an older form"])
def test_everything_is_written_anew_when_it_must_be(why: str) -> None:
    log = Log({A: SWEEP_A_BATCH * 2 + 7})
    stand = Published(vector={A: 3}, made_by=form() - (why == "an older form"))
    if why == "compacted":
        log.first_kept = {A: 50}
    tables = Tables(stand=stand)
    publisher = Publisher(tables, log, lambda: LEASE)
    publisher.run(outcome(log.seqs))
    assert [len(b.present) for b in tables.taken] == [SWEEP_A_BATCH, SWEEP_A_BATCH, 7]
    # Until its end the tables count as they were, so that a sweep broken off begins anew.
    assert [b.after for b in tables.taken[:2]] == [stand, stand]
    assert tables.stand == Published(vector=log.seqs, made_by=form())
    publisher.run(outcome(log.seqs))
    assert len(tables.taken) == 3


def test_an_older_program_leaves_a_newer_ones_rows_and_a_mark() -> None:
    log, tables = Log({A: 5}), Tables(stand=Published(vector={A: 3}, made_by=form() + 1))
    Publisher(tables, log, lambda: LEASE).run(outcome(log.seqs))
    assert [len(b.present) for b in tables.taken] == [2]
    assert tables.stand.made_by == form()


def test_covers_is_for_every_origin() -> None:
    assert covers({A: 5}, {})
    assert covers({A: 5, B: 1}, {A: 5})
    assert not covers({A: 5}, {A: 4, B: 1})
