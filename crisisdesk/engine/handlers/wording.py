"""Checks on text that people type in."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Malformed


def checked_text(value: Any, field: str, limit: int, *, required: bool = False) -> str:
    """Storable text of at most ``limit`` characters, or Malformed naming the field."""
    if not isinstance(value, str):
        raise Malformed(field, f"is a {type(value).__name__}, not text", "send a string")
    text: str = tidy(value, field=field).strip()
    if required and not text:
        raise Malformed(field, "is empty", "write at least one character")
    if len(text) > limit:
        raise Malformed(field, f"has {len(text)} characters", f"shorten it to {limit}")
    return text
