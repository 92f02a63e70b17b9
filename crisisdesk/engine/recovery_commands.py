"""Commands about procedures and their runs: what people order, and what the runner writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishProcedure(Command):
    """Publish a version; the result is its id. Runs go on with the version they began with."""

    name: str
    content: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProcedure(Command):
    """Take a procedure away; runs of it go on."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun(Command):
    """Begin one; the result is its id. ``version_id``, when given, must be the current one."""

    procedure: str
    incident_id: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    version_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder(Command):
    """An order about one run."""

    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOrder(RunOrder):
    """An order about one step of a run."""

    step_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkStep(StepOrder):
    """Say that a step is done, by hand where the station could have; ``claim`` is the hub's."""

    note: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmarkStep(StepOrder):
    """Take back what is said to be done of a step that a person does or decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailStep(StepOrder):
    """Say that a step that a person checks does not hold."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(StepOrder):
    """Answer a decision."""

    answer: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStep(StepOrder):
    """Let the station begin an automatic step. ``unclaimed``: an exclusive one also without the
    hub's claim, which then stands with the step for good."""

    unclaimed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskApproval(StepOrder):
    """Ask again, after an approval was refused or ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveApproval(StepOrder):
    """Approve; ``binding`` is that of the run as it was seen."""

    binding: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApproval(StepOrder):
    """Refuse."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass(StepOrder):
    """Go on without a second person; the reason stands in the log for good."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleStep(StepOrder):
    """Say what became of an attempt of unknown end, or what follows a failure: "done", "failed",
    "again"."""

    attempt: str
    outcome: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoBack(RunOrder):
    """Begin the way back: the steps that were done or tried, the last first."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRun(RunOrder):
    """End it with a verdict; what runs is stopped."""

    verdict: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRun(RunOrder):
    """Let this station do the automatic steps from now on."""


# -- the runner's ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRuns(Command):
    """Ask for the runs that have not ended, or in which something still runs; an `OpenRuns`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRuns:
    """The open runs, and which of them are this station's (by its present origin)."""

    origin: str
    station_id: str
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class MindRuns(Command):
    """Write down what follows by itself in the runs at home here; the result is how much did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStep(StepOrder):
    """Claim it before it begins; the result is the attempt's id, "" when it must not begin."""

    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOutput(StepOrder):
    """One more piece of what an attempt says."""

    attempt: str
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishStep(StepOrder):
    """How an attempt ended: "ok", "failed" or "unknown"."""

    attempt: str
    outcome: str
    words: str
