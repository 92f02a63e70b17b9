"""What the OpenAPI document says beyond the routes' own signatures: errors, tokens, intake."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from crisisdesk.api.mapped_changes import SHOWN as MAPPED_CHANGES
from crisisdesk.api.orders import AlertNew
from crisisdesk.api.room import PAGERDUTY_CHANGES_PATH, PAGERDUTY_PATH, Room
from crisisdesk.api.schemas import ErrorAnswer
from crisisdesk.domain.context.change_mapping import NAME

_SAID = {
    400: "Something in the request cannot be used; nothing changed.",
    401: "No token that this station knows.",
    403: "The token does not open this route.",
    404: "What the request names does not exist here.",
    405: "The path does not serve this method.",
    408: "The body did not come in time.",
    409: "The thing is not in a state that allows this; nothing changed.",
    413: "The body is too long; nothing changed.",
    415: "The body is not declared as JSON; nothing changed.",
    431: "Too many or too long headers.",
    500: "The station failed at this request; its log says how.",
    503: "The station cannot save or read now; nothing changed.",
}
_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    503: {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds, when known."}},
}
_ANY_JSON = {"schema": {"type": "object"}}
_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}


def errors(*more: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route: those any route can give, and ``more``."""
    statuses = sorted({400, 401, 403, 408, 413, 415, 431, 500, 503, *more})
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        found[status] = {"model": ErrorAnswer, "description": _SAID[status]}
        if status in _HEADERS:
            found[status]["headers"] = _HEADERS[status]
    return found


def describe(app: FastAPI, room: Room) -> dict[str, Any]:
    """The OpenAPI document of everything that this station answers to."""
    document = get_openapi(
        title="CrisisDesk",
        version=room.version,
        summary="The door of a CrisisDesk station",
        description=(
            "Every time is ISO 8601 in UTC. A 2xx to a command or an intake means that it is on "
            "disk. Commands name who acts in X-CrisisDesk-Operator."
        ),
        routes=app.routes,
    )
    components = document["components"]
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "password": {
            "type": "http",
            "scheme": "basic",
            "description": "Any user name, a token as password.",
        },
    }
    document["security"] = [{"token": []}, {"password": []}]
    document["paths"]["/healthz"]["get"]["security"] = []
    for what in ("", "/fail", "/start"):
        path = "/crisis/heartbeats/{heartbeat}" + what + "/"
        beats = {method: _beat(method, what) for method in ("get", "post")}
        document["paths"].setdefault(path, {}).update(beats)
    for path in room.intakes:
        document["paths"].setdefault(path, {})["post"] = _intake(path)
    if room.mapped_changes is not None:
        document["paths"][MAPPED_CHANGES] = {"post": _mapped()}
    # Its body is read by an intake parser, so that no route's signature names it.
    components["schemas"]["AlertNew"] = AlertNew.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    return document


def _beat(method: str, what: str) -> dict[str, Any]:
    """The address of a heartbeat: its secret part is all that is needed."""
    text = {"text/plain": {"schema": {"type": "string"}}}
    heard = {"description": "Heard; what it changes is on disk.", "content": text}
    answers: dict[str, Any] = {"200": heard}
    for status in (400, 401, 403, 404, 405, 408, 413, 415, 431, 500, 503):
        answers[str(status)] = {"description": _SAID[status], "content": _ERROR}
    return {
        "tags": ["heartbeats"],
        "operationId": "_".join(filter(None, ("beat", what.strip("/"), method))),
        "summary": _BEATS[what],
        "security": [],
        "parameters": [
            {
                "name": "heartbeat",
                "in": "path",
                "required": True,
                "description": "The secret part of its address.",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
            }
        ],
        "responses": answers,
    }


def _intake(path: str) -> dict[str, Any]:
    is_pagerduty = path in (PAGERDUTY_PATH, PAGERDUTY_CHANGES_PATH)
    schema = _SCHEMAS.get(path, {"type": ["object", "array"]})
    done: dict[str, Any] = {"description": "Taken in and on disk."}
    if is_pagerduty:
        done["content"] = {"application/json": _ANY_JSON}
    responses: dict[str, Any] = {"202" if is_pagerduty else "200": done}
    for status in (400, 401, 403, 408, 413, 415, 431, 500, 503):
        responses[str(status)] = {"description": _SAID[status], "content": _ERROR}
        if status in _HEADERS:
            responses[str(status)]["headers"] = _HEADERS[status]
    operation: dict[str, Any] = {
        "tags": ["intake"],
        "operationId": "intake" + path.replace("/", "_").replace("-", "_"),
        "summary": _SUMMARIES.get(path, _summary(path)),
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": responses,
    }
    if is_pagerduty:
        # The routing_key in the body is the credential of senders that send no header.
        operation["security"] = [{"token": []}, {"password": []}, {}]
    return operation


