"""What was kept of a rule's series, for trying it: read where it can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule, trial_rule
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.errors import Conflict
from crisisdesk.engine.detection_ports import Bucket
from crisisdesk.engine.recorded import recorded
from crisisdesk.store.samples.keeping import StationSamples

from tests.store.samples.bench import HandClock

LOAD = series("S-1", "load", {"host": "a"})


def rule(rule_type: str, **conditions: object) -> AlertRule:
    return trial_rule("one", {"rule_type": rule_type, "conditions": conditions})


def test_samples_and_lines_of_the_stations_own_store_are_read(tmp_path: Path) -> None:
    clock = HandClock()
    now = clock.now_ms()
    store = StationSamples(tmp_path / "samples", clock, own_thread=False)
    line = Line(at=now, name="app", text="password=hunter2 refused")
    store.write([Sample(LOAD, now, 2.0)], [line])
    store.write_out()
    high = rule("threshold", metric="load", op=">", value=1)
    assert recorded(store, high, now, now + 1).samples == (Sample(LOAD, now, 2.0),)
    refused = rule("pattern", line={"contains": "refused"})
    (kept,) = recorded(store, refused, now, now + 1).lines
    assert (kept.at, kept.name, kept.text) == (now, "app", "password=*** refused")
    store.close()


class Broken:
    """A store whose disk refuses."""

    def known(self, source_id: str = "") -> list[Series]:
        raise OSError(f"input/output error {source_id}")

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        raise OSError("input/output error")

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        raise OSError("input/output error")


def test_a_store_that_cannot_be_read_is_told_with_what_to_do() -> None:
    with pytest.raises(Conflict, match="input/output error"):
        recorded(Broken(), rule("threshold", metric="load", op=">", value=1), 0, 1)
