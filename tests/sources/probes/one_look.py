"""Makes one look of a prober, held to what every reading must be."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.detection.reading import Reading
from crisisdesk.domain.detection.source import Source
from crisisdesk.engine.detection_ports import Look, Prober

NOW = 1_790_000_000_000
# Long enough for a machine that is busy with other things.
PATIENT_S = 30.0


def asked_look(
    prober: Prober,
    settings: Mapping[str, Any],
    *,
    now: int = NOW,
    deadline_s: float = PATIENT_S,
    secrets: Mapping[str, str] | None = None,
) -> Look:
    """A look with settings as they were written; they are checked first."""
    source = Source(
        source_id="SRC-1",
        version_id="POL-1",
        name="it",
        type=prober.type,
        settings=prober.check(settings),
        every_ms=10_000,
        timeout_ms=5_000,
        failures=2,
        severity="high",
        service="",
        where="duty",
        paused=False,
        since=now,
        by="Ann",
    )
    return Look(source, now, deadline_s, secrets or {}, {})


def look_once(prober: Prober, settings: Mapping[str, Any], **how: Any) -> Reading:
    """The reading, on a loop of its own."""

    async def work() -> Reading:
        look = asked_look(prober, settings, **how)
        try:
            reading = await prober.look(look)
        finally:
            await prober.aclose()
        hold(reading, look)
        return reading

    return asyncio.run(work())


def hold(reading: Reading, look: Look) -> None:
    """Fails for a reading that breaks what is promised."""
    assert reading.source_id == look.source.source_id
    assert reading.at == look.now + reading.took_ms
    assert 0 < len(reading.words) <= 300
    assert reading.words.isprintable()
    for secret in look.secrets.values():
        assert secret not in reading.words
    for sample in reading.samples:
        assert sample.series.source_id == reading.source_id
        assert sample.series.metric not in ("up", "took_seconds")


def values(reading: Reading) -> dict[str, float]:
    """Metric -> value."""
    return {sample.series.metric: sample.value for sample in reading.samples}
