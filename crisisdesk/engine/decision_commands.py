"""Commands about the decisions taken in incidents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDecision(Command):
    """Write down what was decided; the result is its id. Times UTC ms.

    ``objections`` are rows of by, text and answer ("" for none yet). ``decider`` "" is whoever
    acts. ``check_at`` is when it is to be looked at again.
    """

    incident_id: str
    title: str
    options: list[str] = field(default_factory=list)
    expected: str = ""
    risk: str = ""
    objections: list[dict[str, str]] = field(default_factory=list)
    decider: str = ""
    revert_trigger: str = ""
    check_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseDecision(Command):
    """Change fields of `domain.decision.EDITABLE_DECISION_FIELDS`."""

    decision_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToDecision(Command):
    """Somebody ("" for whoever acts) objects; the result is the objection's id."""

    decision_id: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerObjection(Command):
    """Say what stands against an objection, or that it is taken up."""

    decision_id: str
    objection: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDecision(Command):
    """One has looked whether it still holds; ``check_at`` is when to look again, None for never."""

    decision_id: str
    result: str = ""
    check_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertDecision(Command):
    """It does not stand any more, and why."""

    decision_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MindDecisions(Command):
    """Ring for decisions to be looked at again for ``late_ms``; the result is how many."""

    late_ms: int = 0
    limit: int = 200
