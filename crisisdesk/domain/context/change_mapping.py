"""Mappings for changes: where JSON that a deploy tool posts says what was changed.

Published content like a policy's, kind ``change-mapping``, so that every station reads the same
tool alike:

    fields    summary (must be), at, service, source, author, key, url: a path each, or a list of
              paths of which the first that leads to something counts
    each      path to a list of which every item is one change
    defaults  texts for fields that no path filled
    when      path -> words; what says none of them is no change (a deploy that is still under way)

Pure; the paths are those of `domain.json_path`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.json_path import Path, path_of

KIND = "change-mapping"
FIELDS = ("summary", "at", "service", "source", "author", "key", "url")
# The name is the end of an address.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PATHS_LIMIT, PATH_CHARS, TEXT_CHARS = 10, 500, 200
WHEN_LIMIT, WORDS_LIMIT = 10, 50
_MEMBERS = ("kind", "fields", "each", "defaults", "when")
_PATH_REMEDY = "write one like build.title or builds[0].id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMapping:
    """One mapping. ``fields`` holds the paths of each field, ``when`` paths and the words of which
    each must lead to one (in lower case)."""

    name: str
    fields: Mapping[str, tuple[Path, ...]]
    each: Path | None = None
    defaults: Mapping[str, str]
    when: tuple[tuple[Path, frozenset[str]], ...] = ()


def read_mapping(name: str, content: Mapping[str, Any]) -> ChangeMapping:
    """The mapping that a content describes; raises Malformed naming what is wrong."""
    if not NAME.fullmatch(name):
        remedy = "use up to 64 letters, digits, . _ and -; it is the end of the address"
        raise Malformed("name", f"{name[:40]!r} cannot end an address", remedy)
    for member in content:
        if member not in _MEMBERS:
            known = ", ".join(_MEMBERS[1:])
            raise Malformed(str(member)[:60], "is unknown", f"use only {known}")
    fields = {
        field: _paths(f"fields.{field}", told)
        for field, told in _table(content, "fields", FIELDS).items()
    }
    if "summary" not in fields:
        remedy = f"say where the summary stands; {_PATH_REMEDY}"
        raise Malformed("fields.summary", "is missing", remedy)
    each = content.get("each")
    return ChangeMapping(
        name=name,
        fields=fields,
        each=None if each is None else _path("each", each),
        defaults=_defaults(content),
        when=_when(content),
    )


def _table(content: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    told = content.get(name, {})
    if not isinstance(told, Mapping):
        raise Malformed(name, "is no table", "write it as name: value")
    for member in told:
        if known and member not in known:
            where = f"{name}.{str(member)[:60]}"
            raise Malformed(where, "is no field of a change", f"use one of {', '.join(known)}")
    return told


def _paths(field: str, told: Any) -> tuple[Path, ...]:
    texts = told if isinstance(told, list) else [told]
    if not 0 < len(texts) <= PATHS_LIMIT:
        raise Malformed(field, f"has {len(texts)} paths", f"give 1 to {PATHS_LIMIT}")
    return tuple(_path(field, text) for text in texts)


def _path(field: str, told: Any) -> Path:
    if not isinstance(told, str) or len(told) > PATH_CHARS:
        raise Malformed(field, "is no path", _PATH_REMEDY)
    try:
        return path_of(told)
    except ValueError:
        raise Malformed(field, f"{told[:40]!r} is no path", _PATH_REMEDY) from None


def _defaults(content: Mapping[str, Any]) -> dict[str, str]:
    told = _table(content, "defaults", tuple(f for f in FIELDS if f not in ("at", "key")))
    for field, text in told.items():
        if not isinstance(text, str) or not text.strip() or len(text) > TEXT_CHARS:
            remedy = f"write a text of up to {TEXT_CHARS} characters"
            raise Malformed(f"defaults.{field}", "cannot be used", remedy)
    return dict(told)


def _when(content: Mapping[str, Any]) -> tuple[tuple[Path, frozenset[str]], ...]:
    told = _table(content, "when", ())
    if len(told) > WHEN_LIMIT:
        raise Malformed("when", f"names {len(told)} paths", f"use no more than {WHEN_LIMIT}")
    found = []
    for path, words in told.items():
        where = f"when.{str(path)[:60]}"
        listed = words if isinstance(words, list) else [words]
        if not 0 < len(listed) <= WORDS_LIMIT or not all(isinstance(w, str) and w for w in listed):
            raise Malformed(where, "is no list of words", 'write ["success", "failed"]')
        found.append((_path(where, path), frozenset(word.strip().lower() for word in listed)))
    return tuple(found)
