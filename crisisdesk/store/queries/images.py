"""Images in incidents: what is known of them in lists, their bytes one at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.image import ADDED, NoteImage, image_in
from crisisdesk.store.queries.rows import LogEntry
from crisisdesk.store.states import decode

_CHUNK = 500
# What followers of the log are given of events: of an image not half a megabyte; who wants it asks
# for it by its id.
FOLLOWED_BODY = f"CASE kind WHEN '{ADDED}' THEN X'7B7D' ELSE body END"


class ImageQueries(ABC):
    """The questions about images; whoever inherits them says how rows and logs are read."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    @abstractmethod
    def log_entries(self, aggregates: Sequence[str], limit: int = 500) -> list[LogEntry]:
        """The newest events of these aggregates, newest last."""

    def image(self, image_id: str) -> NoteImage | None:
        """What is known of one; None for one that is not here, or not yet."""
        rows = self._rows("SELECT state FROM image WHERE agg = ?", (image_id,))
        return decode(NoteImage, rows[0][0]) if rows else None

    def images_of(self, incident_ids: Iterable[str]) -> dict[str, NoteImage]:
        """Those of these incidents by their ids, oldest first; never their bytes."""
        names, found = sorted(set(incident_ids)), dict[str, NoteImage]()
        for start in range(0, len(names), _CHUNK):
            chunk = names[start : start + _CHUNK]
            sql = (
                f"SELECT agg, state FROM image WHERE incident_id IN ({','.join('?' * len(chunk))}) "  # noqa: S608
                "ORDER BY added_at, agg"
            )
            found |= {agg: decode(NoteImage, state) for agg, state in self._rows(sql, chunk)}
        return found

    def image_data(self, image_id: str) -> bytes | None:
        """The bytes of one, held against its id; None where they are not here.

        They stand in its event: in the log, later in the archive. A station that began with a
        snapshot has none of those that had left the log before.
        """
        for entry in self.log_entries([image_id]):
            if entry.event.kind == ADDED:
                try:
                    return image_in(entry.event).data
                except (DomainError, KeyError, TypeError, AttributeError):
                    # Put aside when it came; another station's may be the one.
                    continue
        return None
