"""The beat outward: an outside watchdog hears every minute that this station can still page.

Nothing on a machine can tell that the machine is dead. A watchdog elsewhere can: it raises its own
alarm when the beats stop, and at once when one says what is wrong.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import ListOverdue
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.patience import within
from crisisdesk.engine.ports import Beacon, Secrets, StoreFailed

log = logging.getLogger(__name__)

WATCHDOG_URL = "watchdog:url"
BEAT_S = 60.0
# A watchdog waits for more than one beat; one that was lost is made good before the next is due.
AGAIN_S = 15.0
DEADLINE_S = 10.0
ASK_S = 5.0


class WatchdogBeat:
    """Runs on the engine's loop; silent while no address is kept, which may change at any time.

    ``problems`` are the engine's sentences for the operator; `problem` is its own: the last beat
    was not taken.
    """

    def __init__(
        self,
        submit: Submit,
        beacon: Beacon,
        secrets: Secrets,
        problems: Callable[[], Sequence[str]],
    ) -> None:
        self._submit = submit
        self._beacon = beacon
        self._secrets = secrets
        self._problems = problems
        self.problem = ""
        self.taken = 0

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(AGAIN_S if self.problem else BEAT_S)

    async def beat(self) -> None:
        """Tell the watchdog once how this station is."""
        url = await asyncio.to_thread(self._secrets.get, WATCHDOG_URL)
        if not url:
            self.problem = ""
            return
        why_not = await self._beacon.beat(url, await self._trouble(), DEADLINE_S)
        if not why_not:
            self.problem = ""
            self.taken += 1
            return
        problem = f"the watchdog at {host_of(url)} did not take this station's beat: {why_not}"
        if not self.problem:
            log.error("%s", problem)
        self.problem = problem

    async def _trouble(self) -> str:
        """What is wrong here, in one line; empty when this station can page."""
        found = [problem for problem in self._problems() if problem != self.problem]
        try:
            # Through the committer and into the file: what would stop a page stops this.
            await within(ASK_S, self._asked())
        except TimeoutError:
            found.append(f"the log did not answer within {ASK_S:.0f} s")
        except (StoreFailed, Overloaded) as error:
            found.append(f"the log cannot be used: {error}")
        return "; ".join(found)

    async def _asked(self) -> None:
        await self._submit(ListOverdue(limit=1), ENGINE)


def host_of(url: str) -> str:
    """The host of an address, which is all of it that may be shown: the rest is the secret."""
    return urlsplit(url).hostname or "?"
