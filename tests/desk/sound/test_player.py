"""The player reports in words whether an alarm can be heard, and uses what the session has."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.sound.player import (
    NOT_ASKED,
    Player,
    motif_file,
    program_arguments,
    volume_of,
)
from crisisdesk.domain.alarm import Motif


def script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("motif", list(Motif), ids=str)
def test_every_motif_has_its_file(motif: Motif) -> None:
    assert motif_file(motif).is_file()


def test_nobody_reached_cannot_be_turned_down() -> None:
    assert volume_of(Motif.UNREACHED, 0.0) == 1.0
    assert volume_of(Motif.LOW, None) == 0.30
    assert volume_of(Motif.HIGH, 7.0) == 1.0
    assert volume_of(Motif.HIGH, -1.0) == 0.0


def test_each_program_is_called_in_its_own_way() -> None:
    file = Path("/sounds/low.wav")
    assert program_arguments("/usr/bin/paplay", file, 0.5) == ["--volume=32768", str(file)]
    assert program_arguments("/usr/bin/pw-play", file, 0.5) == ["--volume=0.50", str(file)]
    assert program_arguments("/usr/bin/aplay", file, 0.5) == ["-q", str(file)]


def test_a_program_that_plays_arms_the_desk(qtbot: QtBot, tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = script(tmp_path / "paplay", f'echo "$@" > {told}')
    player = Player(programs=[program])
    assert player.state == NOT_ASKED
    with qtbot.waitSignal(player.state_changed, timeout=5000):
        player.play(Motif.HIGH)
    assert player.state.kind == "armed"
    assert player.state.words == "Sound armed, by paplay"
    assert told.read_text().split() == ["--volume=42598", str(motif_file(Motif.HIGH))]
    player.close()


def test_a_program_that_fails_is_told_with_its_own_words(qtbot: QtBot, tmp_path: Path) -> None:
    program = script(tmp_path / "paplay", "echo 'Connection refused' >&2; exit 1")
    player = Player(programs=[program])
    with qtbot.waitSignal(player.state_changed, timeout=5000):
        player.play(Motif.CRITICAL)
    assert player.state.kind == "error"
    assert player.state.words == "No sound: paplay failed: Connection refused"
    player.close()


def test_a_program_that_is_gone_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    player = Player(programs=[str(tmp_path / "paplay")])
    with qtbot.waitSignal(player.state_changed, timeout=5000):
        player.play(Motif.LOW)
    assert player.state.words == "No sound: paplay does not start"
    player.close()


def test_a_louder_motif_cuts_the_running_one_off(qtbot: QtBot, tmp_path: Path) -> None:
    program = script(
        tmp_path / "paplay", 'case "$2" in *low.wav) exec tail -f /dev/null;; esac'
    )  # the low motif never ends by itself
    player = Player(programs=[program])
    player.play(Motif.LOW)
    with qtbot.waitSignal(player.state_changed, timeout=5000):
        player.play(Motif.CRITICAL)
    assert player.state.kind == "armed"
    player.close()


def test_without_any_way_it_says_so(qtbot: QtBot) -> None:
    player = Player(programs=[])
    player.play(Motif.LOW)
    assert player.state.kind == "error"
    assert "No sound" in player.state.words
    player.close()
