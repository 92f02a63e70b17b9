"""What runs of procedures need of the world: hands that do a step, and the hub's claim for one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from crisisdesk.domain.errors import Malformed

Outcome = Literal["ok", "failed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One attempt of one step, as the run holds it (see `domain.recovery.expanding`).

    ``timeout_s`` bounds it. ``say`` takes output as it comes, from the loop. ``states`` tells how
    the sources of this station stand, by name.
    """

    step: Mapping[str, Any]
    timeout_s: float
    say: Callable[[str], None]
    states: Callable[[], Mapping[str, str]] = field(default=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of an attempt: ``unknown`` where it may have had its effect and nobody can say.
    ``words`` are one sentence without secrets, ``value`` is what was found where something was
    asked, as text."""

    outcome: Outcome
    words: str
    value: str = ""


class Executor(Protocol):
    """Does the steps of one kind; never raises for what the other side does."""

    def check(self, step: Mapping[str, Any]) -> str:
        """What would be done, in one sentence. Blocking. Raises Malformed naming the field where
        this station would refuse it."""

    def entry(self, step: Mapping[str, Any]) -> str:
        """What of this station's settings lets it be done, in words without secrets. Raises as
        `check` does."""

    async def look(self, job: Job) -> Done | None:
        """How what the step waits for or asks stands at this moment, asked once, nothing changed;
        None where doing the step is more than a look. Raises Malformed as `check` does."""

    async def execute(self, job: Job) -> Done:
        """Do it once. Raises Malformed as `check` does, with nothing done. When cancelled it has
        stopped what it began before it ends."""

    async def aclose(self) -> None:
        """Let go of connections."""


class Claims(Protocol):
    """Who may do an exclusive step, where several stations share a hub."""

    async def claim(self, key: str, claim_ms: int) -> str:
        """What the claim is written down as; "" when it cannot be had now."""

    def settle(self, key: str, claim: str, outcome: Outcome) -> None:
        """Tell the hub how it ended, as soon as it can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """The executors by kind of step, and the programs that this station may run."""

    executors: Mapping[str, Executor]
    executables: Collection[str] = ()

    def of(self, step: Mapping[str, Any]) -> Executor:
        """The executor of a step; raises Malformed for a kind that this station cannot do."""
        found = self.executors.get(str(step.get("kind")))
        if found is None:
            kind = str(step.get("kind"))[:40]
            raise Malformed("kind", f"{kind!r} cannot be done by this station", "do it by hand")
        return found

    async def aclose(self) -> None:
        """Let go of all of them."""
        for executor in self.executors.values():
            await executor.aclose()
