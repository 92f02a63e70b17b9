"""Which ways back from a page are open at this station, out of its settings."""

from __future__ import annotations

from crisisdesk.domain.answering import HOUR_MS
from crisisdesk.engine.answer_links import AnswerLinks, AnswerWays
from crisisdesk.engine.ports import Clock, Secrets
from crisisdesk.settings.model import Settings


def ways_of(settings: Settings) -> AnswerWays:
    """The ways that the settings open."""
    told = settings.answers
    return AnswerWays(
        url=told.url,
        valid_ms=round(told.valid_hours * HOUR_MS),
        sms=told.sms,
        mail_to=told.mail.answer_to,
        mail_plus=told.mail.plus,
    )


def answer_links(settings: Settings, secrets: Secrets, clock: Clock) -> AnswerLinks | None:
    """What makes and reads links; none at a sealed station, which takes no answers, and none where
    no way is open."""
    ways = ways_of(settings)
    return None if settings.sealed or not ways.any else AnswerLinks(secrets, clock, ways)
