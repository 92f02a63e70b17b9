"""Which line of a file says what a fault or a finding is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_CONTENT = "content"
_PLACE = re.compile(r"\[(\d{1,6})\]")


def line_of(text: str, field: str) -> int:
    """The line, from 1, that holds the field by the domain's name; of what is missing that of the
    nearest thing around it. For what is no YAML the line where that shows; 0 when nothing tells."""
    import yaml

    try:
        whole = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return mark.line + 1 if mark is not None else 0
    except (ValueError, RecursionError):
        return 0
    if not isinstance(whole, yaml.MappingNode):
        return 0
    for path in _paths(whole, field):
        found = _walk(whole, path)
        if found:
            return found
    return 0


def _paths(whole: yaml.MappingNode, field: str) -> list[str]:
    """Where to look: the name of the file is its own, everything else is within the content, which
    may have a ``name`` too, as correlation rules have one for the incident's title."""
    plain = field.removeprefix(f"{_CONTENT}.")
    if field in ("name", _CONTENT):
        return [field]
    return [f"{_CONTENT}.{plain}", plain]


def _walk(node: yaml.Node, path: str) -> int:
    import yaml

    line, rest = 0, path
    while rest:
        if isinstance(node, yaml.MappingNode):
            found = _key_for(node, rest)
            if found is None:
                return line
            key, node = found
            line, rest = key.start_mark.line + 1, rest[len(str(key.value)) :].removeprefix(".")
        elif isinstance(node, yaml.SequenceNode):
            place = _PLACE.match(rest)
            if place is None or int(place[1]) >= len(node.value):
                return line
            node, rest = node.value[int(place[1])], rest[place.end() :].removeprefix(".")
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _key_for(node: yaml.MappingNode, path: str) -> tuple[yaml.Node, yaml.Node] | None:
    """The longest key the path begins with: keys may hold dots of their own."""
    found = [
        (key, value)
        for key, value in node.value
        if _begins(path, str(key.value) if isinstance(key.value, str) else "")
    ]
    return max(found, key=lambda pair: len(pair[0].value), default=None)


def _begins(path: str, key: str) -> bool:
    return bool(key) and path.startswith(key) and path[len(key) : len(key) + 1] in ("", ".", "[")
