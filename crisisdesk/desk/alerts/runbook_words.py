"""Which runbook of an alert may be opened, and in words why none can; without a screen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.context.gathered import RunbookFound
    from crisisdesk.store.queries import StationReader

KEY = "B"
WEB = ("http", "https")
# Opening one of these would start it.
_PROGRAMS = frozenset(
    {".app", ".bat", ".cmd", ".com", ".desktop", ".exe", ".jar", ".js", ".lnk", ".msi", ".ps1"}
    | {".py", ".scr", ".sh", ".url", ".vbs"}
)
NONE = "No runbook is known for this alert"
HOW = "Name one in the catalogue, or send it as annotation runbook_url"


class Opening(NamedTuple):
    """What to open ("" for nothing), and what is said of it: a title and a text below."""

    url: str
    title: str
    body: str


def runbook_of(reader: StationReader, alert_id: str, now_ms: int) -> Opening:
    """The first runbook of an alert that may be opened. Looks at the file of one that is a file, so
    never on the thread of the screen."""
    context = reader.context_of(alert_id, now_ms)
    return chosen(() if context is None else context.runbooks)


def chosen(runbooks: Sequence[RunbookFound]) -> Opening:
    """The first that may be opened; else why the first one may not."""
    why = ""
    for one in runbooks:
        wrong = why_not(one.url)
        if not wrong:
            return Opening(one.url, "Runbook opened", f"{one.url}, {one.because}")
        why = why or f"{one.url} {wrong}"
    return Opening("", "The runbook cannot be opened", why) if why else Opening("", NONE, HOW)


def why_not(url: str) -> str:
    """Why an address is not opened, "" for one that is: a web page, or a document on this machine.
    Every other scheme would start a program."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "is no address"
    if any(not c.isprintable() or c.isspace() for c in url):
        return "holds blanks or signs that no address has"
    if parts.scheme in WEB:
        return "" if host else "names no host"
    if parts.scheme != "file":
        return "is opened by no key: only http, https and file are"
    if host not in (None, "localhost"):
        return "lies on another machine; copy it to this one"
    return _file_why_not(Path(unquote(parts.path)))


def _file_why_not(path: Path) -> str:
    if not path.is_absolute() or "\0" in str(path):
        return "is no path from / on"
    try:
        if not path.is_file():
            return "is not on this machine"
    except OSError as error:
        return f"cannot be looked at: {error.strerror}"
    if path.suffix.lower() in _PROGRAMS or os.access(path, os.X_OK):
        return "is a program, which no key starts; take its right to run away"
    return ""
