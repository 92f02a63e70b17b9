"""Incidents with what is part of them, their timelines and tasks, read from the station's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from crisisdesk.domain.decision import Decision
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.filters import IncidentFilter
from crisisdesk.domain.handover_brief import Brief, draft_brief
from crisisdesk.domain.incident import Incident, plan_key
from crisisdesk.domain.incident_parts import parts_of, whole_of
from crisisdesk.domain.playbook.content import Playbook, Role, read_playbook
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.task import TASK_ENDED, Task
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.store.queries.paging import (
    INCIDENT_SORTS,
    Page,
    Sort,
    Where,
    incident_where,
    page_of,
)
from crisisdesk.store.queries.rows import INCIDENT_ROW_COLUMNS, IncidentRow
from crisisdesk.store.states import decode

T = TypeVar("T")
_CHUNK = 500
_ENDED = ",".join(f"'{status.value}'" for status in TASK_ENDED)
# Whose incident a row is about: entries, tasks, decisions and images name it, an incident is it.
_MAYBE_VEILED = ("INC-", "U-", "TSK-", "DEC-", "IMG-")
_VEILED = (
    "SELECT agg FROM incident WHERE knowing != '' AND agg IN ({marks}) "
    "UNION ALL SELECT u.agg FROM incident_update AS u JOIN incident AS i ON i.agg=u.incident_id "
    "WHERE i.knowing != '' AND u.agg IN ({marks}) "
    "UNION ALL SELECT t.agg FROM task AS t JOIN incident AS i ON i.agg=t.incident_id "
    "WHERE i.knowing != '' AND t.agg IN ({marks}) "
    "UNION ALL SELECT d.agg FROM decision AS d JOIN incident AS i ON i.agg=d.incident_id "
    "WHERE i.knowing != '' AND d.agg IN ({marks}) "
    "UNION ALL SELECT p.agg FROM image AS p JOIN incident AS i ON i.agg=p.incident_id "
    "WHERE i.knowing != '' AND p.agg IN ({marks})"
)


class IncidentQueries(ABC):
    """The questions about incidents; whoever inherits them says how rows are read."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    def _these(self, kind: type[T], sql: str, values: Sequence[Any] = ()) -> list[T]:
        return [decode(kind, data) for (data,) in self._rows(sql, values)]

    def incident(self, incident_id: str) -> Incident | None:
        """One incident's whole state."""
        found = self._these(Incident, "SELECT state FROM incident WHERE agg = ?", (incident_id,))
        return found[0] if found else None

    def incident_rows(self, since_pos: int = 0) -> list[IncidentRow]:
        """Incidents whose position is past ``since_pos``, by position."""
        sql = f"SELECT {INCIDENT_ROW_COLUMNS} FROM incident WHERE pos > ? ORDER BY pos"  # noqa: S608
        return [IncidentRow._make(row) for row in self._rows(sql, (since_pos,))]

    def whole_incident(self, incident: Incident) -> Incident:
        """What it is a part of now; itself when it is none."""
        return whole_of(incident, self.incident)

    def parts(self, incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
        """What is part of each of these incidents now, by their ids; none for most."""
        wanted = {one.incident_id: one for one in incidents}
        merged = self._these(Incident, "SELECT state FROM incident WHERE merged_into != ''")
        known: dict[str, Incident | None] = {one.incident_id: one for one in merged}
        known.update(wanted)

        def find(name: str) -> Incident | None:
            if name not in known:
                known[name] = self.incident(name)
            return known[name]

        found = {name: parts_of(one, merged, find) for name, one in wanted.items()}
        return {name: parts for name, parts in found.items() if parts}

    def seen_parts(self, incident: Incident, viewer: str) -> list[Incident]:
        """What is part of an incident now and may be read by somebody."""
        parts = self.parts([incident]).get(incident.incident_id, [])
        return [one for one in parts if one.may_see(viewer)]

    def seen_ids(self, incident: Incident, viewer: str) -> set[str]:
        """The ids of an incident that somebody may read and of its `seen_parts`."""
        seen = self.seen_parts(incident, viewer)
        return {incident.incident_id, *(one.incident_id for one in seen)}

    def _with_parts(self, incident_id: str) -> list[str]:
        """The ids of an incident and of what is part of it."""
        incident = self.incident(incident_id)
        if incident is None or not incident.absorbed:
            return [incident_id]
        parts = self.parts([incident]).get(incident_id, [])
        return [incident_id, *(one.incident_id for one in parts)]

    def updates_of(self, incident_id: str) -> list[IncidentUpdate]:
        """The timeline entries of an incident and of its parts, in the order in which they
        happened, hidden ones too."""
        names = self._with_parts(incident_id)
        sql = (
            f"SELECT state FROM incident_update WHERE incident_id IN ({_marks(names)}) "  # noqa: S608
            "ORDER BY happened_at, agg"
        )
        return self._these(IncidentUpdate, sql, names)

    def page_incidents(
        self,
        asked: IncidentFilter | None = None,
        sort: str = "-created_at",
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Incident]:
        """A page of incidents. ``sort`` is one of `INCIDENT_SORTS`; errors as `page_alerts`."""
        where = incident_where(asked or IncidentFilter())
        order = Sort.parse(sort, INCIDENT_SORTS)
        return page_of(self._rows, Incident, "incident", where, order, after, limit)

    def page_updates(
        self,
        incident_id: str,
        sort: str = "happened_at",
        after: str | None = None,
        limit: int = 100,
        *,
        public_only: bool = False,
    ) -> Page[IncidentUpdate]:
        """A page of the timeline entries of an incident and its parts; errors as `page_alerts`."""
        names = self._with_parts(incident_id)
        where = Where([f"incident_id IN ({_marks(names)})"], list(names))
        if public_only:
            where.conditions.append("is_public = 1")
        order = Sort.parse(sort, ("happened_at",))
        return page_of(self._rows, IncidentUpdate, "incident_update", where, order, after, limit)

    def plan_of(self, incident: Incident) -> PolicyVersion | None:
        """The version of the response plan that an incident follows now; None where it follows
        none, or one that has not arrived here yet."""
        version_id = incident.policies.get(plan_key(incident.crisis_type), "")
        sql = "SELECT state FROM policy WHERE agg = ?"
        found = self._these(PolicyVersion, sql, (version_id,)) if version_id else []
        return found[0] if found else None

    # -- tasks -------------------------------------------------------------------------------

    def task(self, task_id: str) -> Task | None:
        """One task's whole state."""
        found = self._these(Task, "SELECT state FROM task WHERE agg = ?", (task_id,))
        return found[0] if found else None

    def tasks_of(self, incident_id: str) -> list[Task]:
        """The tasks of an incident and of its parts, ended ones too."""
        names = self._with_parts(incident_id)
        sql = f"SELECT state FROM task WHERE incident_id IN ({_marks(names)})"  # noqa: S608
        return sorted(self._these(Task, sql, names), key=_by_due)

    def open_tasks(self, owner: str = "", limit: int = 500) -> list[Task]:
        """Tasks that are to be done in incidents that are led, what ends soonest first.

        Of somebody (``owner``) only, if asked.
        """
        own, values = ("AND t.owner = ?", [owner]) if owner else ("", [])
        sql = (
            "SELECT t.state FROM task AS t JOIN incident AS i ON i.agg=t.incident_id "  # noqa: S608
            f"WHERE t.status NOT IN ({_ENDED}) AND i.status NOT IN ('resolved', 'closed') {own} "
            "ORDER BY t.due_at IS NULL, t.due_at, t.agg LIMIT ?"
        )
        return self._these(Task, sql, (*values, limit))

    # -- decisions ---------------------------------------------------------------------------

    def decision(self, decision_id: str) -> Decision | None:
        """One decision's whole state."""
        sql = "SELECT state FROM decision WHERE agg = ?"
        found = self._these(Decision, sql, (decision_id,))
        return found[0] if found else None

    def decisions_of(self, incident_id: str) -> list[Decision]:
        """The decisions of an incident and of its parts, oldest first, reverted ones too."""
        names = self._with_parts(incident_id)
        sql = (
            f"SELECT state FROM decision WHERE incident_id IN ({_marks(names)}) "  # noqa: S608
            "ORDER BY logged_at, agg"
        )
        return self._these(Decision, sql, names)

    # -- roles -------------------------------------------------------------------------------

    def followed_plan(self, incident: Incident) -> Playbook | None:
        """The response plan that it follows, read; None where it follows none that this program
        can read."""
        version = self.plan_of(incident)
        try:
            return None if version is None else read_playbook(version.name, version.content)
        except Malformed:
            # Another program's plan, of a form that is not known here.
            return None

    def roles_to_fill(self, incident: Incident) -> tuple[Role, ...]:
        """The roles of the plan that it follows."""
        plan = self.followed_plan(incident)
        return () if plan is None else plan.roles

    def offering_incidents(self) -> list[Incident]:
        """The incidents in which a role is offered to somebody, whoever may read them."""
        return self._these(Incident, "SELECT state FROM incident WHERE next_due IS NOT NULL")

    def brief_of(self, incident: Incident, viewer: str) -> Brief:
        """The draft of a brief to hand a role over; of parts only what the viewer may read."""
        own = incident.incident_id
        shown = self.seen_ids(incident, viewer)
        return draft_brief(
            incident,
            [t for t in self.tasks_of(own) if t.incident_id in shown],
            [d for d in self.decisions_of(own) if d.incident_id in shown],
            [u for u in self.updates_of(own) if u.incident_id in shown],
        )

    # -- restricted --------------------------------------------------------------------------

    def veiled(self, aggregates: Iterable[str]) -> set[str]:
        """Those of these incidents and what is in them that a restricted one holds."""
        return veiled_among(self._rows, aggregates)


def veiled_among(
    rows: Callable[[str, Sequence[Any]], list[Any]], aggregates: Iterable[str]
) -> set[str]:
    """As `IncidentQueries.veiled`, asked through ``rows``."""
    names = [name for name in aggregates if name.startswith(_MAYBE_VEILED)]
    found: set[str] = set()
    for start in range(0, len(names), _CHUNK):
        chunk = names[start : start + _CHUNK]
        sql = _VEILED.format(marks=_marks(chunk))
        found |= {agg for (agg,) in rows(sql, chunk * len(_MAYBE_VEILED))}
    return found


def _by_due(task: Task) -> tuple[bool, int, int, str]:
    return (task.ends_at is None, task.ends_at or 0, task.rank, task.task_id)


def _marks(names: Sequence[str]) -> str:
    return ",".join("?" * len(names))
