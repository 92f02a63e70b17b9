"""What is kept quiet now, by what, and until when; and what a page says that comes all the same."""

from __future__ import annotations

from typing import NamedTuple

from crisisdesk.domain.alert import CHANGES_KEPT, Alert
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.flapping import FLAPPING, bout_of, damped_until, flapping_words
from crisisdesk.domain.hold_words import clock
from crisisdesk.domain.ids import escalation_id_of
from crisisdesk.domain.inhibition import HOUR_MS
from crisisdesk.domain.matchers import Subject
from crisisdesk.domain.silence import Silence
from crisisdesk.engine.workbench import Workbench

# How many lives of the epoch before this one are looked for.
_LIVES = 3


class Quiet(NamedTuple):
    """Whether an alert is kept quiet: ``until`` (UTC ms) ``by`` an id or a word, or not (None).

    ``since`` is when its causes began to keep it quiet, ``note`` what its page is to say.
    """

    until: int | None = None
    by: str = ""
    since: int | None = None
    note: str = ""


def quiet_until(bench: Workbench, alert: Subject) -> tuple[int, str] | None:
    """The latest end (UTC ms) among the silences that cover this alert now, and that silence's id;
    None when no silence keeps it quiet."""
    found = [(s.until, s.silence_id) for s in bench.silences() if s.covers(alert)]
    return max(found, default=None)


def quiet_of(bench: Workbench, alert: Alert, state: Escalation | None) -> Quiet:
    """Whether anything keeps the alert quiet now: a silence, a cause, or that it flaps."""
    if (silence := quiet_until(bench, alert)) is not None:
        return Quiet(*silence)
    caused = _caused(bench, alert, None if state is None else state.quiet_since)
    return caused if caused is not None else _damped(bench, alert, state)


def after_silence(bench: Workbench, state: Escalation) -> str:
    """What a page says of the silence that kept it back until it ended; "" where none did."""
    silence = bench.get(state.quiet_by) if state.quiet_by.startswith("SIL-") else None
    if not isinstance(silence, Silence):
        return ""
    until = f"until {clock(silence.until)} UTC" if silence.active else "before"
    by = f" by {silence.set_by}" if silence.set_by else ""
    return f"Silenced {until}{by} ({silence.reason[:120]}), still open"


def _caused(bench: Workbench, alert: Alert, since: int | None) -> Quiet | None:
    kept = bench.at_hand.causes(bench.touched).keeping(alert)
    if kept is None:
        return None
    cause = kept.cause
    began = bench.now if since is None else min(since, bench.now)
    until = began + kept.at_most_ms
    if until > bench.now:
        return Quiet(until, cause.alert_id, began)
    hours = (bench.now - began) // HOUR_MS
    return Quiet(
        note=f"Kept quiet for {hours} h by {cause.alert_id} ({cause.title[:120]}), still open"
    )


def _damped(bench: Workbench, alert: Alert, state: Escalation | None) -> Quiet:
    damping = bench.policy.damping
    bout = bout_of(alert.changes, bench.now, damping, CHANGES_KEPT)
    if bout is None:
        return Quiet()
    paged_at = paged_before(bench, alert) if state is None else state.paged_at
    until = damped_until(alert.severity, alert.detected_at, bout, paged_at, bench.now, damping)
    if until is not None:
        return Quiet(until, FLAPPING)
    return Quiet(note=flapping_words(bout.times, damping).capitalize())


def paged_before(bench: Workbench, alert: Alert) -> int | None:
    """When the life before this one paged anybody last (UTC ms), or an earlier one it knew of.

    Only while the alert opens and ends quickly: nobody asks for it otherwise.
    """
    since = bench.now - bench.policy.damping.within_ms
    if sum(at > since for at in alert.changes) < 2:
        return None
    lives = [(alert.epoch, alert.life - 1)] if alert.life > 1 else []
    if alert.life == 1 and alert.past_epochs:
        lives = [(alert.past_epochs[-1], life) for life in range(_LIVES, 0, -1)]
    for epoch, life in lives:
        before = bench.get(escalation_id_of(alert.alert_id, epoch, life))
        if isinstance(before, Escalation):
            return before.paged_at
    return None
