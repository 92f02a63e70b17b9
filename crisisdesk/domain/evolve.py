"""A changed copy of a state, three times as fast as `dataclasses.replace`.

States are frozen dataclasses with slots and up to forty fields. `replace` runs their constructor,
which looks up and guards every field; here the slots are copied and the changed ones set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")
Setter = Callable[[Any, Any], None]

_new = object.__new__
_copiers: dict[type[Any], tuple[Callable[[Any], tuple[Any, ...]], dict[str, Setter]]] = {}


def evolve(state: T, **changes: Any) -> T:
    """The state with these fields changed; raises TypeError for a field it does not have.

    For slotted dataclasses of at least two fields that check nothing when they are made.
    """
    kind = type(state)
    read, setters = _copiers.get(kind) or _copier(kind)
    changed = _new(kind)
    for set_field, value in zip(setters.values(), read(state), strict=True):
        set_field(changed, value)
    try:
        for name, value in changes.items():
            setters[name](changed, value)
    except KeyError as error:
        raise TypeError(f"{kind.__name__} has no field {error}") from None
    return changed


def _copier(kind: type[Any]) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, Setter]]:
    names = [field.name for field in fields(kind)]
    made = (attrgetter(*names), {name: getattr(kind, name).__set__ for name in names})
    _copiers[kind] = made
    return made
