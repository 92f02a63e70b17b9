"""Sources of type ``prometheus``: what a Prometheus answers to queries, and its alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.series import Sample
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.detection_ports import Look
from crisisdesk.engine.patience import within
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.firing import firing_signals
from crisisdesk.sources.probes.looking import Sight, Unanswered, down, whole_at
from crisisdesk.sources.probes.prometheus_answers import (
    Answer,
    Kept,
    Values,
    answer_of,
    keep,
    values_of,
)
from crisisdesk.sources.probes.vanishing import Judged, Seen, judge
from crisisdesk.sources.probes.web import WEB_FIELDS, Ask, Web, check_web, web_secrets
from crisisdesk.sources.rules import IntakeRules

BODY_LIMIT = 8 * 1024 * 1024
QUERIES_LIMIT = 50
SERIES_LIMIT = 10_000
# A clock that is off by less is taken for the way of the answer.
SKEW_MS = 5_000
# Of one query's gap at most so many values are read, all its series together.
GAP_VALUES = 20_000
GAP_POINTS = 500
MINUTE_MS = 60_000


class PrometheusProber:
    """Asks each query once a look; after a gap (sleep, restart) what was missed as well."""

    type = "prometheus"

    def __init__(self, rules: IntakeRules | None = None) -> None:
        self._web = Web()
        self._rules = rules or IntakeRules()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``queries`` are ``{name, query}``; without any only reachability and alerts count."""
        names = ("queries", "max_series", "catch_up_min", "alerts", "external_labels", "settle_s")
        fields = Fields(settings, (*WEB_FIELDS, *names))
        told = check_web(fields) | {
            "queries": _queries(fields),
            "max_series": fields.whole("max_series", 1, SERIES_LIMIT, 500),
            "catch_up_min": fields.whole("catch_up_min", 0, 24 * 60, 60),
            "alerts": fields.yes("alerts", default=False),
            "settle_s": fields.whole("settle_s", 0, 3_600, 300),
        }
        labels = fields.names("external_labels")
        return told | ({"external_labels": labels} if labels else {})

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """Password or token, where one is named."""
        return web_secrets(settings)

    async def look(self, look: Look) -> Reading:
        """Up when every query was answered; what one query gave is kept when another fails."""
        sight = Sight(look)
        return await sight.bounded(_Questions(self._web, self._rules, sight).ask(), "Prometheus")

    async def aclose(self) -> None:
        """Nothing is kept open."""


def _queries(fields: Fields) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for number, table in enumerate(fields.tables("queries", most=QUERIES_LIMIT)):
        one = Fields(table, ("name", "query"), f"settings.queries[{number}]")
        name = one.metric("name")
        if any(name == other["name"] for other in found):
            raise one.wrong("name", f"{name} is there twice", "give each query its own name")
        found.append({"name": name, "query": one.text("query", limit=4_000)})
    return found


