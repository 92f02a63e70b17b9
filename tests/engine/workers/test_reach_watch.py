"""A living engine says among its problems that nobody can be reached, as long as it is so."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.engine.commands import SaveContact
from crisisdesk.engine.outage_commands import EndOutage, SetOutage
from crisisdesk.engine.workers import reach_watch

from tests.engine.workers.live import Live

MAIL = {"method_id": "m1", "channel": "email", "label": "", "masked": "mailto://…"}


def problems(live: Live) -> list[str]:
    return [words for words in live.engine.health().problems if "nobody can be reached" in words]


def test_it_is_told_until_somebody_can_be_reached_again(
    live: Live, monkeypatch: pytest.MonkeyPatch, expect_log: Any
) -> None:
    expect_log("nobody can be reached by a working way", level="ERROR")
    monkeypatch.setattr(reach_watch, "LOOK_S", 0.02)
    live.stop()
    live.start()
    live.do(SaveContact(name="Ann", methods=[MAIL]))
    assert problems(live) == []
    live.do(SetOutage(dependency="dns", reason="x"))
    live.until(lambda: problems(live) != [])
    assert problems(live)[0].startswith("nobody can be reached by a working way (dns)")
    live.do(EndOutage(dependency="dns"))
    live.until(lambda: problems(live) == [])
