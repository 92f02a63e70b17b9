"""What is asked before a role of an incident changes hands, and what the answers mean.

The key of such a question is ``role.what`` and the role, parted by a blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.choice import Option
from crisisdesk.desk.incidents.role_lines import (
    clock_words,
    is_me,
    roles_to_choose,
    step_of,
)
from crisisdesk.desk.incidents.strip import Asked, Question
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.handover_brief import BRIEF_WORDS
from crisisdesk.domain.playbook.content import span_ms
from crisisdesk.domain.roles import SEVERAL, role_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.domain.handover_brief import Brief
    from crisisdesk.domain.incident import Incident
    from crisisdesk.domain.playbook.content import Role

PREFIX = "role."
ACCEPT, DECLINE = "accept", "decline"
WITHIN = "15m"
_NAME = 28


def fill_question(
    incident: Incident, planned: Iterable[Role], role: str, operator: str
) -> Question:
    """Who is in a role from now on; offers the operator where they are not."""
    rivals = step_of(incident, role, operator) == "settle"
    holders = incident.holders(role)
    sits = any(is_me(name, operator) for name in holders)
    who = holders[0] if rivals else "" if sits else operator
    taken = bool(holders) and role not in SEVERAL and not rivals
    options = tuple(Option(name, word) for name, word in roles_to_choose(incident, planned).items())
    return Question(
        key=f"{PREFIX}fill {role}",
        title="Who has it" if rivals else "Take over" if taken else "Put into a role",
        verb="Save",
        asked=(
            Asked(field="who", word="Who", value=who, hint="Full name"),
            Asked(
                field="reason",
                word="Reason, if it is taken over",
                hint="Why it is not handed over",
            ),
            Asked(field="role", word="Role", value=role, options=options),
        ),
    )


def leave_question(incident: Incident, role: str, operator: str) -> Question:
    """Who is in a role no longer, and why."""
    holders = incident.holders(role)
    mine = next((name for name in holders if is_me(name, operator)), holders[0])
    word = role_word(role).lower()
    who: tuple[Asked, ...] = ()
    if len(holders) > 1:
        names = tuple(Option(name, name) for name in holders)
        who = (Asked(field="who", word="Who", value=mine, options=names),)
    name = mine if len(mine) <= _NAME else f"{mine[: _NAME - 1].rstrip()}…"
    told = "Reason" if who else f"Reason; {name} has it"
    reason = Asked(field="reason", word=told, hint="Command needs one")
    return Question(
        key=f"{PREFIX}leave {role}",
        title=f"Give up: {word}",
        verb="Give up",
        asked=(reason, *who),
    )


def offer_question(incident: Incident, role: str, brief: Brief, names: Iterable[str]) -> Question:
    """To whom a role is handed over, with what they have to know; a standing offer is offered
    anew as it is."""
    offer = incident.offer_of(role)
    told = brief.as_dict() if offer is None else {name: offer[name] for name in BRIEF_WORDS}
    lead = "It stays yours until they have accepted in their own words."
    if offer is not None:
        until = clock_words(offer["until"])
        lead = f"Offered to {offer['to']} until {until}. Offering it anew takes that offer back."
    hint = ", ".join(names) or "A contact, or who sits at a desk"
    parts = tuple(
        Asked(field=name, word=word, value=told[name], lines=3)
        for name, word in BRIEF_WORDS.items()
    )
    return Question(
        key=f"{PREFIX}offer {role}",
        title=f"Hand {role_word(role).lower()} over",
        verb="Offer it",
        lead=lead,
        asked=(
            Asked(
                field="to",
                word="To whom",
                value="" if offer is None else offer["to"],
                hint=hint,
                half=True,
            ),
            Asked(
                field="within",
                word="The offer stands for",
                value=WITHIN,
                hint="1m to 24h",
                names=("within_s", "within_ms"),
                half=True,
            ),
            *parts,
        ),
    )


def answer_question(incident: Incident, role: str) -> Question:
    """The brief, and whether one takes the role over."""
    offer = incident.offer_of(role)
    if offer is None:
        raise Malformed("role", f"{role_word(role)} is offered to nobody", "look who has it now")
    told = tuple((word, offer[name]) for name, word in BRIEF_WORDS.items() if offer[name])
    word = role_word(role).lower()
    return Question(
        key=f"{PREFIX}answer {role} {offer['offer']}",
        title=f"{offer['by']} hands {word} over to you",
        verb="Send",
        lead=f"The offer stands until {clock_words(offer['until'])}. Until you accept, "
        f"{offer['by']} has it.",
        told=told,
        asked=(
            Asked(
                field="said",
                word="Read back in your own words; if you decline: why",
                hint="What is going on, and what you will do first",
                lines=3,
                names=("read_back", "reason"),
            ),
            Asked(
                field="answer",
                word="Answer",
                value=ACCEPT,
                options=(Option(ACCEPT, "I have it"), Option(DECLINE, "Decline")),
            ),
        ),
    )


def within_s(text: str) -> int:
    """For how many seconds an offer stands; raises Malformed naming ``within``."""
    return span_ms(text.strip() or WITHIN, "within") // 1000
