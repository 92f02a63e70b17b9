"""The steps of a procedure as they are written: one kind, one set of fields, nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from crisisdesk.domain.detection.fields import Fields
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.postgres_steps import (
    BACKUP_FIELDS,
    POSTGRES_FIELDS,
    changes_postgres,
    read_backup,
    read_postgres,
)

Step = dict[str, Any]

TITLE_LIMIT, TEXT_LIMIT = 200, 2_000
MOST_ANSWERS, MOST_ARGUMENTS, MOST_AFTER = 4, 50, 20
MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
# Kinds that the station does by itself; of these, those that may change something.
AUTOMATIC = frozenset({"command", "http", "sql", "wait", "postgres", "backup"})
CHANGING = frozenset({"command", "http", "postgres"})
# Kinds that a success criterion may be of: they only look.
LOOKING = ("check", "http", "sql", "wait", "postgres", "backup")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_COMMON = frozenset("id kind title description after when within exclusive rollback".split())


def read_step(told: Any, where: str, before: str = "") -> Step:
    """One step with every default said. ``before`` is the step above it, which it comes after
    unless it says otherwise. Raises Malformed naming the field."""
    kind = told.get("kind", "check") if isinstance(told, Mapping) else "check"
    if not isinstance(kind, str) or kind not in _KINDS:
        known = ", ".join(_KINDS)
        raise Malformed(f"{where}.kind", f"{str(kind)[:40]!r} is unknown", f"use one of {known}")
    own, read = _KINDS[kind]
    fields = Fields(told, where, _COMMON | own)
    step: Step = {
        "step_id": read_id(fields),
        "kind": kind,
        "title": fields.text("title", TITLE_LIMIT),
        "description": fields.text("description", TEXT_LIMIT, ""),
        "after": _after(fields, before),
        "when": _when(fields),
        "within_ms": fields.span("within", 1, 7 * DAY_S) if "within" in fields else 0,
        "exclusive": fields.flag("exclusive", default=False),
        **read(fields),
    }
    if "rollback" in fields:
        step["rollback"] = read_rollback(fields.raw("rollback"), fields.at("rollback"))
    return step


def read_id(fields: Fields) -> str:
    """Its id within the procedure."""
    step_id = fields.text("id", 40)
    if not _ID.fullmatch(step_id):
        remedy = "begin with a small letter; use small letters, digits, dashes and underscores"
        raise Malformed(fields.at("id"), f"{step_id!r} is no id", remedy)
    return step_id


def read_rollback(told: Any, where: str) -> Step:
    """What takes the step back: a step of its own, without place and id."""
    return _plain_step(told, where, ("check", "command", "http", "sql", "wait"))


def read_criterion(told: Any, where: str) -> Step:
    """What holds when the procedure has succeeded: a text to be checked by a person, or a step that
    only looks."""
    if isinstance(told, str):
        told = {"title": told}
    step = _plain_step(told, where, LOOKING)
    if step["kind"] == "http" and step["method"] not in ("GET", "HEAD"):
        raise Malformed(f"{where}.method", "may change something", "look with GET or HEAD")
    if step["kind"] == "postgres" and changes_postgres(step):
        raise Malformed(f"{where}.do", "may change something", "use ready, fenced or writable")
    return step


def _plain_step(told: Any, where: str, kinds: tuple[str, ...]) -> Step:
    kind = told.get("kind", "check") if isinstance(told, Mapping) else "check"
    if not isinstance(kind, str) or kind not in kinds:
        known = ", ".join(kinds)
        raise Malformed(f"{where}.kind", f"{str(kind)[:40]!r} cannot be here", f"use {known}")
    own, read = _KINDS[kind]
    fields = Fields(told, where, frozenset({"kind", "title", "description"}) | own)
    return {
        "kind": kind,
        "title": fields.text("title", TITLE_LIMIT),
        "description": fields.text("description", TEXT_LIMIT, ""),
        **read(fields),
    }


def _after(fields: Fields, before: str) -> list[str]:
    if "after" not in fields:
        return [before] if before else []
    return list(fields.names("after", MOST_AFTER, 40))


def _when(fields: Fields) -> dict[str, str]:
    told = fields.raw("when")
    if told is None:
        return {}
    remedy = 'write decision: "answer", the answer in quotes'
    if not isinstance(told, Mapping) or len(told) > MOST_ANSWERS:
        raise Malformed(fields.at("when"), "is no object of decisions", remedy)
    for name, answer in told.items():
        if not isinstance(name, str) or not isinstance(answer, str):
            raise Malformed(fields.at("when"), "holds something else than texts", remedy)
    return dict(sorted(told.items()))


# -------------------------------------------------------------------------- the kinds of steps


def _check(_fields: Fields) -> Step:
    return {}


def _decision(fields: Fields) -> Step:
    told = fields.raw("answers")
    if isinstance(told, list) and any(isinstance(one, bool) for one in told):
        # YAML reads a bare yes as true.
        raise Malformed(fields.at("answers"), "holds no texts", 'put them in quotes: ["yes", "no"]')
    answers = fields.names("answers", MOST_ANSWERS, 60)
    if len(answers) < 2:
        raise Malformed(fields.at("answers"), "are fewer than two", 'write ["yes", "no"]')
    return {"answers": list(answers)}


def _wait(fields: Fields) -> Step:
    source, url = fields.text("source", 100, ""), fields.text("url", 1_000, "")
    if bool(source) == bool(url):
        raise Malformed(fields.at("source"), "or url, not both and not neither", "name one of them")
    if url:
        _checked_url(url, fields.at("url"))
    return {
        "source": source,
        "url": url,
        "expect": _statuses(fields),
        "for_ms": fields.span("for", 0, HOUR_S, 0),
        "timeout_ms": fields.span("timeout", 1, DAY_S, 10 * MINUTE_S),
    }


def _command(fields: Fields) -> Step:
    path = fields.text("command", 500)
    if not path.startswith("/") or ".." in path.split("/") or "{" in path:
        remedy = "write /usr/local/bin/promote; parameters belong into args"
        raise Malformed(fields.at("command"), "is no absolute path", remedy)
    args = fields.raw("args")
    args = [] if args is None else args
    if not isinstance(args, list) or len(args) > MOST_ARGUMENTS:
        raise Malformed(fields.at("args"), f"is no list of up to {MOST_ARGUMENTS}", "write [a, b]")
    for index, one in enumerate(args):
        if not isinstance(one, str) or len(one) > 1_000 or not one.isprintable():
            remedy = "write text in one line; a number in quotes"
            raise Malformed(f"{fields.at('args')}[{index}]", "is no text", remedy)
    return {
        "command": path,
        "args": list(args),
        "timeout_ms": fields.span("timeout", 1, 6 * HOUR_S, MINUTE_S),
    }


def _http(fields: Fields) -> Step:
    url = fields.text("url", 1_000)
    _checked_url(url, fields.at("url"))
    method = fields.choice("method", METHODS, "GET")
    body = fields.raw("body")
    if body is not None and (not isinstance(body, Mapping) or method in ("GET", "HEAD")):
        remedy = "write an object, with POST, PUT, PATCH or DELETE"
        raise Malformed(fields.at("body"), "cannot be sent", remedy)
    return {
        "method": method,
        "url": url,
        "expect": _statuses(fields),
        "timeout_ms": fields.span("timeout", 1, 10 * MINUTE_S, 30),
        **({} if body is None else {"body": dict(body)}),
        **({"secret": fields.text("secret", 64)} if "secret" in fields else {}),
    }


def _sql(fields: Fields) -> Step:
    query = fields.text("query", 4_000)
    if ";" in query.rstrip().rstrip(";"):
        raise Malformed(fields.at("query"), "holds more than one statement", "write one of them")
    expect = Fields(fields.raw("expect"), fields.at("expect"), frozenset({"is", "value"}))
    value = expect.raw("value")
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 200:
        raise Malformed(expect.at("value"), "is no text or whole number", "write 0, or text")
    return {
        "database": fields.text("database", 64),
        "query": query.rstrip().rstrip(";"),
        "expect": {"is": expect.choice("is", OPERATORS, "="), "value": value},
        "timeout_ms": fields.span("timeout", 1, 10 * MINUTE_S, 30),
    }


def _approval(fields: Fields) -> Step:
    return {
        "approvals": fields.whole("approvals", 1, 3, 1),
        "expires_ms": fields.span("expires", 30, DAY_S, 10 * MINUTE_S),
    }


def _procedure(fields: Fields) -> Step:
    told = fields.raw("arguments")
    told = {} if told is None else told
    fits = isinstance(told, Mapping) and all(
        isinstance(name, str) and isinstance(value, str | int) and not isinstance(value, bool)
        for name, value in told.items()
    )
    if not fits:
        raise Malformed(fields.at("arguments"), "are no object of texts", "write target: db2")
    return {
        "procedure": fields.text("procedure", 100),
        "arguments": {name: str(value) for name, value in sorted(told.items())},
    }


def _statuses(fields: Fields) -> list[int]:
    told = fields.raw("expect")
    if told is None:
        return []
    fits = isinstance(told, list) and 0 < len(told) <= 10
    if not fits or any(type(one) is not int or not 100 <= one <= 599 for one in told):
        raise Malformed(fields.at("expect"), "is no list of HTTP statuses", "write [200, 204]")
    return list(told)


def _checked_url(url: str, field: str) -> None:
    """Scheme and host must stand there as they are: a parameter may only follow behind them."""
    remedy = "write https://host/path; parameters only behind the host"
    try:
        parts = urlsplit(url)
        named = parts.hostname and not parts.username and not parts.password and parts.port != 0
    except ValueError:
        raise Malformed(field, "is no address", remedy) from None
    if parts.scheme not in ("http", "https") or not named or "{" in parts.netloc:
        raise Malformed(field, "is no address that can be called", remedy)
    if not url.isprintable() or " " in url or "\\" in url or parts.fragment:
        raise Malformed(field, "holds blanks, backslashes or a fragment", remedy)


_KINDS: dict[str, tuple[frozenset[str], Callable[[Fields], Step]]] = {
    "check": (frozenset(), _check),
    "decision": (frozenset({"answers"}), _decision),
    "wait": (frozenset("source url expect for timeout".split()), _wait),
    "command": (frozenset("command args timeout".split()), _command),
    "http": (frozenset("method url expect body secret timeout".split()), _http),
    "sql": (frozenset("database query expect timeout".split()), _sql),
    "postgres": (POSTGRES_FIELDS, read_postgres),
    "backup": (BACKUP_FIELDS, read_backup),
    "approval": (frozenset("approvals expires".split()), _approval),
    "procedure": (frozenset("procedure arguments".split()), _procedure),
}
KINDS = tuple(_KINDS)
