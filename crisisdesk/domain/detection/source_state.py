"""How a source stands, in the words that every screen uses."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How a source stands, as this station knows it; ELSEWHERE: another station looks at it."""

    NEW = "new"
    UP = "up"
    FAILING = "failing"
    DOWN = "down"
    UNSURE = "not sure"
    STALE = "no reading"
    PAUSED = "paused"
    ELSEWHERE = "elsewhere"
