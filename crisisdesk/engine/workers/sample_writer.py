"""Hands samples to the sample store on a thread of its own; a slow disk costs charts, not looks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample
from crisisdesk.engine.detection_ports import SampleStore

log = logging.getLogger(__name__)

# So many samples, and as many lines, wait for the disk at most; the oldest go first.
MOST_WAITING = 200_000


class SampleWriter:
    """Runs on the engine's loop; `problem` says that samples were not kept, and why."""

    def __init__(self, store: SampleStore) -> None:
        self._store = store
        self._samples: list[Sample] = []
        self._lines: list[Line] = []
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="samples")
        self._writing = False
        self.problem = ""

    def take(self, samples: Sequence[Sample], lines: Sequence[Line]) -> None:
        """Keep these at the next `write`."""
        self._samples += samples
        self._lines += lines
        if max(len(self._samples), len(self._lines)) > MOST_WAITING:
            del self._samples[:-MOST_WAITING]
            del self._lines[:-MOST_WAITING]
            self._trouble("the disk is too slow for them")

    async def write(self) -> None:
        """Write what was taken, unless that is being done already."""
        if self._writing or not (self._samples or self._lines):
            return
        samples, self._samples = self._samples, []
        lines, self._lines = self._lines, []
        self._writing = True
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, self._store.write, samples, lines)
            self.problem = ""
        except OSError as error:
            self._trouble(str(error))
        finally:
            self._writing = False

    def _trouble(self, why: str) -> None:
        problem = f"measured values are not kept: {why}"
        if not self.problem:
            log.error("%s", problem)
        self.problem = problem

    async def aclose(self) -> None:
        """Write the rest and close the store."""
        await self.write()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._store.close)
        self._thread.shutdown(wait=True)
