"""A scenario: a station, its people, and all that happens up to a moment and after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.recovery.procedure import KIND, checked_procedure
from crisisdesk.domain.severity import Severity
from crisisdesk.drills.actions import Answer, Person, Published, Receipt, Report, Step, Way
from crisisdesk.drills.cast import Cast
from crisisdesk.drills.entry import Entry, ScenarioError, open_entry
from crisisdesk.drills.measured import Course, courses_of
from crisisdesk.drills.verbs import steps_of

__all__ = ["Scenario", "ScenarioError", "load_scenario", "parse_scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is played. ``past`` are the steps up to the end (``at_ms`` <= 0), ``live`` those after
    it; both in the order in which they happen. ``measured`` goes through both. ``rules`` are alert
    rules, each with its name and its fields as they are declared, ``procedures`` each with its
    content as it is published."""

    file: str
    title: str
    station: str
    operator: str
    people: tuple[Person, ...]
    published: tuple[Published, ...] = ()
    rules: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    procedures: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    past: tuple[Step, ...]
    live: tuple[Step, ...]
    measured: tuple[Course, ...] = ()

    @property
    def length_ms(self) -> int:
        """From the first step to the end."""
        return -self.past[0].at_ms if self.past else 0

    def addresses(self) -> dict[str, str]:
        """Contact method id to address: what the secrets store of the playing station must hold."""
        return {way.method_id: way.url for person in self.people for way in person.ways}

    def answers(self) -> dict[str, Answer]:
        """Contact method id to how it answers while the past is played."""
        return {way.method_id: way.answer for person in self.people for way in person.ways}

    def alert_keys(self) -> dict[str, tuple[str, str]]:
        """Name of an alert to its (source, key)."""
        reports = (s.action for s in (*self.past, *self.live) if isinstance(s.action, Report))
        return {r.name: (r.signal.source, r.signal.key) for r in reports}


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key written twice, which plain YAML would silently overwrite."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    pairs = loader.construct_pairs(node, deep=True)
    for index, (key, _value) in enumerate(pairs):
        if any(key == other for other, _ in pairs[:index]):
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands twice", node.start_mark
            )
    return dict(pairs)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_scenario(path: Path) -> Scenario:
    """The scenario in a YAML file; raises ScenarioError naming file, entry, field and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            path.name, "", "file", f"cannot be read ({error})", "check it"
        ) from None
    return parse_scenario(text, path.name)


def parse_scenario(text: str, file: str) -> Scenario:
    """The scenario in a YAML text; ``file`` is what errors call it."""
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        remedy = "correct that line"
        raise ScenarioError(file, "", "file", f"is not YAML ({error})", remedy) from None
    top = open_entry(value, file)
    procedures = tuple(_procedure(entry) for entry in top.entries("procedures"))
    services = {name: _service(name, top) for name in top.mapping("services")}
    cast = Cast(services, (name for name, _content in procedures))
    steps = [(entry, step) for entry in top.entries("entries") for step in steps_of(entry, cast)]
    live = [(entry, step) for entry in top.entries("live") for step in steps_of(entry, cast)]
    for entry, step in steps:
        if step.at_ms > 0:
            raise entry.fault("at", "lies after the end", "move it to `live`, or spread it shorter")
    for entry, step in live:
        if step.at_ms <= 0:
            raise entry.fault("at", "lies before the end", 'write "+HH:MM:SS", or move it up')
    people = tuple(_person(entry) for entry in top.entries("people"))
    scenario = Scenario(
        file=file,
        title=top.text("scenario"),
        station=top.text("station"),
        operator=top.text("operator"),
        people=people,
        published=tuple(_published(entry, people) for entry in top.entries("published")),
        rules=tuple(_rule(entry) for entry in top.entries("rules")),
        procedures=procedures,
        past=_in_order([step for _, step in steps]),
        live=_in_order([step for _, step in live]),
        measured=courses_of(top.entries("measured")),
    )
    top.done()
    _check_methods(scenario, top)
    return scenario


def _in_order(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.at_ms))


def _service(name: str, top: Entry) -> dict[str, str]:
    entry = Entry(top.mapping("services")[name], top.file, f"services.{name}")
    found = {field: entry.text(field) for field in entry.names() if field != "type"}
    if entry.has("type"):
        found["type"] = entry.choice("type", ("security", "performance", "data", "service"))
    for field in found:
        if field not in ("place", "group", "type"):
            raise entry.fault(field, "is not a field of a service", "use place, group or type")
    return found


def _person(entry: Entry) -> Person:
    person = Person(
        name=entry.text("name"),
        role=entry.text("role", ""),
        phones=tuple(entry.texts("phones", ())),
        ways=tuple(_way(way) for way in entry.entries("methods")),
    )
    entry.done()
    return person


def _published(entry: Entry, people: tuple[Person, ...]) -> Published:
    made = Published(name=entry.text("name"), content=entry.mapping("content"))
    entry.done()
    try:
        made.with_ids({person.name: person.name for person in people})
    except (KeyError, TypeError) as stranger:
        problem = f"{stranger} is none of the people"
        raise entry.fault("content", problem, "write a name that stands in `people`") from None
    return made


def _rule(entry: Entry) -> tuple[str, Mapping[str, Any]]:
    made = entry.text("name"), entry.mapping("rule")
    entry.done()
    return made


def _procedure(entry: Entry) -> tuple[str, Mapping[str, Any]]:
    name, content = entry.text("name"), {"kind": KIND, **entry.mapping("content")}
    entry.done()
    try:
        return name, checked_procedure(name, content)
    except DomainError as error:
        raise entry.fault(f"content.{error.field}", error.problem, error.remedy) from error


def _way(entry: Entry) -> Way:
    way = Way(
        method_id=entry.text("id"),
        channel=entry.text("channel"),
        label=entry.text("label", ""),
        url=entry.text("url"),
        masked=entry.text("masked"),
        min_severity=entry.choice("min_severity", Severity, Severity.HIGH.value),
        answer=_answer(entry.entry("answer")),
    )
    entry.done()
    return way


def _answer(entry: Entry) -> Answer:
    standard = Answer()
    answer = Answer(
        words=entry.text("words", standard.words),
        after_ms=entry.number("after_ms", standard.after_ms, high=9_000),
        refuses=entry.flag("refuses", False),
        stumble_every=entry.number("stumble_every", 0, high=1_000),
        stumble_words=entry.text("stumble_words", ""),
        receipt=cast("Receipt", entry.choice("receipt", get_args(Receipt), "")),
    )
    entry.done()
    return answer


def _check_methods(scenario: Scenario, top: Entry) -> None:
    seen: set[str] = set()
    for person in scenario.people:
        for way in person.ways:
            if way.method_id in seen:
                raise top.fault("people", f"two methods are {way.method_id!r}", "rename one")
            seen.add(way.method_id)
