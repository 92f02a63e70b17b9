"""Spans of time and moments as they are typed on the command line."""

from __future__ import annotations

import re

from crisisdesk.cli.moments import read_time
from crisisdesk.cli.station import USAGE, fail

_SPAN = re.compile(r"([0-9]{1,7})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds_of(option: str, text: str) -> int:
    """How long an option says, in seconds; ends the program for what is no span."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        fail(USAGE, f"{option} {text!r} is no span of time; write it like 30s, 5m, 2h or 1d")
    return int(found[1]) * _SECONDS[found[2]]


def moment_of(option: str, text: str) -> str:
    """The time as the engine takes it; one without its zone is refused."""
    return read_time(option, text).isoformat(timespec="milliseconds")
