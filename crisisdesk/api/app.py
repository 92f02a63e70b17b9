"""The door put together: one ASGI application of gate, routes and document."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from crisisdesk import __version__
from crisisdesk.api import (
    alertmanager,
    alertmanager_silences,
    alerts,
    answer_key,
    answer_pages,
    answer_texts,
    candidates,
    changes,
    channels,
    contact_import,
    context,
    decisions,
    dry_runs,
    feed,
    fleet,
    hands,
    heartbeats,
    images,
    incident_channels,
    incident_messages,
    incident_moves,
    incident_papers,
    incidents,
    loop_tests,
    outages,
    overview,
    people,
    playbooks,
    policies,
    presence,
    procedures,
    quiet,
    reachability,
    responses,
    roles,
    rules,
    run_health,
    runs,
    shifts,
    silences,
    sources,
    tasks,
)
from crisisdesk.api.allowance import Allowances
from crisisdesk.api.answers import Refused, encode, error_body
from crisisdesk.api.auth import Auth
from crisisdesk.api.beats import Ear
from crisisdesk.api.bounds import Hosts, Limits
from crisisdesk.api.documented import describe
from crisisdesk.api.gate import Gate
from crisisdesk.api.reads import Reads
from crisisdesk.api.room import (
    PAGERDUTY_PATH,
    IntakeRoute,
    MappedParse,
    MethodAddresses,
    Room,
    StepDoer,
    TextMessages,
)
from crisisdesk.domain.detection.leaves import NewDetector
from crisisdesk.engine.answer_links import AnswerLinks
from crisisdesk.engine.collector_ports import Lookout
from crisisdesk.engine.contact_file import ContactFileReader
from crisisdesk.engine.door import EngineDoor
from crisisdesk.engine.intake import Intake
from crisisdesk.engine.presence import PresenceBoard
from crisisdesk.engine.recorded import Recorded

__all__ = ["PAGERDUTY_PATH", "IntakeRoute", "create_app"]

ROUTES = (
    alerts,
    context,
    changes,
    hands,
    incidents,
    incident_moves,
    incident_channels,
    incident_messages,
    images,
    incident_papers,
    tasks,
    roles,
    decisions,
    playbooks,
    candidates,
    reachability,
    people,
    contact_import,
    policies,
    shifts,
    silences,
    quiet,
    overview,
    responses,
    channels,
    loop_tests,
    heartbeats,
    sources,
    rules,
    runs,
    run_health,
    procedures,
    dry_runs,
    outages,
    fleet,
    presence,
    feed,
    alertmanager,
    alertmanager_silences,
    answer_key,
    answer_pages,
    answer_texts,
)


def _new_method_id() -> str:
    return f"M-{uuid.uuid4().hex}"


def create_app(
    door: EngineDoor,
    reads: Reads,
    *,
    intakes: dict[str, IntakeRoute],
    manual: Intake,
    addresses: MethodAddresses,
    contact_files: ContactFileReader,
    auth: Auth,
    hosts: tuple[str, ...] = (),
    limits: Limits | None = None,
    new_method_id: Callable[[], str] = _new_method_id,
    ear: Ear | None = None,
    lookout: Lookout | None = None,
    answers: AnswerLinks | None = None,
    texts: TextMessages | None = None,
    recorded: Recorded | None = None,
    new_detector: NewDetector | None = None,
    mapped_changes: MappedParse | None = None,
    runner: StepDoer | None = None,
    allowances: Allowances | None = None,
    board: PresenceBoard | None = None,
) -> FastAPI:
    """The station's ASGI application.

    ``intakes`` maps paths (``/intake/alertmanager``, ``/api/v2/alerts``, `PAGERDUTY_PATH`,
    ``/intake/generic/<mapping>``) to their parsers; ``manual`` parses ``POST /crisis/alerts/``,
    ``contact_files`` the files of ``POST /crisis/contacts/import/``, ``ear`` hears heartbeats,
    ``lookout`` looks at sources, ``recorded`` are the samples that the station keeps and
    ``new_detector`` finds anomalies in them, for trying rules; ``mapped_changes`` reads changes by
    published mappings, ``runner`` does automatic steps, ``allowances`` say how many requests a
    sender may make, ``board`` is who sits at the desks.
    ``hosts`` are names besides the loopback ones that it answers to; where ``answers`` lead is one
    more, which opens nothing but them. Its lifespan closes ``reads``
    and every feed; so does ``app.state.room.close()``.
    """
    room = Room(
        door=door,
        reads=reads,
        intakes=intakes,
        manual=manual,
        addresses=addresses,
        contact_files=contact_files,
        new_method_id=new_method_id,
        version=__version__,
        ear=ear,
        lookout=lookout,
        answers=answers,
        texts=texts,
        recorded=recorded,
        new_detector=new_detector,
        mapped_changes=mapped_changes,
        runner=runner,
        allowances=allowances or Allowances(),
        presence=board or PresenceBoard(door.now_ms),
    )
    app = FastAPI(
        title="CrisisDesk",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.room = room
    app.state.guesses = answer_pages.Guesses()
    for module in ROUTES:
        app.include_router(module.router)
    app.openapi = partial(_document, app, room)  # type: ignore[method-assign]
    app.add_exception_handler(RequestValidationError, _refuse_input)
    app.add_exception_handler(HTTPException, _refuse_path)
    public = "" if answers is None else urlsplit(answers.ways.url).hostname or ""
    names = Hosts(hosts, public)
    app.add_middleware(Gate, room=room, auth=auth, hosts=names, limits=limits or Limits())
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    try:
        yield
    finally:
        app.state.room.close()


def _document(app: FastAPI, room: Room) -> dict[str, Any]:
    """The OpenAPI document, made when it is first asked for."""
    if app.openapi_schema is None:
        app.openapi_schema = describe(app, room)
    return app.openapi_schema


async def _refuse_input(_request: Request, error: Exception) -> Response:
    """The first thing that pydantic found wrong, without what was sent: it may be a secret."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = [part for part in first["loc"] if part not in _PLACES]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return _answer(
        Refused(
            400,
            field.lstrip(".")[:200].encode("utf-8", "replace").decode() or "body",
            first["msg"],
            _REMEDIES.get(first["type"], "see /openapi.json for what is taken"),
        )
    )


