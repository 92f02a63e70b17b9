"""What is kept quiet, by what and until when, in the words that every screen uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from crisisdesk.domain.flapping import FLAPPING
from crisisdesk.domain.severity import SEVERITY_RANK

# The word an escalation has for the wait before its first page.
WAIT = "wait"
_NAMES = {rank: str(name) for name, rank in SEVERITY_RANK.items()}


class Way(StrEnum):
    """How an alert is kept quiet."""

    SILENCE = "silence"
    INHIBITION = "inhibition"
    FLAPPING = "flapping"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuiet:
    """One open alert that pages nobody now.

    ``severity`` is the rank 1 to 5, ``until`` UTC ms. ``by`` is the id of the silence or of the
    alert that is its cause, "" for the other ways. ``why`` is the silence's reason, the title of
    the cause, or how often it flapped.
    """

    alert_id: str
    severity: int
    service: str
    title: str
    way: str
    by: str = ""
    until: int
    why: str = ""

    @property
    def severity_name(self) -> str:
        """The severity's word."""
        return _NAMES[self.severity]


def way_of(quiet_by: str) -> Way | None:
    """The way that an escalation's ``quiet_by`` names; None for a word of a newer program."""
    if quiet_by.startswith("SIL-"):
        return Way.SILENCE
    if quiet_by.startswith("A-"):
        return Way.INHIBITION
    return {FLAPPING: Way.FLAPPING, WAIT: Way.WAITING}.get(quiet_by)


def quiet_words(kept: KeptQuiet) -> str:
    """``kept quiet by A-… db is down``, ``flapping: 7 times in 30 min``."""
    if kept.way == Way.INHIBITION:
        return f"kept quiet by {kept.by} {kept.why}".strip()
    if kept.way == Way.FLAPPING:
        return f"flapping: {kept.why}" if kept.why else "flapping"
    if kept.way == Way.SILENCE:
        return f"silenced by {kept.by}: {kept.why}"
    return "waits whether it goes away by itself"


def kept_by_causes(found: Iterable[KeptQuiet]) -> dict[str, int]:
    """How many alerts each cause keeps quiet, by its id."""
    return dict(Counter(kept.by for kept in found if kept.way == Way.INHIBITION))


def cause_words(count: int) -> str:
    """``keeps 12 alerts quiet``; "" for none."""
    return f"keeps {count} alert{'' if count == 1 else 's'} quiet" if count else ""
