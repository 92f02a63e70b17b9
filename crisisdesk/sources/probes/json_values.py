"""Numbers out of JSON, by paths: which are asked for, and what one answer holds of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.json_path import Path, find, path_of
from crisisdesk.sources.probes.fields import Fields

VALUES_LIMIT, LABELS_LIMIT = 50, 20
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")


def check_values(fields: Fields) -> list[dict[str, Any]]:
    """The setting ``values``: tables of ``name`` and ``path``, perhaps ``each`` and ``labels``."""
    found: list[dict[str, Any]] = []
    for number, table in enumerate(fields.tables("values", most=VALUES_LIMIT)):
        inside = f"settings.values[{number}]"
        one = Fields(table, ("name", "path", "each", "labels"), inside)
        told: dict[str, Any] = {"name": one.metric("name"), "path": one.path("path")}
        if each := one.path("each", ""):
            told["each"] = each
        if labels := _labels(one, inside):
            told["labels"] = labels
        if told in found:
            raise one.wrong("name", f"{told['name']} is there twice", "leave one out")
        found.append(told)
    return found


def _labels(one: Fields, inside: str) -> dict[str, str]:
    told = one.names("labels")
    if len(told) > LABELS_LIMIT:
        raise one.wrong("labels", f"are {len(told)}", f"use no more than {LABELS_LIMIT}")
    inner = Fields(told, told, f"{inside}.labels")
    return {name: inner.path(name) for name in told}


class Found:
    """What is taken of one answer: ``samples``, and in words what was left out."""

    def __init__(self, source_id: str, at: int, most: int) -> None:
        self._source_id, self._at, self._most = source_id, at, most
        self._kept: dict[Series, Sample] = {}
        self._left: dict[str, int] = {}
        # Whether anything was where it was looked for; an empty list is something.
        self.is_there = False

    @property
    def samples(self) -> list[Sample]:
        """In the order of the settings, then of the answer."""
        return list(self._kept.values())

    @property
    def left_out(self) -> list[str]:
        """What was not taken and why, one sentence part each."""
        return [f"{why}: {count}" for why, count in self._left.items()]

    def take(self, document: Any, wanted: Mapping[str, Any]) -> None:
        """Take what one of the settings' values leads to."""
        path = path_of(wanted["path"])
        labels = {name: path_of(text) for name, text in wanted.get("labels", {}).items()}
        for item in self._items(document, wanted.get("each", "")):
            told = find(item, document, path)
            number = number_of(told)
            if number is None:
                self._leave("nothing" if told is None else "no number", wanted["path"])
                continue
            self.is_there = True
            self._keep(wanted["name"], number, _texts(item, document, labels))

    def _items(self, document: Any, each: str) -> Iterator[Any]:
        if not each:
            yield document
            return
        items = find(document, document, path_of(each))
        if type(items) is not list:
            self._leave("no list", each)
            return
        self.is_there = self.is_there or not items
        yield from items

    def _keep(self, name: str, number: float, labels: Mapping[str, str]) -> None:
        try:
            one = series(self._source_id, name, labels)
        except Malformed:
            self._leave("labels out of bounds", name)
            return
        if one in self._kept:
            # Of two that cannot be told apart none is more right; a label would tell them.
            self._leave("two of the same labels", name)
        elif len(self._kept) >= self._most:
            self._leave("beyond max_series", name)
        else:
            self._kept[one] = Sample(one, self._at, number)

    def _leave(self, why: str, where: str) -> None:
        words = f"{why} at {where}"
        self._left[words] = self._left.get(words, 0) + 1


def values_of(
    document: Any, wanted: Sequence[Mapping[str, Any]], *, source_id: str, at: int, most: int
) -> Found:
    """What a decoded document holds of these values, at most ``most`` series."""
    found = Found(source_id, at, most)
    for one in wanted:
        found.take(document, one)
    return found


def number_of(told: Any) -> float | None:
    """A number, the text of one, or true and false as 1 and 0; None for anything else, what is not
    finite among it."""
    if type(told) is bool:
        return float(told)
    if type(told) is str:
        told = float(told) if _NUMBER.fullmatch(told) else None
    if type(told) not in (int, float) or not math.isfinite(told):
        return None
    return float(told)


def _texts(item: Any, document: Any, labels: Mapping[str, Path]) -> dict[str, str]:
    """Labels by what their paths lead to; what is no plain value says nothing."""
    found = {}
    for name, path in labels.items():
        told = find(item, document, path)
        if type(told) is bool:
            found[name] = "true" if told else "false"
        elif type(told) in (str, int, float):
            found[name] = str(told)
    return found
