"""Candidate incidents, read from the station's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.candidate import Candidate, CandidateStatus
from crisisdesk.domain.event import unseal
from crisisdesk.domain.fold import apply
from crisisdesk.store.states import decode

LISTED = 200


class CandidateQueries(ABC):
    """The questions about candidates; whoever inherits them says how rows are read."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    def candidate(self, candidate_id: str) -> Candidate | None:
        """One candidate's whole state."""
        rows = self._rows("SELECT state FROM candidate WHERE agg = ?", (candidate_id,))
        return decode(Candidate, rows[0][0]) if rows else None

    def candidates(self, *, every: bool = False, limit: int = LISTED) -> list[Candidate]:
        """Open candidates, newest first; with ``every`` answered and ended ones too."""
        where, values = ("", []) if every else ("WHERE status = ?", [CandidateStatus.OPEN.value])
        sql = f"SELECT state FROM candidate {where} ORDER BY proposed_at DESC, agg LIMIT ?"  # noqa: S608
        return [decode(Candidate, data) for (data,) in self._rows(sql, (*values, limit))]

    def candidates_of(self, alert_id: str) -> list[Candidate]:
        """The open candidates that hold an alert, newest first."""
        return [one for one in self.candidates() if alert_id in one.alerts]

    def fired_since(self, since_ms: int) -> list[Alert]:
        """Every firing that the log holds since a moment (UTC ms), as an alert of its own."""
        sql = "SELECT raw, body FROM event WHERE kind = 'alert.fired' AND wall_ms > ? ORDER BY pos"
        states = (apply(None, unseal(raw, body)) for raw, body in self._rows(sql, (since_ms,)))
        return [state for state in states if isinstance(state, Alert)]

    def members(self, candidate: Candidate) -> list[Alert]:
        """Its alerts as they stand, in the order in which they joined; unknown ones left out."""
        marks = ",".join("?" * len(candidate.alerts))
        sql = f"SELECT agg, state FROM alert WHERE agg IN ({marks})"  # noqa: S608
        states = dict(self._rows(sql, candidate.alerts))
        return [decode(Alert, states[name]) for name in candidate.alerts if name in states]
