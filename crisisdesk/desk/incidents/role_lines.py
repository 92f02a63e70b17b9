"""The roles of an incident as lines: who is in each since when, what waits, what strains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.papers.times import stamp
from crisisdesk.domain.roles import (
    ROLE_WORDS,
    SEVERAL,
    RoleSeat,
    role_seats,
    role_word,
    team_warnings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.playbook.content import Role
    from crisisdesk.domain.roles import TeamWarning

Step = Literal["answer", "offered", "hand", "settle", "take", "take_over"]


class SeatLine(NamedTuple):
    """A role in one line: its word, who is in it, a quiet word at the right, what is wrong."""

    role: str
    word: str
    names: tuple[str, ...] = ()
    aside: str = ""
    trouble: str = ""
    duty: str = ""


def seat_lines(incident: Incident, planned: Sequence[Role], now_ms: int) -> list[SeatLine]:
    """The roles that are held, offered, to be filled or always there, in one fixed order."""
    strains = {one.role: one for one in reversed(team_warnings(incident, now_ms))}
    return [_line(seat, strains.get(seat.role), now_ms) for seat in role_seats(incident, planned)]


def _line(seat: RoleSeat, strain: TeamWarning | None, now_ms: int) -> SeatLine:
    names = tuple(holder.who for holder in seat.holders)
    return SeatLine(
        role=seat.role,
        word=seat.word,
        names=names,
        aside=_aside(seat, now_ms),
        trouble=_trouble(seat, strain),
        duty=seat.duty,
    )


def _aside(seat: RoleSeat, now_ms: int) -> str:
    offer = seat.offer
    if offer is not None:
        left = offer["until"] - now_ms
        return f"offered to {offer['to']}, {left_words(left)}"
    if not seat.holders:
        return "to be filled" if seat.planned else ""
    since = seat.holders[0].since
    if len(seat.holders) > 1 or since is None:
        return f"{len(seat.holders)} people" if len(seat.holders) > 1 else ""
    return f"for {span_words(max(0, now_ms - since))}"


def left_words(left_ms: int) -> str:
    """How long an offer still stands."""
    return f"{span_words(left_ms)} left" if left_ms > 0 else "has run out"


def _trouble(seat: RoleSeat, strain: TeamWarning | None) -> str:
    if seat.rivals:
        return f"{' and '.join(h.who for h in seat.holders)} both have it; H settles it"
    if strain is not None and strain.strain == "hours" and seat.holders[0].since is not None:
        return "too long in the chair"
    return ""


def spoken_seat(line: SeatLine) -> str:
    """A line for the screen reader."""
    held = ", ".join(line.names) or "nobody"
    parts = (f"{line.word}: {held}", line.trouble, line.aside, line.duty)
    return ". ".join(part for part in parts if part)


# -- what the key H is for -------------------------------------------------------------------


def is_me(name: str, operator: str) -> bool:
    """Whether a name is that of whoever sits here; capitals do not matter."""
    return bool(operator) and name.casefold() == operator.casefold()


def step_of(incident: Incident, role: str, operator: str) -> Step:
    """What the operator can do next about a role."""
    offer, holders = incident.offer_of(role), incident.holders(role)
    if offer is not None and is_me(offer["to"], operator):
        return "answer"
    if offer is not None and is_me(offer["by"], operator):
        return "offered"
    several = next((s for s in role_seats(incident) if s.role == role and s.rivals), None)
    if several is not None:
        return "settle"
    if any(is_me(name, operator) for name in holders):
        return "hand"
    return "take_over" if holders and role not in SEVERAL else "take"


def role_at_hand(incident: Incident, operator: str) -> str:
    """The role that the key means where none is selected: what is offered to the operator or by
    them, what they have, else command."""
    for key in ("to", "by"):
        for offer in incident.handovers:
            if is_me(offer[key], operator):
                return str(offer["role"])
    held = [
        seat.role
        for seat in role_seats(incident)
        if any(is_me(holder.who, operator) for holder in seat.holders)
    ]
    return next(iter(held), next(iter(ROLE_WORDS)))


def step_words(incident: Incident, role: str, operator: str) -> str:
    """What the key does now, for palette and buttons."""
    word = role_word(role).lower()
    step = step_of(incident, role, operator)
    if step == "answer":
        return f"Answer the hand-over of {word}"
    if step == "take_over":
        return f"Take {word} over from {' and '.join(incident.holders(role))}"
    return {
        "offered": f"Look at the offer of {word}, or offer it anew",
        "settle": f"Say who has {word}",
        "hand": f"Hand {word} over",
        "take": f"Fill the role of {word}",
    }[step]


def button_words(incident: Incident, operator: str) -> str:
    """The same in two words, for the button of the head."""
    return _BUTTON[step_of(incident, role_at_hand(incident, operator), operator)]


_BUTTON: dict[Step, str] = {
    "answer": "Answer",
    "offered": "Offered",
    "settle": "Who has it",
    "hand": "Hand over",
    "take": "Take command",
    "take_over": "Take over",
}


def strain_lines(incident: Incident, now_ms: int) -> list[str]:
    """What strains the team, each with what helps."""
    return [f"{one.words}: {one.remedy_words}" for one in team_warnings(incident, now_ms)]


def strain_count(incident: Incident, now_ms: int) -> str:
    """How many things strain the team, for the head of its pane; "" for none."""
    many = len(team_warnings(incident, now_ms))
    return f"{many} strain{'' if many == 1 else 's'}" if many else ""


def roles_to_choose(incident: Incident, planned: Iterable[Role]) -> dict[str, str]:
    """Every role that somebody can be put into, by its name: its word and who has it now."""
    names = [seat.role for seat in role_seats(incident, planned)]
    found = {}
    for name in dict.fromkeys([*names, *ROLE_WORDS]):
        held = ", ".join(incident.holders(name)) or "nobody"
        found[name] = f"{role_word(name)}: {held}"
    return found


def clock_words(at_ms: int) -> str:
    """``02:05Z``; the day stands in the timeline."""
    return f"{stamp(at_ms)[11:16]}Z"
