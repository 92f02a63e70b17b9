"""Canonical JSON: one byte string for one value, on every station and every Python.

Sorted keys, no spaces, UTF-8 in Unicode NFC, integers only (no floats), no NUL. What is stored is
these bytes; they are never made again from parsed data.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from crisisdesk.domain.errors import Malformed

_encode_text = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode
# An odd number of backslashes: the text \u0000 itself, written with six characters, is no NUL.
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_quick: Callable[[dict[str, Any]], bytes] | None = None
_parse: Callable[[bytes], Any] = json.loads


def use_encoder(quick: Callable[[dict[str, Any]], bytes] | None) -> None:
    """Let a faster encoder make the bytes; None returns to this module's own.

    It must make the very same bytes, or raise TypeError for what it cannot encode, which is then
    left to this module. Nothing but speed may depend on it.
    """
    global _quick  # noqa: PLW0603 - the bytes are the same; only how fast they come is chosen
    _quick = quick


def use_parser(quick: Callable[[bytes], Any] | None) -> None:
    """Let a faster parser read canonical bytes; None returns to Python's own.

    It must read them alike and raise ValueError for what is no JSON.
    """
    global _parse  # noqa: PLW0603 - as above
    _parse = quick or json.loads


def canonical_bytes(value: dict[str, Any]) -> bytes:
    """Encode a JSON object canonically; Malformed for text that is not NFC, NUL or UTF-16 halves.

    Floats are turned into text where bodies are made (`tidy`), not here: this runs for every event.
    """
    data = _encode(value)
    if b"\\u0000" in data and _ESCAPED_NUL.search(data):
        raise Malformed("body", "holds a NUL character", "remove it")
    if not data.isascii() and not unicodedata.is_normalized("NFC", data.decode()):
        raise Malformed("body", "text is not Unicode NFC without NUL", "pass it through `tidy`")
    return data


def _encode(value: dict[str, Any]) -> bytes:
    if _quick is not None:
        try:
            return _quick(value)
        except TypeError:
            pass  # told in words by the slower way, or encoded there after all
    try:
        return _encode_text(value).encode()
    except UnicodeEncodeError as error:
        raise Malformed("body", "holds half a UTF-16 pair", "send valid Unicode") from error


def parse_canonical(data: bytes) -> dict[str, Any]:
    """Decode what `canonical_bytes` made."""
    value: dict[str, Any] = _parse(data)
    return value


def tidy(value: Any, *, field: str = "body", depth: int = 32) -> Any:
    """Make any parsed JSON storable: NFC text, floats as their shortest decimal text.

    Raises Malformed naming ``field`` for NUL characters, lone surrogates, too deep nesting,
    integers beyond 64 bit and anything that is not JSON.
    """
    if depth < 0:
        raise Malformed(field, "is nested too deeply", "send at most 32 levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _tidy_text(value, field)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise Malformed(field, "is an integer beyond 64 bit", "send it as text")
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {
            _tidy_text(str(k), field): tidy(v, field=f"{field}.{k}"[:200], depth=depth - 1)
            for k, v in value.items()
        }
    if isinstance(value, list | tuple):
        return [tidy(v, field=f"{field}[{i}]", depth=depth - 1) for i, v in enumerate(value)]
    raise Malformed(field, f"is a {type(value).__name__}, not JSON", "send JSON values")


def _tidy_text(text: str, field: str) -> str:
    if text.isascii():
        if "\0" in text:
            raise Malformed(field, "holds a NUL character", "remove it")
        return text
    if "\0" in text:
        raise Malformed(field, "holds a NUL character", "remove it")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Malformed(field, "holds half a UTF-16 pair", "send valid Unicode") from error
    return unicodedata.normalize("NFC", text)
