"""Reads the settings of a source field by field; what is wrong names ``settings.<field>``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.json_path import path_of

TEXT_LIMIT = 2_000
LIST_LIMIT = 100
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HOST = re.compile(r"[^\s/?#@\[\]]{1,253}")
_METRIC = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,99}")
# What the collector adds to every source; a metric of that name would be taken for it.
_TAKEN = ("up", "took_seconds")
_YES = {"true": True, "yes": True, "false": False, "no": False}


class Fields:
    """One table of settings. ``inside`` is where it stands ("settings", "settings.queries[2]").

    Every method raises Malformed; a field without ``default`` must be there.
    """

    def __init__(
        self, settings: Mapping[str, Any], names: Iterable[str], inside: str = "settings"
    ) -> None:
        self._settings = settings
        self._inside = inside
        known = list(names)
        for name in settings:
            if name not in known:
                raise Malformed(
                    f"{inside}.{str(name)[:40]}",
                    "is no setting of this type",
                    f"use only {', '.join(known)}",
                )

    def wrong(self, name: str, problem: str, remedy: str) -> Malformed:
        """The error for one of these fields."""
        return Malformed(f"{self._inside}.{name}", problem, remedy)

    def text(self, name: str, default: str | None = None, *, limit: int = TEXT_LIMIT) -> str:
        """A text of one line or more, without blanks around it; "" only as a default."""
        value = self._settings.get(name)
        if value is None or value == "":
            if default is None:
                raise self.wrong(name, "is missing", "give it")
            return default
        if not isinstance(value, str):
            raise self.wrong(name, "is no text", "write it as text")
        if len(value) > limit:
            raise self.wrong(name, f"has {len(value)} characters", f"use no more than {limit}")
        if "\0" in value or not value.strip():
            raise self.wrong(name, "holds nothing that can be used", "write it as plain text")
        return value.strip()

    def raw(self, name: str, *, limit: int = TEXT_LIMIT) -> str:
        """A text just as it is written, blanks and line ends too; "" when it is left out."""
        value = self._settings.get(name, "")
        if not isinstance(value, str):
            raise self.wrong(name, "is no text", "write it as text")
        if len(value) > limit:
            raise self.wrong(name, f"has {len(value)} characters", f"use no more than {limit}")
        return value

    def host(self, name: str = "host", default: str | None = None) -> str:
        """The name or address of a machine, without a port; IPv6 without brackets."""
        value = self.text(name, default, limit=255)
        value = value[1:-1] if value.startswith("[") and value.endswith("]") else value
        if value and not _HOST.fullmatch(value):
            remedy = "write a host name or an address, such as db1.example.org"
            raise self.wrong(name, "is no host", remedy)
        return value

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from ``low`` to ``high``, as a number or written as text."""
        value = self._settings.get(name, default)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if value is None:
            raise self.wrong(name, "is missing", f"use a whole number from {low} to {high}")
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(
                name,
                f"{str(value)[:40]!r} cannot be used",
                f"use a whole number from {low} to {high}",
            )
        return value

    def yes(self, name: str, *, default: bool) -> bool:
        """True or false, or one of the words for it."""
        value = self._settings.get(name, default)
        if isinstance(value, str):
            value = _YES.get(value.lower())
        if not isinstance(value, bool):
            raise self.wrong(name, "is neither true nor false", "use one of them")
        return value

    def choice(self, name: str, words: Sequence[str], default: str | None = None) -> str:
        """One of some words."""
        value = self.text(name, default)
        if value not in words:
            raise self.wrong(name, f"{value[:40]!r} is unknown", f"use one of {', '.join(words)}")
        return value

    def texts(self, name: str, default: Sequence[str] = (), *, most: int = LIST_LIMIT) -> list[str]:
        """A list of texts, or one text with commas between them."""
        value = self._settings.get(name)
        if value is None:
            return list(default)
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if not isinstance(value, list) or len(value) > most:
            raise self.wrong(name, "is no list that can be used", f"list up to {most} texts")
        one = {str(number): text for number, text in enumerate(value)}
        return [Fields(one, one, f"{self._inside}.{name}").text(number) for number in one]

    def tables(self, name: str, *, most: int = LIST_LIMIT) -> list[Mapping[str, Any]]:
        """A list of objects."""
        value = self._settings.get(name)
        if value is None:
            return []
        if (
            not isinstance(value, list)
            or len(value) > most
            or not all(isinstance(item, Mapping) for item in value)
        ):
            raise self.wrong(name, "is no list of objects", f"list up to {most} objects")
        return value

    def table(self, name: str) -> Mapping[str, Any] | None:
        """An object; None when it is left out."""
        value = self._settings.get(name)
        if value is not None and not isinstance(value, Mapping):
            raise self.wrong(name, "is no object", 'write it as {"name": "value"}')
        return value

    def names(self, name: str) -> dict[str, str]:
        """An object of texts."""
        value = self._settings.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or len(value) > LIST_LIMIT:
            raise self.wrong(name, "is no object of texts", 'write it as {"name": "text"}')
        inner = Fields(value, value, f"{self._inside}.{name}")
        return {str(key): inner.text(str(key)) for key in value}

    def secret(self, name: str) -> str:
        """The name of an entry of the station's secrets, or ""."""
        value = self.text(name, "")
        if value and not _SECRET.fullmatch(value):
            # The value is not told: it may be the secret itself, written here by mistake.
            raise self.wrong(
                name,
                "is no name of a secret",
                "put the secret in with `crisisdesk source secret NAME` and write its name here",
            )
        return value

    def secrets(self, name: str) -> dict[str, str]:
        """An object of names of secrets."""
        told = self.names(name)
        inner = Fields(told, told, f"{self._inside}.{name}")
        return {key: inner.secret(key) for key in told}

    def metric(self, name: str) -> str:
        """The name that a metric is given."""
        value = self.text(name)
        if not _METRIC.fullmatch(value):
            raise self.wrong(
                name, f"{value[:40]!r} is no name of a metric", "use letters, digits and _"
            )
        if value in _TAKEN:
            raise self.wrong(name, f"{value} is what every source has", "choose another name")
        return value

    def path(self, name: str, default: str | None = None) -> str:
        """Where something stands in JSON, as `sources.mapping.path_of` reads it."""
        value = self.text(name, default, limit=500)
        if value:
            try:
                path_of(value)
            except ValueError as error:
                raise self.wrong(name, "is no path", str(error).partition("; ")[2]) from None
        return value

    def url(self, name: str, *, query: bool = False) -> str:
        """An http or https address without a user or fragment. Without ``query`` it has none, and
        no / at its end."""
        value = self.text(name)
        remedy = "write it like https://prometheus.example.org:9090"
        try:
            parts = urlsplit(value)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise self.wrong(name, "is no web address", remedy) from None
        if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in value):
            raise self.wrong(name, "is no web address", remedy)
        if parts.username is not None or parts.password is not None:
            raise self.wrong(
                name, "holds a user or a password", "use user and the name of a secret instead"
            )
        plain = f"{parts.scheme}{value[len(parts.scheme) :]}"
        if query:
            if "#" in value:
                raise self.wrong(name, "has a part behind #", "leave that out")
            return plain
        if "?" in value or "#" in value:
            raise self.wrong(name, "has a part behind ? or #", "leave that out")
        return plain.rstrip("/")
