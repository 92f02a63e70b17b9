"""Logging: JSON lines to stderr or the journal and to a rotating file, with secrets taken out."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from crisisdesk.domain.redaction import redact, redact_value, shapes_of
from crisisdesk.settings.places import Places

LOG_NAME = "crisisdesk.log"
FILE_BYTES = 5 * 1024 * 1024
FILES_KEPT = 5
TEXT_LIMIT = 32_000

# Below these levels the libraries write whole addresses, headers and bodies.
QUIET = {
    "apprise": logging.INFO,
    "requests": logging.INFO,
    "urllib3": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "smtplib": logging.INFO,
    "keyring": logging.INFO,
    "asyncio": logging.INFO,
}

# Apprise's warnings quote parts of addresses it rejects; deliveries log their outcome themselves.
KEPT_OUT_BELOW = {"apprise": logging.ERROR}

# sd-daemon(3) priorities.
_PRIORITY = (
    (logging.CRITICAL, "<2>"),
    (logging.ERROR, "<3>"),
    (logging.WARNING, "<4>"),
    (logging.INFO, "<6>"),
)


class KnownSecrets:
    """Secrets in use by this process, so that they never reach a log in any shape; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shapes: tuple[str, ...] = ()

    def add(self, *secrets: str) -> None:
        """From now on mask these; those under 4 characters are ignored."""
        with self._lock:
            found = set(self._shapes)
            for secret in secrets:
                found.update(shapes_of(secret))
            self._shapes = tuple(sorted(found, key=len, reverse=True))

    def shapes(self) -> tuple[str, ...]:
        """All spellings to mask, longest first."""
        return self._shapes


KNOWN_SECRETS = KnownSecrets()


@dataclass(kw_only=True, slots=True)
class Logging:
    """The installed handlers; ``close`` puts the process back as it was."""

    handlers: tuple[logging.Handler, ...]
    levels_before: dict[str, int]
    excepthook_before: object

    def close(self) -> None:
        """Flush and take the handlers off."""
        root = logging.getLogger()
        for handler in self.handlers:
            root.removeHandler(handler)
            handler.close()
        for name, level in self.levels_before.items():
            logging.getLogger(name or None).setLevel(level)
        logging.captureWarnings(False)
        sys.excepthook = self.excepthook_before  # type: ignore[assignment]


def configure_logging(
    places: Places | None,
    *,
    level: str = "INFO",
    stream: TextIO | None = None,
    secrets: KnownSecrets = KNOWN_SECRETS,
) -> Logging:
    """Send every record of the process to ``stream`` (stderr) and, given places, to logs/.

    ``level`` is a standard level name (ValueError otherwise). Both handlers share one formatter,
    which masks secrets in the event, its fields, tracebacks and stack traces. Uncaught exceptions
    of the main thread and of other threads pass the same way.
    """
    target = sys.stderr if stream is None else stream
    formatter = _formatter(secrets)
    handlers: list[logging.Handler] = [logging.StreamHandler(target)]
    if is_journal(target):
        handlers[0].setFormatter(_PriorityFormatter(formatter))
    else:
        handlers[0].setFormatter(formatter)
    if places is not None:
        places.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        rotating = logging.handlers.RotatingFileHandler(
            places.logs / LOG_NAME, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
        )
        rotating.setFormatter(formatter)
        handlers.append(rotating)
    root = logging.getLogger()
    before = {"": root.level} | {name: logging.getLogger(name).level for name in QUIET}
    root.setLevel(level.upper())
    for name, floor in QUIET.items():
        logging.getLogger(name).setLevel(max(floor, root.level))
    for handler in handlers:
        handler.addFilter(_loud_enough)
        root.addHandler(handler)
    logging.captureWarnings(True)
    hook = sys.excepthook
    sys.excepthook = _log_uncaught
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    return Logging(handlers=tuple(handlers), levels_before=before, excepthook_before=hook)


def is_journal(stream: TextIO) -> bool:
    """True when systemd says (JOURNAL_STREAM, systemd.exec(5)) that this stream is the journal."""
    wanted = os.environ.get("JOURNAL_STREAM", "")
    if not wanted:
        return False
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return wanted == f"{found.st_dev}:{found.st_ino}"


def _stamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    created = datetime.fromtimestamp(event["_record"].created, tz=UTC)
    event["timestamp"] = created.isoformat(timespec="milliseconds")
    return event


def _formatter(secrets: KnownSecrets) -> logging.Formatter:
    def masked(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        shapes = secrets.shapes()
        return {str(key): _cut(redact_value({key: item}, shapes)) for key, item in event.items()}

    def _cut(pair: object) -> object:
        value = next(iter(pair.values())) if isinstance(pair, dict) else pair
        if isinstance(value, str) and len(value) > TEXT_LIMIT:
            return value[:TEXT_LIMIT] + "… (cut)"
        return value

    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _stamp,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
        processors=[
            *shared,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            masked,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False),
        ],
    )


class _PriorityFormatter(logging.Formatter):
    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        prefix = next((mark for floor, mark in _PRIORITY if record.levelno >= floor), "<7>")
        return prefix + self._inner.format(record)


def _loud_enough(record: logging.LogRecord) -> bool:
    name = record.name.partition(".")[0]
    return record.levelno >= max(QUIET.get(name, 0), KEPT_OUT_BELOW.get(name, 0))


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("crisisdesk").critical("uncaught error", exc_info=(kind, error, trace))


def masked_words(text: str, exact: Iterable[str] = ()) -> str:
    """Text for people with the process's known secrets and secret-looking parts masked."""
    return redact(text, (*KNOWN_SECRETS.shapes(), *exact))
