"""Silences and maintenance windows: set and lifted."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ids import silence_id_of
from crisisdesk.domain.matchers import Matcher, is_broad, parse_matchers, split_equal
from crisisdesk.domain.silence import DAY_MS, FARTHEST_START_MS, LONGEST_MS, Silence
from crisisdesk.engine.handlers.escalating import wake_quieted
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence
from crisisdesk.engine.workbench import Workbench

REASON_LIMIT = 1_000


def set_silence(command: SetSilence, bench: Workbench) -> str:
    """Set one, or give it another end; what stands so already is left alone."""
    reason = checked_text(command.reason, "reason", REASON_LIMIT, required=True)
    matchers = narrow_enough(command.matchers, everything=command.everything)
    starts_at, until = _span(command, bench.now)
    match, others = split_equal(matchers)
    body: dict[str, Any] = {"match": match, "until": until, "reason": reason}
    body |= {"matchers": others} if others else {}
    body |= {} if starts_at is None else {"from": starts_at}
    body |= {} if matchers else {"everything": True}
    silence_id = silence_id_of(match, others, starts_at, everything=not matchers)
    if command.replaces and command.replaces != silence_id:
        _lift(bench, bench.need(Silence, command.replaces, "replaces"))
    known = bench.get(silence_id)
    if isinstance(known, Silence):
        if known.active and (known.until, known.reason) == (until, reason):
            return silence_id
        body |= {"lifts": known.lifts, "base": known.set_id}
    bench.emit(silence_id, "silence.set", body)
    return silence_id


def narrow_enough(written: str | list[str], *, everything: bool = False) -> tuple[Matcher, ...]:
    """The matchers as they are written; Malformed when they hold for all alerts and nobody says
    so."""
    matchers = parse_matchers(written)
    if everything:
        if matchers:
            raise Malformed("everything", "comes with matchers", "send one or the other")
        return ()
    if is_broad(matchers):
        raise Malformed(
            "matchers",
            "would hold for nearly every alert" if matchers else "are missing",
            'name what is meant, such as service="db"; for all alerts say everything',
        )
    return matchers


def _span(command: SetSilence, now: int) -> tuple[int | None, int]:
    """When it starts (None for at once) and ends."""
    starts_at = command.starts_at
    if starts_at is not None and starts_at <= now:
        starts_at = None
    start = now if starts_at is None else starts_at
    if start - now > FARTHEST_START_MS:
        days = FARTHEST_START_MS // DAY_MS
        raise Malformed("starts_at", "is too far away", f"start within {days} days")
    if (command.until is None) is (command.duration_ms is None):
        raise Malformed("until", "needs one end", "send either until or a duration")
    field = "duration" if command.until is None else "until"
    until = start + (command.duration_ms or 0) if command.until is None else command.until
    if until <= now or until <= start:
        raise Malformed(field, "is no time ahead", "let it end after now and after its start")
    if until - start > LONGEST_MS:
        days = LONGEST_MS // DAY_MS
        raise Malformed(field, f"is more than {days} days", f"silence for at most {days} days")
    return starts_at, until


def lift_silence(command: LiftSilence, bench: Workbench) -> None:
    """Take it away; one that was lifted already stays so."""
    _lift(bench, bench.need(Silence, command.silence_id, "silence_id"))


def _lift(bench: Workbench, silence: Silence) -> None:
    # Also of one that is over by its own end: a station may have lengthened it, unseen from here.
    if silence.active:
        bench.emit(silence.silence_id, "silence.lifted", {})
        wake_quieted(bench, silence.silence_id)
