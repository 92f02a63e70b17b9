"""Makes the alarm motifs from sines, the same bytes every time: ``python -m …synth FOLDER``."""

from __future__ import annotations

import math
import sys
import wave
from array import array
from pathlib import Path
from typing import NamedTuple

from crisisdesk.domain.alarm import Motif

RATE_HZ = 44_100
_PEAK = 0.82
_ATTACK_S, _RELEASE_S = 0.008, 0.03
# Fundamental and overtones; the odd ones carry through a noisy room and small loudspeakers.
_SOFT = ((1, 1.0), (2, 0.18), (3, 0.06))
_BRIGHT = ((1, 1.0), (2, 0.35), (3, 0.28), (5, 0.1))


class Note(NamedTuple):
    """One note: start and length in seconds, pitch in Hz; ``decay_s`` is its fall to 1/e.

    ``slide_hz`` is the pitch it ends at (0: it stays).
    """

    start_s: float
    length_s: float
    pitch_hz: float
    decay_s: float = 0.25
    slide_hz: float = 0.0


class Score(NamedTuple):
    """A motif: its notes and overtones, its length in seconds."""

    length_s: float
    overtones: tuple[tuple[int, float], ...]
    notes: tuple[Note, ...]


def _row(
    pitches: tuple[float, ...], step_s: float, length_s: float, decay_s: float
) -> tuple[Note, ...]:
    return tuple(
        Note(start_s=index * step_s, length_s=length_s, pitch_hz=pitch, decay_s=decay_s)
        for index, pitch in enumerate(pitches)
    )


def _siren(low_hz: float, high_hz: float, half_s: float, turns: int) -> tuple[Note, ...]:
    return tuple(
        Note(
            start_s=index * half_s,
            length_s=half_s,
            pitch_hz=high_hz if index % 2 == 0 else low_hz,
            decay_s=9.0,
        )
        for index in range(turns)
    )


# Pitches are equal-tempered (A4 = 440 Hz): rising means "look", falling and faster means "now".
SCORES: dict[Motif, Score] = {
    Motif.LOW: Score(0.7, _SOFT, (Note(0.0, 0.68, 523.25, 0.22),)),
    Motif.MEDIUM: Score(0.9, _SOFT, _row((587.33, 783.99), 0.22, 0.5, 0.2)),
    Motif.HIGH: Score(1.2, _BRIGHT, _row((659.26, 830.61, 987.77), 0.2, 0.5, 0.2)),
    Motif.CRITICAL: Score(
        1.3, _BRIGHT, _row((1174.66, 987.77, 880.0, 739.99) * 2, 0.14, 0.2, 0.12)
    ),
    Motif.EMERGENCY: Score(1.8, _BRIGHT, _siren(660.0, 880.0, 0.45, 4)),
    Motif.UNREACHED: Score(
        1.8,
        _BRIGHT,
        tuple(Note(n * 0.6, 0.55, 620.0, 9.0, slide_hz=1240.0) for n in range(3)),
    ),
}


def _envelope(at_s: float, note: Note) -> float:
    rise = min(1.0, at_s / _ATTACK_S)
    fall = min(1.0, max(0.0, note.length_s - at_s) / _RELEASE_S)
    return rise * fall * math.exp(-at_s / note.decay_s)


def samples(motif: Motif) -> array[int]:
    """The motif as 16-bit mono samples at 44.1 kHz, its loudest at 82 % of full scale."""
    score = SCORES[motif]
    mix = [0.0] * round(score.length_s * RATE_HZ)
    for note in score.notes:
        first = round(note.start_s * RATE_HZ)
        last = min(len(mix), first + round(note.length_s * RATE_HZ))
        slope = (note.slide_hz - note.pitch_hz) / note.length_s if note.slide_hz else 0.0
        for index in range(first, last):
            at_s = (index - first) / RATE_HZ
            # The phase of a linear chirp: integral of pitch + slope * t.
            turns = note.pitch_hz * at_s + slope * at_s * at_s / 2
            tone = sum(
                share * math.sin(2 * math.pi * number * turns) for number, share in score.overtones
            )
            mix[index] += tone * _envelope(at_s, note)
    scale = _PEAK * 32_767 / max(abs(value) for value in mix)
    return array("h", (round(value * scale) for value in mix))


def write_motif(motif: Motif, folder: Path) -> Path:
    """Write one motif as a WAV file of its name; returns the file."""
    path = folder / f"{motif.value}.wav"
    data = samples(motif)
    if sys.byteorder == "big":
        data.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(data.tobytes())
    return path


def main(arguments: list[str]) -> int:
    """Write every motif into a folder; returns 0, or 2 without a folder."""
    if len(arguments) != 1:
        sys.stderr.write("Say where to: python -m crisisdesk.desk.sound.synth FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for motif in Motif:
        write_motif(motif, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
