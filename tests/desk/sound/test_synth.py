"""The motifs are what the score says: short, clean, told apart, and shipped as made."""

from __future__ import annotations

import itertools
import wave
from array import array
from pathlib import Path

import pytest

from crisisdesk.desk.sound import synth
from crisisdesk.desk.sound.player import motif_file
from crisisdesk.domain.alarm import GAP_MS, Motif


def read(path: Path) -> array[int]:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 44_100)
        return array("h", file.readframes(file.getnframes()))


@pytest.mark.parametrize("motif", list(Motif), ids=str)
def test_the_shipped_file_is_what_the_score_makes(motif: Motif) -> None:
    shipped, made = read(motif_file(motif)), synth.samples(motif)
    assert len(shipped) == len(made)
    # One step of rounding is allowed: sine and exp differ in their last bit between C libraries.
    assert max(abs(a - b) for a, b in zip(shipped, made, strict=True)) <= 1


@pytest.mark.parametrize("motif", list(Motif), ids=str)
def test_it_is_short_loud_enough_and_never_clips_or_clicks(motif: Motif) -> None:
    data = read(motif_file(motif))
    assert 0.6 <= len(data) / synth.RATE_HZ <= 1.8
    assert len(data) * 1000 / synth.RATE_HZ <= GAP_MS
    peak = max(abs(value) for value in data)
    assert 20_000 < peak < 32_000
    assert abs(data[0]) < 200
    assert abs(data[-1]) < 200
    steps = max(abs(b - a) for a, b in itertools.pairwise(data))
    assert steps < 32_000


def test_no_two_motifs_share_pitches_and_rhythm() -> None:
    faces = {
        tuple((note.start_s, note.pitch_hz, note.slide_hz) for note in score.notes)
        for score in synth.SCORES.values()
    }
    assert len(faces) == len(Motif)
    counts = {motif: len(synth.SCORES[motif].notes) for motif in Motif}
    assert (counts[Motif.LOW], counts[Motif.MEDIUM], counts[Motif.HIGH]) == (1, 2, 3)


def test_writing_is_deterministic(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert synth.main([str(tmp_path / "b")]) == 0
    first = synth.write_motif(Motif.LOW, tmp_path / "a").read_bytes()
    assert first == (tmp_path / "b" / "low.wav").read_bytes()


def test_without_a_folder_it_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert synth.main([]) == 2
    assert "FOLDER" in capsys.readouterr().err
