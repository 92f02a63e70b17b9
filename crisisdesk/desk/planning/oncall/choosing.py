"""The people of a form as its boxes list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def people_to_choose(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(id, word) by name; of two people called the same each has the id beside the name."""
    found = list(names)
    spelt = [name.casefold() for _, name in found]
    return [
        (one, f"{name} ({one})" if spelt.count(name.casefold()) > 1 else name)
        for one, name in sorted(found, key=lambda pair: (pair[1].casefold(), pair[0]))
    ]
