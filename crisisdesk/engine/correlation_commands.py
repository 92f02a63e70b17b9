"""Commands about candidates: alerts that belong together, waiting to become an incident."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class MindCandidates(Command):
    """Look at what came in by the correlation rules; the result is how much was looked at.

    Only what has waited for ``late_ms`` is decided. ``limit`` bounds alerts, groups and candidates
    of one pass; as many as that means that more wait.
    """

    late_ms: int = 0
    limit: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCandidate(Command):
    """Open the candidate's incident; the result is its id. Accepted once is accepted.

    ``commander`` leads it, who accepts when empty; so do title and severity of the candidate.
    """

    candidate_id: str
    commander: str = ""
    title: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissCandidate(Command):
    """Say that these alerts make no incident; their group rests for a while."""

    candidate_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCandidate(Command):
    """Take a dismissal back (undo)."""

    candidate_id: str
