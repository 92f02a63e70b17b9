"""The content of a response plan, read and checked.

What a `PolicyVersion` of kind ``playbook`` holds; its name is the type of crisis it is for. Spans
are texts such as "15m", "4h", "3d". Only kind, title and actions have to be there:

    title, summary   what it is for, in words
    edition          a whole number that grows with every change by its authors
    shipped          true in what comes with the program, and nowhere else
    roles            a list of {role, duty}: who has to be there, and what for
    channels         a list of {name, kind, address, use}; kind is one of CHANNEL_KINDS, address
                     where it is: https, http, tel, sip, mailto, and no secret in it
    templates        a list of {name, audience, text}
    procedures       names of recovery procedures that help
    clocks           a list of {name, within, from, words}: what must be met; from is "detected" or
                     "declared"
    actions          a list of {id, title, detail, phase, role, due, box, remind, severities,
                     procedure}: due counts from the declaration (or from when a higher severity
                     asks for it), box from the start of the work; remind is how long before its
                     end whoever has it is told; without severities it is for all of them
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident_channels import CHANNEL_KINDS, checked_address
from crisisdesk.domain.oncall.fields import Fields, checked_text
from crisisdesk.domain.severity import IncidentSeverity
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT
from crisisdesk.domain.task import PHASES

KIND = "playbook"
CLOCK_STARTS = ("detected", "declared")
ACTIONS_LIMIT, LIST_LIMIT = 100, 50
NAME_LIMIT, SHORT_LIMIT = 60, 500
SPAN_LIMIT_MS = 400 * 86_400_000
EDITION_LIMIT = 9_999
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,49}")
_SPAN = re.compile(r"([1-9][0-9]{0,5})(m|h|d)")
_UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Who has to be there, and what for."""

    role: str
    duty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """By what people speak to each other."""

    name: str
    kind: str
    use: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Words to begin with, for an audience."""

    name: str
    audience: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanClock:
    """What must be met: ``within_ms`` after it was detected or declared (``start``)."""

    name: str
    within_ms: int
    start: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do. ``due_ms`` after the declaration, ``remind_ms`` before that; no
    ``severities``: for all of them."""

    action_id: str
    title: str
    phase: str
    role: str
    due_ms: int
    detail: str = ""
    box_ms: int | None = None
    remind_ms: int | None = None
    severities: tuple[str, ...] = ()
    procedure: str = ""

    def is_for(self, severity: str) -> bool:
        """Whether an incident of that severity asks for it."""
        return not self.severities or severity in self.severities


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """A response plan as it can be followed; ``name`` is the type of crisis it is for."""

    name: str
    title: str
    actions: tuple[Action, ...]
    summary: str = ""
    edition: int = 1
    shipped: bool = False
    roles: tuple[Role, ...] = ()
    channels: tuple[Channel, ...] = ()
    templates: tuple[Template, ...] = ()
    procedures: tuple[str, ...] = ()
    clocks: tuple[PlanClock, ...] = ()


_FIELDS = (
    "kind",
    "title",
    "summary",
    "edition",
    "shipped",
    "roles",
    "channels",
    "templates",
    "procedures",
    "clocks",
    "actions",
)


_ACTION_FIELDS = (
    "id",
    "title",
    "detail",
    "phase",
    "role",
    "due",
    "box",
    "remind",
    "severities",
    "procedure",
)


def checked_crisis_type(value: Any, field: str) -> str:
    """The name of a type of crisis by its form; whether there is a plan for it is another matter.

    Raises Malformed naming the field.
    """
    text = checked_text(value, field, NAME_LIMIT)
    if not _SLUG.fullmatch(text):
        remedy = "write small letters, digits and _, such as data_breach"
        raise Malformed(field, f"{text!r} is no type of crisis", remedy)
    return text


def read_playbook(name: str, content: Mapping[str, Any]) -> Playbook:
    """The plan in ``content``; raises Malformed naming the field, such as ``actions[2].due``."""
    told = Fields(content, known=_FIELDS)
    checked_crisis_type(name, "name")
    if told.value("kind") != KIND:
        raise Malformed("kind", "is another one", f'write "{KIND}"')
    shipped = told.optional("shipped", False)
    if type(shipped) is not bool:
        raise Malformed("shipped", "is neither true nor false", "leave it out")
    found = told.items("actions", ACTIONS_LIMIT, least=1)
    actions = tuple(_action(one, f"actions[{i}]") for i, one in enumerate(found))
    for i, action in enumerate(actions):
        if action.action_id in {other.action_id for other in actions[:i]}:
            raise Malformed(f"actions[{i}].id", "stands there twice", "give each its own")
    edition = told.whole("edition", 1, EDITION_LIMIT) if "edition" in content else 1
    procedures = told.items("procedures", LIST_LIMIT) if "procedures" in content else []
    return Playbook(
        name=name,
        title=told.text("title", TITLE_LIMIT),
        summary=told.text("summary", DESCRIPTION_LIMIT, required=False),
        edition=edition,
        shipped=shipped,
        roles=_each(told, content, "roles", _role),
        channels=_each(told, content, "channels", _channel),
        templates=_each(told, content, "templates", _template),
        procedures=tuple(
            checked_text(one, f"procedures[{i}]", NAME_LIMIT) for i, one in enumerate(procedures)
        ),
        clocks=_each(told, content, "clocks", _clock),
        actions=actions,
    )


