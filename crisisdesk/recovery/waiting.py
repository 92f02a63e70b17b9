"""Steps that wait for health: a source of this station, or an address that answers as it should."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.addresses import check_url, entry_of
from crisisdesk.recovery.http_call import told_by

LOOK_S = 1.0
ANSWER_S = 5.0
UP = "up"


class WaitExecutor:
    """Implements `engine.recovery_ports.Executor`; ``allowed`` are beginnings of addresses."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed

    def check(self, step: Mapping[str, Any]) -> str:
        """What would be waited for; raises Malformed for an address that may not be called."""
        what = step.get("source") or check_url(step.get("url"), self._allowed)
        return f"would wait until {what} is well for {step.get('for_ms', 0) / 1000:g} s"[:500]

    def entry(self, step: Mapping[str, Any]) -> str:
        """The beginning of addresses; a source of this station needs none."""
        if step.get("source"):
            return f"source {step['source']} of this station"
        return entry_of(step.get("url"), self._allowed)

    async def look(self, job: Job) -> Done:
        """Whether it is well at this moment; for how long it was, nobody says."""
        words, is_well = await self._look(job)
        value = job.states().get(str(job.step.get("source")), "")
        return Done(outcome="ok" if is_well else "failed", words=words[:400], value=value)

    async def execute(self, job: Job) -> Done:
        """Wait until it has been well for as long as the step says, or its time is up."""
        loop = asyncio.get_running_loop()
        self.check(job.step)
        needed = job.step.get("for_ms", 0) / 1_000
        until, well_since, told = loop.time() + job.timeout_s, None, ""
        while True:
            words, is_well = await self._look(job)
            if words != told:
                job.say(words + "\n")
                told = words
            now = loop.time()
            well_since = (well_since or now) if is_well else None
            if well_since is not None and now - well_since >= needed:
                return Done(outcome="ok", words=words)
            if now >= until:
                return Done(outcome="failed", words=f"not well in time: {words}"[:400])
            await asyncio.sleep(min(LOOK_S, max(0.0, until - now)))

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def _look(self, job: Job) -> tuple[str, bool]:
        name = job.step.get("source")
        if name:
            states = job.states()
            if name not in states:
                remedy = "name a source that this station looks at"
                raise Malformed("source", f"{name!r:.80} is unknown here", remedy)
            return f"{name} is {states[name]}", states[name] == UP
        return await self._called(job)

    async def _called(self, job: Job) -> tuple[str, bool]:
        import httpx

        url = check_url(job.step.get("url"), self._allowed)
        try:
            async with (
                asyncio.timeout(ANSWER_S),
                httpx.AsyncClient(
                    trust_env=False, follow_redirects=False, timeout=ANSWER_S
                ) as client,
                client.stream("GET", url) as answer,
            ):
                done = told_by(answer.status_code, job.step.get("expect") or [])
        except (httpx.HTTPError, TimeoutError) as error:
            return f"no answer ({type(error).__name__})", False
        return done.words, done.outcome == "ok"
