"""What every look has in common: the time it took, its sentence, and how it did not end well."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from time import monotonic
from typing import Any

from crisisdesk.domain.detection.reading import Line, Reading, Verdict
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.detection_ports import Look
from crisisdesk.engine.patience import within
from crisisdesk.sources.probes.reasons import reason_of

WORDS_LIMIT = 300
_MASK = "***"
# A secret of one or two characters would mask half of every sentence.
_MASKED_FROM = 3


class Unanswered(Exception):
    """A look that ends without what was asked for: the verdict, and why in words for an operator.

    The words may still hold what the other side said; `Sight.failed` masks the secrets in them.
    ``values`` (by metric) were measured all the same.
    """

    def __init__(
        self, verdict: Verdict, words: str, values: Mapping[str, float] | None = None
    ) -> None:
        super().__init__(words)
        self.verdict = verdict
        self.values = values or {}


def down(words: str, values: Mapping[str, float] | None = None) -> Unanswered:
    """What was looked at is not as it should be."""
    return Unanswered(Verdict.DOWN, words, values)


def unsure(words: str) -> Unanswered:
    """This station could not look."""
    return Unanswered(Verdict.UNSURE, words)


class Sight:
    """One look under way: it knows when it began and makes the reading in the end."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._began = monotonic()

    @property
    def left_s(self) -> float:
        """Seconds that are left of the deadline, at least 0."""
        return max(0.0, self._began + self.look.deadline_s - monotonic())

    def secret(self, name: str) -> str:
        """The secret of that name, "" for the name ""; raises Unanswered when it is not kept."""
        if not name:
            return ""
        value = self.look.secrets.get(name)
        if not value:
            raise unsure(f"the secret {name} is not kept on this station; set it here")
        return value

    def reading(
        self,
        verdict: Verdict,
        words: str,
        *,
        samples: Sequence[Sample] = (),
        values: Mapping[str, float] | None = None,
        lines: Sequence[Line] = (),
        signals: Sequence[Signal] = (),
        bookmark: Mapping[str, object] | None = None,
    ) -> Reading:
        """The reading, with ``values`` by metric measured at its end; without a bookmark the one
        of the look before is kept."""
        took_ms = round((monotonic() - self._began) * 1000)
        at, source_id = self.look.now + took_ms, self.look.source.source_id
        found = [Sample(series(source_id, name), at, v) for name, v in (values or {}).items()]
        return Reading(
            source_id=source_id,
            verdict=verdict,
            at=at,
            took_ms=took_ms,
            words=plain_words(words, self.look.secrets.values()),
            samples=(*samples, *found),
            lines=tuple(lines),
            signals=tuple(signals),
            bookmark=dict(self.look.bookmark if bookmark is None else bookmark),
        )

    def failed(self, error: Unanswered) -> Reading:
        """The reading of a look that ended so."""
        return self.reading(error.verdict, str(error), values=error.values)

    async def bounded(self, work: Coroutine[Any, Any, Reading], what: str) -> Reading:
        """The reading that ``work`` comes to within the deadline, or why ``what`` gave none; an
        OSError of ``work`` is the other side's."""
        try:
            return await within(self.left_s, work)
        except Unanswered as error:
            return self.failed(error)
        except TimeoutError:
            return self.late(what)
        except OSError as error:
            return self.failed(down(reason_of(error)))

    def late(self, what: str, verdict: Verdict = Verdict.DOWN) -> Reading:
        """The reading of a look that was not answered within its deadline."""
        return self.reading(verdict, f"{what} did not answer within {self.look.deadline_s:g} s")


def plain_words(words: str, secrets: Iterable[str]) -> str:
    """One line of at most 300 characters, with every secret masked."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _MASKED_FROM:
            words = words.replace(secret, _MASK)
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= WORDS_LIMIT else f"{line[: WORDS_LIMIT - 1]}…"


def whole_at(bookmark: Mapping[str, object], name: str, default: int = 0) -> int:
    """A whole number of a bookmark; a bookmark that was spoilt counts as none."""
    value = bookmark.get(name)
    return value if type(value) is int else default


def text_at(bookmark: Mapping[str, object], name: str) -> str:
    """A text of a bookmark, or ""."""
    value = bookmark.get(name)
    return value if isinstance(value, str) else ""
