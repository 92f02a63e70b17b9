"""A rehearsal from what a reader of the station's file answers: for an alert that is there, too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.channel_survey import Known, outages_of
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.escalation.detours import Gone
from crisisdesk.domain.escalation.policy import EVERYONE, EscalationPolicy
from crisisdesk.domain.kept_quiet import KeptQuiet
from crisisdesk.domain.rehearsal import Rehearsal, by_id, rehearse
from crisisdesk.domain.rota import Rota


class Board(Protocol):
    """What channels are made of."""

    def known(self, now_ms: int, *, measured: bool = True) -> Known: ...


class Quieting(Protocol):
    """What is kept quiet."""

    def kept(self, now_ms: int) -> Sequence[KeptQuiet]: ...


class Reader(Protocol):
    """What is asked of a reader."""

    def alert(self, alert_id: str) -> Alert | None: ...
    def board(self) -> Board: ...
    def quieting(self) -> Quieting: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is to be played: an alert of ``severity`` that fires at ``at`` (UTC ms), and the
    ``hours`` after it.

    ``without`` are dependencies supposed to be out besides those that are. ``alert_id`` names one
    that is there: its severity counts, and what keeps it quiet.
    """

    at: int
    severity: str
    hours: int = 24
    without: Collection[str] = ()
    alert_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of it. ``start`` (UTC ms) is later than asked where ``quiet`` keeps the alert back
    until then."""

    told: Rehearsal
    policy: EscalationPolicy
    contacts: dict[str, Contact]
    start: int
    quiet: KeptQuiet | None = None


def gone_at(known: Known, at_ms: int) -> dict[str, Gone]:
    """What counts as out at a moment (UTC ms), each until its end."""
    return {name: Gone(until=one.until) for name, one in outages_of(known, at_ms).items()}


def play(reader: Reader, policy: EscalationPolicy | None, scene: Scene, now_ms: int) -> Played:
    """Play it among what counts now, by the policy that takes the alert where none is given.

    Raises NotFound for an alert that is not there.
    """
    known = reader.board().known(now_ms, measured=False)
    rota, contacts = Rota(known.versions), by_id(known.contacts)
    severity, start, quiet = scene.severity, scene.at, None
    if scene.alert_id:
        alert = reader.alert(scene.alert_id)
        if alert is None:
            raise NotFound("alert_id", f"no alert {scene.alert_id!r} here", "check the id")
        severity = alert.severity
        policy = policy or rota.policy_for(alert)[1]
        kept = (one for one in reader.quieting().kept(now_ms) if one.alert_id == alert.alert_id)
        quiet = next(kept, None)
        start = start if quiet is None else max(start, quiet.until)
    policy = policy or EVERYONE
    out = gone_at(known, now_ms)
    out |= {name: Gone(supposed=True) for name in scene.without}
    told = rehearse(policy, rota, contacts, start, severity=severity, hours=scene.hours, out=out)
    return Played(told=told, policy=policy, contacts=contacts, start=start, quiet=quiet)
