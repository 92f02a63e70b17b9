"""The room: what the routes share - door, readers, parsers, secrets - and how they get at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated, Any, ParamSpec, Protocol, TypeVar

from fastapi import Depends, Header, Request

from crisisdesk.api.allowance import Allowances
from crisisdesk.api.auth import OPERATOR_HEADER, operator_name
from crisisdesk.api.beats import Ear
from crisisdesk.api.reads import Reads
from crisisdesk.domain.context.change_mapping import ChangeMapping
from crisisdesk.domain.detection.leaves import NewDetector
from crisisdesk.engine.answer_links import AnswerLinks
from crisisdesk.engine.collector_ports import Lookout
from crisisdesk.engine.command import Submit
from crisisdesk.engine.commands import Command
from crisisdesk.engine.contact_file import ContactFileReader
from crisisdesk.engine.door import EngineDoor
from crisisdesk.engine.intake import Intake, IntakeError, Parsed
from crisisdesk.engine.presence import PresenceBoard
from crisisdesk.engine.recorded import Recorded
from crisisdesk.engine.recovery_ports import Hands

P = ParamSpec("P")
T = TypeVar("T")


class MethodAddresses(Protocol):
    """The secret addresses of contact methods; every call may block."""

    def check(self, url: str) -> tuple[str, str]:
        """The (channel, masked address) of one that can work; raises DomainError for others."""

    def keep(self, method_id: str, url: str) -> None:
        """Keep a checked address where secrets live."""

    def forget(self, method_id: str) -> None:
        """Forget the address of a method that is gone."""


class TextMessages(Protocol):
    """Reads the text messages that their provider calls with."""

    async def take_call(
        self, submit: Submit, signature: str, form: Sequence[tuple[str, str]]
    ) -> str | None:
        """What to write back ("" for nothing); None for a call that is not the provider's."""


class StepDoer(Protocol):
    """What does automatic steps at this station (see `engine.workers.runner.Runner`)."""

    hands: Hands
    states: Callable[[], Mapping[str, str]]

    async def claim(self, run_id: str, step_id: str, claim_ms: int) -> str:
        """The hub's claim for an exclusive step; "" when it cannot be had."""

    def unclaimed(self, run_id: str) -> frozenset[str]:
        """The steps that wait for such a claim."""


PAGERDUTY_PATH = "/v2/enqueue"
PAGERDUTY_CHANGES_PATH = "/v2/change/enqueue"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRoute:
    """One way in for alerts: the parser behind a path, and whose name its facts bear.

    ``source`` makes the actor ``source:<source>``. ``refusal`` shapes the body of a 4xx for senders
    that read their own format; None means the common shape. ``key_in_body`` says that the
    credential may come inside the payload (`Parsed.routing_key`) instead of a header.
    """

    parse: Intake
    source: str
    refusal: Callable[[IntakeError], dict[str, Any]] | None = None
    key_in_body: bool = False


class MappedParse(Protocol):
    """Reads changes in a form that a mapping describes."""

    def __call__(self, body: bytes, mapping: ChangeMapping) -> Parsed:
        """What the body tells of; raises IntakeError."""


class Feeds:
    """How many feeds run; each costs a connection and a question per change."""

    def __init__(self) -> None:
        self.running = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the routes need; ``new_method_id`` makes ids of contact methods, ``ear`` hears
    heartbeats, ``lookout`` looks at sources; without one there are none. ``answers`` reads what
    pages are answered with from outside, ``texts`` takes answers that a provider calls with; there
    is neither at a sealed station. ``recorded`` are the samples that the station keeps, None where
    it keeps none. ``mapped_changes`` reads changes by published mappings, ``runner`` does automatic
    steps of procedures, ``presence`` is who sits at the desks."""

    door: EngineDoor
    reads: Reads
    intakes: dict[str, IntakeRoute]
    manual: Intake
    addresses: MethodAddresses
    contact_files: ContactFileReader
    new_method_id: Callable[[], str]
    version: str
    ear: Ear | None = None
    lookout: Lookout | None = None
    answers: AnswerLinks | None = None
    texts: TextMessages | None = None
    recorded: Recorded | None = None
    new_detector: NewDetector | None = None
    mapped_changes: MappedParse | None = None
    runner: StepDoer | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    feeds: Feeds = field(default_factory=Feeds)
    allowances: Allowances = field(default_factory=Allowances)
    presence: PresenceBoard = field(default_factory=PresenceBoard)
    chores: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="api-chores")
    )

    async def do(self, command: Command, actor: str) -> Any:
        """Submit a command and wait until its facts are on disk."""
        return await self.door.submit(command, actor)

    async def apart(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run blocking work off the loop, one piece at a time."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.chores, lambda: work(*args, **kwargs))

    def close(self) -> None:
        """End feeds and threads."""
        self.stopping.set()
        self.reads.close()
        self.chores.shutdown(wait=True)


async def room_of(request: Request) -> Room:
    """The room of the app that serves this request."""
    room: Room = request.app.state.room
    return room


async def operator_of(
    operator: Annotated[
        str | None,
        Header(
            alias=OPERATOR_HEADER,
            description="Who acts: percent-encoded UTF-8, 1 to 150 characters. Required.",
        ),
    ] = None,
) -> str:
    """The operator who acts."""
    return operator_name(operator)


async def viewer_of(
    operator: Annotated[
        str | None,
        Header(
            alias=OPERATOR_HEADER,
            description="Who asks: percent-encoded UTF-8. What is restricted is shown by it.",
        ),
    ] = None,
) -> str:
    """Who asks, "" where nobody says; nobody reads what is restricted."""
    return operator_name(operator) if operator else ""


InRoom = Annotated[Room, Depends(room_of)]
Operator = Annotated[str, Depends(operator_of)]
Viewer = Annotated[str, Depends(viewer_of)]
