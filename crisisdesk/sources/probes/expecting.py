"""What an answer is expected to be: its status, its text, one place in its JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.json_path import find, path_of
from crisisdesk.sources.probes.looking import down, unsure
from crisisdesk.sources.probes.reasons import shown

_NOWHERE = object()
_SPAN = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")


def read_spans(text: str) -> list[tuple[int, int]]:
    """``200-299,401`` as spans, both ends included; raises Malformed."""
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None or int(found[2] or found[1]) < int(found[1]):
            told = f"{part.strip()[:40]!r} is no status"
            raise Malformed("settings.status", told, "write 200, 200-299, or 200-299,401")
        spans.append((int(found[1]), int(found[2] or found[1])))
    return spans


def assert_status(status: int, expected: str, values: Mapping[str, float]) -> None:
    """Raises Unanswered for a status that is not expected."""
    if not any(first <= status <= last for first, last in read_spans(expected)):
        raise down(f"HTTP {status} where {expected} is expected", values)


def assert_body(body: bytes, settings: Mapping[str, Any], values: dict[str, float]) -> None:
    """Raises Unanswered for a body that is not as expected; notes a number at the JSON path."""
    text = body.decode("utf-8", "replace")
    if settings["contains"] and settings["contains"] not in text:
        raise down(f"the answer does not contain {shown(settings['contains'])}", values)
    if settings["lacks"] and settings["lacks"] in text:
        raise down(f"the answer contains {shown(settings['lacks'])}", values)
    if settings["json_path"]:
        _assert_json(body, settings["json_path"], settings["json_equals"], values)


def _assert_json(body: bytes, path: str, wanted: str, values: dict[str, float]) -> None:
    try:
        # Numbers stay as they are written, so that 1.10 equals 1.10.
        document = json.loads(body, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise down("the answer is no JSON", values) from error
    try:
        found = find(document, document, path_of(path), _NOWHERE)
    except ValueError as error:
        # One that was declared when any text was taken.
        raise unsure(f"settings.json_path: {error}") from None
    if found is _NOWHERE:
        raise down(f"the JSON has nothing at {shown(path)}", values)
    told = _told(found)
    number = _number(told)
    if number is not None:
        values["json_value"] = number
    if wanted and told != wanted:
        raise down(f"{shown(path)} is {shown(told)} where {shown(wanted)} is expected", values)


def _told(found: object) -> str:
    """A value of JSON as text: true, null, 1.10, or the text itself."""
    if isinstance(found, str):
        return found
    return json.dumps(found, ensure_ascii=False)


def _number(told: str) -> float | None:
    try:
        return float(told) if len(told) < 40 else None
    except ValueError:
        return None
