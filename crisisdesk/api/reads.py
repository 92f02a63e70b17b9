"""Reading the station from the loop: the port of its reader, and the threads that own readers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, Protocol, TypeVar

from crisisdesk.api.answers import Refused
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.channel_survey import Known
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.context.change_mapping import ChangeMapping
from crisisdesk.domain.context.change_record import RecordedChange
from crisisdesk.domain.context.gathered import Context
from crisisdesk.domain.context.sla_impact import IncidentImpact
from crisisdesk.domain.correlation.alike import Alike
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.event import Event
from crisisdesk.domain.handover_brief import Brief
from crisisdesk.domain.image import NoteImage
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_record import IncidentRecord
from crisisdesk.domain.kept_quiet import KeptQuiet
from crisisdesk.domain.matchers import Matcher
from crisisdesk.domain.playbook.content import Playbook, Role
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.reached import Verdict
from crisisdesk.domain.response_times import Response
from crisisdesk.domain.service_board.judging import Board as ServiceBoard
from crisisdesk.domain.silence import Silence
from crisisdesk.domain.station import Station
from crisisdesk.domain.task import Task
from crisisdesk.domain.update import IncidentUpdate

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
P = ParamSpec("P")


class PageOf(Protocol[T_co]):
    """Some items in order, and the cursor that continues after them; None at the end."""

    @property
    def items(self) -> Sequence[T_co]:
        """The items."""

    @property
    def next(self) -> str | None:
        """The cursor."""


class Counts(Protocol):
    """How the station stands; see the dashboard's schema for what the figures mean."""

    @property
    def alerts(self) -> dict[str, dict[str, int]]: ...
    @property
    def open_alerts(self) -> int: ...
    @property
    def unowned(self) -> int: ...
    @property
    def breached(self) -> int: ...
    @property
    def incidents(self) -> dict[str, int]: ...
    @property
    def deliveries(self) -> dict[str, int]: ...
    @property
    def oldest_unacknowledged_at(self) -> int | None: ...
    @property
    def acknowledged_24h(self) -> int: ...
    @property
    def mean_response_ms(self) -> int | None: ...
    @property
    def median_response_ms(self) -> int | None: ...


class Board(Protocol):
    """Questions about many deliveries."""

    def one(self, delivery_id: str) -> Delivery | None: ...
    def some(self, delivery_ids: Iterable[str]) -> list[Delivery]: ...
    def carried_by(self, delivery_id: str, limit: int = 50) -> tuple[int, list[Delivery]]: ...
    def uses(self, method_ids: Sequence[str], now_ms: int) -> dict[str, Use]: ...
    def known(self, now_ms: int, *, measured: bool = True) -> Known: ...


class Quieting(Protocol):
    """Questions about what is kept quiet."""

    def kept(self, now_ms: int) -> list[KeptQuiet]: ...
    def deferred(self, now_ms: int) -> list[KeptQuiet]: ...
    def services(self) -> set[str]: ...


