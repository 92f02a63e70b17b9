"""What is kept quiet now, read from the station's file, and which services were ever heard of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.flapping import Damping, flapping_times
from crisisdesk.domain.kept_quiet import KeptQuiet, Way, way_of
from crisisdesk.domain.silence import Silence
from crisisdesk.store.queries import silences

Rows = Callable[[str, Sequence[Any]], list[Any]]

_AT_ONCE = 500
# Of the alert's present life only: an escalation of an earlier one waits for its own moment to end.
_DEFERRED = f"""
SELECT a.agg, a.severity, a.service, a.title, e.quiet_by, e.next_due, c.title, a.state
FROM escalation AS e JOIN alert AS a ON a.agg = e.alert_id
LEFT JOIN alert AS c ON c.agg = e.quiet_by
WHERE e.quiet_by != '' AND e.next_due > ? AND a.status = '{AlertStatus.ACTIVE.value}'
AND json_extract(CAST(e.state AS TEXT), '$.epoch') = a.epoch
AND json_extract(CAST(e.state AS TEXT), '$.life') = json_extract(CAST(a.state AS TEXT), '$.life')
"""  # noqa: S608  only words of this program go in


class Quieting:
    """Questions about what keeps quiet; each is answered from the file as it stands then.

    ``damping`` gives what counts as flapping at this station."""

    def __init__(self, rows: Rows, damping: Callable[[], Damping] = Damping) -> None:
        self._rows = rows
        self.damping = damping

    def kept(self, now_ms: int) -> list[KeptQuiet]:
        """The open alerts that page nobody now: the gravest first, then those next to page."""
        found = {one.alert_id: one for one in self.deferred(now_ms)}
        found |= {one.alert_id: one for one in self._silenced(now_ms)}
        return sorted(found.values(), key=lambda k: (-k.severity, k.until, k.alert_id))

    def deferred(self, now_ms: int) -> list[KeptQuiet]:
        """Those whose next page was put off, by whatever it was."""
        found = []
        for agg, rank, service, title, by, until, cause, state in self._rows(_DEFERRED, (now_ms,)):
            if (way := way_of(by)) is None:
                continue
            why = cause or ""
            if way is Way.FLAPPING:
                changes = orjson.loads(state).get("changes", [])
                why = flapping_times(changes, now_ms, self.damping())
            found.append(
                KeptQuiet(
                    alert_id=agg,
                    severity=rank,
                    service=service,
                    title=title,
                    way=way,
                    by=by if way in (Way.SILENCE, Way.INHIBITION) else "",
                    until=until,
                    why=why,
                )
            )
        return found

    def _silenced(self, now_ms: int) -> list[KeptQuiet]:
        over = silences.quiet_alerts(self._rows, now_ms)
        names = list(over)
        found: list[KeptQuiet] = []
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            sql = f"SELECT agg, severity, service, title FROM alert WHERE agg IN ({marks})"  # noqa: S608
            found += [_silenced(row, over[row[0]][0]) for row in self._rows(sql, part)]
        return found

    def services(self) -> set[str]:
        """Every service that any alert here was of."""
        return {name for (name,) in self._rows("SELECT DISTINCT service FROM alert", ())}


def _silenced(row: Sequence[Any], silence: Silence) -> KeptQuiet:
    agg, rank, service, title = row
    return KeptQuiet(
        alert_id=agg,
        severity=rank,
        service=service,
        title=title,
        way=Way.SILENCE,
        by=silence.silence_id,
        until=silence.until,
        why=silence.reason,
    )
