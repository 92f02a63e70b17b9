"""Events of other versions of this program: older ones read as today's, newer ones left in peace.

Stored bytes are never rewritten. An upcaster is a pure function from the body of one version of a
kind to that of the next, applied each time an event is folded. What a newer program wrote is kept,
relayed and chained like anything else; the fold passes over it and says "newer version needed".
A kind whose name ends with ``!`` must be understood: the fold of that one aggregate stops there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crisisdesk.domain.event import Event

Body = dict[str, Any]
Upcaster = Callable[[Body], Body]

NEWER_VERSION_NEEDED = "newer version needed"

# (kind, v) -> the body as version v + 1 has it. Every kind not named here has only version 1.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}


def newest_versions(upcasters: dict[tuple[str, int], Upcaster]) -> dict[str, int]:
    """The version in which today's fold reads each kind that has changed.

    Raises ValueError when a step between two versions is missing.
    """
    newest: dict[str, int] = {}
    for kind, v in sorted(upcasters):
        if v != newest.get(kind, 1):
            raise ValueError(f"{kind} has no step from version {newest.get(kind, 1)}")
        newest[kind] = v + 1
    return newest


NEWEST: dict[str, int] = newest_versions(UPCASTERS)


def read(event: Event, upcasters: dict[tuple[str, int], Upcaster] = UPCASTERS) -> Event:
    """The event in its newest form; the very same one when there is nothing to change."""
    v, body = event.v, event.body
    while (step := upcasters.get((event.kind, v))) is not None:
        v, body = v + 1, step(body)
    return event if v == event.v else replace(event, v=v, body=body)


def newer_words(event: Event) -> str:
    """Why an event is passed over that a newer program wrote; starts with NEWER_VERSION_NEEDED."""
    form = f" in form {event.v}" if event.v > 1 else ""
    stop = "; what it is about stands still until then" if event.kind.endswith("!") else ""
    return f"{NEWER_VERSION_NEEDED} to read {event.kind}{form}{stop}"
