"""Steps that ask a database: read-only, one statement, values bound and never written into it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.redaction import redact, shapes_of
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.http_call import SECRET_PREFIX, ReadSecret

_PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")


class SqlExecutor:
    """Implements `engine.recovery_ports.Executor`; ``databases`` maps names to addresses without
    passwords, which lie with the secrets."""

    def __init__(self, databases: Mapping[str, str], secret: ReadSecret) -> None:
        self._databases = dict(databases)
        self._secret = secret

    def check(self, step: Mapping[str, Any]) -> str:
        """What would be asked; raises Malformed for what may not."""
        self._address(step)
        asked, values = bound(step)
        return redact(f"would ask {step['database']}: {asked} with {values}")[:500]

    def entry(self, step: Mapping[str, Any]) -> str:
        """The name of the database."""
        self._address(step)
        return f"recovery.databases {step['database']}"

    async def look(self, job: Job) -> Done:
        """A query only reads."""
        return await self.execute(job)

    async def execute(self, job: Job) -> Done:
        """Ask once."""
        import psycopg

        address = self._address(job.step)
        query, values = bound(job.step)
        expect = job.step.get("expect")
        if not isinstance(expect, Mapping):
            raise Malformed("expect", "is no object", "write {is: '=', value: 0}")
        password = await asyncio.to_thread(self._secret, f"{SECRET_PREFIX}{job.step['database']}")
        hidden = shapes_of(password) if password else ()
        try:
            async with asyncio.timeout(job.timeout_s):
                found = await _asked(address, password, query, values, job.timeout_s)
        except TimeoutError:
            return Done(outcome="failed", words=f"no answer within {job.timeout_s:g} s")
        except psycopg.Error as error:
            words = redact(" ".join(str(error).split()), hidden)
            return Done(outcome="failed", words=f"it could not be asked: {words}"[:400])
        job.say(f"{query}: {redact(found, hidden)[:500]}\n")
        done = judged(found, str(expect.get("is", "=")), str(expect.get("value", "")))
        words, value = redact(done.words, hidden), redact(done.value, hidden)
        return replace(done, words=words, value=value)

    async def aclose(self) -> None:
        """Each question is a connection of its own."""

    def _address(self, step: Mapping[str, Any]) -> str:
        name = step.get("database")
        if not isinstance(name, str) or name not in self._databases:
            remedy = "name it under recovery.databases in this station's settings"
            raise Malformed("database", f"{name!r:.80} is unknown at this station", remedy)
        return self._databases[name]


def bound(step: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The query as the driver wants it, and the values of its places.

    Raises Malformed where a place has no value.
    """
    query, values = step.get("query"), step.get("parameters", {})
    if not isinstance(query, str) or not isinstance(values, Mapping):
        raise Malformed("query", "is no text", "write one statement")
    for name in _PLACE.findall(query):
        if not isinstance(values.get(name), str):
            raise Malformed("query", f"{{{name}}} has no value", "declare it as a parameter")
    asked = _PLACE.sub(r"%(\1)s", query.replace("%", "%%"))
    return asked, {name: str(value) for name, value in values.items()}


async def _asked(
    address: str, password: str | None, query: str, values: Mapping[str, str], timeout_s: float
) -> str:
    """The first value of the first row, as text; "nothing" when there is no row."""
    import psycopg

    options = f"-c default_transaction_read_only=on -c statement_timeout={round(timeout_s * 1000)}"
    connection = await psycopg.AsyncConnection.connect(
        address,
        # Never a password of the environment or of a file of the user.
        password=password or None,
        passfile="/dev/null",
        application_name="crisisdesk",
        connect_timeout=max(2, round(timeout_s)),
        options=options,
    )
    try:
        await connection.set_read_only(True)
        # In the binary protocol a second statement is an error of the server's.
        cursor = await connection.execute(query.encode(), dict(values), binary=True)
        row = await cursor.fetchone() if cursor.description else None
        await connection.rollback()
    finally:
        await connection.close()
    return "nothing" if not row else as_text(row[0])


def as_text(value: Any) -> str:
    """A value of a database as it is compared and shown."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def judged(found: str, operator: str, wanted: str) -> Done:
    """Whether what was found is as it should be; numbers are compared as numbers."""
    words = f"{found[:100]} {operator} {wanted[:100]}"
    left, right = _number(found), _number(wanted)
    if left is not None and right is not None:
        holds = _COMPARED[operator](left, right) if operator in _COMPARED else None
    elif operator in ("=", "!="):
        holds = (found == wanted) is (operator == "=")
    else:
        holds = None
    value = found[:100]
    if holds is None:
        return Done(outcome="failed", words=f"{words} cannot be compared", value=value)
    if holds:
        return Done(outcome="ok", words=words, value=value)
    return Done(outcome="failed", words=f"{words} does not hold", value=value)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


_COMPARED: dict[str, Any] = {
    "=": Decimal.__eq__,
    "!=": Decimal.__ne__,
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}
