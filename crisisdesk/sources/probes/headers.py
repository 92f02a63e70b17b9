"""Headers that a source is told to send: plain ones, and ones that hold a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight

SETTINGS = ("headers", "secret_headers")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# What the request itself decides; another length or host would be a way into something else.
_OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})


def check(fields: Fields) -> dict[str, Any]:
    """Both settings, {} where they are left out; raises Malformed."""
    return {"headers": _headers(fields), "secret_headers": _secret_headers(fields)}


def secret_names(settings: Mapping[str, Any]) -> list[str]:
    """The secrets that checked settings name."""
    return list(settings["secret_headers"].values())


def of_look(sight: Sight) -> dict[str, str]:
    """What is sent; raises Unanswered for a secret that is not kept here."""
    return {**sight.look.source.settings["headers"], **secret_of_look(sight)}


def secret_of_look(sight: Sight) -> dict[str, str]:
    """Those that hold a secret; raises Unanswered for one that is not kept here."""
    told = sight.look.source.settings["secret_headers"]
    return {header: sight.secret(name) for header, name in told.items()}


def _headers(fields: Fields) -> dict[str, str]:
    told = fields.names("headers")
    for header, value in told.items():
        _check_name(fields, "headers", header)
        if header.lower() in _SECRET:
            remedy = "name a secret of the station in secret_headers"
            raise fields.wrong("headers", f"hold {header}", remedy)
        if not (value.isprintable() and value.isascii()):
            raise fields.wrong("headers", f"{header} cannot be sent", "use printable ASCII")
    return told


def _secret_headers(fields: Fields) -> dict[str, str]:
    told = fields.secrets("secret_headers")
    for header in told:
        _check_name(fields, "secret_headers", header)
    return told


def _check_name(fields: Fields, setting: str, header: str) -> None:
    if not _NAME.fullmatch(header):
        raise fields.wrong(setting, "has a header that is no name", "write it like X-Name")
    if header.lower() in _OWN:
        raise fields.wrong(setting, f"sets {header}", "leave it out")
