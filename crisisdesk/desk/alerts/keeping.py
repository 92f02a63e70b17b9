"""Which of several alerts one can say to be still on, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.store.queries import AlertRow

NONE_HELD = "No alert that is shown is yours until some moment."
_OVER = ("resolved", "closed")


def renewable(rows: Sequence[AlertRow], operator: str) -> list[AlertRow]:
    """Those that this operator has in hand until some moment."""
    return [
        row
        for row in rows
        if operator and row.owner == operator
        if row.hold_until is not None and row.status not in _OVER
    ]


def still_title(rows: Sequence[AlertRow]) -> str:
    """What the button says: the number where there are several."""
    return f"Still on {len(rows)} alerts" if len(rows) > 1 else "Still on it"


def still_words(rows: Sequence[AlertRow]) -> str:
    """What is asked of the engine, for whoever reads that it was not kept."""
    return f"still on {len(rows)} alerts" if len(rows) > 1 else f"still on {rows[0].alert_id}"
