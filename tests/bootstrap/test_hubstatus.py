"""What the engine says about the hub reaches the terminal, and an absent engine is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crisisdesk.api.fleet import fleet_out
from crisisdesk.bootstrap import hubstatus
from crisisdesk.engine.door import Health
from crisisdesk.engine.fleet import Durability, DutyStatus, FleetStatus, HubStatus, StationStatus
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.places import Places

STATUS = FleetStatus(
    hub=HubStatus(state="away", where="hub:5432/crisis", words="no route", to_push=3),
    duty=DutyStatus(kind="not_paging"),
    stations=(
        StationStatus(
            station_id="S-1",
            origin="a" * 32,
            name="Brno",
            version="0.2",
            is_self=False,
            seen_ms=5,
            behind=7,
            duty_rank=2,
        ),
    ),
    durability=Durability(disk=9, hub=6, other=4),
    held_back=("a1b2c3d4: two different events 5",),
)


def as_answered(health: Health) -> dict[str, object]:
    answer: dict[str, object] = json.loads(fleet_out(1_000, STATUS, health).model_dump_json())
    return answer


def test_every_part_of_the_engines_answer_is_told(health: Health) -> None:
    text = "\n".join(hubstatus.told(as_answered(health)))
    for words in (
        "away, hub:5432/crisis: no route",
        "3 events to send",
        "NOT PAGING",
        "9 on this disk, 6 on the hub, 4 on another station",
        "Brno S-1, duty rank 2",
        "7 events behind, CrisisDesk 0.2",
        "two different events 5",
    ):
        assert words in text


def test_events_that_are_nowhere_else_are_warned_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, health: Health
) -> None:
    places = Places(tmp_path)
    assert "not known" in hubstatus.not_yet_on_the_hub(places)
    monkeypatch.setattr(hubstatus, "fleet_of", lambda _places: as_answered(health))
    assert hubstatus.not_yet_on_the_hub(places) == (
        "3 events of this station are NOT on the hub yet.\n"
    )


def test_a_door_without_an_engine_behind_it_is_no_engine(tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert hubstatus.fleet_of(places) is None
    door = {"url": "http://127.0.0.1:1", "token": "t", "pid": 1, "started_ms": 0}
    places.engine_door.write_text(json.dumps(door))
    assert hubstatus.fleet_of(places) is None
    places.engine_door.write_text("{")
    with pytest.raises(SettingsError, match="cannot be read"):
        hubstatus.fleet_of(places)


@pytest.fixture
def health() -> Health:
    from dataclasses import fields

    given = {f.name: () if "tuple" in str(f.type) else 0 for f in fields(Health)}
    return Health(**(given | {"origin": "a" * 32}))  # type: ignore[arg-type]
