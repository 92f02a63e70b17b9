"""What the exchange is put together from, and what else may be done on its thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from crisisdesk.domain.event import Stored
from crisisdesk.engine.commands import Command
from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import Absorbed, Bell, Hub, Mark, Report, SyncLog


class Closable(Protocol):
    """Something open."""

    def close(self) -> None:
        """Let go of it; may be repeated."""


class ClosableHub(Hub, Protocol):
    """A hub connection that can be let go, from any thread."""

    def close(self) -> None:
        """Break off what is under way."""


class ClosableLog(SyncLog, Protocol):
    """This station's log with a connection of its own."""

    def quarantined(self) -> int:
        """How many events no state here can use."""

    def close(self) -> None:
        """Let go of the file; on the thread that reads."""


Absorber = Callable[[Sequence[Stored]], Absorbed]
Leaver = Callable[[Mark], str]


class Chore(Protocol):
    """Something else to be done with the hub after an exchange, such as signing the log's head."""

    name: str

    def run(self, outcome: Outcome) -> None:
        """Do what is due; may raise HubAway and HubRefused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What chores are made of, on the exchange's thread. ``ask`` gives a command to the one writer
    and returns its result; ``stop`` says that the engine is ending. ``lines`` are closed from any
    thread when it does, ``files`` then on the exchange's own. ``notices`` tell what an operator
    should know, in sentences."""

    hub: ClosableHub
    log: ClosableLog
    ask: Callable[[Command], Any]
    stop: Callable[[], bool]
    lines: list[Closable] = field(default_factory=list)
    files: list[Closable] = field(default_factory=list)
    notices: list[Callable[[], Iterable[str]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeParts:
    """How to reach the hub; `bootstrap` puts the concrete ones in.

    ``open_bell`` gets how to tell the own origin; ``open_log`` that, how to absorb, and how to
    leave an incarnation. ``describe`` makes the report from origin, vector, hlc and last digest.
    ``begin`` is called once before the first exchange, again until it goes through.
    """

    where: str
    open_hub: Callable[[], ClosableHub]
    open_bell: Callable[[Callable[[], str]], Bell]
    open_log: Callable[[Callable[[], str], Absorber, Leaver], ClosableLog]
    describe: Callable[[str, dict[str, int], int, bytes], Report]
    chores: Callable[[Errand], Sequence[Chore]] = lambda _errand: ()
    begin: Callable[[Errand], None] = lambda _errand: None
