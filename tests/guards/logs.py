"""Guard: a log record at WARNING or above that no test declared fails the test that caused it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARKS = (
    "expect_log(pattern, level='WARNING'): a log record whose text matches must come",
    "allow_log(pattern, level='WARNING'): a log record whose text matches may come",
)
_plain_factory = logging.getLogRecordFactory()


@dataclass(slots=True, kw_only=True)
class SeenRecord:
    """One record at WARNING or above, rendered when it was made."""

    level: int
    logger: str
    text: str
    place: str

    def __str__(self) -> str:
        return f"{logging.getLevelName(self.level)} {self.logger}: {self.text}  ({self.place})"


@dataclass(slots=True, kw_only=True)
class Expectation:
    """A record a test has declared; ``required`` ones must come at least once."""

    pattern: re.Pattern[str]
    level: int
    required: bool
    hits: int = 0

    def takes(self, record: SeenRecord) -> bool:
        """Count the record when it matches by level and text."""
        if record.level < self.level or not self.pattern.search(record.text):
            return False
        self.hits += 1
        return True


@dataclass(slots=True)
class LogWatch:
    """What one test has logged and what it said it would log."""

    seen: list[SeenRecord] = field(default_factory=list)
    expected: list[Expectation] = field(default_factory=list)

    def expect(self, pattern: str, level: str = "WARNING", *, required: bool = True) -> None:
        """Declare records whose text matches ``pattern``, at ``level`` or above."""
        number = logging.getLevelNamesMapping()[level]
        self.expected.append(
            Expectation(pattern=re.compile(pattern, re.DOTALL), level=number, required=required)
        )

    def _takes(self, record: SeenRecord) -> bool:
        taken = False
        for expectation in self.expected:
            taken = expectation.takes(record) or taken
        return taken

    def complaints(self) -> list[str]:
        """Undeclared records, and declared ones that never came."""
        lines = [
            f"unexpected log record: {record}" for record in self.seen if not self._takes(record)
        ]
        lines += [
            f"expected log record never came: {expectation.pattern.pattern!r}"
            for expectation in self.expected
            if expectation.required and not expectation.hits
        ]
        return lines


def _seen(record: logging.LogRecord) -> SeenRecord:
    try:
        text = record.getMessage()
    except (TypeError, ValueError) as error:
        text = f"{record.msg!r} with arguments that do not fit it: {error}"
    if record.exc_info and record.exc_info[1] is not None:
        text += f" [{type(record.exc_info[1]).__name__}: {record.exc_info[1]}]"
    place = f"{record.pathname}:{record.lineno}"
    return SeenRecord(level=record.levelno, logger=record.name, text=text, place=place)


class LogGuard:
    """Sees every record made in this process, whatever handlers or propagation do to it."""

    def __init__(self) -> None:
        self.watch: LogWatch | None = None

    def install(self) -> None:
        """Take the place of the record factory until ``uninstall``."""
        logging.setLogRecordFactory(self._make)

    def uninstall(self) -> None:
        """Give the plain record factory back."""
        logging.setLogRecordFactory(_plain_factory)

    def _make(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = _plain_factory(*args, **kwargs)
        # A record rebuilt from a socket or a queue has no level yet; it was seen where it was made.
        made_here = isinstance(record.levelno, int)
        if self.watch is not None and made_here and record.levelno >= logging.WARNING:
            self.watch.seen.append(_seen(record))
        return record


_guard = LogGuard()


def pytest_configure(config: pytest.Config) -> None:
    """Watch from the start; records outside a test belong to nobody and pass."""
    for mark in MARKS:
        config.addinivalue_line("markers", mark)
    _guard.install()


def pytest_unconfigure() -> None:
    """Leave logging as it was."""
    _guard.uninstall()


@pytest.fixture(autouse=True)
def _log_watch(request: pytest.FixtureRequest) -> Iterator[LogWatch]:
    watch = LogWatch()
    for mark in request.node.iter_markers("expect_log"):
        watch.expect(*mark.args, **mark.kwargs)
    for mark in request.node.iter_markers("allow_log"):
        watch.expect(*mark.args, **mark.kwargs, required=False)
    outer, _guard.watch = _guard.watch, watch
    yield watch
    _guard.watch = outer
    complaints = watch.complaints()
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture
def expect_log(_log_watch: LogWatch) -> Callable[..., None]:
    """Declare a record this test causes: ``expect_log(pattern, level="WARNING")``."""
    return _log_watch.expect
