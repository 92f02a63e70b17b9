"""One exchange with the hub: what it lacks goes up, what this station lacks comes down.

Nothing about it is remembered between two exchanges: each compares heads anew, so a lost answer, a
hub restored from a backup or a station back from a month away need no special way. Whoever wrote an
event, who holds it hands it on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from crisisdesk.domain.event import GENESIS
from crisisdesk.engine.exchange.ports import (
    BATCH_BYTES,
    PULL_EVENTS,
    PUSH_EVENTS,
    Fleet,
    Forked,
    Hub,
    Mark,
    Marks,
    Report,
    SyncLog,
)

log = logging.getLogger(__name__)

NOTHING = Mark(0, GENESIS)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one exchange did. ``hub`` is how much of every origin the hub holds afterwards.

    ``ahead`` is the range of own events (first, last) that the hub had not got when it began, empty
    ranges left out; ``behind`` maps origins to the ranges that this station had not got.
    ``held_back`` maps origins whose events could not be exchanged to the reason; the others went
    on. ``fork`` is set when the hub holds other events under this station's own origin.
    """

    pushed: int = 0
    pulled: int = 0
    hub: dict[str, Mark] = field(default_factory=dict)
    here: dict[str, Mark] = field(default_factory=dict)
    hlc: int = 0
    ahead: tuple[int, int] | None = None
    behind: dict[str, tuple[int, int]] = field(default_factory=dict)
    held_back: dict[str, str] = field(default_factory=dict)
    new_origin: str = ""
    fleet: Fleet | None = None


class Exchange:
    """Exchanges one log with one hub. Blocking; used by one thread.

    ``describe`` makes this station's report from its vector and hlc; None leaves reports out.
    ``stop`` is asked between two batches, so that a long catch-up can be broken off anywhere.
    ``heard`` is given what the hub has before any of it is taken in here.
    """

    def __init__(
        self,
        log_here: SyncLog,
        hub: Hub,
        describe: Callable[[dict[str, int], int], Report] | None = None,
        stop: Callable[[], bool] = lambda: False,
        heard: Callable[[Marks], None] = lambda _marks: None,
    ) -> None:
        self._heard = heard
        self._log = log_here
        self._hub = hub
        self._describe = describe
        self._stop = stop

    def run(self) -> Outcome:
        """Exchange everything there is. Raises HubAway and HubRefused; what was done stays done."""
        outcome = Outcome(hub=self._hub.heads())
        self._heard(outcome.hub)
        self._leave_if_not_alone(outcome)
        self._compare(outcome)
        self._push(outcome)
        self._pull(outcome)
        # In this order: what is written in between must sort after the hlc that is promised.
        outcome.hlc = self._log.hlc()
        outcome.here = self._log.marks()
        if self._describe is not None and not self._stop():
            vector = {origin: mark.seq for origin, mark in outcome.here.items()}
            outcome.fleet = self._hub.report(self._describe(vector, outcome.hlc))
        return outcome

    def push_own(self, outcome: Outcome) -> None:
        """Only hand over what this station wrote since ``outcome``: the quick way after one."""
        own = self._log.own_origin()
        if (mark := self._log.marks().get(own)) is not None:
            self._push_origin(own, mark, outcome)

    # -- am I the only one who writes as me? -------------------------------------------------

    def _leave_if_not_alone(self, outcome: Outcome) -> None:
        """A rolled-back or cloned station would number new events like others the hub holds."""
        own = self._log.own_origin()
        theirs, ours = outcome.hub.get(own), self._log.marks().get(own, NOTHING)
        if theirs is None:
            return
        if theirs.seq > ours.seq or self._log.hash_at(own, theirs.seq) not in (theirs.hash, None):
            outcome.new_origin = self._log.start_new_incarnation(theirs)
            log.warning(
                "the hub holds other events of origin %s; this station goes on as %s",
                own[:8],
                outcome.new_origin[:8],
            )

    def _compare(self, outcome: Outcome) -> None:
        """Who had written what the other side did not know yet."""
        own, here = self._log.own_origin(), self._log.marks()
        at = outcome.hub.get(own, NOTHING).seq
        if here.get(own, NOTHING).seq > at:
            outcome.ahead = (at + 1, here[own].seq)
        for origin, mark in outcome.hub.items():
            if mark.seq > (ours := here.get(origin, NOTHING).seq):
                outcome.behind[origin] = (ours + 1, mark.seq)

    # -- up ----------------------------------------------------------------------------------

    def _push(self, outcome: Outcome) -> None:
        for origin, mark in sorted(self._log.marks().items()):
            if not self._stop() and mark.seq > outcome.hub.get(origin, NOTHING).seq:
                self._push_origin(origin, mark, outcome)

    def _push_origin(self, origin: str, mark: Mark, outcome: Outcome) -> None:
        at = outcome.hub.get(origin, NOTHING).seq
        try:
            while at < mark.seq and not self._stop():
                events = self._log.read(origin, at, PUSH_EVENTS, BATCH_BYTES)
                if not events:
                    outcome.held_back[origin] = f"event {at + 1} is no longer kept here"
                    return
                taken = self._hub.push(origin, at + 1, events)
                if taken >= at:
                    outcome.pushed += min(taken, at + len(events)) - at
                # Anything but progress is the hub's word on where to go on from.
                if taken == at:
                    outcome.held_back[origin] = f"the hub does not take event {at + 1}"
                    return
                at = taken
        except Forked as fork:
            self._hold_back(fork, outcome)
            return
        outcome.hub[origin] = Mark(at, self._log.hash_at(origin, at) or b"")

    def _hold_back(self, fork: Forked, outcome: Outcome) -> None:
        if fork.origin == self._log.own_origin():
            theirs = self._hub.heads().get(fork.origin, NOTHING)
            outcome.new_origin = self._log.start_new_incarnation(theirs)
        else:
            outcome.held_back[fork.origin] = str(fork)
            log.error("not exchanged: %s", fork)

    # -- down --------------------------------------------------------------------------------

    def _pull(self, outcome: Outcome) -> None:
        while not self._stop():
            here = self._log.marks()
            wanted = {
                origin: here.get(origin, NOTHING).seq
                for origin, mark in outcome.hub.items()
                if mark.seq > here.get(origin, NOTHING).seq and origin not in outcome.held_back
            }
            if not wanted:
                break
            events = self._hub.pull(wanted, PULL_EVENTS)
            absorbed = self._log.absorb(events) if events else None
            if absorbed is not None:
                outcome.pulled += absorbed.events
                outcome.held_back.update(absorbed.quarantined)
            got_on = absorbed is not None and (absorbed.events or wanted.keys() & outcome.held_back)
            if not got_on:
                # The hub tells of events that it does not hand out; the next exchange asks again.
                outcome.held_back.update(dict.fromkeys(wanted, "the hub does not hand them out"))
        self._compare_ends(outcome)

    def _compare_ends(self, outcome: Outcome) -> None:
        """The same number of events with another hash is a fork that no single event showed."""
        for origin, mark in outcome.hub.items():
            ours = self._log.hash_at(origin, mark.seq)
            if mark.hash and ours not in (None, mark.hash) and origin not in outcome.held_back:
                outcome.held_back[origin] = str(Forked(origin, mark.seq))
