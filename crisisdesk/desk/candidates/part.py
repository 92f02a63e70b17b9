"""What the Incidents room has of candidates: band, page, and the keys that work on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.candidates.band import CandidateBand
from crisisdesk.desk.candidates.head import offered
from crisisdesk.desk.candidates.keeper import PREFIX, CandidateKeeper
from crisisdesk.desk.candidates.page import CandidatePage
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.correlation.candidate import Candidate

_AWAY = "not while the engine is away"


class CandidatePart(QObject):
    """``wanted`` comes when the page is to be shown, ``acted`` when the actions have changed."""

    wanted = Signal()
    acted = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.keeper = CandidateKeeper(desk, self)
        self.band, self.page = CandidateBand(), CandidatePage()
        self.keeper.changed.connect(self._show_band)
        self.keeper.read.connect(self._show_page)
        self.band.list.chosen.connect(self.open)
        self.band.list.accepted.connect(self.keeper.accept)
        self.page.pressed.connect(self._press)
        self.page.opened.connect(desk.show_thing)

    def owns(self, aggregate_id: str) -> bool:
        """Candidates."""
        return aggregate_id.startswith(PREFIX)

    def open(self, candidate_id: str) -> None:
        """Show one in full, once it is read."""
        self.band.select(candidate_id)
        if candidate_id != self.keeper.wanted:
            self.keeper.look_at(candidate_id)
        elif self.keeper.dossier is not None:
            self.wanted.emit()

    def close(self) -> None:
        """Something else is shown now."""
        self.band.select("")
        self.keeper.look_at("")
        self.page.candidate = None

    def tick(self, now_ms: int) -> None:
        """Turn the ages, and catch up."""
        self.keeper.tick(now_ms)
        self.band.tick(now_ms)
        self.page.tick(now_ms)

    def set_away(self, away: bool) -> None:
        """Disable what could not be saved."""
        self.page.set_away(away, self._desk.now_ms())

    def focus(self) -> None:
        """Put the keyboard on what is proposed."""
        view = self.band.list
        if view.current() is None and self.keeper.shown:
            self.open(self.keeper.shown[0].candidate_id)
        view.setFocus()

    def actions(self) -> list[Action]:
        """What can be done with the one that is looked at, and the way to the band."""
        found = [self._act(name, *_FACES[name]) for name in self._offered() if name in _FACES]
        if self.keeper.shown:
            found.append(
                Action(
                    key="candidates.go", title="Go to what is proposed", run=self.focus, keys="G",
                    icon="git-merge", group="Incidents",
                )
            )  # fmt: skip
        return found

    def _offered(self) -> tuple[str, ...]:
        candidate = self.page.candidate
        return () if candidate is None else offered(candidate)

    def _act(self, name: str, title: str, keys: str, icon: str) -> Action:
        away = self._desk.engine_away() and name != "incident"
        candidate = self.page.candidate
        group = "" if candidate is None else f"{candidate.candidate_id}, {candidate.title}"
        return Action(
            key=f"candidate.{name}",
            title=title,
            run=lambda: self._press(name),
            keys=keys,
            icon=icon,
            group=group,
            enabled=not away,
            detail=_AWAY if away else "",
        )

    def _press(self, name: str) -> None:
        candidate = self.page.candidate
        if candidate is None or name not in offered(candidate):
            return
        if name == "accept":
            self.keeper.accept(candidate)
        elif name == "dismiss":
            self._dismiss(candidate)
        elif name == "reopen":
            self.keeper.reopen(candidate)
        else:
            self._desk.show_thing(candidate.incident_id)

    def _dismiss(self, candidate: Candidate) -> None:
        self.keeper.dismiss(candidate, self.page.reason.text())
        self.band.list.setFocus()

    def _show_band(self) -> None:
        self.band.show_candidates(self.keeper.shown)
        self.band.select(self.keeper.wanted)
        self.acted.emit()

    def _show_page(self) -> None:
        dossier = self.keeper.dossier
        if dossier is None:
            return
        before = self.page.candidate
        other = before is None or before.candidate_id != dossier.candidate.candidate_id
        away = self._desk.engine_away()
        self.page.show_dossier(dossier, self._desk.now_ms(), away=away)
        if other:
            self.wanted.emit()
        self.acted.emit()


_FACES: dict[str, tuple[str, str, str]] = {
    "dismiss": ("Dismiss what is proposed", "X", "x"),
    "reopen": ("Bring the dismissed one back", "O", "rotate-ccw"),
    "incident": ("Go to its incident", "E", "siren"),
}
