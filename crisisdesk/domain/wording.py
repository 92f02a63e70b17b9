"""A text with the names of known values in braces: the only templates there are.

``{name}`` stands for a value, ``{{`` and ``}}`` for the braces themselves. Nothing else may stand
between braces: no attribute, index, conversion, format, expression or file. A value is put in once
and what was put in is never looked at again, so no value is ever read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from crisisdesk.domain.errors import Malformed

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def check_wording(text: str, names: Collection[str], field: str) -> str:
    """The text; raises Malformed naming ``field`` for what could not be filled in."""
    remedy = f"use only {', '.join('{' + name + '}' for name in sorted(names))}"
    for whole, name in _places(text):
        if name is None:
            raise Malformed(field, f"holds a single {whole}", f"write {whole}{whole}, or {remedy}")
        if name not in names:
            raise Malformed(field, f"{whole[:60]!r} is not known here", remedy)
    return text


def fill_wording(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; a name without one, or a lone brace, stays as it was written.

    Whoever publishes a text is told by `check_wording`; one of another station is shown as it is.
    """

    def put(found: re.Match[str]) -> str:
        whole, name = found.group(0), found.group(1)
        if whole in {"{{", "}}"}:
            return whole[0]
        return whole if name is None else values.get(name, whole)

    return _BRACES.sub(put, text)


def _places(text: str) -> Iterator[tuple[str, str | None]]:
    """What stands there for a value, and its name; None for a lone brace."""
    for found in _BRACES.finditer(text):
        if found.group(0) not in {"{{", "}}"}:
            yield found.group(0), found.group(1)
