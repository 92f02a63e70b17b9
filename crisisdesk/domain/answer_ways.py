"""Which ways back from a page are open at a station, and what each that is shut lacks, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crisisdesk.domain.answering import has_buttons
from crisisdesk.domain.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """What is set up: ``url`` of links, ``sms`` ("off", "webhook", "poll"), ``mail_to`` ("" for
    none), whether its password is kept (None: that could not be asked)."""

    sealed: bool = False
    url: str = ""
    sms: str = "off"
    mail_to: str = ""
    has_password: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayLine:
    """One way: its name, whether answers come back by it, and what is so or what is missing."""

    way: str
    is_open: bool
    words: str


def way_lines(facts: AnswerFacts, contacts: Iterable[Contact]) -> list[WayLine]:
    """Links, buttons, text messages, mails."""
    used = [
        (str(m.get("channel")), str(m.get("masked", "")))
        for contact in contacts
        for m in contact.methods
        if contact.enabled and m.get("enabled", True)
    ]
    texts = sum(channel == "sms" and at.startswith("twilio://") for channel, at in used)
    mails = sum(channel == "email" for channel, _at in used)
    push = sum(has_buttons(channel, at) for channel, at in used)
    lines = [_link(facts), _button(facts, push), _sms(facts, texts), _mail(facts, mails)]
    if not facts.sealed:
        return lines
    why = "this station is sealed: it sends no page and takes no answer"
    return [WayLine(way=line.way, is_open=False, words=why) for line in lines]


def _link(facts: AnswerFacts) -> WayLine:
    if facts.url:
        return WayLine(way="link", is_open=True, words=f"pages lead to {facts.url}/a/…")
    return _shut("link", '[answers] url in settings.toml, such as "https://desk.example.org"')


def _button(facts: AnswerFacts, push: int) -> WayLine:
    if not facts.url:
        return _shut("button", "[answers] url, as for links")
    if not push:
        return _shut("button", "a contact method by ntfy")
    return WayLine(way="button", is_open=True, words=f"on push messages to {_many(push)} by ntfy")


def _sms(facts: AnswerFacts, texts: int) -> WayLine:
    if facts.sms == "off":
        return _shut("text message", '[answers] sms = "poll" or "webhook" in settings.toml')
    if not texts:
        return _shut("text message", "a contact method by Twilio (twilio://…)")
    how = "Twilio is asked" if facts.sms == "poll" else "Twilio calls"
    if facts.url:
        how = f"{how}; its webhook is {facts.url}/crisis/answers/sms"
    return WayLine(way="text message", is_open=True, words=f"{_many(texts)} by Twilio; {how}")


def _mail(facts: AnswerFacts, mails: int) -> WayLine:
    if not facts.mail_to:
        return _shut("mail", "[answers.mail] host and user in settings.toml")
    if facts.has_password is False:
        return _shut("mail", "the mailbox's password: crisisdesk answers password")
    if not mails:
        return _shut("mail", "a contact method by mail")
    return WayLine(way="mail", is_open=True, words=f"{_many(mails)}; answers go to {facts.mail_to}")


def _many(count: int) -> str:
    return f"{count} contact method{'' if count == 1 else 's'}"


def _shut(way: str, missing: str) -> WayLine:
    return WayLine(way=way, is_open=False, words=f"missing: {missing}")
