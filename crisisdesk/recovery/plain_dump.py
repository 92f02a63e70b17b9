r"""A plain dump, told apart into statements and rows, without psql: that would obey ``\!`` in it.

Statements that need roles or rights of the original cluster, and those that would reach out of the
scratch server, are left out; content never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

COMPLETE = b"-- PostgreSQL database dump complete"
STATEMENT_LIMIT = 256 * 1024 * 1024
_COPY = re.compile(rb"COPY .+ FROM stdin;\s*", re.DOTALL)
_LEFT_OUT = re.compile(
    rb"\s*(ALTER\s[^;]*\sOWNER\s+TO\s[^;]*;$|GRANT\s|REVOKE\s|ALTER\s+DEFAULT\s+PRIVILEGES\s"
    rb"|COMMENT\s+ON\s+EXTENSION\s|SECURITY\s+LABEL\s|CREATE\s+EVENT\s+TRIGGER\s"
    rb"|ALTER\s+EVENT\s+TRIGGER\s|(CREATE|ALTER)\s+(PUBLICATION|SUBSCRIPTION)\s"
    rb"|SET\s+(SESSION\s+AUTHORIZATION|default_tablespace)\b)",
    re.DOTALL | re.IGNORECASE,
)
# What may hide a semicolon, where a line begins outside of everything.
_TOKEN = re.compile(
    rb"--[^\n]*|/\*|(?<![A-Za-z0-9_$])[eE]'|'|\"|(?<![A-Za-z0-9_$])\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$|;"
)
_ATOMIC = re.compile(
    rb"\s*CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE)\b.*\bBEGIN\s+ATOMIC\b",
    re.DOTALL | re.IGNORECASE,
)
_ATOMIC_END = re.compile(rb"\bEND\s*;\s*\Z", re.IGNORECASE)


class Unreadable(Exception):
    """The dump ends too early, or holds what cannot be restored here; told in words."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """A COPY statement, whose rows must be taken before what comes next is asked for."""

    text: bytes
    lines: Iterator[bytes]


def parts_of(file: IO[bytes]) -> Iterator[Statement | Rows]:
    """The parts of a dump in their order. Raises Unreadable where it ends too early."""
    splitter = Splitter()
    is_complete = False
    for line in file:
        if splitter.is_outside and line.startswith(b"\\"):
            _check_order_of_psql(line)
            continue
        if splitter.is_outside and line.startswith(COMPLETE):
            is_complete = True
        for text in splitter.take(line):
            if _COPY.fullmatch(text):
                yield from _rows(file, text)
            elif not _LEFT_OUT.match(text):
                yield Statement(text)
    if not splitter.is_outside:
        raise Unreadable("truncated: it ends within a statement")
    if not is_complete:
        raise Unreadable("truncated: its last line, which says that it is complete, is missing")


def _check_order_of_psql(line: bytes) -> None:
    word = line.split()[0]
    if word in (b"\\restrict", b"\\unrestrict"):
        return
    told = word.decode("utf-8", "replace")[:40]
    if word in (b"\\connect", b"\\c"):
        raise Unreadable(f"it holds {told}: make it of one database, without --create")
    raise Unreadable(f"it holds an order for psql, {told!r}, which is not obeyed here")


def _rows(file: IO[bytes], text: bytes) -> Iterator[Rows]:
    ended = False

    def lines() -> Iterator[bytes]:
        nonlocal ended
        for line in file:
            if line.rstrip(b"\r\n") == b"\\.":
                ended = True
                return
            yield line

    yield Rows(text, lines())
    if not ended:
        name = text.split(b"(")[0].decode("utf-8", "replace").strip()[:100]
        raise Unreadable(f"truncated: it ends within the rows of {name}")


class Splitter:
    """Lines in, whole statements out. It knows strings, quoted names, dollar quotes, comments and
    bodies between BEGIN ATOMIC and END."""

    def __init__(self) -> None:
        self._text = bytearray()
        self._until = b""
        self._escapes = False

    @property
    def is_outside(self) -> bool:
        """Whether what comes next begins a statement."""
        return not self._text

    def take(self, line: bytes) -> list[bytes]:
        """One more line; the statements that it ends."""
        found, at, start = [], 0, 0
        while at < len(line):
            if self._until:
                at = self._close(line, at)
                continue
            token = _TOKEN.search(line, at)
            if token is None:
                break
            at = token.end()
            if token[0] == b";":
                if _is_open(bytes(self._text) + line[start:at]):
                    continue
                found.append(bytes(self._text) + line[start:at])
                self._text.clear()
                start = at
            else:
                self._open(token[0])
        self._keep(line[start:])
        return [text for text in found if text.strip() != b";"]

    def _open(self, token: bytes) -> None:
        if token.startswith(b"--"):
            return
        self._escapes = token in (b"e'", b"E'")
        self._until = {b"/*": b"*/", b"e'": b"'", b"E'": b"'"}.get(token, token)

    def _close(self, line: bytes, at: int) -> int:
        """Where what is open ends in this line; a doubled quote stands for itself."""
        end = line.find(self._until, at)
        slash = line.find(b"\\", at) if self._escapes else -1
        if slash >= 0 and (end < 0 or slash < end):
            return slash + 2
        if end < 0:
            return len(line)
        end += len(self._until)
        if self._until in (b"'", b'"') and line[end : end + 1] == self._until:
            return end + 1
        self._until, self._escapes = b"", False
        return end

    def _keep(self, rest: bytes) -> None:
        # Blank lines and comments between statements begin none.
        if self._text or self._until or _begins(rest):
            self._text += rest
        if len(self._text) > STATEMENT_LIMIT:
            raise Unreadable("it holds a statement without an end")


def _begins(rest: bytes) -> bool:
    return bool(rest.strip()) and not rest.lstrip().startswith(b"--")


def _is_open(text: bytes) -> bool:
    return bool(_ATOMIC.match(text)) and not _ATOMIC_END.search(text)
