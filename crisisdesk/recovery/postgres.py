"""Steps about Postgres servers: is a standby ready, is the old primary fenced, promote.

Promotion asks everything again itself, at the last moment: what a step before it found may be
minutes old. It is sent once; where its answer does not come, nobody claims to know.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.postgres_steps import PAIRED, POSTGRES_DOES, PROMOTE
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.pg_connection import Servers, row
from crisisdesk.recovery.postgres_state import (
    QUESTION,
    State,
    Verdict,
    following,
    readiness,
    state_of,
)

ASK_S = 10.0
LOOK_S = 1.0


class PostgresExecutor:
    """Implements `engine.recovery_ports.Executor`; only servers in ``promotable`` are promoted."""

    def __init__(self, servers: Servers, promotable: Collection[str]) -> None:
        self._servers = servers
        self._promotable = frozenset(promotable)

    def check(self, step: Mapping[str, Any]) -> str:
        """What would be done; raises Malformed for what this station may not."""
        do = self._read(step)
        words = {
            "ready": "would ask whether {database} may take over from {primary}",
            "fenced": "would ask whether {database} takes no writes any more",
            PROMOTE: "would promote {database} in place of {primary}",
            "following": "would wait until {database} follows {primary}",
            "writable": "would wait until {database} takes writes",
        }[do]
        return words.format_map(step)[:500]

    def entry(self, step: Mapping[str, Any]) -> str:
        """The names of the servers."""
        do = self._read(step)
        names = [step["database"], *([step["primary"]] if do in PAIRED else [])]
        promotable = f", recovery.promotable {step['database']}" if do == PROMOTE else ""
        return f"recovery.databases {', '.join(names)}{promotable}"

    async def look(self, job: Job) -> Done | None:
        """What it asks, asked once; promoting is more than that."""
        do = self._read(job.step)
        if do == PROMOTE:
            return None
        if do == "fenced":
            return await self._fenced(job.step["database"], job.timeout_s)
        if do == "ready":
            verdict = self._accepted(job.step, await self._ready(job.step, job.timeout_s))
        else:
            verdict = await self._looked(job.step, do, job.timeout_s)
        return Done(outcome="ok" if verdict.holds else "failed", words=verdict.words[:400])

    async def execute(self, job: Job) -> Done:
        """Do it once."""
        do = self._read(job.step)
        if do == PROMOTE:
            return await self._promote(job)
        if do == "fenced":
            return await self._fenced(job.step["database"], job.timeout_s)
        if do == "ready":
            verdict = self._accepted(job.step, await self._ready(job.step, job.timeout_s))
            return Done(outcome="ok" if verdict.holds else "failed", words=verdict.words[:400])
        return await self._until(job, do)

    async def aclose(self) -> None:
        """Each question is a connection of its own."""

    # -- how ---------------------------------------------------------------------------------

    def _read(self, step: Mapping[str, Any]) -> str:
        do = step.get("do")
        if do not in POSTGRES_DOES:
            raise Malformed("do", f"{do!r:.40} is unknown", f"use {', '.join(POSTGRES_DOES)}")
        self._servers.address(step.get("database"), "database")
        if do in PAIRED:
            self._servers.address(step.get("primary"), "primary")
            if step.get("database") == step.get("primary"):
                raise Malformed("primary", "is the same server", "name two servers")
        _seconds(step)
        if step.get("accept_loss", "no") not in ("yes", "no"):
            raise Malformed("accept_loss", "is neither yes nor no", "give one of them")
        if do == PROMOTE and step["database"] not in self._promotable:
            remedy = "name it under recovery.promotable in this station's settings"
            raise Malformed("database", f"{step['database']!r:.80} may not be promoted", remedy)
        return str(do)

    async def _state(self, name: str, timeout_s: float) -> State:
        ask_s = min(ASK_S, timeout_s)
        async with asyncio.timeout(ask_s), self._servers.connected(name, "server", ask_s) as one:
            return state_of(await row(one, QUESTION))

    async def _state_or_words(self, name: str, timeout_s: float) -> tuple[State | None, str]:
        import psycopg

        try:
            return await self._state(name, timeout_s), ""
        except TimeoutError:
            return None, f"{name} gave no answer in time"
        except psycopg.Error as error:
            return None, f"{name}: {await self._servers.plain(name, error)}"

    async def _ready(self, step: Mapping[str, Any], timeout_s: float) -> Verdict:
        standby, why = await self._state_or_words(step["database"], timeout_s)
        if standby is None:
            return Verdict(holds=False, words=f"it could not be asked: {why}")
        # After the standby: what it has was written before, so a surplus is another history.
        primary, _why = await self._state_or_words(step["primary"], timeout_s)
        return readiness(standby, primary, _seconds(step))

    def _accepted(self, step: Mapping[str, Any], verdict: Verdict) -> Verdict:
        if verdict.holds or not verdict.is_loss or step.get("accept_loss") != "yes":
            return verdict
        return Verdict(holds=True, words=f"{verdict.words}; the loss was accepted")

    async def _fenced(self, name: str, timeout_s: float) -> Done:
        """Gone: nobody listens there. What gives no answer may live behind a broken network."""
        import psycopg

        try:
            state = await self._state(name, timeout_s)
        except TimeoutError:
            words = f"{name} gives no answer; it may live behind a broken network: cut it off"
            return Done(outcome="failed", words=words)
        except psycopg.Error as error:
            told = await self._servers.plain(name, error)
            if not error.sqlstate and await self._servers.is_gone(name, timeout_s):
                return Done(outcome="ok", words=f"nothing listens there any more: {told}"[:400])
            return Done(outcome="failed", words=f"{name} is not known to be gone: {told}"[:400])
        if state.is_standby:
            return Done(outcome="ok", words=f"{name} is a standby and takes no writes")
        return Done(outcome="failed", words=f"{name} takes writes, on timeline {state.timeline}")

    async def _promote(self, job: Job) -> Done:
        import psycopg

        step, name = job.step, job.step["database"]
        until = asyncio.get_running_loop().time() + job.timeout_s
        old, why = await self._state_or_words(step["primary"], job.timeout_s)
        if old is not None and not old.is_standby:
            words = f"nothing was done: {step['primary']} still takes writes; fence it first"
            return Done(outcome="failed", words=words[:400])
        job.say(f"{step['primary']}: {why or 'a standby, takes no writes'}\n")
        verdict = self._accepted(step, await self._ready(step, job.timeout_s))
        job.say(verdict.words + "\n")
        left = until - asyncio.get_running_loop().time()
        if not verdict.holds or left < 1:
            words = verdict.words if not verdict.holds else "its time was up before it began"
            return Done(outcome="failed", words=f"nothing was done: {words}"[:400])
        is_sent = False
        try:
            async with asyncio.timeout(left), self._servers.connected(name, "server", left) as one:
                is_sent = True
                told = await row(one, f"select pg_promote(true, {max(1, int(left))}) as done")
        except (TimeoutError, psycopg.OperationalError) as error:
            told_why = await self._servers.plain(name, error) or "no answer in time"
            if not is_sent:
                return Done(outcome="failed", words=f"nothing was done: {told_why}"[:400])
            words = f"told to promote, and then no answer: {told_why}"
            return Done(outcome="unknown", words=words[:400])
        except psycopg.Error as error:
            words = f"it refused: {await self._servers.plain(name, error)}"
            return Done(outcome="failed", words=words[:400])
        if not told["done"]:
            return Done(outcome="unknown", words="told to promote; it has not done so in time")
        return await self._promoted(name)

    async def _promoted(self, name: str) -> Done:
        state, why = await self._state_or_words(name, ASK_S)
        if state is None:
            return Done(outcome="unknown", words=f"promoted, and then not seen: {why}"[:400])
        if state.is_standby:
            return Done(outcome="unknown", words=f"{name} said promoted and is still a standby")
        return Done(outcome="ok", words=f"{name} takes writes, on timeline {state.timeline}")

    async def _until(self, job: Job, do: str) -> Done:
        loop = asyncio.get_running_loop()
        until, told = loop.time() + job.timeout_s, ""
        while True:
            left = max(1.0, until - loop.time())
            verdict = await self._looked(job.step, do, left)
            if verdict.words != told:
                job.say(verdict.words + "\n")
                told = verdict.words
            if verdict.holds:
                return Done(outcome="ok", words=verdict.words[:400])
            if loop.time() >= until:
                return Done(outcome="failed", words=f"not in time: {verdict.words}"[:400])
            await asyncio.sleep(min(LOOK_S, max(0.0, until - loop.time())))

    async def _looked(self, step: Mapping[str, Any], do: str, left: float) -> Verdict:
        if do == "writable":
            return await self._writable(step["database"], left)
        state, why = await self._state_or_words(step["database"], left)
        if state is None:
            return Verdict(holds=False, words=f"it could not be asked: {why}")
        primary, _why = await self._state_or_words(step["primary"], left)
        return following(state, primary, _seconds(step))

    async def _writable(self, name: str, left: float) -> Verdict:
        """By a transaction number, which a server that takes no writes cannot give."""
        import psycopg

        ask_s = min(ASK_S, left)
        try:
            async with (
                asyncio.timeout(ask_s),
                self._servers.connected(name, "server", ask_s) as one,
            ):
                mode = await row(one, "select current_setting('transaction_read_only') as told")
                if mode["told"] == "on":
                    return Verdict(holds=False, words=f"{name} is read-only")
                await row(one, "select pg_current_xact_id()::text as given")
        except TimeoutError:
            return Verdict(holds=False, words=f"{name} gave no answer in time")
        except psycopg.Error as error:
            return Verdict(holds=False, words=f"{name}: {await self._servers.plain(name, error)}")
        return Verdict(holds=True, words=f"{name} takes writes")


def _seconds(step: Mapping[str, Any]) -> int:
    told = step.get("most_behind", "60")
    if not isinstance(told, str) or not told.isascii() or not told.isdigit() or len(told) > 6:
        raise Malformed("most_behind", f"{told!r:.40} is no number of seconds", "write 60")
    return int(told)
