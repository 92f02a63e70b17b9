"""The service catalogue: what is published about services, read and checked.

Content of a `PolicyVersion` of kind ``catalogue``; several of them make one catalogue together:

    services   for each service what is known of it, all of it optional:
                 owner, team, tier (text); depends_on, regions (lists); users (whole number);
                 money_per_minute (text such as "120.50"); runbook (web address or file),
                 dashboard (web address);
                 availability (what was promised, text such as "99.95") in availability_days (30)
    tables     what a value of a label means: {"label": "host", "rows": {"db-1": {"service": "db"}}}
               a row has a service, an owner, a team, a runbook
    places     where own regions are: {"brno-2": {"latitude": "49.2", "longitude": "16.6"}};
               ``name`` is what people call it
    runbooks   which alerts have which runbook: {"for": "alertname=DiskFull", "url": "https://..."}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from crisisdesk.domain.amounts import parse_money
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.matchers import Matcher, parse_matchers
from crisisdesk.domain.oncall.fields import Fields, checked_text, checked_whole, wrong_type

KIND = "catalogue"
# Bytes of one document as it is published; a larger catalogue is several documents.
CONTENT_LIMIT = 256 * 1024
SERVICES_LIMIT, NEEDS_LIMIT, REGIONS_LIMIT = 10_000, 200, 50
TABLES_LIMIT, ROWS_LIMIT, RUNBOOKS_LIMIT, PLACES_LIMIT = 20, 10_000, 500, 1_000
NAME_LIMIT, URL_LIMIT, USERS_LIMIT = 200, 2_000, 2**31 - 1
MONEY_LIMIT = 10**10 - 1
_MATCHERS_CHARS = 4_000
DEFAULT_DAYS, DAYS_MOST = 30, 366
RECOVERY_MINUTES_MOST = 30 * 24 * 60
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,4}))?")
_WHOLE_PPM = 1_000_000
_DEGREES = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is known of one service; "" and None where nobody said. Money is whole cents.

    ``availability_ppm`` is the promised part of a window of ``availability_days``, in millionths;
    ``recovery_minutes`` within how long it is to be back (its recovery time objective).
    """

    name: str
    owner: str = ""
    team: str = ""
    tier: str = ""
    depends_on: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    users: int | None = None
    money_per_minute_cents: int | None = None
    runbook: str = ""
    dashboard: str = ""
    availability_ppm: int | None = None
    availability_days: int = DEFAULT_DAYS
    recovery_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a value of a label means."""

    service: str = ""
    owner: str = ""
    team: str = ""
    runbook: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on Earth, in degrees: north and east count up."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """Which alerts have this runbook."""

    matching: tuple[Matcher, ...]
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that is published. ``tables`` has for each label its rows by value; ``problems`` say in
    words what could not be used."""

    services: Mapping[str, Service] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    runbooks: tuple[Runbook, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def edges(self) -> Iterable[tuple[str, str]]:
        """(user, needed) of every service."""
        return ((one.name, need) for one in self.services.values() for need in one.depends_on)

    def rows_for(self, labels: Mapping[str, str]) -> list[Row]:
        """What the labels of something mean, in the order in which the tables stand."""
        found = ((rows, labels.get(label)) for label, rows in self.tables.items())
        return [rows[value] for rows, value in found if value is not None and value in rows]


def read_catalogue(name: str, content: Mapping[str, Any]) -> Catalogue:
    """One document; raises Malformed naming the field, such as ``services.shop.users``."""
    told = Fields(content, known=("kind", "services", "tables", "runbooks", "places"))
    services = _object(told.optional("services", {}), "services", SERVICES_LIMIT)
    tables = _items(told.optional("tables", []), "tables", TABLES_LIMIT)
    runbooks = _items(told.optional("runbooks", []), "runbooks", RUNBOOKS_LIMIT)
    places = _object(told.optional("places", {}), "places", PLACES_LIMIT)
    if not (services or tables or runbooks or places):
        raise Malformed("services", f"of {name} are missing", "name at least one service")
    read: dict[str, dict[str, Row]] = {}
    for i, table in enumerate(tables):
        label, rows = _table(table, f"tables[{i}]")
        if label in read:
            raise Malformed(f"tables[{i}].label", f"{label} has a table already", "make it one")
        read[label] = rows
    return Catalogue(
        services={
            checked_text(key, "services", NAME_LIMIT): _service(key, value, f"services.{key}"[:200])
            for key, value in services.items()
        },
        tables=read,
        runbooks=tuple(_runbook(one, f"runbooks[{i}]") for i, one in enumerate(runbooks)),
        places={
            checked_text(key, "places", NAME_LIMIT).casefold(): _place(key, value)
            for key, value in places.items()
        },
    )


def joined(documents: Iterable[tuple[str, Mapping[str, Any]]]) -> Catalogue:
    """One catalogue of all documents (name, content) in the order of their names.

    What stands in two of them counts as the first says; that, and a document that cannot be read,
    is told among the problems.
    """
    services: dict[str, Service] = {}
    tables: dict[str, dict[str, Row]] = {}
    runbooks: list[Runbook] = []
    places: dict[str, Place] = {}
    problems: list[str] = []
    where: dict[str, str] = {}
    for name, content in sorted(documents, key=lambda one: one[0]):
        try:
            found = read_catalogue(name, content)
        except Malformed as error:
            problems.append(f"catalogue {name} is not used, it cannot be read: {error}")
            continue
        for key, service in found.services.items():
            if key in services:
                problems.append(f"{key} stands in {where[key]} and in {name}; {where[key]} counts")
                continue
            services[key], where[key] = service, name
        for label, rows in found.tables.items():
            tables[label] = {**rows, **tables.get(label, {})}
        runbooks += found.runbooks
        places = {**found.places, **places}
    return Catalogue(
        services=services,
        tables=tables,
        runbooks=tuple(runbooks),
        places=places,
        problems=tuple(problems),
    )


_SERVICE_FIELDS = (
    "owner",
    "team",
    "tier",
    "depends_on",
    "regions",
    "users",
    "money_per_minute",
    "runbook",
    "dashboard",
    "availability",
    "availability_days",
    "recovery_minutes",
)


def _service(name: str, value: Any, path: str) -> Service:
    told = Fields(value, path, known=_SERVICE_FIELDS)
    needs = _names(told.optional("depends_on", []), told.at("depends_on"), NEEDS_LIMIT)
    if name in needs:
        raise Malformed(told.at("depends_on"), "names the service itself", "leave it out")
    users = told.optional("users", None)
    recovery = told.optional("recovery_minutes", None)
    return Service(
        name=name,
        owner=told.text("owner", NAME_LIMIT, required=False),
        team=told.text("team", NAME_LIMIT, required=False),
        tier=_tier(told.optional("tier", ""), told.at("tier")),
        depends_on=needs,
        regions=_names(told.optional("regions", []), told.at("regions"), REGIONS_LIMIT),
        users=None if users is None else checked_whole(users, told.at("users"), 0, USERS_LIMIT),
        money_per_minute_cents=_money(
            told.optional("money_per_minute", None), told.at("money_per_minute")
        ),
        runbook=_runbook_url(told, "runbook"),
        dashboard=_url(told, "dashboard"),
        availability_ppm=_availability(told.optional("availability", None), told),
        availability_days=checked_whole(
            told.optional("availability_days", DEFAULT_DAYS),
            told.at("availability_days"),
            1,
            DAYS_MOST,
        ),
        recovery_minutes=None
        if recovery is None
        else checked_whole(recovery, told.at("recovery_minutes"), 1, RECOVERY_MINUTES_MOST),
    )


def _availability(value: Any, told: Fields) -> int | None:
    """Millionths of ``"99.95"``; a number with a point is text, for content has no fractions."""
    path = told.at("availability")
    if value is None:
        return None
    if type(value) not in (int, str):
        raise wrong_type(path, value, 'a percentage in quotes such as "99.95"')
    found = _PERCENT.fullmatch(str(value).strip().removesuffix("%").rstrip())
    ppm = int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0")) if found else 0
    if not 0 < ppm <= _WHOLE_PPM:
        raise Malformed(path, f"{value!r:.40} is no percentage", 'write it as "99.95"')
    return ppm


def _tier(value: Any, path: str) -> str:
    """``1`` and ``"1"`` are the same tier."""
    told = str(value) if type(value) is int else value
    return checked_text(told, path, NAME_LIMIT, required=False)


def _money(value: Any, path: str) -> int | None:
    """Cents of ``120``, ``"120.50"``; None when nobody said."""
    if value is None:
        return None
    if type(value) not in (int, str):
        raise wrong_type(path, value, "an amount such as 120.50")
    cents = parse_money(str(value)[:40], path)
    if cents is not None and not 0 <= cents <= MONEY_LIMIT:
        raise Malformed(path, f"{value!r} is out of range", f"send at most {MONEY_LIMIT // 100}")
    return cents


def _url(told: Fields, name: str) -> str:
    """A web address: the desk opens it, and other schemes start programs."""
    found = told.text(name, URL_LIMIT, required=False)
    if found and not found.lower().startswith(("http://", "https://")):
        raise Malformed(told.at(name), "is no web address", "write one with https://")
    return found


def _runbook_url(told: Fields, name: str) -> str:
    """A web address, or a file of the machine that looks: a runbook must not need the network."""
    found = told.text(name, URL_LIMIT, required=False)
    if found and not found.lower().startswith(("http://", "https://", "file:///")):
        problem = "is neither a web address nor a file"
        raise Malformed(told.at(name), problem, "write https://... or file:///...")
    return found


def _table(value: Any, path: str) -> tuple[str, dict[str, Row]]:
    told = Fields(value, path, known=("label", "rows"))
    rows = _object(told.value("rows"), told.at("rows"), ROWS_LIMIT)
    known = tuple(one.name for one in fields(Row))
    read: dict[str, Row] = {}
    for key, row in rows.items():
        cells = Fields(row, f"{told.at('rows')}.{key}"[:200], known=known)
        texts = {name: cells.text(name, NAME_LIMIT, required=False) for name in known[:-1]}
        read[key] = Row(**texts, runbook=_runbook_url(cells, "runbook"))
    return told.text("label", NAME_LIMIT), read


def _runbook(value: Any, path: str) -> Runbook:
    told = Fields(value, path, known=("for", "url"))
    url = _runbook_url(told, "url")
    if not url:
        raise Malformed(told.at("url"), "is missing", "name the runbook's web address")
    matchers = parse_matchers(told.text("for", _MATCHERS_CHARS), told.at("for"))
    return Runbook(matching=tuple(matchers), url=url)


def _place(key: str, value: Any) -> Place:
    told = Fields(value, f"places.{key}"[:200], known=("name", "latitude", "longitude"))
    return Place(
        name=told.text("name", NAME_LIMIT, required=False) or key,
        latitude=_degrees(told, "latitude", 90),
        longitude=_degrees(told, "longitude", 180),
    )


def _degrees(told: Fields, name: str, most: int) -> float:
    """Degrees out of ``"49.2"``; a number with a point is text, for content has no fractions."""
    value, path = told.value(name), told.at(name)
    if type(value) not in (int, str):
        raise wrong_type(path, value, 'degrees in quotes such as "49.2"')
    if not _DEGREES.fullmatch(str(value).strip()) or abs(float(value)) > most:
        raise Malformed(path, f"{value!r:.40} are no degrees", f"write -{most} to {most}")
    return float(value)


def _names(value: Any, path: str, most: int) -> tuple[str, ...]:
    found = _items(value, path, most)
    return tuple(
        dict.fromkeys(checked_text(v, f"{path}[{i}]", NAME_LIMIT) for i, v in enumerate(found))
    )


def _items(value: Any, path: str, most: int) -> list[Any]:
    if type(value) is not list:
        raise wrong_type(path, value, "a list")
    if len(value) > most:
        raise Malformed(path, f"has {len(value)} items", f"send at most {most}")
    return value


def _object(value: Any, path: str, most: int) -> dict[str, Any]:
    if type(value) is not dict:
        raise wrong_type(path, value, "an object")
    if len(value) > most:
        raise Malformed(path, f"has {len(value)} entries", f"send at most {most}")
    return value
