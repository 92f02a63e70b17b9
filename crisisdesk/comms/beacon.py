"""Beats to an outside watchdog over HTTP, as healthchecks.io and its like take them."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from crisisdesk.comms.http_lines import HttpLines, NoAnswer, Question
from crisisdesk.comms.verdicts import said, words_of

FAIL = "/fail"
WORDS_LIMIT = 2_000


class HttpBeacon:
    """Implements `engine.ports.Beacon`. All is well: POST to the address; else to it + "/fail"."""

    def __init__(self) -> None:
        self._lines = HttpLines()

    async def beat(self, url: str, trouble: str, deadline_s: float) -> str:
        """Tell it once, within ``deadline_s``; why it was not taken, or "" when it was (2xx)."""
        parts = urlsplit(url)
        path = parts.path.rstrip("/")
        secrets = tuple({url, parts.path, path, *filter(None, (parts.query, parts.password))})
        place = urlunsplit(parts._replace(path=path + FAIL)) if trouble else url
        question = Question(
            url=place,
            content=trouble.encode("utf-8", "replace")[:WORDS_LIMIT],
            headers={"Content-Type": "text/plain; charset=utf-8"},
        )
        try:
            answer = await self._lines.ask(question, deadline_s)
        except NoAnswer as error:
            return words_of(str(error), secrets)
        return "" if answer.is_yes else words_of(said(answer), secrets)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._lines.aclose()