_PLACES = ("body", "query", "path", "header")
_REMEDIES = {
    "extra_forbidden": "leave it out; see /openapi.json for what is taken",
    "missing": "send it",
    "json_invalid": "send one JSON document in UTF-8",
}


async def _refuse_path(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allow = ", ".join(sorted(_methods_of(request)))
        allowed = (b"allow", allow.encode())
        return _answer(
            Refused(405, "method", f"{request.method} is not served here", f"use {allow}", allowed)
        )
    if error.status_code == 404:
        return _answer(
            Refused(404, "path", "leads nowhere", "check it; crisis paths end with a slash")
        )
    return _answer(Refused(error.status_code, "request", str(error.detail), "see /openapi.json"))


def _methods_of(request: Request) -> set[str]:
    """The methods that the path serves; the router itself names those of its first route only."""
    path: str = request.url.path
    room: Room = request.app.state.room
    found = {"POST"} if path in room.intakes else set()
    for known, operations in request.app.openapi()["paths"].items():
        shape = re.compile(_PARAMETER.sub("[^/]+", known))
        if shape.fullmatch(path):
            found |= {method.upper() for method in operations}
    return found


_PARAMETER = re.compile(r"\{[^}]+\}")


def _answer(refused: Refused) -> Response:
    return Response(
        encode(error_body(refused)),
        status_code=refused.status,
        media_type="application/json",
        headers={name.decode(): value.decode() for name, value in refused.headers},
    )
