"""What every intake parser shares: the rules given, the result returned, the error raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.severity import DEFAULT_SEVERITY_WORDS, Severity
from crisisdesk.domain.signal import Signal


class IntakeError(Exception):
    """A payload that is refused as a whole; nothing of it may be stored.

    ``status`` is the HTTP status (always 4xx), ``field`` the path of what is wrong
    (``alerts[3].labels.severity``, or ``body``), ``problem`` what is wrong with it and ``remedy``
    what the sender can do about it.
    """

    def __init__(self, status: int, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem}. {remedy}")
        self.status = status
        self.field = field
        self.problem = problem
        self.remedy = remedy

    def inside(self, path: str) -> IntakeError:
        """The same error with its field seen from further out: ``.labels.a`` inside ``[3]``."""
        dotted = bool(self.field) and self.field[0] not in ".["
        field = f".{self.field}" if dotted else self.field
        return IntakeError(self.status, f"{path}{field}", self.problem, self.remedy)


@dataclass(frozen=True, kw_only=True, slots=True)
class IntakeRules:
    """Configured translation and limits.

    ``severity_words`` maps a source's own word, in lower case, to a severity; a word that is
    absent means ``default_severity``. ``max_text_chars`` bounds the labels, and likewise the
    annotations, of one alert taken together. ``utf8_label_names`` allows any label name that is not
    empty, as a Prometheus in UTF-8 mode sends them; without it names are held to the classic
    ``[a-zA-Z_][a-zA-Z0-9_]*``.
    """

    severity_words: Mapping[str, Severity] = field(
        default_factory=lambda: dict(DEFAULT_SEVERITY_WORDS)
    )
    default_severity: Severity = Severity.MEDIUM
    max_body_bytes: int = 16 * 1024 * 1024
    max_depth: int = 32
    max_alerts_per_request: int = 10_000
    max_text_chars: int = 65_536
    utf8_label_names: bool = False

    def severity(self, word: str | None) -> Severity:
        """Translate a source's own word, in any case and with spaces around it."""
        if not word:
            return self.default_severity
        found = self.severity_words.get(word)
        if found is not None:
            return found
        return self.severity_words.get(word.strip().lower(), self.default_severity)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What one request said.

    ``answer`` is the JSON body of a success (None: an empty body) and ``status`` its HTTP status,
    both to be sent only after the signals are committed. ``routing_key`` is the credential that
    came inside the payload, for protocols that carry theirs there.
    """

    signals: list[Signal]
    status: int = 200
    answer: dict[str, Any] | None = None
    routing_key: str = field(default="", repr=False)
