"""Pages as plain JSON over HTTP: ``webhook://host/path`` (HTTP) and ``webhooks://`` (HTTPS)."""

from __future__ import annotations

from typing import Any

from crisisdesk.comms.channels import AddressError, check_shape
from crisisdesk.comms.http_lines import HttpLines, NoAnswer, Question, json_body
from crisisdesk.comms.verdicts import refusal, said, words_of
from crisisdesk.domain.redaction import secrets_in_url
from crisisdesk.engine.ports import Clock, Outcome, Outgoing

VERSION = 1


class WebhookSender:
    """Keeps a few connections per receiver; receivers never wait for one another."""

    def __init__(self, lines: HttpLines, clock: Clock | None = None) -> None:
        self._lines = lines
        self._clock = clock

    async def send(self, outgoing: Outgoing) -> Outcome:
        """POST the page once, within ``deadline_s``; 2xx is success, a redirect is a refusal."""
        try:
            check_shape(outgoing.url)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        secrets = secrets_in_url(outgoing.url)
        scheme, _, rest = outgoing.url.strip().partition("://")
        question = Question(
            url=f"http{scheme.lower().removeprefix('webhook')}://{rest}",
            content=json_body(self.body_of(outgoing)),
            headers={"Content-Type": "application/json", "Idempotency-Key": outgoing.key},
        )
        try:
            answer = await self._lines.ask(question, outgoing.deadline_s)
        except NoAnswer as error:
            words = str(error) if error.retryable else f"{error}; write it as webhooks://host/path"
            return Outcome(ok=False, words=words_of(words, secrets), retryable=error.retryable)
        if not answer.is_yes:
            return refusal(answer, secrets)
        return Outcome(
            ok=True,
            words=words_of(said(answer), secrets),
            provider_id=answer.headers.get("x-request-id", "")[:200],
        )

    async def aclose(self) -> None:
        """The connections belong to the lines."""

    def body_of(self, outgoing: Outgoing) -> dict[str, Any]:
        """The JSON object a receiver gets; ``sent_at`` (UTC milliseconds) needs a clock."""
        body: dict[str, Any] = {
            "version": VERSION,
            "key": outgoing.key,
            "alert_id": outgoing.alert_id,
            "severity": outgoing.severity,
            "title": outgoing.title,
            "text": outgoing.text,
            "possible_repeat": outgoing.possible_repeat,
        }
        if outgoing.thread:
            body["thread"] = outgoing.thread
        if outgoing.link:
            body["link"] = outgoing.link
        if self._clock is not None:
            body["sent_at"] = self._clock.now_ms()
        return body
