"""One look of one source: its prober, its secrets, its deadline, and what is made of the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.series import TOOK, UP, Sample, series
from crisisdesk.domain.detection.source import SECOND_MS, Source
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.redaction import MASK, shapes_of
from crisisdesk.engine.collector_ports import Probers, prober_of
from crisisdesk.engine.detection_ports import Look
from crisisdesk.engine.patience import within
from crisisdesk.engine.ports import Secrets

log = logging.getLogger(__name__)

# The entries that settings of sources may name: `watchdog:url` and the like are none of them.
SECRET_PREFIX = "source:"
WORDS_LIMIT = 300
# A prober keeps its deadline itself; one that does not is given up.
OVERTIME_S = 1.0
# Whoever was kept from looking for longer than this may have slept through the answer.
GAP_MS = 10 * SECOND_MS
SECRETS_KEPT_MS = 30 * SECOND_MS


def secret_name(name: str) -> str:
    """The entry of the station's secrets that settings of a source mean by a name."""
    return SECRET_PREFIX + name


class Looker:
    """Looks once when asked; ``now`` is the engine's clock (UTC ms)."""

    def __init__(self, probers: Probers, secrets: Secrets, now: Callable[[], int]) -> None:
        self._probers = probers
        self._secrets = secrets
        self._now = now
        self._known: dict[str, tuple[int, str]] = {}
        # How the last look of each failed here, told once until another one succeeds.
        self._failed: dict[str, str] = {}

    async def look(self, source: Source, bookmark: Mapping[str, object]) -> Reading:
        """What one look found, with the samples that every look leaves. Never raises but when it
        is cancelled."""
        began = self._now()
        try:
            prober = prober_of(self._probers, source.type)
            # Another station may have published it, of another version.
            checked = replace(source, settings=prober.check(source.settings))
            secrets = await self._secrets_for(prober.secret_names(checked.settings))
            timeout_s = source.timeout_ms / SECOND_MS
            asked = Look(checked, began, timeout_s, secrets, bookmark)
            reading = await within(timeout_s + OVERTIME_S, prober.look(asked))
        except Malformed as error:
            return self._unsure(source, began, str(error))
        except TimeoutError:
            return self._unsure(source, began, "the look did not end within its deadline")
        except Exception as error:
            kind = type(error).__name__
            if self._failed.get(source.source_id) != kind:
                log.exception("looking at %s (%s) failed", source.name, source.type)
            self._failed[source.source_id] = kind
            return self._unsure(source, began, f"looking failed ({kind}); see the log")
        self._failed.pop(source.source_id, None)
        return self._finished(source, began, reading, secrets)

    def _finished(
        self, source: Source, began: int, reading: Reading, secrets: Mapping[str, str]
    ) -> Reading:
        now = self._now()
        words = "".join(c if c.isprintable() else " " for c in reading.words)
        words = " ".join(words.split()) or "no words"
        for value in secrets.values():
            for shape in shapes_of(value):
                words = words.replace(shape, MASK)
        slept = not 0 <= now - began <= source.timeout_ms + GAP_MS
        if slept and reading.verdict == Verdict.DOWN:
            words = f"this station was away meanwhile; {words}"
            return self._unsure(source, began, words)
        told = replace(reading, at=now, words=words[:WORDS_LIMIT])
        return replace(told, samples=_with_own(source, told))

    def _unsure(self, source: Source, began: int, words: str) -> Reading:
        now = self._now()
        return Reading(
            source_id=source.source_id,
            verdict=Verdict.UNSURE,
            at=now,
            took_ms=max(0, now - began),
            words=words[:WORDS_LIMIT],
        )

    async def _secrets_for(self, names: Sequence[str]) -> dict[str, str]:
        """The secrets of these names; raises Malformed for one that this station does not have."""
        found: dict[str, str] = {}
        for name in names:
            at, value = self._known.get(name, (0, ""))
            if not value or not 0 <= self._now() - at < SECRETS_KEPT_MS:
                told = await asyncio.to_thread(self._secrets.get, secret_name(name))
                if not told:
                    remedy = f"give it one: crisisdesk source secret {name}"
                    raise Malformed("settings", f"secret {name!r} is not at this station", remedy)
                value = told
                self._known[name] = (self._now(), value)
            found[name] = value
        return found


def _with_own(source: Source, reading: Reading) -> tuple[Sample, ...]:
    """Its samples, and those that every source has: ``up`` and ``took_seconds``."""
    if reading.verdict == Verdict.UNSURE:
        return reading.samples
    is_up = 1.0 if reading.verdict == Verdict.UP else 0.0
    own = (
        Sample(series(source.source_id, UP), reading.at, is_up),
        Sample(series(source.source_id, TOOK), reading.at, reading.took_ms / SECOND_MS),
    )
    return (*own, *reading.samples)
