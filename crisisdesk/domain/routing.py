"""Which way a page goes first: around what is taken out, never dropping a way.

Every dependency of a way is needed, so one that is gone is enough to put the way last. The order
among ways of the same standing is that of the contact's card. While a dependency is only suspected,
nothing is put last; the worst pages then go by a second way as well that does not need it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.contact import NEVER_SWALLOWED, ContactMethod
from crisisdesk.domain.outages import TakenOut

CHANNEL_WORDS: dict[str, str] = {
    "email": "mail",
    "sms": "SMS",
    "voice": "call",
    "slack": "Slack",
    "teams": "Teams",
    "discord": "Discord",
    "telegram": "Telegram",
    "pagerduty": "PagerDuty",
    "opsgenie": "Opsgenie",
    "splunk": "Splunk On-Call",
    "jira": "Jira",
    "webhook": "webhook",
    "json": "JSON webhook",
}


class Routed(NamedTuple):
    """A way with what it needs and is taken out; one without any is counted as working."""

    method: ContactMethod
    missing: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Whether nothing that it needs is taken out."""
        return not self.missing


def channel_word(channel: str) -> str:
    """What people call a channel in a sentence."""
    return CHANNEL_WORDS.get(channel, channel)


def route(ways: Sequence[ContactMethod], needs: Dependencies, out: Collection[str]) -> list[Routed]:
    """The same ways, those that need nothing of ``out`` first, each kind as on the card."""
    if not out:
        return [Routed(method) for method in ways]
    found = [
        Routed(method, tuple(name for name in needs.of_method(method) if name in out))
        for method in ways
    ]
    return sorted(found, key=lambda way: not way.works)


def second(
    routed: Sequence[Routed], needs: Dependencies, suspected: Collection[str], severity: str
) -> Routed | None:
    """The way by which a page goes besides the first of ``routed``, or None.

    Only for critical and emergency pages, only while the first needs what is suspected, and one
    only: the next that counts as working and needs nothing of that.
    """
    if severity not in NEVER_SWALLOWED or not suspected or not routed:
        return None
    doubted = set(needs.of_method(routed[0].method)) & set(suspected)
    if not doubted:
        return None
    for way in routed[1:]:
        if way.works and not doubted & set(needs.of_method(way.method)):
            return way
    return None


def passed_over(
    chosen: Routed, ways: Sequence[ContactMethod], routed: Sequence[Routed]
) -> list[Routed]:
    """The ways that stand before the chosen one on the card and were put behind it."""
    before = {m.method_id for m in ways[: _index(ways, chosen.method)]}
    return [way for way in routed if way.method.method_id in before and not way.works]


def _index(ways: Sequence[ContactMethod], method: ContactMethod) -> int:
    return [m.method_id for m in ways].index(method.method_id)


def routed_body(
    chosen: Routed,
    ways: Sequence[ContactMethod],
    routed: Sequence[Routed],
    out: Mapping[str, TakenOut],
) -> dict[str, Any]:
    """What is written down about a choice; empty when it is the one the card would give.

    ``around`` are the ways passed over with what they need that is gone and whose word that is;
    ``missing`` is that of the chosen way itself, where no other was left.
    """
    around = [
        {
            "channel": way.method.channel,
            "masked": way.method.masked,
            "needs": way.missing[0],
            "by": out[way.missing[0]].blamed(),
        }
        for way in passed_over(chosen, ways, routed)
    ]
    body: dict[str, Any] = {"around": around} if around else {}
    if not chosen.works:
        name = chosen.missing[0]
        body["missing"] = {"needs": name, "by": out[name].blamed()}
    return body


def routed_words(body: Mapping[str, Any], channel: str) -> str:
    """ "By SMS, because mail depends on dns, which INC-1 has taken out"."""
    parts = [
        f"{channel_word(way['channel'])} depends on {way['needs']}, which {way['by']} has taken out"
        for way in body.get("around", ())
    ]
    words = f"By {channel_word(channel)}"
    if (missing := body.get("missing")) is not None:
        words += (
            f", although it depends on {missing['needs']}, which {missing['by']} has taken out:"
            " no way that works is left"
        )
        return words
    if (beside := body.get("beside")) is not None:
        words += (
            f" as well as by {channel_word(beside['channel'])}, because that depends on"
            f" {beside['needs']}, which may be out"
        )
    if parts:
        words += f", because {' and '.join(parts)}"
    return words
