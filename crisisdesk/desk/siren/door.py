"""Joins the siren to the window: when it sounds and shows, and what pressing something does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crisisdesk.desk.siren.overlay import Siren
from crisisdesk.desk.siren.watch import ASIDE_MS, SirenWatch
from crisisdesk.domain.reached import REACHED, call_note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.alarm_bell import AlarmBell
    from crisisdesk.desk.room import Refusal
    from crisisdesk.desk.shell import Shell
    from crisisdesk.domain.reached import Waiting

SETTINGS = 9
# As many as one order may name.
AT_ONCE = 500
_AWAY = "The engine is away: what you log cannot be saved. Call all the same, and write it down."


class SirenDoor(QObject):
    """Lives as long as the window. ``close_others`` takes away what else lies over the window."""

    def __init__(
        self, shell: Shell, bell: AlarmBell, close_others: Callable[[], None] | None = None
    ) -> None:
        super().__init__(shell)
        self._shell, self._bell = shell, bell
        self._close_others = close_others
        self.watch = SirenWatch(shell, self)
        self.siren = Siren(shell)
        self.watch.changed.connect(self._show)
        self.siren.taken.connect(self._take)
        self.siren.called.connect(self._call)
        self.siren.settings_wanted.connect(self._to_settings)
        shell.supervisor.changed.connect(self._engine_changed)

    def tick(self, now_ms: int) -> None:
        """Ask when it is time, and turn the clocks."""
        self.watch.tick(now_ms)
        self.siren.set_now(now_ms)

    def say(self, words: str) -> None:
        """Say something at the siren's foot."""
        self.siren.panel.foot.say(words)

    def _show(self) -> None:
        ids = {one.alert_id for one in self.watch.shown}
        if ids != self._bell.unreached:
            self._bell.unreached = ids
            self._bell.changed()
        dossier = self.watch.dossier
        opens = dossier is not None and self.siren.isHidden()
        if opens and self._close_others is not None:
            self._close_others()
        self.siren.show_dossier(dossier, len(self.watch.shown), self._shell.now_ms())
        if opens:
            self._engine_changed()

    def _engine_changed(self, _state: object = None) -> None:
        foot = self.siren.panel.foot
        if self._shell.engine_away():
            foot.say(_AWAY, "high", "plug-zap")
        elif foot.words == _AWAY:
            foot.say("")

    def _to_settings(self) -> None:
        self._shell.open_room(SETTINGS)
        self.say("Settings is open behind the siren: numbers go on a person's card.")

    # -- orders --------------------------------------------------------------------------------

    def _take(self, everything: bool) -> None:
        shown = self.watch.shown if everything else self.watch.shown[:1]
        rows: Sequence[Waiting] = shown[:AT_ONCE]
        dossier = self.siren.dossier
        if not rows or dossier is None:
            return
        ids, epochs = [row.alert_id for row in rows], [row.epoch for row in rows]
        name = dossier.name if len(rows) == 1 else f"{len(rows)} alerts"
        self._aside_while(
            f"acknowledge {name}", ids, lambda client: client.acknowledge(ids, epochs=epochs)
        )

    def _call(self, name: str, outcome: str) -> None:
        dossier = self.siren.dossier
        if dossier is None:
            return
        alert_id, text = dossier.alert_id, call_note(name, outcome)
        if outcome == REACHED:
            words = f"the call to {name} about {dossier.name}"
            self._aside_while(words, [alert_id], lambda client: client.note(alert_id, text))
            return

        def refused(refusal: Refusal) -> None:
            words = f"Not saved: {text}. {refusal.words}; {refusal.remedy}."
            self.siren.panel.foot.say(words, "high", "triangle-alert")

        self._shell.command(
            f"the call to {name}",
            lambda client: client.note(alert_id, text),
            lambda _: self.say(f"Written down: {text}."),
            refused,
        )

    def _aside_while(
        self, words: str, alert_ids: Sequence[str], call: Callable[..., object]
    ) -> None:
        """Be quiet at once; sound again when it was not kept, after a minute where the engine is
        away and nobody can tell."""

        def refused(refusal: Refusal) -> None:
            again = f"The siren sounds again in {ASIDE_MS // 1000} s."
            if not refusal.away:
                self.watch.take_back(alert_ids, self._shell.now_ms())
                again = refusal.remedy
            self._shell.say(f"Not saved: {words}", f"{refusal.words}. {again}", "high")

        self._shell.command(words, call, None, refused)
        self.watch.put_aside(alert_ids, self._shell.now_ms())