class _Questions:
    """The questions of one look, in order, and what came of them."""

    def __init__(self, web: Web, rules: IntakeRules, sight: Sight) -> None:
        self._web, self._rules, self._sight = web, rules, sight
        self._settings = sight.look.source.settings
        self._samples: list[Sample] = []
        self._missed: list[Sample] = []
        self._notes: list[str] = []
        self._refusals: list[Unanswered] = []
        self._skew = 0

    async def ask(self) -> Reading:
        """Values first, then the alerts, then what was missed: that is worth the least."""
        look = self._sight.look
        counts = [await self._query(query) for query in self._settings["queries"]]
        if not counts and not self._settings["alerts"]:
            await self._get("/api/v1/query", {"query": "1"})
        bookmark: dict[str, object] = {"at": look.now}
        signals: list[Signal] = []
        if self._settings["alerts"]:
            judged = await self._alerts()
            signals, bookmark = judged.signals, bookmark | judged.bookmark
        await self._missed_in_time(counts)
        words = f"{sum(counts)} series by {len(counts)} queries"
        if self._missed:
            words += f", {len(self._missed)} values of the time that was missed"
        told = "; ".join([words, *self._notes])
        verdict = Verdict.UP
        if self._refusals:
            verdict, told = self._refusals[0].verdict, f"{self._refusals[0]}; {told}"
        return self._sight.reading(
            verdict,
            told,
            samples=[*self._missed, *self._samples],
            signals=signals,
            bookmark=bookmark,
        )

    async def _query(self, query: Mapping[str, str]) -> int:
        """The samples of one query; how many there are. One that is refused stops no other."""
        try:
            values = await self._values("/api/v1/query", {"query": query["query"]}, query["name"])
        except Unanswered as error:
            if error.verdict is Verdict.DOWN:
                raise
            self._refusals.append(Unanswered(error.verdict, f"{query['name']}: {error}"))
            return 0
        kept = self._keep(values, query["name"], at=self._sight.look.now)
        if kept.beyond:
            self._notes.append(f"{query['name']}: {kept.beyond} series beyond max_series left out")
        if kept.unfit or values.histograms:
            unfit = kept.unfit + values.histograms
            self._notes.append(f"{query['name']}: {unfit} results left out that are no number")
        self._samples += kept.samples
        self._skew = self._skew or _skew(values, self._sight.look.now)
        return len(kept.samples)

    def _keep(self, values: Values, name: str, at: int | None) -> Kept:
        return keep(
            values.values,
            source_id=self._sight.look.source.source_id,
            metric=name,
            most=self._settings["max_series"],
            at=at,
            shift=self._skew,
        )

    async def _values(self, path: str, form: Mapping[str, str], name: str) -> Values:
        # So that a query that takes too long is told from a Prometheus that does not answer.
        patience = {"timeout": f"{max(0.1, self._sight.left_s * 0.8):.3f}"}
        answer = await self._get(path, {**form, **patience})
        self._notes += [f"{name}: {warning}" for warning in answer.warnings]
        return values_of(answer.data)

    async def _get(self, path: str, form: Mapping[str, str]) -> Answer:
        url = f"{self._settings['url']}{path}"
        return answer_of(await self._web.ask(self._sight, Ask(url=url, most=BODY_LIMIT, form=form)))

    async def _missed_in_time(self, counts: Sequence[int]) -> None:
        """What was missed since the look before, once: what cannot be read now is given up, as the
        gap would only grow from look to look."""
        try:
            await within(self._sight.left_s * 0.8, self._catch_up(counts))
        except TimeoutError:
            self._notes.append("what was missed was not answered in time")

    async def _catch_up(self, counts: Sequence[int]) -> None:
        look = self._sight.look
        before, every = whole_at(look.bookmark, "at"), look.source.every_ms
        longest = self._settings["catch_up_min"] * MINUTE_MS
        since = max(before + every, look.now - longest)
        if not before or not longest or look.now - before < 2 * every or since >= look.now:
            return
        for query, count in zip(self._settings["queries"], counts, strict=True):
            points = max(2, min(GAP_POINTS, GAP_VALUES // max(1, count)))
            step_ms = max(every, 1_000, -(-(look.now - since) // points))
            form = {
                "query": query["query"],
                "start": f"{(since + self._skew) / 1000:.3f}",
                "end": f"{(look.now - 1 + self._skew) / 1000:.3f}",
                "step": f"{step_ms / 1000:.3f}",
            }
            try:
                values = await self._values("/api/v1/query_range", form, query["name"])
            except Unanswered as error:
                self._notes.append(f"{query['name']}: what was missed cannot be read: {error}")
                continue
            self._missed += self._keep(values, query["name"], at=None).samples

    async def _alerts(self) -> Judged:
        look = self._sight.look
        run = await self._run()
        answer = await self._get("/api/v1/alerts", {})
        alerts = answer.data.get("alerts") if isinstance(answer.data, dict) else None
        if not isinstance(alerts, list):
            raise down("the answer holds no alerts")
        firing = [
            one for one in alerts if not isinstance(one, dict) or one.get("state") == "firing"
        ]
        signals, bad = firing_signals(
            firing,
            self._rules,
            now=look.now,
            more=self._settings.get("external_labels", {}),
            start="activeAt",
        )
        seen = Seen(signals, frozenset(), run, is_whole=len(signals) == len(firing))
        judged = judge(
            look.bookmark, seen, now=look.now, settle_ms=self._settings["settle_s"] * 1000
        )
        self._notes.append(f"{len(signals)} alerts firing")
        if judged.held:
            self._notes.append(f"{judged.held} missing from the answer, not yet over")
        if bad + judged.beyond:
            self._notes.append(f"{bad + judged.beyond} alerts could not be taken")
        return judged

    async def _run(self) -> str:
        """Which run of Prometheus answers; "" for one that does not tell (others speak its API)."""
        try:
            told = (await self._get("/api/v1/status/runtimeinfo", {})).data
        except Unanswered:
            return ""
        started = told.get("startTime") if isinstance(told, dict) else None
        return started if isinstance(started, str) else ""


def _skew(values: Values, now: int) -> int:
    """How far Prometheus' clock is ahead of this station's, ms; 0 for what the way may explain."""
    ahead = max((one.at for one in values.values), default=now) - now
    return ahead if abs(ahead) > SKEW_MS else 0