def _each(
    told: Fields, content: Mapping[str, Any], name: str, read: Callable[[Any, str], T]
) -> tuple[T, ...]:
    found = told.items(name, LIST_LIMIT) if name in content else []
    return tuple(read(one, f"{name}[{i}]") for i, one in enumerate(found))


def _role(value: Any, path: str) -> Role:
    told = Fields(value, path, known=("role", "duty"))
    return Role(role=_slug(told, "role"), duty=told.text("duty", SHORT_LIMIT, required=False))


def _channel(value: Any, path: str) -> Channel:
    told = Fields(value, path, known=("name", "kind", "address", "use"))
    address = told.optional("address", "")
    return Channel(
        name=told.text("name", NAME_LIMIT),
        kind=_one_of(told, "kind", CHANNEL_KINDS),
        address=checked_address(address, told.at("address")),
        use=told.text("use", SHORT_LIMIT, required=False),
    )


def _template(value: Any, path: str) -> Template:
    told = Fields(value, path, known=("name", "audience", "text"))
    return Template(
        name=told.text("name", NAME_LIMIT),
        audience=told.text("audience", NAME_LIMIT),
        text=told.text("text", DESCRIPTION_LIMIT),
    )


def _clock(value: Any, path: str) -> PlanClock:
    told = Fields(value, path, known=("name", "within", "from", "words"))
    return PlanClock(
        name=told.text("name", NAME_LIMIT),
        within_ms=span_ms(told.value("within"), told.at("within")),
        start=_one_of(told, "from", CLOCK_STARTS),
        words=told.text("words", SHORT_LIMIT, required=False),
    )


def _action(value: Any, path: str) -> Action:
    told = Fields(value, path, known=_ACTION_FIELDS)
    box, remind = told.optional("box", None), told.optional("remind", None)
    due_ms = span_ms(told.value("due"), told.at("due"))
    remind_ms = None if remind is None else span_ms(remind, told.at("remind"))
    if remind_ms is not None and remind_ms >= due_ms:
        problem = f"{remind!r} before a task that is due after {told.value('due')!r} is too early"
        raise Malformed(told.at("remind"), problem, "name a shorter span than due")
    severities = told.items("severities", 4, least=1) if "severities" in value else []
    for i, severity in enumerate(severities):
        if severity not in tuple(IncidentSeverity):
            remedy = f"write one of {', '.join(IncidentSeverity)}"
            raise Malformed(f"{path}.severities[{i}]", "is no severity of an incident", remedy)
    return Action(
        action_id=_slug(told, "id"),
        title=told.text("title", TITLE_LIMIT),
        detail=told.text("detail", DESCRIPTION_LIMIT, required=False),
        phase=_one_of(told, "phase", PHASES),
        role=_slug(told, "role"),
        due_ms=due_ms,
        box_ms=None if box is None else span_ms(box, told.at("box")),
        remind_ms=remind_ms,
        severities=tuple(severities),
        procedure=told.text("procedure", NAME_LIMIT, required=False),
    )


def _slug(told: Fields, name: str) -> str:
    text = told.text(name, NAME_LIMIT)
    if not _SLUG.fullmatch(text):
        remedy = "write small letters, digits and _, such as operations_lead"
        raise Malformed(told.at(name), f"{text!r} cannot be used", remedy)
    return text


def _one_of(told: Fields, name: str, known: tuple[str, ...]) -> str:
    text = told.text(name, NAME_LIMIT)
    if text not in known:
        raise Malformed(told.at(name), f"{text!r} is unknown", f"write one of {', '.join(known)}")
    return text


def span_ms(value: Any, field: str) -> int:
    """Milliseconds of a span such as "15m", "4h" or "3d"; raises Malformed naming the field."""
    text = checked_text(value, field, NAME_LIMIT)
    found = _SPAN.fullmatch(text)
    ms = int(found[1]) * _UNIT_MS[found[2]] if found else 0
    if not 0 < ms <= SPAN_LIMIT_MS:
        raise Malformed(field, f"{text!r} is no span", 'write it like "15m", "4h" or "3d"')
    return ms


def span_text(ms: int) -> str:
    """A span as it is written in a plan."""
    for unit in ("d", "h"):
        if ms % _UNIT_MS[unit] == 0:
            return f"{ms // _UNIT_MS[unit]}{unit}"
    return f"{ms // 60_000}m"
