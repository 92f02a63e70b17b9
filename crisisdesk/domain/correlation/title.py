"""The title of a candidate incident: a plain text with the names of known values in braces.

Nothing but a known name may stand between braces: no attribute, index, conversion or format. Two
braces stand for one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from string import Formatter

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.signal import TITLE_LIMIT

# What every title may name, besides the values that a rule groups by.
ALWAYS = ("count", "services", "severity", "rule")


def check_title(template: str, names: Collection[str], field: str = "name") -> str:
    """The template; raises Malformed naming ``field`` for what could not be filled in."""
    known = sorted({*names, *ALWAYS})
    remedy = f"use only {', '.join('{' + name + '}' for name in known)}"
    for _text, name, form, conversion in _parts(template, field, remedy):
        if name is not None and (name not in known or form or conversion):
            told = f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
            raise Malformed(field, f"{told[:60]!r} is not known here", remedy)
    return template


def fill_title(template: str, values: Mapping[str, str]) -> str:
    """The title on one line, cut to what an incident's may be long; unknown names stay as is."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        return _line(template)
    told = []
    for text, name, _form, _conversion in parts:
        told.append(text)
        if name is not None:
            told.append(values.get(name, f"{{{name}}}"))
    return _line("".join(told))


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LIMIT else f"{line[: TITLE_LIMIT - 1]}…"


def _parts(
    template: str, field: str, remedy: str
) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(template))
    except ValueError as error:
        raise Malformed(field, f"cannot be read ({error})", remedy) from error
