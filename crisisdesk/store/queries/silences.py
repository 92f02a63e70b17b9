"""Silences, and which open alerts they keep quiet, read from the station's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import orjson

from crisisdesk.domain.alert import OPEN_STATUSES, Alert
from crisisdesk.domain.matchers import BUILT_IN, Matcher, matches
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.domain.silence import DAY_MS, Silence
from crisisdesk.store.states import decode

Rows = Callable[[str, Sequence[Any]], list[Any]]

RECENT_MS = DAY_MS
_OPEN = ",".join(f"'{status.value}'" for status in OPEN_STATUSES)
_NAMES = {rank: name for name, rank in SEVERITY_RANK.items()}
_COLUMNS = {"service": "service", "place": "place", "source": "source", "title": "title"}
_COLUMNS |= {"group": "group_key", "alert_id": "agg"}


class OpenAlert(NamedTuple):
    """What matchers ask of an open alert; ``labels`` are read only where a matcher names one."""

    alert_id: str
    severity: str
    service: str
    place: str
    source: str
    title: str
    group_key: str
    labels: dict[str, str]


def listed(rows: Rows, now_ms: int) -> list[Silence]:
    """Those that keep quiet, next to end first; then planned ones, next to begin first; then those
    that were over in the last day, newest first."""
    past = now_ms - RECENT_MS
    # One that was over in the last day had its end later than that day's begin.
    sql = "SELECT state FROM silence WHERE until > ?"
    found = [decode(Silence, state) for (state,) in rows(sql, (past,))]
    ranks = {"active": 0, "planned": 1, "ended": 2, "lifted": 2}
    keyed = []
    for silence in found:
        standing = silence.standing(now_ms)
        over_at = silence.until if standing == "ended" else silence.lifted_at or 0
        if ranks[standing] < 2:
            at = silence.until if standing == "active" else silence.starts_at or 0
            keyed.append((ranks[standing], at, silence.silence_id, silence))
        elif over_at > past:
            keyed.append((2, -over_at, silence.silence_id, silence))
    return [silence for *_key, silence in sorted(keyed, key=lambda entry: entry[:3])]


def hidden_by(rows: Rows, silence: Silence) -> list[str]:
    """The ids of the open alerts that a silence covers, whether it keeps quiet now or not."""
    found = silence.conditions()
    if not found and not silence.everything:
        return []
    return [alert.alert_id for alert in covered(rows, found)]


def quiet_alerts(rows: Rows, now_ms: int) -> dict[str, list[Silence]]:
    """The open alerts that are kept quiet now, each with its silences, the latest end first."""
    sql = "SELECT state FROM silence WHERE active = 1 AND until > ?"
    silences = [decode(Silence, state) for (state,) in rows(sql, (now_ms,))]
    silences.sort(key=lambda silence: (-silence.until, silence.silence_id))
    quiet: dict[str, list[Silence]] = {}
    for silence in silences:
        if silence.silences(now_ms):
            for alert_id in hidden_by(rows, silence):
                quiet.setdefault(alert_id, []).append(silence)
    return quiet


def would_hide(rows: Rows, found: Sequence[Matcher], limit: int) -> tuple[int, list[Alert]]:
    """How many open alerts these matchers hold for, and the newest ``limit`` of them."""
    ids = [alert.alert_id for alert in covered(rows, found)]
    marks = ",".join("?" * min(limit, len(ids)))
    sql = f"SELECT agg, state FROM alert WHERE agg IN ({marks})"  # noqa: S608
    states = dict(rows(sql, ids[:limit]))
    return len(ids), [decode(Alert, states[name]) for name in ids[:limit] if name in states]


def covered(rows: Rows, found: Sequence[Matcher]) -> Iterable[OpenAlert]:
    """The open alerts for which all of these hold, newest first.

    SQLite leaves out what a plain matcher on a column rules out; labels are read of the rest only.
    """
    conditions, values = [f"status IN ({_OPEN})"], []
    for matcher in found:
        if matcher.op in ("=", "!=") and matcher.name in BUILT_IN:
            column = _COLUMNS.get(matcher.name, "severity")
            rank = SEVERITY_RANK.get(matcher.value, 0)
            conditions.append(f"{column} {matcher.op} ?")
            values.append(rank if column == "severity" else matcher.value)
    state = "state" if any(m.name not in BUILT_IN for m in found) else "NULL"
    sql = (
        f"SELECT agg, severity, service, place, source, title, group_key, {state} FROM alert "  # noqa: S608
        f"WHERE {' AND '.join(conditions)} ORDER BY detected_at DESC, agg"
    )
    for agg, severity, service, place, source, title, group, data in rows(sql, values):
        labels = {} if data is None else orjson.loads(data).get("labels", {})
        alert = OpenAlert(agg, _NAMES[severity], service, place, source, title, group, labels)
        if matches(found, alert):
            yield alert


class SilenceQueries(ABC):
    """The questions about silences; whoever inherits them says how rows are read."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    def silence(self, silence_id: str) -> Silence | None:
        """One silence's whole state."""
        rows = self._rows("SELECT state FROM silence WHERE agg = ?", (silence_id,))
        return decode(Silence, rows[0][0]) if rows else None

    def silences(self, now_ms: int) -> list[Silence]:
        """Active, then planned ones, then those that were over in the last day."""
        return listed(self._rows, now_ms)

    def hidden_by(self, silence: Silence) -> list[str]:
        """The ids of the open alerts that a silence covers, newest first."""
        return hidden_by(self._rows, silence)

    def quiet_alerts(self, now_ms: int) -> dict[str, list[Silence]]:
        """The open alerts that are kept quiet now, each with its silences, latest end first."""
        return quiet_alerts(self._rows, now_ms)

    def would_hide(self, matchers: Sequence[Matcher], limit: int = 20) -> tuple[int, list[Alert]]:
        """How many open alerts these matchers hold for, and the newest few of them."""
        return would_hide(self._rows, matchers, limit)
