"""Who is at a desk at other stations, through the hub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from crisisdesk.engine.exchange.desks import Meeting
from crisisdesk.hub.connection import HubLink

KNOWN = "SELECT to_regprocedure('cd.meet(jsonb)') IS NOT NULL"
MEET = "SELECT name, desks, age_ms FROM cd.meet(%s)"


class PgPresence:
    """Implements `engine.exchange.desks.DeskHub` over a connection to the hub.

    Telling the same again sets what was set, so a lost answer does no harm.
    """

    def __init__(self, link: HubLink) -> None:
        self._link = link
        self._known = False

    def meet(self, rows: Sequence[dict[str, Any]]) -> list[Meeting] | None:
        """Tell of the own desks; what others told last. None of a hub that is too old for it."""
        if not self._known:
            self._known = bool(self._link.ask(KNOWN)[0][0])
        if not self._known:
            return None
        found = self._link.ask(MEET, (Jsonb(list(rows)),))
        return [Meeting(station=name, rows=desks, age_ms=age) for name, desks, age in found]
