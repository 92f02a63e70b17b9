"""Changes in any JSON, read by a mapping that was published for them."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.context.change_mapping import ChangeMapping
from crisisdesk.domain.context.change_record import (
    NAME_LIMIT,
    SUMMARY_LIMIT,
    URL_LIMIT,
    ChangeReport,
)
from crisisdesk.domain.json_path import find, written
from crisisdesk.sources.changes import fit
from crisisdesk.sources.deployments import MOST_AT_ONCE
from crisisdesk.sources.payload import (
    TEXT_LIMIT,
    Number,
    fit_key,
    load,
    missing,
    web_url,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

# A time as a number counts ms from here on, seconds below: 1e11 s lie in the year 5138.
_MS_FROM = 100_000_000_000
_LATEST_MS = 253_402_300_799_999


def parse(body: bytes, mapping: ChangeMapping, rules: IntakeRules) -> Parsed:
    """The changes that a document tells of by the mapping, at most `MOST_AT_ONCE`; an item that
    says none of the words of ``when`` is none. Raises IntakeError 400 or 413 naming the path."""
    document = load(body, rules)
    path, items = _items(document, mapping)
    if len(items) > MOST_AT_ONCE:
        problem = f"holds {len(items)} changes, more than {MOST_AT_ONCE}"
        raise IntakeError(413, path or "body", problem, "Send fewer at once.")
    changes = []
    for number, item in enumerate(items):
        try:
            if type(item) is not dict:
                raise wrong_type("", "an object", item)
            if _counts(item, document, mapping):
                changes.append(_Reader(item, document, mapping).report())
        except IntakeError as error:
            if type(document) is dict and mapping.each is None:
                raise
            raise error.inside(f"{path}[{number}]") from None
    return Parsed(signals=[], changes=tuple(changes))


def _items(document: Any, mapping: ChangeMapping) -> tuple[str, list[Any]]:
    """Where the changes stand, and they: the list that is mapped, the document's, or itself."""
    if mapping.each is None:
        if type(document) is dict:
            return "", [document]
        if type(document) is list:
            return "", document
        raise wrong_type("body", "an object or an array of objects", document)
    path, items = written(mapping.each), find(document, document, mapping.each)
    if type(items) is not list:
        raise missing(path, "an array") if items is None else wrong_type(path, "an array", items)
    return path, items


def _counts(item: Any, document: Any, mapping: ChangeMapping) -> bool:
    return all(_plain(find(item, document, path)).lower() in words for path, words in mapping.when)


class _Reader:
    """Reads the fields of one change; its errors name the path that led there."""

    def __init__(self, item: dict[str, Any], document: Any, mapping: ChangeMapping) -> None:
        self._item, self._document, self._mapping = item, document, mapping

    def report(self) -> ChangeReport:
        """The change; raises IntakeError for one without a summary or with a time that is none."""
        summary = self._text("summary", SUMMARY_LIMIT)
        if not summary:
            raise missing(self._found("summary")[0], "a text")
        # One character more than fits: half an address leads nowhere.
        url = self._text("url", URL_LIMIT + 1)
        return ChangeReport(
            summary=summary,
            service=self._text("service", NAME_LIMIT),
            source=self._text("source", NAME_LIMIT) or self._mapping.name,
            at=self._time(),
            author=self._text("author", NAME_LIMIT),
            key=fit_key(self._text("key", TEXT_LIMIT)),
            links=((url, ""),) if web_url(url) and len(url) <= URL_LIMIT else (),
        )

    def _found(self, field: str) -> tuple[str, Any]:
        """The path that leads to something, or the first one; and what is there."""
        paths = self._mapping.fields.get(field, ())
        for path in paths:
            value = find(self._item, self._document, path)
            if value is not None and value != "":
                return written(path), value
        return written(paths[0]) if paths else field, None

    def _text(self, field: str, limit: int) -> str:
        path, value = self._found(field)
        if value is None:
            return self._mapping.defaults.get(field, "")
        if type(value) in (dict, list):
            raise wrong_type(path, "a text", value)
        return fit(_plain(value), limit)

    def _time(self) -> int | None:
        path, value = self._found("at")
        if type(value) is int or type(value) is Number:
            number = float(value.text if isinstance(value, Number) else value)
            ms = round(number if abs(number) >= _MS_FROM else number * 1000)
            if not 0 <= ms <= _LATEST_MS:
                told = "Send seconds or milliseconds since 1970, or 2026-03-01T12:30:00Z."
                raise IntakeError(400, path, "is no time", told)
            return ms
        return time_at(value, path)


def _plain(value: Any) -> str:
    """A text, or a number or yes and no as JSON writes them; "" for anything else."""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is Number:
        return value.text
    return str(value).strip() if type(value) in (str, int) else ""
