"""Sources of type ``json``: an address that answers with JSON is asked, and read by paths."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.series import Sample
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.payload import decode
from crisisdesk.sources.probes import headers
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.json_alerts import alerts_of, check_alerts
from crisisdesk.sources.probes.json_values import check_values, values_of
from crisisdesk.sources.probes.looking import Sight, down
from crisisdesk.sources.probes.vanishing import judge
from crisisdesk.sources.probes.web import (
    WEB_FIELDS,
    Ask,
    Page,
    Web,
    check_web,
    said_yes,
    web_secrets,
)
from crisisdesk.sources.rules import IntakeError, IntakeRules

BODY_LIMIT = 4 * 1024 * 1024
SERIES_LIMIT = 10_000
METHODS = ("GET", "POST")
_SETTINGS = (
    *WEB_FIELDS,
    *headers.SETTINGS,
    "method",
    "body",
    "values",
    "max_series",
    "alerts",
    "settle_s",
)
_MARK = b"\xef\xbb\xbf"


class JsonProber:
    """One request for each look; an answer that is not whole leaves nothing and ends nothing."""

    type = "json"

    def __init__(self, rules: IntakeRules | None = None) -> None:
        self._web = Web()
        self._rules = replace(rules or IntakeRules(), max_body_bytes=BODY_LIMIT)

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` are what is measured, ``alerts`` where its alerts stand; one of them at least.
        See `json_values.check_values` and `json_alerts.check_alerts`."""
        fields = Fields(settings, _SETTINGS)
        told = check_web(fields, query=True) | headers.check(fields)
        told["method"] = fields.choice("method", METHODS, "GET")
        if body := fields.text("body", "", limit=8_000):
            told["body"] = body
            if told["method"] == "GET":
                raise fields.wrong("body", "goes with no GET", "leave it out, or use POST")
        _assert_one_login(fields, told)
        told["values"] = check_values(fields)
        told["max_series"] = fields.whole("max_series", 1, SERIES_LIMIT, 500)
        if alerts := check_alerts(fields):
            told["alerts"] = alerts
        told["settle_s"] = fields.whole("settle_s", 0, 3_600, 300)
        if not told["values"] and not alerts:
            remedy = 'name what is measured, such as [{"name": "depth", "path": "queue.depth"}]'
            raise fields.wrong("values", "is missing, and alerts too", remedy)
        return told

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """Those of the login and of the headers."""
        return list(dict.fromkeys([*web_secrets(settings), *headers.secret_names(settings)]))

    async def look(self, look: Look) -> Reading:
        """Up when the answer is JSON and holds something of what is asked for."""
        sight = Sight(look)
        return await sight.bounded(self._look(sight), "the address")

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def _look(self, sight: Sight) -> Reading:
        settings = sight.look.source.settings
        ask = Ask(
            url=settings["url"],
            most=BODY_LIMIT,
            body=settings.get("body", "").encode() if settings["method"] == "POST" else None,
            headers=headers.of_look(sight),
        )
        page = await self._web.ask(sight, ask)
        said_yes(page)
        # A large answer takes longer to read than the loop may stand still.
        taken = await asyncio.to_thread(read_answer, page, sight.look, self._rules)
        return sight.reading(
            Verdict.UP,
            "; ".join(taken.words),
            samples=taken.samples,
            signals=taken.signals,
            bookmark=taken.bookmark,
        )


def _assert_one_login(fields: Fields, told: Mapping[str, Any]) -> None:
    named = {header.lower() for header in told["secret_headers"]}
    if "authorization" in named and (told.get("token") or told.get("user")):
        raise fields.wrong(
            "secret_headers", "hold Authorization beside token or user", "use one way to log in"
        )


@dataclass(slots=True)
class Taken:
    """What one answer gave, and the words for it."""

    words: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    bookmark: dict[str, object] | None = None


def read_answer(page: Page, look: Look, rules: IntakeRules) -> Taken:
    """What an answer holds for this source; raises Unanswered when it is not what was hoped for."""
    settings = look.source.settings
    try:
        # Some servers put a byte order mark before it.
        document = decode(page.body.removeprefix(_MARK), rules)
    except IntakeError as error:
        raise down(f"the answer is no JSON in UTF-8: {error.problem}") from None
    taken = Taken()
    left_out: list[str] = []
    if settings["values"]:
        found = values_of(
            document,
            settings["values"],
            source_id=look.source.source_id,
            at=look.now,
            most=settings["max_series"],
        )
        if not found.is_there:
            raise down(f"the answer holds none of the values: {'; '.join(found.left_out)}")
        taken.samples, left_out = found.samples, found.left_out
        taken.words.append(f"{len(taken.samples)} values")
    if settings.get("alerts"):
        _take_alerts(document, look, rules, taken)
    taken.words += [f"left out, {why}" for why in left_out]
    return taken


def _take_alerts(document: Any, look: Look, rules: IntakeRules, taken: Taken) -> None:
    seen, bad = alerts_of(document, look, rules)
    settle_ms = look.source.settings["settle_s"] * 1000
    judged = judge(look.bookmark, seen, now=look.now, settle_ms=settle_ms)
    taken.signals, taken.bookmark = judged.signals, judged.bookmark
    taken.words.append(f"{len(seen.firing)} alerts firing")
    if judged.held:
        taken.words.append(f"{judged.held} missing from the answer, not yet over")
    if bad + judged.beyond:
        taken.words.append(f"{bad + judged.beyond} could not be taken")
