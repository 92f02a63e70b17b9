"""The published tables in Postgres: how far they are, and one batch at a time."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from crisisdesk.engine.exchange.publisher import Batch, Published, Verdict
from crisisdesk.hub.connection import HubLink
from crisisdesk.hub.published_rows import numbers_wished, rows_of

HOW_FAR = """
SELECT made_by, (SELECT coalesce(jsonb_object_agg(origin, seq), '{}') FROM cd.published_vec)
FROM cd.published
"""
NUMBERS = "SELECT name, number FROM cd.numbers(%s::text[], %s::integer[])"
PUBLISH = "SELECT cd.publish(%s, %s, %s, %s::integer, %s, %s::integer, %s)"


class PgPublishedTables:
    """Implements `engine.exchange.publisher.PublishedTables` over a connection to the hub.

    A batch whose answer was lost may be sent again: the hub then says that the tables have moved.
    """

    def __init__(self, link: HubLink) -> None:
        self._link = link

    def published(self) -> Published:
        """How far the tables are."""
        made_by, vector = self._link.ask(HOW_FAR)[0]
        return Published(vector=vector, made_by=made_by)

    def publish(self, batch: Batch, holder: str, token: int) -> Verdict:
        """Write all of a batch or nothing."""
        wished = numbers_wished(batch.present)
        given = dict(self._link.ask(NUMBERS, (list(wished), list(wished.values()))))
        rows = rows_of(batch.present, given.__getitem__)
        values = (
            holder,
            token,
            Jsonb(batch.before.vector),
            batch.before.made_by,
            Jsonb(batch.after.vector),
            batch.after.made_by,
            Jsonb(rows),
        )
        return Verdict(self._link.ask(PUBLISH, values)[0][0])
