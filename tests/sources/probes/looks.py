"""Makes looks for tests of probers, and runs them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.detection.reading import Reading
from crisisdesk.domain.detection.source import Source
from crisisdesk.engine.detection_ports import Look, Prober

NOW = 1_790_000_000_000
# Long enough for a machine that is busy with other things.
PATIENT_S = 30.0


def source(
    type_: str, settings: Mapping[str, Any], *, source_id: str = "s1", every_ms: int = 10_000
) -> Source:
    """A declared source."""
    return Source(
        source_id=source_id,
        version_id="v1",
        name="source",
        type=type_,
        settings=settings,
        every_ms=every_ms,
        timeout_ms=5_000,
        failures=2,
        severity="high",
        service="",
        where="duty",
        paused=False,
        since=NOW,
        by="ann",
    )


def look_at(
    prober: Prober,
    settings: Mapping[str, Any],
    *,
    now: int = NOW,
    deadline_s: float = PATIENT_S,
    secrets: Mapping[str, str] | None = None,
    bookmark: Mapping[str, object] | None = None,
    source_id: str = "s1",
    every_ms: int = 10_000,
) -> Look:
    """A look with settings as they were written; they are checked first."""
    checked = prober.check(settings)
    return Look(
        source=source(prober.type, checked, source_id=source_id, every_ms=every_ms),
        now=now,
        deadline_s=deadline_s,
        secrets=secrets or {},
        bookmark=bookmark or {},
    )


def looked(prober: Prober, look: Look) -> Reading:
    """The reading of one look, on a loop of its own; held to what every reading must be."""

    async def work() -> Reading:
        reading = await prober.look(look)
        await prober.aclose()
        return reading

    reading = asyncio.run(work())
    hold_to_the_rules(reading, look)
    return reading


def look_once(prober: Prober, settings: Mapping[str, Any], **how: Any) -> Reading:
    """The reading of one look with settings as they were written; ``how`` is that of `look_at`."""
    return looked(prober, look_at(prober, settings, **how))


def hold_to_the_rules(reading: Reading, look: Look) -> None:
    """Fails for a reading that breaks what `Reading` and `Prober` promise."""
    assert reading.source_id == look.source.source_id
    assert reading.at == look.now + reading.took_ms
    assert 0 < len(reading.words) <= 300
    assert reading.words.isprintable()
    for secret in look.secrets.values():
        assert secret not in reading.words
    assert not {sample.series.metric for sample in reading.samples} & {"up", "took_seconds"}
    assert all(s.series.source_id == reading.source_id for s in reading.samples)
    assert not _floats(reading.bookmark)
    assert json.loads(json.dumps(reading.bookmark)) == reading.bookmark


def _floats(value: object) -> bool:
    if isinstance(value, dict):
        return any(_floats(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_floats(inner) for inner in value)
    return isinstance(value, float)


def values(reading: Reading) -> dict[str, float]:
    """Series as text -> value, of what has one sample."""
    return {str(sample.series): sample.value for sample in reading.samples}
