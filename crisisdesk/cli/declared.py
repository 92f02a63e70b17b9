"""What the commands of heartbeats, sources and rules share: which one is meant, and what is said
when it was changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from crisisdesk.api.client import Client
from crisisdesk.cli.station import USAGE, DataDir, asking, commanding, fail

T = TypeVar("T")
Told = dict[str, Any]


def meant(found: Sequence[T], which: str, word: str, names: Callable[[T], tuple[str, str]]) -> T:
    """The one whose id or name (``names``) is ``which``; ends in words where there is none, or
    several: names are unique but after a split of stations, when two may bear one."""
    chosen = [one for one in found if which in names(one)]
    if len(chosen) != 1:
        ids = ", ".join(names(one)[0] for one in chosen)
        fail(USAGE, f"{which!r} is {ids or f'no {word}'}; see `crisisdesk {word} list`")
    return chosen[0]


@dataclass(frozen=True, slots=True)
class Declared:
    """One kind that the engine is asked for: its word and the client's calls."""

    word: str
    listed: Callable[[Client], list[Told]]
    change: Callable[..., Told]
    remove: Callable[[Client, str], Any]

    def id_of(self, told: Told) -> str:
        """The id of one."""
        return str(told[f"{self.word}_id"])

    def one(self, found: Sequence[Told], which: str) -> Told:
        """The one that is meant."""
        return meant(found, which, self.word, lambda told: (self.id_of(told), told["name"]))

    def shown(self, order: Sequence[str], data_dir: DataDir, *, as_json: bool) -> list[Told]:
        """All for a table, by the ``order`` of states and by name; [] after they were printed as
        JSON, or that there are none was."""
        with asking(data_dir) as client:
            found = self.listed(client)
        if as_json:
            for one in found:
                print(json.dumps(one, ensure_ascii=False))
            return []
        if not found:
            print(f"No {self.word} is declared.")
        return sorted(found, key=lambda one: (order.index(one["state"]), one["name"]))

    def changed(self, which: str, fields: Told, data_dir: DataDir, operator: str) -> str:
        """Change the one that is meant; its id and how it stands now."""
        with commanding(data_dir, operator) as client:
            one = self.one(self.listed(client), which)
            told = self.change(client, self.id_of(one), **fields)
        return f"{self.id_of(told)} {told['state']}"

    def removed(self, which: str, data_dir: DataDir, operator: str) -> str:
        """Take away the one that is meant; says so."""
        with commanding(data_dir, operator) as client:
            one = self.one(self.listed(client), which)
            self.remove(client, self.id_of(one))
        return f"{self.id_of(one)} removed"
