"""Inhibition: what is published about alerts that have a cause, read and checked.

Two kinds of content, as `PolicyVersion` keeps them. While a cause is open its consequences page
nobody, for at most ``at_most_h`` hours (1 to 48, 4 when left out) at a time:

    kind          "inhibition"
    when          matchers of the cause, in one text
    keep_quiet    matchers of its consequences, in one text
    equal         labels or fields that cause and consequence have in common, at most 10

    kind          "dependencies"
    services      for each service those it needs: {"shop": ["db-main", "cdn"]}; no circles
    from_severity how grave an alert of a needed service must be, "critical" when left out
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.matchers import BUILT_IN, Matcher, Subject, matches, parse_matchers
from crisisdesk.domain.oncall.fields import Fields, checked_text, wrong_type
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

INHIBITION, DEPENDENCIES = "inhibition", "dependencies"
QUIETING_KINDS = (INHIBITION, DEPENDENCIES)
HOUR_MS = 3_600_000
DEFAULT_HOURS, MOST_HOURS = 4, 48
EQUAL_LIMIT = 10
SERVICES_LIMIT, NEEDS_LIMIT, NAME_LIMIT = 500, 50, 200
TEXT_LIMIT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """A rule of matchers; ``equal`` names what cause and consequence share, missing or not."""

    name: str
    when: tuple[Matcher, ...]
    keep_quiet: tuple[Matcher, ...]
    equal: tuple[str, ...] = ()
    at_most_ms: int = DEFAULT_HOURS * HOUR_MS

    def shared(self, alert: Subject) -> tuple[Any, ...]:
        """What an alert has in the fields that must be equal."""
        return tuple(value_of(alert, name) for name in self.equal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Which service needs which. ``upstream`` has for each all that it needs, near and far."""

    name: str
    services: dict[str, tuple[str, ...]]
    upstream: dict[str, tuple[str, ...]] = field(default_factory=dict)
    from_severity: str = Severity.CRITICAL
    at_most_ms: int = DEFAULT_HOURS * HOUR_MS

    def named(self) -> set[str]:
        """Every service it speaks of."""
        return {*self.services, *(one for needs in self.services.values() for one in needs)}


Rule = Inhibition | Dependencies


def value_of(alert: Subject, name: str) -> Any:
    """A field or label of an alert; what it does not have is the empty text."""
    read = BUILT_IN.get(name)
    return alert.labels.get(name, "") if read is None else read(alert)


def read_inhibition(name: str, content: Mapping[str, Any]) -> Inhibition:
    """The rule in ``content``; raises Malformed naming the field that cannot be used."""
    fields = Fields(content, known=("kind", "when", "keep_quiet", "equal", "at_most_h"))
    told = fields.optional("equal", [])
    if type(told) is not list or len(told) > EQUAL_LIMIT:
        raise Malformed("equal", "is no list it can take", f"name at most {EQUAL_LIMIT} labels")
    equal = [checked_text(one, f"equal[{i}]", NAME_LIMIT) for i, one in enumerate(told)]
    rule = Inhibition(
        name=name,
        when=_matchers(fields, "when"),
        keep_quiet=_matchers(fields, "keep_quiet"),
        equal=tuple(dict.fromkeys(equal)),
        at_most_ms=_at_most(fields),
    )
    if rule.when == rule.keep_quiet:
        raise Malformed(
            "keep_quiet",
            "says the same as when, so nothing is ever kept quiet",
            "name the consequences, and not their cause",
        )
    return rule


def read_dependencies(name: str, content: Mapping[str, Any]) -> Dependencies:
    """The dependencies in ``content``; raises Malformed naming the field, or the circle."""
    fields = Fields(content, known=("kind", "services", "from_severity", "at_most_h"))
    severity = fields.optional("from_severity", Severity.CRITICAL.value)
    if not isinstance(severity, str) or severity not in SEVERITY_RANK:
        raise Malformed("from_severity", f"{str(severity)[:40]!r} is none", _SEVERITIES)
    services = _services(fields.value("services"))
    return Dependencies(
        name=name,
        services=services,
        upstream=_closure(services),
        from_severity=severity,
        at_most_ms=_at_most(fields),
    )


_SEVERITIES = f"use one of {', '.join(SEVERITY_RANK)}"

READERS: dict[str, Callable[[str, Mapping[str, Any]], Rule]] = {
    INHIBITION: read_inhibition,
    DEPENDENCIES: read_dependencies,
}


def _matchers(fields: Fields, name: str) -> tuple[Matcher, ...]:
    found = parse_matchers(fields.text(name, TEXT_LIMIT), name)
    if not found:
        raise Malformed(name, "names nothing", 'write matchers like service="db"')
    return found


def _at_most(fields: Fields) -> int:
    if fields.optional("at_most_h", DEFAULT_HOURS) == DEFAULT_HOURS:
        return DEFAULT_HOURS * HOUR_MS
    return fields.whole("at_most_h", 1, MOST_HOURS) * HOUR_MS


def _services(told: Any) -> dict[str, tuple[str, ...]]:
    if type(told) is not dict:
        raise wrong_type("services", told, "an object of lists")
    if not 1 <= len(told) <= SERVICES_LIMIT:
        raise Malformed("services", f"has {len(told)} entries", f"name 1 to {SERVICES_LIMIT}")
    services: dict[str, tuple[str, ...]] = {}
    for name, needs in told.items():
        service = checked_text(name, "services", NAME_LIMIT)
        where = f"services.{service}"[:200]
        if type(needs) is not list or not 1 <= len(needs) <= NEEDS_LIMIT:
            raise Malformed(where, "is no list it can take", f"name 1 to {NEEDS_LIMIT} services")
        found = [checked_text(one, f"{where}[{i}]", NAME_LIMIT) for i, one in enumerate(needs)]
        services[service] = tuple(dict.fromkeys(found))
    return services


def _closure(services: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """All that each service needs, through others too. Walked without recursion: chains are long.

    Raises Malformed naming the circle where one service needs itself in the end.
    """
    done: dict[str, tuple[str, ...]] = {}
    for start in services:
        path: list[str] = [start]
        waiting = [iter(services[start])]
        while waiting and start not in done:
            following = next((n for n in waiting[-1] if n in services and n not in done), None)
            if following is None:
                name = path.pop()
                waiting.pop()
                needs = services[name]
                far = (other for need in needs for other in done.get(need, ()))
                done[name] = tuple(dict.fromkeys((*needs, *far)))
            elif following in path:
                circle = [*path[path.index(following) :], following]
                raise Malformed(
                    "services",
                    f"go round in a circle: {' needs '.join(circle)}"[:400],
                    "take one of these away",
                )
            else:
                path.append(following)
                waiting.append(iter(services[following]))
    return done


def concerns(rule: Rule, alert: Subject) -> bool:
    """Whether an alert could be kept quiet by this rule, given a cause. An emergency never is."""
    if alert.severity == Severity.EMERGENCY:
        return False
    if isinstance(rule, Dependencies):
        return alert.service in rule.upstream
    return matches(rule.keep_quiet, alert)


def read_rules(versions: Iterable[tuple[str, str, dict[str, Any]]]) -> tuple[list[Rule], list[str]]:
    """Rules out of (kind, name, content), and in words which of them cannot be read.

    What is of another kind is passed over.
    """
    rules: list[Rule] = []
    problems: list[str] = []
    for kind, name, content in versions:
        if (read := READERS.get(kind)) is None:
            continue
        try:
            rules.append(read(name, content))
        except Malformed as error:
            problems.append(f"{kind} {name} is not used, it cannot be read: {error}")
    return rules, problems
