"""PagerDuty's Change Events API v2: what deploy tools post to ``/v2/change/enqueue``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crisisdesk.domain.context.change_record import (
    DETAIL_CHARS,
    DETAILS_LIMIT,
    LINKS_LIMIT,
    NAME_LIMIT,
    SUMMARY_LIMIT,
    URL_LIMIT,
    ChangeReport,
)
from crisisdesk.sources.payload import (
    ELLIPSIS,
    load_object,
    missing,
    object_at,
    text_at,
    web_url,
    wrong_type,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed
from crisisdesk.sources.timestamps import time_at

SOURCE = "pagerduty"
MAX_EVENT_BYTES = 512 * 1024
_ROUTING_KEY_LIMIT = 255


def parse(body: bytes, rules: IntakeRules) -> Parsed:
    """Translate one change event; the answer is 202, as PagerDuty documents it.

    The service is ``custom_details.service``; without it only ``payload.source`` says what was
    changed. Links that are no web addresses are left out, of ``custom_details`` the first
    `DETAILS_LIMIT` plain values are kept. Raises IntakeError 400 or 413.
    """
    if len(body) > MAX_EVENT_BYTES:
        raise IntakeError(
            413,
            "body",
            f"{len(body)} bytes are more than the {MAX_EVENT_BYTES} allowed",
            "Shorten custom_details.",
        )
    event = load_object(body, rules)
    routing_key = text_at(event, "routing_key", limit=_ROUTING_KEY_LIMIT)
    if not routing_key:
        raise missing("routing_key", "the integration key of this station")
    if event.get("payload") is None:
        raise missing("payload", "an object with a summary")
    payload = object_at(event, "payload")
    summary = text_at(payload, "summary", "payload", SUMMARY_LIMIT)
    if not summary.strip():
        raise missing("payload.summary", "a text")
    custom = payload.get("custom_details")
    told = custom if type(custom) is dict else {}
    report = ChangeReport(
        summary=summary,
        service=fit(told.get("service"), NAME_LIMIT),
        source=fit(text_at(payload, "source", "payload"), NAME_LIMIT),
        at=time_at(payload.get("timestamp"), "payload.timestamp"),
        author=fit(told.get("author"), NAME_LIMIT),
        links=links_of(event.get("links"), "links"),
        details=details_of({n: v for n, v in told.items() if n not in ("service", "author")}),
    )
    return Parsed(
        signals=[],
        status=202,
        answer={"message": "Change event processed", "status": "success"},
        routing_key=routing_key,
        changes=(report,),
    )


def links_of(value: Any, path: str) -> tuple[tuple[str, str], ...]:
    """The first links that are web addresses, of a list of ``{href, text}``; IntakeError 400 for
    what is no list."""
    if value is None:
        return ()
    if type(value) is not list:
        raise wrong_type(path, "an array", value)
    found = []
    for link in value[: 10 * LINKS_LIMIT]:
        href = link.get("href") if type(link) is dict else None
        if type(href) is str and web_url(href) and len(href) <= URL_LIMIT:
            found.append((href, fit(link.get("text"), NAME_LIMIT)))
    return tuple(found[:LINKS_LIMIT])


def details_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The first plain values (texts, numbers, true, false) by name, cut to what is kept."""
    plain = ((name, _plain(value)) for name, value in _first(values.items()))
    kept = [(fit(name, NAME_LIMIT), text) for name, text in plain if text and name.strip()]
    return dict(kept[:DETAILS_LIMIT])


def _first(items: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for count, item in enumerate(items):
        if count == 10 * DETAILS_LIMIT:
            return
        yield item


def _plain(value: Any) -> str:
    if type(value) is bool:
        return "true" if value else "false"
    return fit(str(value) if type(value) is int else value, DETAIL_CHARS)


def fit(value: Any, limit: int) -> str:
    """A text of at most so many characters, a longer one cut; "" for what is no text."""
    if type(value) is not str:
        return ""
    text = value.strip()
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS
