"""Runs of procedures, read from the station's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.checklist import Run
from crisisdesk.domain.event import unseal
from crisisdesk.store.states import decode

LISTED = 200


class RunQueries(ABC):
    """The questions about runs; whoever inherits them says how rows are read."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    def run(self, run_id: str) -> Run | None:
        """One run's whole state."""
        rows = self._rows("SELECT state FROM run WHERE agg = ?", (run_id,))
        return decode(Run, rows[0][0]) if rows else None

    def runs(self, *, incident_id: str = "", every: bool = False) -> list[Run]:
        """Open runs, newest first; with ``every`` those that have ended too; of one incident, if
        asked. At most 200."""
        where, values = ["1"], list[Any]()
        if incident_id:
            where.append("incident_id = ?")
            values.append(incident_id)
        if not every:
            where.append("ended_at IS NULL")
        sql = f"SELECT state FROM run WHERE {' AND '.join(where)} ORDER BY pos DESC LIMIT ?"  # noqa: S608
        found = [decode(Run, data) for (data,) in self._rows(sql, (*values, LISTED))]
        return sorted(found, key=lambda run: (-run.started_at, run.run_id))

    def own_origin(self) -> str:
        """The origin under which this station writes now; "" before it has one."""
        rows = self._rows("SELECT value FROM meta WHERE name = 'origin'")
        return str(rows[0][0]) if rows else ""

    def output_of(self, run_id: str, attempt: str) -> str:
        """All that one attempt has said, as far as it was kept."""
        sql = "SELECT raw, body FROM event WHERE agg = ? AND kind = 'run.step_output' ORDER BY pos"
        bodies = [unseal(raw, body).body for raw, body in self._rows(sql, (run_id,))]
        told = [body for body in bodies if body.get("attempt") == attempt]
        return "".join(str(body.get("text", "")) for body in told)
