"""What the order strip asks for each order that needs more than a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.choice import Option
from crisisdesk.desk.incidents.faces import MARK_OF, SEVERITIES
from crisisdesk.desk.incidents.plan_words import NO_PLAN
from crisisdesk.desk.incidents.strip import Asked, Question
from crisisdesk.domain.incident import CATEGORIES
from crisisdesk.domain.priority import IMPACTS, PRIORITIES

_REASON = "Reason, if set by hand"

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.desk.incidents.plan_words import PlanChoice
    from crisisdesk.domain.incident import Incident


def resolve_question(incident: Incident) -> Question:
    """What ended it."""
    return Question(
        key="resolve",
        title="Resolve it",
        verb="Resolve",
        asked=(
            Asked(
                field="summary",
                word="Resolution, may be written later",
                value=incident.resolution_summary,
                hint="What ended it",
            ),
        ),
    )


def reopen_question(_incident: Incident) -> Question:
    """Why it is back."""
    asked = Asked(field="reason", word="Reason", hint="What is back")
    return Question(key="reopen", title="Reopen it", verb="Reopen", asked=(asked,))


def severity_question(incident: Incident) -> Question:
    """How bad it is, how soon it matters, how far it reaches."""
    severities = tuple(Option(name, name.capitalize(), MARK_OF[name]) for name in SEVERITIES)
    priorities = tuple(Option(name, name.upper()) for name in PRIORITIES)
    impacts = tuple(Option(name, name.capitalize()) for name in IMPACTS)
    return Question(
        key="severity",
        title="How bad",
        verb="Save",
        asked=(
            Asked(field="severity", word="Severity", value=incident.severity, options=severities),
            Asked(field="priority", word="Priority", value=incident.priority, options=priorities),
            Asked(field="impact", word="Impact", value=incident.impact, options=impacts),
            Asked(field="reason", word=_REASON, hint="Why"),
        ),
    )


def category_question(incident: Incident, plans: Iterable[PlanChoice]) -> Question:
    """What kind of trouble it is, and which type of crisis: that chooses the response plan."""
    options = tuple(Option(name, name.replace("_", " ").capitalize()) for name in CATEGORIES)
    types = {NO_PLAN: "No plan", **{plan.name: plan.word for plan in plans}}
    if incident.crisis_type not in types:
        # It follows a plan that is not known here; leaving the strip as it is keeps it.
        types[incident.crisis_type] = incident.crisis_type.replace("_", " ").capitalize()
    return Question(
        key="category",
        title="What kind",
        verb="Save",
        asked=(
            Asked(field="category", word="Category", value=incident.category, options=options),
            Asked(
                field="crisis_type",
                word="Type of crisis; another one brings the tasks of its plan",
                value=incident.crisis_type,
                options=tuple(Option(name, word) for name, word in types.items()),
            ),
        ),
    )
