"""Which ways back from a page are open at this station, out of its settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisisdesk.comms.imap_line import Mailbox
from crisisdesk.comms.mail_answers import MailAnswers
from crisisdesk.comms.twilio_answers import TwilioAnswers
from crisisdesk.domain.answering import HOUR_MS
from crisisdesk.engine.answer_links import SMS_PATH, AnswerLinks, AnswerWays
from crisisdesk.engine.ports import Clock, Inbox, Secrets
from crisisdesk.settings.model import AnswerMail, Settings

IMAPS_PORT = 993


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What makes and reads answers; nothing of it at a sealed station, which takes none."""

    links: AnswerLinks | None = None
    texts: TwilioAnswers | None = None
    inboxes: Sequence[Inbox] = ()


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


def answering(settings: Settings, secrets: Secrets, clock: Clock) -> Answering:
    """The parts for the ways that are open."""
    ways = ways_of(settings)
    if settings.sealed or not ways.any:
        return Answering()
    links = AnswerLinks(secrets, clock, ways)
    inboxes: list[Inbox] = []
    texts = None
    if ways.sms != "off":
        texts = TwilioAnswers(secrets, clock, f"{ways.url}{SMS_PATH}" if ways.url else "")
        inboxes += [texts] if ways.sms == "poll" else []
    if ways.mail_to:
        inboxes.append(MailAnswers(secrets, clock, links, mailbox_of(settings.answers.mail)))
    # Without a public address nobody can call, and no signature could be checked.
    return Answering(links=links, texts=texts if ways.url else None, inboxes=tuple(inboxes))


def mailbox_of(told: AnswerMail) -> Mailbox:
    """The mailbox of the settings."""
    host, _, port = told.host.rpartition(":") if ":" in told.host else (told.host, "", "")
    number = int(port) if port else IMAPS_PORT
    return Mailbox(host=host.strip("[]"), port=number, user=told.user, folder=told.folder)
