"""Reading the settings of a source: every refusal names the field and the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crisisdesk.domain.errors import Malformed

TEXT_LIMIT = 2_000
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HOST = re.compile(r"[^\s/?#@\[\]]{1,253}")


def known_only(settings: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises Malformed for a setting that this type does not have."""
    known = sorted(names)
    for name in settings:
        if name not in known:
            told = f"settings.{str(name)[:60]}"
            raise Malformed(told, "is unknown", f"use one of {', '.join(known)}")


def text(
    settings: Mapping[str, Any], name: str, default: str | None = None, limit: int = TEXT_LIMIT
) -> str:
    """A text; without a default it is needed."""
    value = settings.get(name, default)
    if value is None:
        raise Malformed(f"settings.{name}", "is missing", "give it")
    if not isinstance(value, str):
        raise Malformed(f"settings.{name}", "is no text", "write it as text")
    if len(value) > limit:
        raise Malformed(f"settings.{name}", "is too long", f"shorten it to {limit} characters")
    if default is None and not value.strip():
        raise Malformed(f"settings.{name}", "is empty", "give it")
    return value


def whole(
    settings: Mapping[str, Any], name: str, default: int | None, least: int, most: int
) -> int:
    """A whole number within bounds, as a number or as text; without a default it is needed."""
    value = settings.get(name, default)
    if value is None:
        raise Malformed(f"settings.{name}", "is missing", f"use {least} to {most}")
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if type(value) is not int:
        raise Malformed(f"settings.{name}", "is no whole number", f"use {least} to {most}")
    if not least <= value <= most:
        raise Malformed(f"settings.{name}", f"{value} is out of bounds", f"use {least} to {most}")
    return value


def yes(settings: Mapping[str, Any], name: str, default: bool) -> bool:
    """Yes or no, as true or false or as the words."""
    value = settings.get(name, default)
    if isinstance(value, str):
        value = {"true": True, "yes": True, "false": False, "no": False}.get(value.lower())
    if not isinstance(value, bool):
        raise Malformed(f"settings.{name}", "is neither true nor false", "use true or false")
    return value


def texts(settings: Mapping[str, Any], name: str, most: int = 50) -> list[str]:
    """A list of texts, or one of them written with commas between; [] when it is left out."""
    value = settings.get(name, [])
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Malformed(f"settings.{name}", "is no list of texts", "write them as a list")
    if len(value) > most or any(len(one) > TEXT_LIMIT for one in value):
        raise Malformed(f"settings.{name}", "is too long", f"use no more than {most}")
    return value


def table(settings: Mapping[str, Any], name: str, most: int = 50) -> dict[str, str]:
    """Texts by name; {} when it is left out."""
    value = settings.get(name, {})
    fits = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    if not fits:
        raise Malformed(f"settings.{name}", "is no table of texts", 'write {"name": "value"}')
    if len(value) > most or any(len(k) + len(v) > TEXT_LIMIT for k, v in value.items()):
        raise Malformed(f"settings.{name}", "is too long", f"use no more than {most}")
    return dict(value)


def host(settings: Mapping[str, Any], name: str = "host", default: str | None = None) -> str:
    """The name or address of a machine, without a port; IPv6 without brackets."""
    value = text(settings, name, default, 255).strip()
    value = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    if value and not _HOST.fullmatch(value):
        remedy = "write a host name or an address, such as db1.example.org"
        raise Malformed(f"settings.{name}", "is no host", remedy)
    return value


def secret(settings: Mapping[str, Any], name: str, inside: str = "") -> str:
    """The name of a secret of the station; "" when it is left out. ``inside`` is the setting whose
    table this is."""
    name, value = f"{inside}{name}", text(settings, name, "", 200)
    if value and not _SECRET.fullmatch(value):
        # What stands there may be the secret itself; it does not come back.
        remedy = "put the secret in with `crisisdesk source secret NAME` and write its name here"
        raise Malformed(f"settings.{name}", "is no name of a secret", remedy)
    return value
