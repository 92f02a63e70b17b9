"""Plays the motifs and says in words whether they can be heard."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QObject, QProcess, QStandardPaths, QUrl, Signal

from crisisdesk.domain.alarm import Motif
from crisisdesk.settings.places import resource_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

logger = logging.getLogger(__name__)

SoundKind = Literal["armed", "no device", "error"]

# Programs that play a file on the session's sound server, best first.
PROGRAMS = ("paplay", "pw-play", "aplay")
DEFAULT_VOLUME: dict[Motif, float] = {
    Motif.LOW: 0.30,
    Motif.MEDIUM: 0.45,
    Motif.HIGH: 0.65,
    Motif.CRITICAL: 0.85,
    Motif.EMERGENCY: 1.0,
    Motif.UNREACHED: 1.0,
}


class SoundState(NamedTuple):
    """Whether an alarm would be heard, and what the status bar says about it."""

    kind: SoundKind
    words: str


ARMED = SoundState("armed", "Sound armed")
NOT_ASKED = SoundState("error", "Sound not checked yet")


def motif_file(motif: Motif) -> Path:
    """The WAV file of a motif."""
    return resource_path("sounds", f"{motif.value}.wav")


def find_program() -> str:
    """The path of the first program that can play a file, or ""."""
    for name in PROGRAMS:
        if found := QStandardPaths.findExecutable(name):
            return found
    return ""


def volume_of(motif: Motif, wanted: float | None) -> float:
    """0 to 1; "nobody has been reached" is always at full volume."""
    if motif is Motif.UNREACHED:
        return 1.0
    volume = DEFAULT_VOLUME[motif] if wanted is None else wanted
    return min(1.0, max(0.0, volume))


def program_arguments(program: str, file: Path, volume: float) -> list[str]:
    """How to call a program for one file; aplay knows no volume."""
    name = _name(program)
    if name == "paplay":
        return [f"--volume={round(volume * 65_536)}", str(file)]
    if name == "pw-play":
        return [f"--volume={volume:.2f}", str(file)]
    return ["-q", str(file)]


def _name(program: str) -> str:
    return program.replace("\\", "/").rsplit("/", 1)[-1]


class Player(QObject):
    """Plays one motif at a time through Qt, else through a program of the session.

    ``state_changed`` carries a SoundState; losing the device is told like everything else.
    ``ended`` says that a motif has come to its end by itself.
    """

    state_changed = Signal(object)
    ended = Signal()

    def __init__(
        self, parent: QObject | None = None, programs: Sequence[str] | None = None
    ) -> None:
        """``programs`` limits the programs to these paths (none: Qt alone); None looks for them."""
        super().__init__(parent)
        self._program = find_program() if programs is None else next(iter(programs), "")
        self._devices: QMediaDevices | None = None
        self._effects: dict[Motif, QSoundEffect] = {}
        self._playing: QSoundEffect | None = None
        self._process: QProcess | None = None
        self._state = NOT_ASKED
        self._no_multimedia = ""

    @property
    def state(self) -> SoundState:
        """Whether an alarm would be heard."""
        return self._state

    def arm(self) -> SoundState:
        """Look for a way to be heard; call it after the first paint, it loads QtMultimedia."""
        try:
            from PySide6.QtMultimedia import QMediaDevices
        except ImportError as error:
            self._no_multimedia = str(error)
            logger.warning("QtMultimedia cannot be loaded: %s", error)
        else:
            if self._devices is None:
                self._devices = QMediaDevices(self)
                self._devices.audioOutputsChanged.connect(self._look)
        self._look()
        if self._devices is None and self._program and _name(self._program) != "aplay":
            # Silence played to its end is the proof that a server answers.
            self._say(SoundState("error", f"Sound not proven yet, asking {_name(self._program)}"))
            self._start_program(Motif.LOW, 0.0)
        return self._state

    def play(self, motif: Motif, volume: float | None = None) -> None:
        """Sound a motif now, cutting off the one that sounds; ``volume`` 0 to 1, None its own."""
        self.stop()
        loud = volume_of(motif, volume)
        if self._has_output():
            effect = self._effect(motif)
            effect.setVolume(loud)
            effect.play()
            self._playing = effect
        elif self._program:
            self._start_program(motif, loud)
        else:
            self._look()

    def stop(self) -> None:
        """Be quiet."""
        if self._playing is not None:
            playing, self._playing = self._playing, None
            playing.stop()
        if self._process is not None:
            process, self._process = self._process, None
            process.finished.disconnect(self._program_ended)
            process.errorOccurred.disconnect(self._program_failed)
            process.kill()
            process.waitForFinished(1000)
            process.deleteLater()

    def close(self) -> None:
        """Let go of sounds and devices."""
        self.stop()
        for effect in self._effects.values():
            effect.deleteLater()
        self._effects.clear()
        if self._devices is not None:
            self._devices.deleteLater()
            self._devices = None

    def _has_output(self) -> bool:
        return self._devices is not None and bool(self._devices.audioOutputs())

    def _look(self) -> None:
        if self._has_output():
            self._say(ARMED)
        elif self._devices is not None:
            self._say(SoundState("no device", "No sound: no output device. Plug one in."))
        elif self._program:
            name = _name(self._program)
            self._say(SoundState("armed", f"Sound armed, by {name}"))
        else:
            words = "No sound: QtMultimedia is missing and so are " + ", ".join(PROGRAMS)
            self._say(SoundState("error", words))

    def _say(self, state: SoundState) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    def _effect(self, motif: Motif) -> QSoundEffect:
        effect = self._effects.get(motif)
        if effect is None:
            from PySide6.QtMultimedia import QSoundEffect

            effect = QSoundEffect(self)
            effect.statusChanged.connect(self._effect_changed)
            effect.playingChanged.connect(self._effect_turned)
            effect.setSource(QUrl.fromLocalFile(str(motif_file(motif))))
            self._effects[motif] = effect
        return effect

    def _effect_turned(self) -> None:
        if self._playing is not None and not self._playing.isPlaying():
            self._playing = None
            self.ended.emit()

    def _effect_changed(self) -> None:
        from PySide6.QtMultimedia import QSoundEffect

        for motif, effect in self._effects.items():
            if effect.status() == QSoundEffect.Status.Error:
                words = f"No sound: {motif.value}.wav cannot be played"
                self._say(SoundState("error", words))

    def _start_program(self, motif: Motif, volume: float) -> None:
        process = QProcess(self)
        process.finished.connect(self._program_ended)
        process.errorOccurred.connect(self._program_failed)
        self._process = process
        process.start(self._program, program_arguments(self._program, motif_file(motif), volume))

    def _program_ended(self, code: int) -> None:
        process, self._process = self._process, None
        name = _name(self._program)
        words = ""
        if process is not None:
            words = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
            process.deleteLater()
        self.ended.emit()
        if code == 0:
            self._say(SoundState("armed", f"Sound armed, by {name}"))
        else:
            first = words.splitlines()[0] if words else f"code {code}"
            self._say(SoundState("error", f"No sound: {name} failed: {first[:120]}"))

    def _program_failed(self, error: QProcess.ProcessError) -> None:
        if error != QProcess.ProcessError.FailedToStart:
            return
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        name = _name(self._program)
        self._say(SoundState("error", f"No sound: {name} does not start"))