class StationReader(Protocol):
    """A reader of the station's file, bound to the thread of its first use.

    Filters are duck-typed: `AlertFilter` and `IncidentFilter` have the members that it asks for.
    Raises DomainError for a filter, sort, cursor or limit that cannot be.
    """

    def head_pos(self) -> int: ...
    def events_after(self, pos: int, limit: int = 500) -> Sequence[tuple[int, bytes, bytes]]: ...
    def station(self) -> Station: ...
    def contacts(self) -> list[Contact]: ...
    def alert(self, alert_id: str) -> Alert | None: ...
    def incident(self, incident_id: str) -> Incident | None: ...
    def parts(self, incidents: Iterable[Incident]) -> dict[str, list[Incident]]: ...
    def seen_ids(self, incident: Incident, viewer: str) -> set[str]: ...
    def whole_incident(self, incident: Incident) -> Incident: ...
    def task(self, task_id: str) -> Task | None: ...
    def tasks_of(self, incident_id: str) -> list[Task]: ...
    def decisions_of(self, incident_id: str) -> list[Decision]: ...
    def followed_plan(self, incident: Incident) -> Playbook | None: ...
    def roles_to_fill(self, incident: Incident) -> tuple[Role, ...]: ...
    def brief_of(self, incident: Incident, viewer: str) -> Brief: ...
    def veiled(self, aggregates: Iterable[str]) -> set[str]: ...
    def history(self, aggregates: Sequence[str], limit: int = 500) -> list[Event]: ...
    def updates_of(self, incident_id: str) -> list[IncidentUpdate]: ...
    def deliveries_of(self, alert_id: str) -> list[Delivery]: ...
    def counts(self, now_ms: int) -> Counts: ...
    def service_board(self, now_ms: int, *, on_duty: bool) -> ServiceBoard: ...
    def unreached(self, now_ms: int) -> Verdict: ...
    def responses(self, since_ms: int, until_ms: int) -> list[Response]: ...
    def policies(self, *, declared: bool = False) -> list[PolicyVersion]: ...
    def run(self, run_id: str) -> Run | None: ...
    def runs(self, *, incident_id: str = "", every: bool = False) -> list[Run]: ...
    def output_of(self, run_id: str, attempt: str) -> str: ...
    def open_of_rules(self) -> dict[str, int]: ...
    def image(self, image_id: str) -> NoteImage | None: ...
    def images_of(self, incident_ids: Iterable[str]) -> dict[str, NoteImage]: ...
    def image_data(self, image_id: str) -> bytes | None: ...
    def escalations_of(self, alert_id: str) -> list[Escalation]: ...
    def candidate(self, candidate_id: str) -> Candidate | None: ...
    def candidates(self, *, every: bool = False) -> list[Candidate]: ...
    def silence(self, silence_id: str) -> Silence | None: ...
    def silences(self, now_ms: int) -> list[Silence]: ...
    def hidden_by(self, silence: Silence) -> list[str]: ...
    def quiet_alerts(self, now_ms: int) -> dict[str, list[Silence]]: ...
    def changes(
        self, since: int, until: int, service: str = "", limit: int = 200
    ) -> list[RecordedChange]: ...
    def change(self, change_id: str) -> RecordedChange | None: ...
    def change_mapping(self, name: str) -> ChangeMapping | None: ...
    def record_of(self, incident_id: str, viewer: str) -> IncidentRecord | None: ...
    def alike_of(self, incident_id: str, viewer: str) -> tuple[Alike, ...]: ...
    def impact_of(self, incident_id: str, now: int) -> IncidentImpact | None: ...
    def context_of(self, alert_id: str, now_ms: int, hours: int = 24) -> Context | None: ...
    def board(self) -> Board: ...
    def quieting(self) -> Quieting: ...
    def close(self) -> None: ...

    def would_hide(
        self, matchers: Sequence[Matcher], limit: int = 20
    ) -> tuple[int, list[Alert]]: ...

    def page_alerts(
        self, asked: Any, sort: str, after: str | None, limit: int
    ) -> PageOf[Alert]: ...

    def page_incidents(
        self, asked: Any, sort: str, after: str | None, limit: int
    ) -> PageOf[Incident]: ...

    def page_updates(
        self, incident_id: str, sort: str, after: str | None, limit: int
    ) -> PageOf[IncidentUpdate]: ...

    def page_deliveries(
        self, status: Sequence[str], sort: str, after: str | None, limit: int, *, alert_id: str
    ) -> PageOf[Delivery]: ...


class Lane:
    """One thread with one reader; questions are answered in order."""

    def __init__(
        self, name: str, open_reader: Callable[[], StationReader], unavailable: type[Exception]
    ) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._open = open_reader
        self._reader: StationReader | None = None
        self._unavailable = unavailable
        self._closed = False

    async def ask(self, question: Callable[[StationReader], T]) -> T:
        """Answer ``question(reader)`` off the loop; Refused 503 when the file cannot be read."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, self._answer, question)
        except self._unavailable as error:
            raise Refused(
                503, "station", f"cannot be read now: {error}", "ask again", (b"retry-after", b"1")
            ) from error

    def close(self) -> None:
        """Close the reader on its own thread, and end the thread; no error when it has ended."""
        if self._closed:
            return
        self._closed = True
        self._pool.submit(self._shut)
        self._pool.shutdown(wait=True)

    def _answer(self, question: Callable[[StationReader], T]) -> T:
        if self._reader is None:
            self._reader = self._open()
        return question(self._reader)

    def _shut(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


class Reads:
    """The API's readers: a lane for questions, one for feeds, so that neither waits for the other.

    ``open_reader`` makes a reader; ``unavailable`` is the error it raises when its file cannot be
    read.
    """

    def __init__(
        self, open_reader: Callable[[], StationReader], unavailable: type[Exception]
    ) -> None:
        self._asking = Lane("api-reads", open_reader, unavailable)
        self._feeding = Lane("api-feeds", open_reader, unavailable)

    async def ask(self, question: Callable[[StationReader], T]) -> T:
        """Answer a question of a route."""
        return await self._asking.ask(question)

    async def feed(self, question: Callable[[StationReader], T]) -> T:
        """Answer a question of a feed."""
        return await self._feeding.ask(question)

    def close(self) -> None:
        """End the threads."""
        self._asking.close()
        self._feeding.close()
