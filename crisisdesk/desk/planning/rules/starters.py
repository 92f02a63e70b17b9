"""What a new rule begins with: one that says something of its kind, to be written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.empty_state import EmptyCard, EmptyView
from crisisdesk.desk.planning.rules.words import KIND_WORDS
from crisisdesk.domain import channel_dependencies
from crisisdesk.domain.correlation import rule as correlation
from crisisdesk.domain.inhibition import DEPENDENCIES, INHIBITION

if TYPE_CHECKING:
    from crisisdesk.desk.planning.policies.content import Content

STARTERS: dict[str, Content] = {
    correlation.KIND: {
        "kind": correlation.KIND,
        "for": "",
        "by": ["service"],
        "within_s": 300,
        "at_least": 3,
        "name": "{count} related alerts on {service}",
        "accept": correlation.ASK,
    },
    INHIBITION: {
        "kind": INHIBITION,
        "when": "alertname=SiteDown, severity=critical",
        "keep_quiet": "severity!=critical",
        "equal": ["place"],
    },
    DEPENDENCIES: {
        "kind": DEPENDENCIES,
        "services": {"shop": ["db-main"]},
        "from_severity": "critical",
    },
    channel_dependencies.KIND: {
        "kind": channel_dependencies.KIND,
        "channels": {"email": ["isp:acme"]},
    },
}
KEYS = {
    correlation.KIND: "A",
    INHIBITION: "C",
    DEPENDENCIES: "S",
    channel_dependencies.KIND: "M",
}
_DETAILS = {
    correlation.KIND: "which alerts are proposed as one incident",
    INHIBITION: "while one alert is open, others page nobody",
    DEPENDENCIES: "which service keeps others quiet when it is down",
    channel_dependencies.KIND: "what mail, text messages and others hang on",
}
_ICONS = {
    correlation.KIND: "layers",
    INHIBITION: "bell-off",
    DEPENDENCIES: "link",
    channel_dependencies.KIND: "map",
}
CHOOSE = EmptyView(
    title="What should the rule say?",
    text="A draft begins with an example; nothing counts before it is published.",
    cards=tuple(
        EmptyCard(
            key=kind,
            icon=_ICONS[kind],
            title=KIND_WORDS[kind],
            detail=_DETAILS[kind],
            keys=KEYS[kind],
        )
        for kind in STARTERS
    ),
)
UNREAD = EmptyView(
    title="The rules cannot be read yet.",
    text="They show as soon as the station's file can be read; the banner says why it cannot. "
    "What is published goes on counting.",
)
