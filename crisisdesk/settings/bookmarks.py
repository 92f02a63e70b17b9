"""Where sources were left off, in one small file that is replaced whole."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from crisisdesk.settings.atomic import write_atomically

log = logging.getLogger(__name__)


class BookmarkFile:
    """Implements `engine.collector_ports.Bookmarks`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, dict[str, object]]:
        """Source id -> bookmark. A file that cannot be read is told of and begun anew: a source
        then goes on as at its first look."""
        try:
            told = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            log.error("bookmarks of sources cannot be read, they begin anew: %s", error)
            return {}
        if not isinstance(told, dict):
            log.error("bookmarks of sources are no object, they begin anew")
            return {}
        return {str(name): mark for name, mark in told.items() if isinstance(mark, dict)}

    def save(self, bookmarks: Mapping[str, Mapping[str, object]]) -> None:
        """Replace what was kept; raises OSError."""
        write_atomically(self._path, json.dumps(bookmarks, ensure_ascii=False).encode())
