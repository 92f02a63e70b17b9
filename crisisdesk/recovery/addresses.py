"""Which addresses steps may call: those behind a beginning that the station's settings name."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, unquote, urlsplit

from crisisdesk.domain.errors import Malformed

_PORTS = {"http": 80, "https": 443}
REMEDY = "name its beginning under recovery.urls in this station's settings"


def check_url(url: object, allowed: Iterable[str]) -> str:
    """The address itself; raises Malformed for one that may not be called from here."""
    return _checked(url, allowed)[0]


def entry_of(url: object, allowed: Iterable[str]) -> str:
    """The beginning that lets an address be called; raises Malformed as `check_url` does."""
    return f'recovery.urls "{_checked(url, allowed)[1]}"'


def _checked(url: object, allowed: Iterable[str]) -> tuple[str, str]:
    if not isinstance(url, str) or not url.isprintable() or " " in url or "\\" in url:
        raise Malformed("url", "is no address", "write https://host/path")
    try:
        asked = urlsplit(url)
        place = _place(asked)
    except ValueError:
        raise Malformed("url", "is no address", "write https://host/path") from None
    if asked.username is not None or asked.password is not None or asked.fragment:
        raise Malformed("url", "names a user or a fragment", "write https://host/path")
    # Twice: what is percent-encoded once more would be a step upwards for some servers.
    for path in (asked.path, unquote(asked.path), unquote(unquote(asked.path))):
        if any(part in (".", "..") for part in path.replace("\\", "/").split("/")):
            raise Malformed("url", "leads upwards", "leave out what is . or ..")
    for beginning in allowed:
        known = urlsplit(beginning)
        if _place(known) == place and _is_below(asked.path or "/", known.path or "/"):
            return url, beginning
    raise Malformed("url", f"{asked.scheme}://{asked.netloc} may not be called here"[:200], REMEDY)


def _place(parts: SplitResult) -> tuple[str, str, int]:
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("no address that can be called")
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def _is_below(path: str, beginning: str) -> bool:
    return path == beginning or path.startswith(beginning.rstrip("/") + "/")