def _mapped() -> dict[str, Any]:
    """The address of a published mapping of changes."""
    operation = _intake(MAPPED_CHANGES)
    operation["operationId"] = "intake_changes_by_name"
    operation["responses"]["404"] = {"description": _SAID[404], "content": _ERROR}
    operation["parameters"] = [
        {
            "name": "name",
            "in": "path",
            "required": True,
            "description": "The name of the mapping.",
            "schema": {"type": "string", "pattern": f"^{NAME.pattern}$"},
        }
    ]
    return operation


def _summary(path: str) -> str:
    if path.startswith("/intake/changes/"):
        return f"Take in changes, as {path.rpartition('/')[2]} tells them"
    return "Take in JSON through a configured mapping"


# What is optional may be null too: senders written in Go or Java often say so.
_TEXT = {"type": ["string", "null"]}
_LABELS = {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1}
_NOTES = {"type": ["object", "null"], "additionalProperties": {"type": "string"}}
_MOMENT = {**_TEXT, "description": "RFC 3339; empty or the year 1 mean none."}
_POSTED_ALERT: dict[str, Any] = {
    "type": "object",
    "required": ["labels"],
    "properties": {
        "labels": _LABELS,
        "annotations": _NOTES,
        "startsAt": _MOMENT,
        "endsAt": _MOMENT,
        "generatorURL": _TEXT,
    },
}
_BEATS = {
    "": "Beat: all is well, or the job is done; HEAD does the same",
    "/fail": "Say that it failed; a body says why",
    "/start": "Say that the job began",
}
_SUMMARIES = {
    MAPPED_CHANGES: "Take in changes through a mapping that is published (kind change-mapping)",
    "/intake/alertmanager": "Take in an Alertmanager webhook, version 4",
    "/api/v2/alerts": "Take in alerts as Alertmanager's own API does",
    PAGERDUTY_PATH: "Take in a PagerDuty event (Events API v2)",
    PAGERDUTY_CHANGES_PATH: "Take in a PagerDuty change event (Change Events API v2)",
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "/api/v2/alerts": {"type": "array", "items": _POSTED_ALERT},
    "/intake/alertmanager": {
        "type": "object",
        "required": ["version", "alerts"],
        "properties": {
            "version": {"const": "4"},
            "groupKey": _TEXT,
            "truncatedAlerts": {"type": ["integer", "null"], "minimum": 0},
            "receiver": _TEXT,
            "externalURL": _TEXT,
            "alerts": {
                "type": "array",
                "items": {
                    **_POSTED_ALERT,
                    "required": ["status", "labels"],
                    "properties": {
                        **_POSTED_ALERT["properties"],
                        "status": {"enum": ["firing", "resolved"]},
                        "fingerprint": {**_TEXT, "maxLength": 64},
                    },
                },
            },
        },
    },
    PAGERDUTY_PATH: {
        "type": "object",
        "required": ["routing_key", "event_action"],
        "properties": {
            "routing_key": {"type": "string"},
            "event_action": {"enum": ["trigger", "acknowledge", "resolve"]},
            "dedup_key": {**_TEXT, "maxLength": 255},
            "client": _TEXT,
            "client_url": _TEXT,
            "payload": {
                "type": "object",
                "required": ["summary", "source", "severity"],
                "properties": {
                    "summary": {"type": "string", "maxLength": 1024},
                    "source": {"type": "string"},
                    "severity": {"enum": ["critical", "error", "warning", "info"]},
                    "timestamp": _MOMENT,
                    "component": _TEXT,
                    "group": _TEXT,
                    "class": _TEXT,
                    "custom_details": {"type": "object"},
                },
            },
        },
    },
    PAGERDUTY_CHANGES_PATH: {
        "type": "object",
        "required": ["routing_key", "payload"],
        "properties": {
            "routing_key": {"type": "string"},
            "payload": {
                "type": "object",
                "required": ["summary"],
                "properties": {
                    "summary": {"type": "string", "maxLength": 1024},
                    "source": _TEXT,
                    "timestamp": _MOMENT,
                    "custom_details": {"type": ["object", "null"]},
                },
            },
            "links": {"type": ["array", "null"], "items": {"type": "object"}},
        },
    },
}
