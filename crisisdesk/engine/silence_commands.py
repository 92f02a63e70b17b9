"""Commands about silences."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.engine.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSilence(Command):
    """Keep pages quiet for what matches; the result is the silence's id.

    ``matchers`` is one text or several, as `domain.matchers` reads them; only with ``everything``
    may they hold for all alerts. It ends at ``until`` (UTC ms) or after ``duration_ms``, counted
    from ``starts_at`` (UTC ms; now when that is None or past). ``replaces`` names a silence that
    this one takes the place of.
    """

    matchers: str | list[str] = field(default_factory=list)
    until: int | None = None
    duration_ms: int | None = None
    starts_at: int | None = None
    reason: str
    everything: bool = False
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSilence(Command):
    """Take a silence away before its end, or a planned one before its start."""

    silence_id: str
