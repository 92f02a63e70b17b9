"""Parameters of a procedure: their types, the arguments a run is given, and where these are put.

An argument never becomes more than text in one place: a name in braces such as ``{target}`` is
replaced once, what was put in is not looked at again, and nothing of it is ever read as a command.
Types say which characters an argument may have at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from crisisdesk.domain.detection.fields import Fields
from crisisdesk.domain.errors import Malformed

TYPES = ("name", "text", "whole", "choice", "host")
MOST_PARAMETERS = 20
MOST_CHOICES = 50
TEXT_LIMIT = 200
LEAST, MOST = -(10**15), 10**15
_PARAMETER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
# An argument that began with a dash would be taken for an option by the program it is given to.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_WHOLE = re.compile(r"-?[0-9]{1,16}")
_KNOWN = frozenset("type title default least most choices".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter. ``default`` None: an argument must be given."""

    name: str
    type: str
    title: str = ""
    default: str | None = None
    least: int = LEAST
    most: int = MOST
    choices: tuple[str, ...] = ()

    def checked(self, value: Any, field: str) -> str:
        """The argument as it is kept, always text; raises Malformed naming ``field``."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Malformed(field, f"is a {type(value).__name__}, not text", "send text")
        if len(value) > TEXT_LIMIT:
            raise Malformed(field, "is too long", f"write at most {TEXT_LIMIT} characters")
        return _CHECKS[self.type](self, value, field)

    def content(self) -> dict[str, Any]:
        """As it is published."""
        told: dict[str, Any] = {"type": self.type}
        told |= {"title": self.title} if self.title else {}
        told |= {} if self.default is None else {"default": self.default}
        if self.type == "whole":
            told |= {"least": self.least, "most": self.most}
        return told | ({"choices": list(self.choices)} if self.type == "choice" else {})


def _checked_name(_one: Parameter, value: str, field: str) -> str:
    if not _NAME.fullmatch(value):
        remedy = "use letters, digits, dots, dashes and underscores; no dash or dot in front"
        raise Malformed(field, f"{value[:40]!r} is no name", remedy)
    return value


def _checked_text(_one: Parameter, value: str, field: str) -> str:
    if not value or value != value.strip():
        raise Malformed(field, "is empty or has blanks around it", "write text without them")
    if value.startswith("-"):
        raise Malformed(field, "begins with a dash", "begin with something else")
    strange = [c for c in value if not (c.isprintable() and unicodedata.category(c) != "Cf")]
    if strange:
        raise Malformed(field, f"holds the character {strange[0]!r}", "remove it")
    return unicodedata.normalize("NFC", value)


def _checked_whole(one: Parameter, value: str, field: str) -> str:
    bounds = f"write {one.least} to {one.most}"
    if not _WHOLE.fullmatch(value):
        raise Malformed(field, f"{value[:40]!r} is no whole number", bounds)
    if not one.least <= int(value) <= one.most:
        raise Malformed(field, f"{value[:40]} is out of bounds", bounds)
    return str(int(value))


def _checked_choice(one: Parameter, value: str, field: str) -> str:
    if value not in one.choices:
        known = ", ".join(one.choices)
        raise Malformed(field, f"{value[:40]!r} is none of them", f"use one of {known}"[:300])
    return value


def _checked_host(_one: Parameter, value: str, field: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        pass  # a name, then
    labels = value.removesuffix(".").split(".")
    if len(value) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        remedy = "write it like db2.example.org or 10.0.0.2"
        raise Malformed(field, f"{value[:40]!r} is no host", remedy)
    return value


_CHECKS: dict[str, Callable[[Parameter, str, str], str]] = {
    "name": _checked_name,
    "text": _checked_text,
    "whole": _checked_whole,
    "choice": _checked_choice,
    "host": _checked_host,
}


def read_parameters(told: Any, field: str) -> tuple[Parameter, ...]:
    """The declared ones, by name; raises Malformed naming the field."""
    if told is None:
        return ()
    if not isinstance(told, Mapping) or len(told) > MOST_PARAMETERS:
        remedy = "write name: {type: choice, choices: [a, b]}"
        raise Malformed(field, f"are no object of up to {MOST_PARAMETERS} parameters", remedy)
    found = []
    for name in sorted(told, key=str):
        where = f"{field}.{str(name)[:40]}"
        if not isinstance(name, str) or not _PARAMETER.fullmatch(name):
            remedy = "use small letters, digits and underscores, such as target_host"
            raise Malformed(where, "is no name of a parameter", remedy)
        found.append(_read(name, told[name], where))
    return tuple(found)


def _read(name: str, told: Any, where: str) -> Parameter:
    fields = Fields(told, where, _KNOWN)
    kind = fields.choice("type", TYPES)
    choices = fields.names("choices", MOST_CHOICES, TEXT_LIMIT)
    if bool(choices) != (kind == "choice"):
        raise Malformed(fields.at("choices"), "go with the type choice", "write type: choice")
    for one in choices:
        _checked_text(Parameter(name=name, type=kind), one, fields.at("choices"))
    if kind != "whole" and ("least" in fields or "most" in fields):
        raise Malformed(fields.at("least"), "goes with the type whole", "write type: whole")
    made = Parameter(
        name=name,
        type=kind,
        title=fields.text("title", 100, ""),
        least=fields.whole("least", LEAST, MOST, LEAST),
        most=fields.whole("most", LEAST, MOST, MOST),
        choices=choices,
    )
    if "default" not in fields:
        return made
    default = made.checked(fields.raw("default"), fields.at("default"))
    return Parameter(
        name=name,
        type=kind,
        title=made.title,
        default=default,
        least=made.least,
        most=made.most,
        choices=choices,
    )


def checked_arguments(
    parameters: tuple[Parameter, ...], given: Mapping[str, Any], field: str = "arguments"
) -> dict[str, str]:
    """An argument for every parameter; raises Malformed for a missing, wrong or unknown one."""
    known = {one.name: one for one in parameters}
    for name in given:
        if name not in known:
            has = ", ".join(known) or "none"
            raise Malformed(f"{field}.{str(name)[:40]}", "is no parameter of it", f"it has: {has}")
    found: dict[str, str] = {}
    for one in parameters:
        where = f"{field}.{one.name}"
        value = given.get(one.name, one.default)
        if value is None:
            raise Malformed(where, "is missing", f"give {one.title or 'it'} ({one.type})")
        found[one.name] = one.checked(value, where)
    return found


def places_in(template: Any) -> Iterator[str]:
    """The names in braces in a text, or in all texts of an object or list."""
    if isinstance(template, str):
        yield from _PLACE.findall(template)
    elif isinstance(template, Mapping):
        for value in template.values():
            yield from places_in(value)
    elif isinstance(template, list | tuple):
        for value in template:
            yield from places_in(value)


def filled(template: Any, arguments: Mapping[str, str], shaped: Callable[[str], str] = str) -> Any:
    """The template with each name in braces replaced once, in all its texts.

    ``shaped`` writes an argument as the place wants it (percent-encoded, say). A name
    without an argument stays as it is written.
    """
    if isinstance(template, str):
        return _PLACE.sub(
            lambda place: shaped(arguments[place[1]]) if place[1] in arguments else place[0],
            template,
        )
    if isinstance(template, Mapping):
        return {name: filled(value, arguments, shaped) for name, value in template.items()}
    if isinstance(template, list | tuple):
        return [filled(value, arguments, shaped) for value in template]
    return template
