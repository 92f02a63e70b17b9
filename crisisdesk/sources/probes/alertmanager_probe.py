"""Sources of type ``alertmanager``: its alerts are fetched where it cannot send them here.

They have the keys of its webhook: an alert that comes by both ways is one alert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

import orjson

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.fingerprint import fingerprint
from crisisdesk.sources.labels import without_empty
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.firing import firing_signals
from crisisdesk.sources.probes.looking import Sight, down
from crisisdesk.sources.probes.vanishing import Judged, Seen, judge
from crisisdesk.sources.probes.web import (
    WEB_FIELDS,
    Ask,
    Page,
    Web,
    check_web,
    said_yes,
    web_secrets,
)
from crisisdesk.sources.rules import IntakeRules

BODY_LIMIT = 16 * 1024 * 1024
STATUS_LIMIT = 1024 * 1024
# The states in which an alert fires: those that are new are not yet looked at by Alertmanager.
_FIRING = ("active", "unprocessed")


class AlertmanagerProber:
    """Fetches all alerts at each look, those that are silenced there as well: one that is silenced
    has not ended."""

    type = "alertmanager"

    def __init__(self, rules: IntakeRules | None = None) -> None:
        self._web = Web()
        self._rules = rules or IntakeRules()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``matchers`` narrow what is fetched, as Alertmanager's own; ``silenced`` takes what is
        silenced or inhibited there, too."""
        fields = Fields(settings, (*WEB_FIELDS, "matchers", "silenced", "settle_s"))
        return check_web(fields) | {
            "matchers": fields.texts("matchers", most=20),
            "silenced": fields.yes("silenced", default=False),
            "settle_s": fields.whole("settle_s", 0, 3_600, 300),
        }

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """Password or token, where one is named."""
        return web_secrets(settings)

    async def look(self, look: Look) -> Reading:
        """Up when its alerts could be fetched."""
        sight = Sight(look)
        return await sight.bounded(self._look(sight), "Alertmanager")

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def _look(self, sight: Sight) -> Reading:
        look, settings = sight.look, sight.look.source.settings
        # Before the alerts: an answer of a run that began in between is then taken for the older
        # one's, once, and what is missing once is not over.
        run = await self._run(sight)
        ask = Ask(
            url=f"{settings['url']}/api/v2/alerts",
            most=BODY_LIMIT,
            query=[("filter", matcher) for matcher in settings["matchers"]],
        )
        alerts = _alerts(await self._web.ask(sight, ask))
        firing, quiet = _sorted(alerts, takes_silenced=settings["silenced"])
        signals, bad = firing_signals(firing, self._rules, now=look.now, more={}, start="startsAt")
        seen = Seen(signals, frozenset(quiet), run, is_whole=not bad)
        judged = judge(look.bookmark, seen, now=look.now, settle_ms=settings["settle_s"] * 1000)
        return sight.reading(
            Verdict.UP,
            _words(len(firing), len(quiet), bad, judged),
            samples=_samples(look, len(firing), len(quiet)),
            signals=judged.signals,
            bookmark=judged.bookmark,
        )

    async def _run(self, sight: Sight) -> str:
        """When the Alertmanager that answers was started, by its own clock."""
        url = f"{sight.look.source.settings['url']}/api/v2/status"
        told = _json(await self._web.ask(sight, Ask(url=url, most=STATUS_LIMIT)))
        started = told.get("uptime") if isinstance(told, dict) else None
        if not isinstance(started, str) or not started:
            raise down("its status does not tell when it was started; is url its address?")
        return started[:64]


def _alerts(page: Page) -> list[Mapping[str, Any]]:
    told = _json(page)
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise down("the answer is no list of alerts; is url Alertmanager's address?")
    return told


def _json(page: Page) -> Any:
    said_yes(page)
    try:
        return orjson.loads(page.body)
    except orjson.JSONDecodeError:
        raise down("the answer is no JSON; is url Alertmanager's address?") from None


def _sorted(
    alerts: Sequence[Mapping[str, Any]], *, takes_silenced: bool
) -> tuple[list[Mapping[str, Any]], list[str]]:
    """Those that count as firing, and the keys of those that are silenced or inhibited there."""
    firing: list[Mapping[str, Any]] = []
    quiet: list[str] = []
    for alert in alerts:
        status = alert.get("status")
        state = status.get("state") if isinstance(status, dict) else None
        labels = alert.get("labels")
        if state in _FIRING or takes_silenced or not _is_labels(labels):
            firing.append(alert)
        else:
            quiet.append(fingerprint(without_empty(labels)))
    return firing, quiet


def _is_labels(labels: object) -> TypeGuard[dict[str, str]]:
    return isinstance(labels, dict) and all(isinstance(text, str) for text in labels.values())


def _words(firing: int, quiet: int, bad: int, judged: Judged) -> str:
    words = [f"{firing} alerts firing"]
    if quiet:
        words.append(f"{quiet} silenced or inhibited there")
    if judged.held:
        words.append(f"{judged.held} missing from the answer, not yet over")
    if bad + judged.beyond:
        words.append(f"{bad + judged.beyond} could not be taken")
    return "; ".join(words)


def _samples(look: Look, firing: int, quiet: int) -> list[Sample]:
    values = {"alertmanager_firing": firing, "alertmanager_quiet": quiet}
    source_id = look.source.source_id
    return [
        Sample(series(source_id, name), look.now, float(count)) for name, count in values.items()
    ]
