"""Pages straight to a provider's own HTTP interface, and the question what became of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Protocol

from crisisdesk.comms.channels import AddressError, check_shape
from crisisdesk.comms.http_lines import Answer, HttpLines, NoAnswer, Question
from crisisdesk.comms.verdicts import said, words_of
from crisisdesk.domain.redaction import secrets_in_url
from crisisdesk.engine.ports import Confirmation, Outcome, Outgoing

PROVIDER_ID_LIMIT = 200


class Provider(Protocol):
    """What is particular to one provider: pure functions of addresses, pages and answers.

    Words given back may hold secrets; `DirectSender` takes them out.
    """

    def check(self, url: str) -> None:
        """Refuse an address that cannot work, or of which a part would be ignored: AddressError."""

    def question(self, outgoing: Outgoing) -> Question:
        """The request that carries a page; AddressError when the address gives none."""

    def judge(self, answer: Answer) -> Outcome:
        """How an answer to it is meant."""

    def inquiry(self, url: str, provider_id: str) -> Question | None:
        """The request that asks what became of a page; None when the provider cannot be asked."""

    def read(self, answer: Answer) -> Confirmation:
        """How an answer to that is meant."""


class DirectSender:
    """Sends by one provider; implements `Sender` and `Confirmer`."""

    def __init__(self, lines: HttpLines, provider: Provider) -> None:
        self._lines = lines
        self.provider = provider

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Try once, within ``deadline_s``; never raises for what a provider does."""
        secrets = secrets_in_url(outgoing.url)
        try:
            check_shape(outgoing.url)
            question = self.provider.question(outgoing)
            answer = await self._lines.ask(question, outgoing.deadline_s)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        except NoAnswer as error:
            return Outcome(ok=False, words=words_of(str(error), secrets), retryable=error.retryable)
        outcome = self.provider.judge(answer)
        return replace(
            outcome,
            words=words_of(outcome.words, secrets),
            provider_id=outcome.provider_id[:PROVIDER_ID_LIMIT],
        )

    async def confirm(self, url: str, provider_id: str, deadline_s: float) -> Confirmation:
        """What became of a page; ``unknown`` when the provider gives no answer now."""
        secrets = secrets_in_url(url)
        try:
            check_shape(url)
            question = self.provider.inquiry(url, provider_id) if provider_id else None
            if question is None:
                return Confirmation(state="unknown", words="this provider does not tell")
            answer = await self._lines.ask(question, deadline_s)
        except (AddressError, NoAnswer) as error:
            return Confirmation(state="unknown", words=words_of(str(error), secrets))
        found = self.provider.read(answer)
        return replace(found, words=words_of(found.words, secrets))

    async def aclose(self) -> None:
        """The connections belong to the lines."""


def whole_text(outgoing: Outgoing, limit: int) -> str:
    """Title and text in one, at most ``limit`` characters, the title not said twice."""
    first, _, rest = outgoing.text.partition("\n")
    text = outgoing.text
    if first.strip() and first.strip() in outgoing.title:
        text = rest
    whole = f"{outgoing.title}\n{text}".strip()
    return cut(whole, limit)


def untold(answer: Answer) -> Confirmation:
    """What is made of an answer that says nothing about the page."""
    return Confirmation(state="unknown", words=said(answer))


def short_key(key: str, limit: int) -> str:
    """The key itself, or its fingerprint where the provider takes none so long."""
    return key if len(key) <= limit else hashlib.sha256(key.encode()).hexdigest()


def cut(text: str, limit: int) -> str:
    """The text, at most ``limit`` characters of it, an ellipsis at the cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cut_bytes(text: str, limit: int) -> str:
    """The text, cut so that it has at most ``limit`` bytes in UTF-8, an ellipsis at the cut."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"
