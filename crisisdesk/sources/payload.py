"""Reads JSON from outside with every limit applied, and reads typed fields out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from unicodedata import is_normalized, normalize

import orjson

from crisisdesk.domain.signal import DESCRIPTION_LIMIT, KEY_LIMIT, TITLE_LIMIT
from crisisdesk.sources.rules import IntakeError, IntakeRules

TEXT_LIMIT = 65_536
INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)
ELLIPSIS = "…"
_MEANINGFUL_ESCAPE = re.compile(rb"\\u(?!00[2-7])")
_KEY_DIGEST_CHARS = 32
_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Number:
    """A number written with a fraction or an exponent, as ``text``. It is no string, so that
    nothing which asks for a text takes it for one; ``kept`` makes it one where anything is kept."""

    text: str


def decode(body: bytes, rules: IntakeRules) -> Any:
    """Decode one JSON document as it stands: valid UTF-8, no lone surrogates, finite numbers.

    Neither its depth nor its strings nor its integers are checked yet; see ``tidy``.
    Raises IntakeError 413 for a body over the limit, 400 for anything that is not JSON.
    """
    if len(body) > rules.max_body_bytes:
        raise IntakeError(
            413,
            "body",
            f"{len(body)} bytes are more than the {rules.max_body_bytes} allowed",
            "Send fewer alerts in one request.",
        )
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "depth" in str(error):
            raise _too_deep("body", rules) from None
        raise IntakeError(
            400, "body", f"not valid JSON ({error})", "Send one JSON document in UTF-8."
        ) from None


def load(body: bytes, rules: IntakeRules) -> Any:
    """Decode one JSON document and tidy all of it; see ``tidy`` for what stands for a float.

    Raises IntakeError, status 400 or 413.
    """
    return tidy(decode(body, rules), rules, "", body)


def load_object(body: bytes, rules: IntakeRules) -> dict[str, Any]:
    """Decode and tidy a document that must be an object."""
    value = load(body, rules)
    if type(value) is not dict:
        raise wrong_type("body", "an object", value)
    return value


def is_plain(body: bytes) -> bool:
    """Whether no string in a valid JSON body can hold a NUL or need NFC normalisation.

    May say no for one that would pass (never the reverse). Escapes of printable ASCII are
    common, since Go writes ``&`` as one, and harmless as long as no combining mark can follow.
    """
    if body.isascii():
        return _MEANINGFUL_ESCAPE.search(body) is None
    if b"\\u" in body:
        return False
    return is_normalized("NFC", body.decode())


def tidy(value: Any, rules: IntakeRules, path: str, body: bytes, depth: int = 1) -> Any:
    """Copy a decoded value with its strings in NFC and each float as a ``Number``.

    A float's text is what ``repr`` prints, the shortest that reads back as the same double
    (``0.1``, ``1e+22``), because stored JSON is hashed and float printing differs between writers.
    ``depth`` is how many containers lie around the value's own content, itself included;
    ``body`` is what it was decoded from. Raises IntakeError 400 for containers nested deeper than
    allowed, a NUL character or an integer beyond signed 64 bits.
    """
    kind = type(value)
    if kind is str:
        return tidy_text(value, path)
    if kind is dict or kind is list:
        if depth > rules.max_depth:
            raise _too_deep(path, rules)
        if kind is list:
            return [
                tidy(item, rules, f"{path}[{n}]", body, depth + 1) for n, item in enumerate(value)
            ]
        return {
            tidy_text(name, path): tidy(item, rules, join(path, name), body, depth + 1)
            for name, item in value.items()
        }
    if kind is float:
        if abs(value) >= 2.0**63:
            _refuse_wide_integers(body, path)
        return Number(repr(value))
    if kind is int and not INT64_MIN <= value <= INT64_MAX:
        raise _too_wide(path)
    return value


def kept(value: Any) -> Any:
    """A copy of a tidied value that can be stored: each ``Number`` as its text."""
    kind = type(value)
    if kind is Number:
        return value.text
    if kind is list:
        return [kept(item) for item in value]
    if kind is dict:
        return {name: kept(item) for name, item in value.items()}
    return value


def tidy_text(text: str, path: str) -> str:
    """The text in NFC; IntakeError 400 if it holds a NUL character."""
    if "\x00" in text:
        raise IntakeError(400, path or "body", "has a NUL character", "Leave it out.")
    if text.isascii() or is_normalized("NFC", text):
        return text
    return normalize("NFC", text)


def join(path: str, name: str) -> str:
    """The path of a member; a name that is not short is cut, so that an answer stays readable."""
    shown = name if len(name) <= 64 else name[:63] + ELLIPSIS
    return f"{path}.{shown}" if path else shown


def wrong_type(path: str, wanted: str, value: Any) -> IntakeError:
    """The error for a value of the wrong JSON type; ``wanted`` is a noun with its article."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean"}
    found = "null" if value is None else names.get(type(value), "a number")
    return IntakeError(400, path, f"is {found}", f"Send {wanted}.")


