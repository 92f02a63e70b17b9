"""Finding the station: without an engine reading goes on and nothing is claimed to be saved."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from crisisdesk.api.client import Client
from crisisdesk.cli.station import read_door

from tests.cli.conftest import Cli, start_station


def test_an_empty_folder_has_no_station(call: Cli, tmp_path: Path) -> None:
    said = call("alert", "list", folder=tmp_path)
    assert (said.code, said.out) == (3, "")
    assert "there is no station" in said.err
    said = call("alert", "ack", "A-1", "--operator", "Ann", folder=tmp_path)
    assert said.code == 3
    assert "no engine runs on" in said.err
    assert "not saved; start it first" in said.err


def test_a_door_that_is_no_door_is_said(call: Cli, tmp_path: Path) -> None:
    (tmp_path / "engine.door").write_text("{}")
    said = call("alert", "ack", "A-1", "--operator", "Ann", folder=tmp_path)
    assert said.code == 3
    assert "engine.door cannot be read" in said.err


def test_the_operator_at_the_desk_acts_unless_another_is_named(call: Cli, tmp_path: Path) -> None:
    station = start_station(tmp_path)
    try:
        raise_it = ("alert", "raise", "x", "--severity", "low")
        said = call(*raise_it, folder=tmp_path)
        assert said.code == 2
        assert "say who acts with --operator NAME" in said.err
        first = call(*raise_it, "--operator", "Klára Langová", folder=tmp_path)
        assert first.code == 0
        with Client(*read_door(station.places), "Ann") as client:
            client.set_station(operator="Tom Weber")
        second = call(*raise_it, folder=tmp_path)
        assert second.code == 0
        assert "Tom Weber" in call("alert", "show", second.out.strip(), folder=tmp_path).out
    finally:
        station.stop()
    listed = call("alert", "list", "--json", folder=tmp_path)
    ids = [json.loads(line)["alert_id"] for line in listed.lines]
    assert ids == [second.out.strip(), first.out.strip()]
    assert "away: no engine runs on" in call("dashboard", folder=tmp_path).out
    assert "No engine runs now" in call("intake", folder=tmp_path).out


def test_a_killed_engine_leaves_an_honest_refusal(call: Cli, tmp_path: Path) -> None:
    station = start_station(tmp_path)
    station.stop(signal.SIGKILL)
    words = ("alert", "raise", "x", "--severity", "low", "--operator", "Ann")
    said = call(*words, folder=tmp_path)
    assert (said.code, said.out) == (3, "")
    assert "the engine is not running; not saved; start it first" in said.err
    assert call("alert", "list", folder=tmp_path).out == "No such alert.\n"


def test_settings_that_cannot_be_read_are_named(call: Cli, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port = 'many'\n")
    said = call("intake", folder=tmp_path)
    assert said.code == 1
    assert "settings.toml" in said.err
    assert "port" in said.err


def test_an_engine_that_never_ran_has_no_token_to_show(call: Cli, tmp_path: Path) -> None:
    said = call("intake", "token", folder=tmp_path)
    assert (said.code, said.out) == (1, "")
    assert "no intake token yet" in said.err
