"""Which aggregates events have touched, with their present states, for those who follow the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.detection.rule import rule_id_of, standing
from crisisdesk.domain.fold import TYPES
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.recovery.procedure import procedure_name_of
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.engine.exchange.publisher import Order, Present, Touched
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.files import reading_connection
from crisisdesk.store.projections import table_of
from crisisdesk.store.states import decode

_CHUNK = 500
# What is published; contacts and stations are nobody's business outside. Of policies only versions
# of alert rules and of procedures become rows.
_SHOWN = ("alert", "incident", "incident_update", "delivery", "policy")
_RULE_ID = "json_extract(CAST(state AS TEXT), '$.content.rule')"


class TouchedStates:
    """Implements `engine.exchange.publisher.States` on the station's file.

    Opened on first use and bound to that thread. Each question is one short read transaction, so
    that states and orders belong together; raises StoreFailed when the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the file; the next question opens it."""
        if self._raw is not None:
            raw, self._raw = self._raw, None
            raw.close()

    def begins(self) -> dict[str, int]:
        """For each origin whose old events were compacted away: the seq before the first kept."""
        with self._reading() as raw:
            return dict(raw.execute("SELECT origin, seq FROM base_head").fetchall())

    def touched(
        self, behind: Mapping[str, int], most: Mapping[str, int], events: int
    ) -> Touched | None:
        """What at most that many events behind a vector touched; None when there are none."""
        with self._reading() as raw:
            upto: dict[str, int] = {}
            names: set[str] = set()
            left = events
            for origin, last in sorted(most.items()):
                sql = (
                    "SELECT seq, agg FROM event WHERE origin=? AND seq>? AND seq<=? "
                    "ORDER BY seq LIMIT ?"
                )
                rows = raw.execute(sql, (origin, behind.get(origin, 0), last, left)).fetchall()
                if rows:
                    upto[origin] = rows[-1][0]
                    names.update(aggregate for _seq, aggregate in rows)
                    left -= len(rows)
                if left <= 0:
                    break
            if not upto:
                return None
            names |= _pages_of(raw, names) | _entries_of(raw, names)
            return Touched(present=_present(raw, sorted(names)), upto=upto)

    def after(self, aggregate: str, limit: int) -> list[Present]:
        """The next aggregates by id, whatever touched them."""
        with self._reading() as raw:
            union = " UNION ALL ".join(
                f"SELECT * FROM (SELECT agg FROM {table} WHERE agg>? ORDER BY agg LIMIT ?)"  # noqa: S608
                for table in _SHOWN
            )
            sql = f"SELECT agg FROM ({union}) ORDER BY agg LIMIT ?"  # noqa: S608
            values = (*[aggregate, limit] * len(_SHOWN), limit)
            return _present(raw, [name for (name,) in raw.execute(sql, values)])

    def contacts_mark(self) -> int:
        """Grows with every change of any contact."""
        with self._reading() as raw:
            pos: int = raw.execute("SELECT coalesce(max(pos), 0) FROM contact").fetchone()[0]
            return pos

    def methods(self) -> dict[str, int]:
        """Every contact method on a card, with the hlc of the card's newest event."""
        with self._reading() as raw:
            cards = raw.execute("SELECT agg, state FROM contact WHERE removed=0").fetchall()
            orders = _orders(raw, [agg for agg, _state in cards])
            return {
                str(method["method_id"]): orders[agg][0]
                for agg, state in cards
                for method in decode(Contact, state).methods
            }

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One snapshot of the file."""
        try:
            if self._raw is None:
                self._raw = reading_connection(self._path)
            self._raw.execute("BEGIN")
            try:
                yield self._raw
            finally:
                self._raw.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreFailed(f"the station's file cannot be read ({error})") from error


def _pages_of(raw: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """The deliveries of these alerts: their rows name the alert's incident."""
    alerts = [name for name in names if (place := table_of(name)) and place[0] == "alert"]
    sql = "SELECT agg FROM delivery WHERE alert_id IN ({marks})"
    return {agg for (agg,) in _in_chunks(raw, sql, alerts)}


