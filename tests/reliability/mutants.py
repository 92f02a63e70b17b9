"""Bugs as people make them, each planted in the product, and which check has to notice it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain import acks, alert_fold, duty, event, fold, hlc
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.exchange.exchange import Exchange
from crisisdesk.engine.handlers import exchange as handler
from crisisdesk.engine.workbench import Workbench
from crisisdesk.store import files
from crisisdesk.store.journal import SqliteJournal

from tests.reliability import small_checks
from tests.reliability.fleet import Weather
from tests.reliability.memhub import MemHub
from tests.reliability.planting import planted

ROUGH = Weather(crash=0.04, full_disk=0.02, flip=0.01, jump=0.01)
RESTORED = Weather(crash=0.01, restore=0.03, copy=0.03, lossy=0.02, spoils=0.0)
SPOILT = Weather(crash=0.0, lossy=0.0, spoils=0.4, exchange=0.3)
# Nothing wrong but clocks that stand alike: many events of one moment.
TIED = Weather(
    crash=0.0, lossy=0.0, spoils=0.0, jump=0.0, flip=0.0, exchange=0.1, still=0.9, alerts=3
)
CLOCKS = Weather(crash=0.01, jump=0.1)

Small = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A bug and its killer: a fleet in this weather, or a small check.

    ``gone`` ends with one station lost for good and the hub set back to its very beginning.
    """

    name: str
    plant: Callable[[], AbstractContextManager[None]]
    weather: Weather | None = None
    small: Small | None = None
    gone: bool = False


def _body(function: Callable[..., Any], *changes: tuple[str, str]) -> Any:
    return lambda: planted(function, *changes)


@contextmanager
def _several(*plants: AbstractContextManager[None]) -> Iterator[None]:
    with ExitStack() as stack:
        for plant in plants:
            stack.enter_context(plant)
        yield


_APPEND = "            raw.executemany(_INSERT_EVENT"
_STATES = "            write_states(raw,"
_BREAK = "            raw.execute('COMMIT'); raw.execute('BEGIN IMMEDIATE')\n"
_PUSH_ONE = "                self._push_origin(origin, mark, outcome)"
_NOTE_SENT = """
                sent = getattr(self._hub, 'sent', {})
                self._hub.sent = sent | {origin: mark.seq}"""
_PULL = "            events = self._hub.pull(wanted, PULL_EVENTS)"
_MOVE_ON = """
            self._log.got = here | {e.origin: Mark(e.seq, e.hash) for e in events}"""
_PULL_BY_POSITION = f"""{_PULL}
            at = getattr(self._hub, 'at', 0)
            events = [e for e in events if self._hub.place(e) > at]
            self._hub.at = max([at, *(self._hub.place(e) for e in events)])"""
_DRIFT = """
    if last and remote - last > 300_000 << 16:
        raise ValueError('clock drift')
"""