def missing(path: str, wanted: str) -> IntakeError:
    """The error for a required member that is absent or empty."""
    return IntakeError(400, path, "is missing", f"Send {wanted}.")


def text_at(obj: dict[str, Any], name: str, path: str = "", limit: int = TEXT_LIMIT) -> str:
    """The string member of an object, "" when absent or null; IntakeError 400 otherwise."""
    value = obj.get(name)
    if value is None:
        return ""
    if type(value) is not str:
        raise wrong_type(join(path, name), "a string", value)
    if len(value) > limit:
        raise IntakeError(
            400,
            join(path, name),
            f"has {len(value)} characters, more than {limit}",
            "Shorten it.",
        )
    return value


def object_at(obj: dict[str, Any], name: str, path: str = "") -> dict[str, Any]:
    """The object member of an object, {} when absent or null; IntakeError 400 otherwise."""
    value = obj.get(name)
    if value is None:
        return {}
    if type(value) is not dict:
        raise wrong_type(join(path, name), "an object", value)
    return value


def fit_title(title: str, description: str) -> tuple[str, str]:
    """Cut an over-long title at 200 characters, its full text then leading the description."""
    if len(title) > TITLE_LIMIT:
        description = f"{title}\n\n{description}" if description else title
        title = title[: TITLE_LIMIT - 1].rstrip() + ELLIPSIS
    if len(description) > DESCRIPTION_LIMIT:
        description = description[: DESCRIPTION_LIMIT - 1] + ELLIPSIS
    return title, description


def fit_key(key: str) -> str:
    """A key of at most 512 characters: a longer one ends in a digest of the whole."""
    if len(key) <= KEY_LIMIT:
        return key
    digest = sha256(key.encode()).hexdigest()[:_KEY_DIGEST_CHARS]
    return f"{key[: KEY_LIMIT - _KEY_DIGEST_CHARS - 1]}#{digest}"


def first_url(candidates: Iterable[Any]) -> str:
    """The first web address among them, "" if there is none; see ``web_url``."""
    for url in candidates:
        if type(url) is str and web_url(url):
            return url
    return ""


def web_url(text: str) -> str:
    """The text if it is an http or https address, else "".

    A desk opens it at a click, and other schemes start programs.
    """
    if text.startswith(_WEB) or text[:8].lower().startswith(_WEB):
        return text
    return ""


def _refuse_wide_integers(body: bytes, path: str) -> None:
    """Tell a written integer from a written float: the fast decoder makes both a float."""

    def check(digits: str) -> int:
        # No 64-bit integer is longer, and int() is slow on, or refuses, thousands of digits.
        if len(digits) > 20 or not INT64_MIN <= int(digits) <= INT64_MAX:
            raise _too_wide(path)
        return 0

    json.loads(body, parse_int=check)


def _too_wide(path: str) -> IntakeError:
    return IntakeError(400, path or "body", "has an integer beyond 64 bits", "Send it as a string.")


def _too_deep(path: str, rules: IntakeRules) -> IntakeError:
    return IntakeError(
        400,
        path[:200] or "body",
        f"nested deeper than {rules.max_depth} levels",
        "Flatten the payload.",
    )