def _entries_of(raw: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """The timeline entries of those of these incidents that are or were restricted: they are taken
    out or come back with each change of that."""
    incidents = [name for name in names if (place := table_of(name)) and place[0] == "incident"]
    sql = (
        "SELECT u.agg FROM incident AS i JOIN incident_update AS u ON u.incident_id=i.agg "
        "WHERE i.veiled=1 AND i.agg IN ({marks})"
    )
    return {agg for (agg,) in _in_chunks(raw, sql, incidents)}


def _present(raw: sqlite3.Connection, names: list[str]) -> list[Present]:
    """Those of them that have a state that is shown, in the order of their names."""
    by_table: dict[tuple[str, str], list[str]] = {}
    for name in names:
        place = table_of(name)
        if place is not None and place[0] in _SHOWN:
            by_table.setdefault(place, []).append(name)
    states: dict[str, Any] = {}
    for (table, kind), group in by_table.items():
        sql = f"SELECT agg, state FROM {table} WHERE agg IN ({{marks}})"  # noqa: S608
        for aggregate, data in _in_chunks(raw, sql, group):
            states[aggregate] = decode(TYPES[kind], data)
    rules = _versions_of(raw, states.values(), rule_id_of, _RULE_ID)
    procedures = _versions_of(raw, states.values(), procedure_name_of, "name")
    versions = {v.version_id for of in (rules, procedures) for found in of.values() for v in found}
    orders = _orders(raw, sorted({*states, *versions}))
    alerts = {s.alert_id for s in states.values() if isinstance(s, Delivery) and s.alert_id}
    incidents = dict(
        _in_chunks(raw, "SELECT agg, incident_id FROM alert WHERE agg IN ({marks})", sorted(alerts))
    )
    written_on = sorted({s.incident_id for s in states.values() if isinstance(s, IncidentUpdate)})
    sql = "SELECT agg, knowing FROM incident WHERE knowing!='' AND agg IN ({marks})"
    restricted = dict(_in_chunks(raw, sql, written_on))
    present = []
    for name, state in sorted(states.items()):
        incident_id, rule, order = "", None, orders[name]
        named: list[PolicyVersion] = []
        if isinstance(state, Delivery):
            incident_id = incidents.get(state.alert_id, "")
        elif isinstance(state, PolicyVersion) and (of_rule := rules.get(rule_id_of(state))):
            rule, order = standing(of_rule), max(orders[v.version_id] for v in of_rule)
        elif isinstance(state, PolicyVersion):
            named = procedures.get(procedure_name_of(state), [])
            order = max((orders[v.version_id] for v in named), default=order)
        present.append(
            Present(
                aggregate=name,
                state=state,
                order=order,
                incident_id=incident_id,
                rule=rule,
                versions=tuple(named),
                withheld=isinstance(state, IncidentUpdate) and state.incident_id in restricted,
            )
        )
    return present


def _versions_of(
    raw: sqlite3.Connection,
    states: Iterable[Any],
    name_of: Callable[[PolicyVersion], str],
    column: str,
) -> dict[str, list[PolicyVersion]]:
    """Every version of what some of these states are versions of, by its name; ``name_of`` gives ""
    for a version of something else, ``column`` is where the name stands."""
    names = {name_of(state) for state in states if isinstance(state, PolicyVersion)} - {""}
    found: dict[str, list[PolicyVersion]] = {}
    sql = f"SELECT state FROM policy WHERE {column} IN ({{marks}})"  # noqa: S608
    for (data,) in _in_chunks(raw, sql, sorted(names)):
        version = decode(PolicyVersion, data)
        # Content of another kind may stand under that name.
        if name := name_of(version):
            found.setdefault(name, []).append(version)
    return found


def _orders(raw: sqlite3.Connection, names: list[str]) -> dict[str, Order]:
    """The order of each one's newest event; of a wholly compacted one only its hlc is known."""
    found: dict[str, Order] = {
        agg: (hlc, "", 0)
        for agg, hlc in _in_chunks(raw, "SELECT agg, hlc FROM base WHERE agg IN ({marks})", names)
    }
    sql = "SELECT agg, max(hlc), origin, seq FROM event WHERE agg IN ({marks}) GROUP BY agg, origin"
    for aggregate, hlc, origin, seq in _in_chunks(raw, sql, names):
        found[aggregate] = max((hlc, origin, seq), found.get(aggregate, (0, "", 0)))
    return found


def _in_chunks(raw: sqlite3.Connection, sql: str, names: list[str]) -> Iterator[Any]:
    for start in range(0, len(names), _CHUNK):
        chunk = names[start : start + _CHUNK]
        yield from raw.execute(sql.format(marks=",".join("?" * len(chunk))), chunk).fetchall()
