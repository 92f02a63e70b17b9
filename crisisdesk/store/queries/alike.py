"""Open alerts that belong to no incident and are alike to those of one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.alert import OPEN_STATUSES, Alert
from crisisdesk.domain.context.services import Services
from crisisdesk.domain.correlation.alike import WITHIN_MS, Alike, alike
from crisisdesk.store.states import decode

# The newest free alerts are looked at, so that a storm costs no more than this.
READ = 300
_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)


class AlikeQueries(ABC):
    """A part of the station's reader."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    @abstractmethod
    def services(self) -> Services:
        """What is published about services."""

    def alike_alerts(self, attached: Sequence[Alert]) -> tuple[Alike, ...]:
        """What looks as if it belonged to these alerts, the most alike first."""
        if not attached:
            return ()
        services = self.services()
        roots = list(dict.fromkeys(name for one in attached for name in services.of(one)))
        topology, near = services.topology, dict[str, str]()
        for step in (*topology.downstream(roots, 1), *topology.upstream(roots, 1)):
            near.setdefault(step.service, f"{step.user} needs {step.needed}")
        begin = min(one.detected_at for one in attached) - WITHIN_MS
        rows = self._rows(
            f"SELECT state FROM alert WHERE status IN ({_OPEN}) AND incident_id = '' "  # noqa: S608
            "AND detected_at >= ? ORDER BY detected_at DESC, agg LIMIT ?",
            (begin, READ),
        )
        return alike(attached, (decode(Alert, state) for (state,) in rows), near)
