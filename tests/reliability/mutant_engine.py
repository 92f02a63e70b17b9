"""Engines with a seeded fault in their exchange, to be caught: ``forgetful`` or ``selfish``.

``python -m tests.reliability.mutant_engine forgetful engine ...`` runs the product with it.
"""

from __future__ import annotations

import sys

from crisisdesk.__main__ import main
from crisisdesk.engine.exchange.exchange import NOTHING, Exchange, Outcome
from crisisdesk.engine.exchange.ports import Mark

_pull_all = Exchange._pull
_remembered: dict[str, int] = {}


def remember(marks: dict[str, Mark]) -> None:
    """That the hub had these once."""
    for origin, mark in marks.items():
        _remembered[origin] = max(mark.seq, _remembered.get(origin, 0))


def push_what_was_never_pushed(self: Exchange, outcome: Outcome) -> None:
    """Believes that the hub still has what it once had, instead of comparing heads."""
    remember(outcome.hub)
    for origin, mark in sorted(self._log.marks().items()):
        if mark.seq > _remembered.get(origin, 0):
            self._push_origin(origin, mark, outcome)
            remember(outcome.hub)


def pull_and_remember(self: Exchange, outcome: Outcome) -> None:
    """What came from the hub is taken to be there for ever."""
    _pull_all(self, outcome)
    remember(outcome.hub)
    theirs = set(self._log.marks()) - {self._log.own_origin()}
    remember({origin: self._log.marks()[origin] for origin in theirs})


def push_own_alone(self: Exchange, outcome: Outcome) -> None:
    """Leaves it to each station to hand over what it wrote."""
    own = self._log.own_origin()
    mark: Mark = self._log.marks().get(own, NOTHING)
    if mark.seq > outcome.hub.get(own, NOTHING).seq:
        self._push_origin(own, mark, outcome)


FAULTS = {"forgetful": push_what_was_never_pushed, "selfish": push_own_alone}


def plant(fault: str) -> None:
    """Put it in."""
    Exchange._push = FAULTS[fault]  # type: ignore[method-assign]
    if fault == "forgetful":
        Exchange._pull = pull_and_remember  # type: ignore[method-assign]


if __name__ == "__main__":
    plant(sys.argv.pop(1))
    sys.exit(main())
