"""The bell: asks the alarm rule on every tick and plays what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crisisdesk.domain.alarm import AlarmAlert, AlarmMemory, Motif, decide
from crisisdesk.domain.queue_order import SEVERITY_NAME
from crisisdesk.domain.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.sound.player import Player
    from crisisdesk.store.queries import AlertRow

# Of each severity the alerts whose clocks end first and last; more make no other sound.
ASKED_ABOUT = 64


class AlarmBell(QObject):
    """``rang`` carries the motif that was started."""

    rang = Signal(object)

    def __init__(self, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._memory = AlarmMemory()
        self._again_ms: int | None = 0
        self.muted: set[str] = set()
        self.unreached: set[str] = set()
        self.volumes: dict[str, float] = {}

    def changed(self) -> None:
        """Alerts came, went or were taken: ask on the next tick."""
        self._again_ms = 0

    def tick(self, rows: Sequence[AlertRow], now_ms: int) -> None:
        """Sound what is due among these alerts, and be quiet when none calls any more."""
        if self._again_ms is None or now_ms < self._again_ms:
            return
        alerts = [
            AlarmAlert(
                alert_id=row.alert_id,
                severity=Severity(SEVERITY_NAME[row.severity]),
                status=row.status,
                unreached=row.alert_id in self.unreached,
            )
            for row in rows
        ]
        before = self._memory
        decision = decide(alerts, muted=self.muted, now_ms=now_ms, memory=before)
        self._memory, self._again_ms = decision.memory, decision.again_ms
        if decision.motif is not None:
            self._player.play(decision.motif, self.volumes.get(decision.motif.value))
            self.rang.emit(decision.motif)
        elif before.heard and not decision.memory.heard:
            self._player.stop()

    def set_volume(self, severity: str, percent: int) -> None:
        """How loud the motif of a severity is from now on."""
        self.volumes[severity] = percent / 100

    def play(self, motif: Motif) -> None:
        """Let somebody hear a motif."""
        self._player.play(motif, self.volumes.get(motif.value))
