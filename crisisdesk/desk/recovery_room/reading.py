"""What the Recovery room reads from the station's file, on the reader's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.recovery_room.turns import Turn, turn_of
from crisisdesk.domain.incident import DONE_STATUSES
from crisisdesk.domain.recovery.objective import Standing, standing
from crisisdesk.domain.recovery.procedure import Procedure, matching, procedures, unreadable
from crisisdesk.domain.recovery.step_map import PASSED, StepMap

if TYPE_CHECKING:
    from crisisdesk.domain.checklist import Run
    from crisisdesk.store.queries import IncidentRow, StationReader

# So many ended runs stand below the library, and so many open incidents are looked at.
ENDED, INCIDENTS = 20, 20


class RunLine(NamedTuple):
    """A run as the list shows it. Times are UTC ms."""

    run_id: str
    title: str
    incident_id: str
    started_at: int
    ended_at: int | None
    verdict: str
    done: int
    total: int
    turn: Turn
    objective: Standing | None = None


class Fit(NamedTuple):
    """A procedure for an open incident."""

    procedure: Procedure
    incident: IncidentRow


class Board(NamedTuple):
    """All that the list shows; ``newer`` are the names of procedures that cannot be read here."""

    runs: tuple[RunLine, ...] = ()
    ended: tuple[RunLine, ...] = ()
    fits: tuple[Fit, ...] = ()
    library: tuple[Procedure, ...] = ()
    newer: tuple[str, ...] = ()
    incidents: tuple[IncidentRow, ...] = ()


class RunFound(NamedTuple):
    """One run; ``is_here`` says that this station does its automatic steps, ``home`` the name of
    the one that does ("" where it has none). ``output`` is the whole output of ``attempt``."""

    run: Run
    incident: str
    is_here: bool
    home: str
    attempt: str = ""
    output: str = ""


def read_board(reader: StationReader, now_ms: int, operator: str) -> Board:
    """The runs, what fits the open incidents, and every procedure, as this operator may see it."""
    versions = reader.policies(declared=True)
    known = procedures(versions)
    rows = [row.seen_by(operator) for row in reader.incident_rows()]
    led = [row for row in rows if row.status not in DONE_STATUSES and not row.merged_into]
    led.sort(key=lambda row: (-row.severity, -row.created_at))
    open_runs = reader.runs()
    ended = [run for run in reader.runs(every=True) if run.ended_at is not None]
    ended.sort(key=lambda run: -(run.ended_at or 0))
    lines = [run_line(run, now_ms, operator) for run in open_runs]
    return Board(
        runs=tuple(sorted(lines, key=_place)),
        ended=tuple(run_line(run, now_ms, operator) for run in ended[:ENDED]),
        fits=tuple(_fits(reader, known, led[:INCIDENTS])),
        library=tuple(known),
        newer=tuple(unreadable(versions)),
        incidents=tuple(led),
    )


def _place(line: RunLine) -> tuple[bool, bool, int, str]:
    turn = line.turn
    return (not turn.is_late, turn.who != "you", -line.started_at, line.run_id)


def _fits(reader: StationReader, known: list[Procedure], led: list[IncidentRow]) -> list[Fit]:
    """Each procedure once, with the gravest incident that it is for."""
    found: dict[str, Fit] = {}
    for row in led:
        incident = reader.incident(row.incident_id)
        if incident is None:
            continue
        for one in matching(known, incident.category, incident.severity):
            found.setdefault(one.name, Fit(one, row))
    return list(found.values())


def run_line(run: Run, now_ms: int, operator: str) -> RunLine:
    """A run in a line."""
    forward = StepMap(run, now_ms).forward()
    return RunLine(
        run_id=run.run_id,
        title=run.title,
        incident_id=run.incident_id,
        started_at=run.started_at,
        ended_at=run.ended_at,
        verdict=run.verdict,
        done=sum(one.state in PASSED for one in forward),
        total=len(forward),
        turn=turn_of(run, now_ms, operator),
        objective=standing(run, now_ms),
    )


def read_run(
    reader: StationReader, run_id: str, operator: str, attempt: str = ""
) -> RunFound | None:
    """One run, with all that ``attempt`` said if one is named; None for none of that id."""
    run = reader.run(run_id)
    if run is None:
        return None
    names = {row.incident_id: row.seen_by(operator).title for row in reader.incident_rows()}
    stations = {
        origin: one.name or "another station"
        for one in reader.stations()
        for origin in one.incarnations
    }
    return RunFound(
        run=run,
        incident=names.get(run.incident_id, ""),
        is_here=run.home == reader.own_origin(),
        home=stations.get(run.home, ""),
        attempt=attempt,
        output=reader.output_of(run_id, attempt) if attempt else "",
    )