MUTANTS: tuple[Mutant, ...] = (
    # -- durability
    Mutant(
        name="answers before the commit",
        plant=_body(
            Committer._commit_group,
            (
                "            if bench.sealed:",
                "            self._answer(jobs, {})\n            if bench.sealed:",
            ),
        ),
        weather=ROUGH,
    ),
    Mutant(
        name="synchronous=NORMAL",
        plant=_body(files.writing_connection, ("synchronous=FULL", "synchronous=NORMAL")),
        weather=ROUGH,
    ),
    Mutant(
        name="says done although the disk failed",
        plant=_body(Committer._fail, ("job.error = failure", "job.error = None")),
        weather=ROUGH,
    ),
    Mutant(
        name="goes on with the bench of a failed group",
        plant=_body(
            Committer._commit_group,
            ("            bench = None\n            self._fail", "            self._fail"),
        ),
        weather=ROUGH,
    ),
    Mutant(
        name="projection in a transaction after the events",
        plant=_body(SqliteJournal._append, (_STATES, _BREAK + _STATES)),
        weather=ROUGH,
    ),
    Mutant(
        name="projection in a transaction before the events",
        plant=_body(
            SqliteJournal._append,
            (
                _APPEND,
                "            write_states(raw, ((a, first + last, state) "
                "for a, (state, last) in states.items()))\n" + _BREAK + _APPEND,
            ),
        ),
        weather=ROUGH,
    ),
    Mutant(
        name="the head of foreign origins is not moved on",
        plant=_body(
            SqliteJournal._append,
            ("in ends.items():", "in list(ends.items())[:1]:"),
        ),
        weather=ROUGH,
    ),
    # -- order and fold
    Mutant(
        name="folds in the order of arrival",
        plant=_body(fold.fold, ("sorted(events, key=lambda e: e.order)", "list(events)")),
        weather=ROUGH,
    ),
    Mutant(
        name="breaks ties of the clock by arrival",
        plant=_body(fold.fold, ("key=lambda e: e.order", "key=lambda e: e.hlc")),
        weather=TIED,
    ),
    Mutant(
        name="absorbs late events without folding anew",
        plant=_body(Workbench._merged, ("in_order = ", "in_order = True or ")),
        weather=ROUGH,
    ),
    Mutant(
        name="takes an event of the same moment for a later one",
        plant=_body(Workbench._merged, ("fresh[0].hlc > newest", "fresh[0].hlc >= newest")),
        small=small_checks.the_same_moment_is_no_later_moment,
    ),
    Mutant(
        name="forgets what the group itself has written when it folds anew",
        plant=_body(Workbench._merged, ("[*told, *earlier, *fresh]", "[*told, *fresh]")),
        weather=TIED,
    ),
    Mutant(
        name="counts a machine's decision twice",
        plant=_body(fold.fold, (" or event.dedup_id in decided", "")),
        small=small_checks.a_machine_decision_counts_once,
    ),
    Mutant(
        name="clock does not move on by what it has seen",
        plant=_body(
            Workbench.absorb,
            ("hlc=clock", "hlc=self._head.hlc"),
        ),
        weather=CLOCKS,
    ),
    Mutant(
        name="clock is the wall's",
        plant=_body(hlc.tick, ("max(last + 1, wall_ms << 16)", "wall_ms << 16")),
        weather=CLOCKS,
    ),
    Mutant(
        name="refuses who is more than five minutes off",
        plant=_body(hlc.witness, ("    return", _DRIFT + "    return")),
        weather=CLOCKS,
    ),
    # -- the exchange
    Mutant(
        name="remembers what it has pushed",
        plant=_body(
            Exchange._push,
            (
                "outcome.hub.get(origin, NOTHING).seq:",
                "getattr(self._hub, 'sent', {}).get(origin, 0):",
            ),
            (_PUSH_ONE, _PUSH_ONE + _NOTE_SENT),
        ),
        weather=RESTORED,
        gone=True,
    ),
    Mutant(
        name="pulls behind a position in the hub's whole log",
        plant=_body(Exchange._pull, (_PULL, _PULL_BY_POSITION)),
        weather=RESTORED,
    ),
    Mutant(
        name="moves its pull cursor on before the commit",
        plant=_body(
            Exchange._pull,
            (
                "here = self._log.marks()",
                "here = self._log.marks() | getattr(self._log, 'got', {})",
            ),
            (_PULL, _PULL + _MOVE_ON),
        ),
        weather=ROUGH,
    ),
    Mutant(
        name="hands on only what it wrote itself",
        plant=_body(
            Exchange._push,
            (
                "            if not self._stop()",
                "            if origin == self._log.own_origin() and not self._stop()",
            ),
        ),
        weather=RESTORED,
        gone=True,
    ),
    Mutant(
        name="does not see that someone else writes as this station",
        plant=_body(Exchange._leave_if_not_alone, ("if theirs is None:", "if True:")),
        small=small_checks.a_station_leaves_an_origin_that_someone_else_wrote_on,
    ),
    Mutant(
        name="does not compare the ends of logs",
        plant=_body(
            Exchange._compare_ends,
            ("for origin, mark in outcome.hub.items():", "for origin, mark in ():"),
        ),
        small=small_checks.a_fork_of_equal_length_is_told,
    ),
    Mutant(
        name="the hub swallows conflicts",
        plant=_body(
            MemHub.push,
            ("raise Forked(origin, at + 1)", "pass"),
        ),
        small=small_checks.the_hub_refuses_another_event_under_a_number,
    ),
    # -- taking over
    Mutant(
        name="does not check the chain",
        plant=_body(event.check_stored, ("if not why:", "if True:")),
        weather=SPOILT,
    ),
    Mutant(
        name="does not compare the body with its hash",
        plant=_body(event.verify, ("if not _body_belongs(raw, salt, body):", "if False:")),
        weather=SPOILT,
    ),
    Mutant(
        name="skips a gap",
        plant=lambda: _several(
            planted(handler.absorb, ("if stored.seq != seq + 1:", "if False:")),
            planted(event.verify, ("if chain_hash(previous_hash, raw) != stored:", "if False:")),
        ),
        weather=SPOILT,
    ),
    Mutant(
        name="one bad origin holds up all others",
        plant=_body(
            handler.absorb,
            (
                "    if good:\n",
                "    if bad:\n        return Absorbed(events=0, quarantined=bad)\n    if good:\n",
            ),
        ),
        weather=TIED,
    ),
    Mutant(
        name="forgets in the group what it has just absorbed",
        plant=_body(Workbench.absorb, ("self._ends = self._ends | {", "_ = self._ends | {")),
        weather=ROUGH,
    ),
    # -- the domain's rules
    Mutant(
        name="resolves whatever epoch is open",
        plant=_body(alert_fold._resolved, ('event.body["epoch"] != state.epoch', "False")),
        small=small_checks.a_late_resolve_leaves_the_new_epoch,
    ),
    Mutant(
        name="a repeat takes the acknowledgement away",
        plant=_body(
            alert_fold._repeated,
            ("        last_seen_at=", "        ack_id='', status='active', last_seen_at="),
        ),
        small=small_checks.an_acknowledgement_outlives_repeats,
    ),
    Mutant(
        name="taking back any acknowledgement takes back the present one",
        plant=_body(acks._without_acks, ("if state.ack_id not in named:", "if False:")),
        small=small_checks.only_the_named_acknowledgement_is_taken_back,
    ),
    # -- duty
    Mutant(
        name="believes in a lease for ever",
        plant=_body(duty.valid_until, ("min(left_s, LEASE_S)", "1e9")),
        small=small_checks.no_lease_is_kept_over_a_suspend,
    ),
    Mutant(
        name="counts a lease from its answer",
        plant=_body(
            LeaseKeeper._note,
            ("valid_until(asked,", "valid_until(self._clock.boottime(),"),
        ),
        small=small_checks.a_lease_is_believed_for_less_time_than_the_hub_does,
    ),
    Mutant(
        name="the hub's fence is open",
        plant=_body(
            MemHub.claim,
            (
                "if (duty.holder, duty.token) != (holder, token) or duty.expires_ms <= now:",
                "if False:",
            ),
        ),
        small=small_checks.a_stale_token_claims_nothing,
    ),
    Mutant(
        name="the hub grants a claim that stands",
        plant=_body(MemHub.claim, ("            if held:", "            if False:")),
        small=small_checks.a_stale_token_claims_nothing,
    ),
    Mutant(
        name="the hub's tokens start anew after a restore",
        plant=_body(MemHub.renew, ("max(duty.token, least_token) + step", "duty.token + step")),
        small=small_checks.a_token_never_goes_back,
    ),
)
