"""Response times: how long alerts waited for the person who took them, by person and by team."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from crisisdesk.domain.contact import Contact

NO_TEAM = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One alert taken in hand: by whom, how long it had waited (ms), whether it was late by its
    SLA."""

    by: str
    severity: str
    waited_ms: int
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Of one person or team: how many alerts they took, how many of these late, and how long the
    alerts had waited, ms: half of them up to ``median_ms``, nine in ten up to ``p90_ms``."""

    who: str
    taken: int
    late: int
    median_ms: int
    p90_ms: int
    longest_ms: int

    @property
    def on_time(self) -> float:
        """The share taken within their SLA, 0 to 1."""
        return 1 - self.late / self.taken


def summaries(
    responses: Iterable[Response], groups_of: Callable[[Response], Iterable[str]]
) -> list[Summary]:
    """One for each group that a response belongs to, those who took most first."""
    grouped: dict[str, list[Response]] = {}
    for response in responses:
        for group in groups_of(response):
            grouped.setdefault(group, []).append(response)
    found = [_summary(who, group) for who, group in grouped.items()]
    return sorted(found, key=lambda s: (-s.taken, s.who))


def by_person(response: Response) -> tuple[str, ...]:
    """The person alone."""
    return (response.by,)


def by_team(contacts: Iterable[Contact]) -> Callable[[Response], tuple[str, ...]]:
    """The groups of the contact of that name, `NO_TEAM` for whoever is in none.

    Who acts is known by name alone; capitals do not matter, as at the desk.
    """
    teams: Mapping[str, list[str]] = {c.name.casefold(): sorted({*c.groups}) for c in contacts}

    def of(response: Response) -> tuple[str, ...]:
        return tuple(teams.get(response.by.casefold(), ())) or (NO_TEAM,)

    return of


def _summary(who: str, responses: Sequence[Response]) -> Summary:
    waited = sorted(response.waited_ms for response in responses)
    return Summary(
        who=who,
        taken=len(waited),
        late=sum(response.late for response in responses),
        median_ms=_rank(waited, 0.5),
        p90_ms=_rank(waited, 0.9),
        longest_ms=waited[-1],
    )


def _rank(ordered: Sequence[int], share: float) -> int:
    """The nearest-rank percentile: the smallest that at least this share does not exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
