"""The rules every intake parser is given; its result and its error are the engine's intake port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crisisdesk.domain.severity import DEFAULT_SEVERITY_WORDS, Severity
from crisisdesk.engine.intake import IntakeError, Parsed

__all__ = ["IntakeError", "IntakeRules", "Parsed"]


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
