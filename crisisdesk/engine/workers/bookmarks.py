"""Where each source was left off: kept in mind, and now and then on disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Container, Mapping

from crisisdesk.engine.collector_ports import Bookmarks

log = logging.getLogger(__name__)

# What is read again after a crash is at most what was read within this time.
SAVE_EACH_MS = 2_000


class BookmarkKeeper:
    """Runs on the engine's loop; `problem` says that they could not be kept."""

    def __init__(self, kept: Bookmarks | None) -> None:
        self._kept = kept
        self._known: dict[str, dict[str, object]] = {}
        self._changed = False
        self._saved_at: int | None = None
        self.problem = ""

    async def load(self) -> None:
        """Begin where the engine before this one left off."""
        if self._kept is not None:
            self._known = await asyncio.to_thread(self._kept.load)

    def of(self, source_id: str) -> Mapping[str, object]:
        """Where a source was left off; {} for one that was not looked at yet."""
        return self._known.get(source_id, {})

    def put(self, source_id: str, bookmark: dict[str, object]) -> None:
        """Remember it; an empty one says nothing, so that a failed look leaves what was."""
        if bookmark and bookmark != self._known.get(source_id):
            self._known[source_id] = bookmark
            self._changed = True

    def only(self, source_ids: Container[str]) -> None:
        """Forget those of sources that are gone."""
        for gone in [name for name in self._known if name not in source_ids]:
            del self._known[gone]
            self._changed = True

    def is_due(self, now: int) -> bool:
        """Whether to save, at ``now`` (UTC ms)."""
        if not self._changed or self._kept is None:
            return False
        if self._saved_at is not None and 0 <= now - self._saved_at < SAVE_EACH_MS:
            return False
        self._saved_at = now
        return True

    async def save(self) -> None:
        """Put what changed on disk; what cannot be saved now is tried again."""
        if self._kept is None or not self._changed:
            return
        self._changed = False
        try:
            await asyncio.to_thread(self._kept.save, dict(self._known))
            self.problem = ""
        except OSError as error:
            self._changed = True
            if not self.problem:
                log.error("bookmarks of sources were not kept: %s", error)
            self.problem = f"where sources were left off could not be kept: {error}"
