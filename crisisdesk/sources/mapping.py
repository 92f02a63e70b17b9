"""Mappings: which member of a foreign JSON payload fills which field of a signal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crisisdesk.domain.json_path import Path, path_of
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import SignalAction

FIELDS = frozenset(
    {
        "key",
        "status",
        "severity",
        "title",
        "description",
        "alert_type",
        "service",
        "place",
        "group_key",
        "starts_at",
        "ends_at",
        "url",
        "labels",
        "annotations",
        "affected_systems",
        "impact_scope",
        "details",
        "note",
    }
)
DEFAULT_ACTIONS: dict[str, SignalAction] = {
    **dict.fromkeys(
        [
            "fire",
            "firing",
            "fired",
            "trigger",
            "triggered",
            "problem",
            "down",
            "open",
            "opened",
            "alerting",
            "alert",
            "active",
            "raise",
            "raised",
            "failing",
            "failed",
            "error",
            "critical",
            "warning",
            "new",
        ],
        SignalAction.FIRE,
    ),
    **dict.fromkeys(["acknowledge", "acknowledged", "ack", "acked"], SignalAction.ACKNOWLEDGE),
    **dict.fromkeys(
        [
            "resolve",
            "resolved",
            "ok",
            "up",
            "closed",
            "close",
            "recovery",
            "recovered",
            "normal",
            "clear",
            "cleared",
            "fixed",
            "healthy",
            "success",
        ],
        SignalAction.RESOLVE,
    ),
}
# The fields that a format of a station's own gives paths for, by the names that are written.
OWN_PATHS = (
    "key",
    "title",
    "severity",
    "description",
    "action",
    "service",
    "place",
    "group_key",
    "alert_type",
    "starts_at",
    "ends_at",
    "url",
    "labels",
)
RESOLVE_WORDS = ("resolved", "ok", "recovered", "resolve", "closed")

Word = TypeVar("Word", SignalAction, Severity)


@dataclass(frozen=True, kw_only=True, slots=True)
class GenericMapping:
    """How to read one kind of payload.

    ``fields`` holds for each field of a signal the paths to try in order; the first that leads to
    anything but null or "" counts. ``each`` leads to an array whose items are one signal each;
    a path in ``fields`` then starts at the item, or with ``$`` at the document. ``defaults`` fills
    fields that no path filled. ``actions`` and ``severity_words`` translate the source's words in
    lower case (numbers and booleans as JSON writes them), before the built-in words do.
    """

    source: str
    fields: Mapping[str, tuple[Path, ...]]
    each: Path | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, SignalAction] = field(default_factory=dict)
    severity_words: Mapping[str, Severity] = field(default_factory=dict)


def mapping_from(data: Mapping[str, Any]) -> GenericMapping:
    """Read a mapping out of settings.

    Shape: ``{source, each?, fields: {name: path or [path, ...]}, defaults?, actions?,
    severities?}``. Raises ValueError naming the entry that is wrong.
    """
    unknown = data.keys() - {"source", "each", "fields", "defaults", "actions", "severities"}
    if unknown:
        raise ValueError(f"mapping: unknown entry {min(unknown)!r}")
    source = data.get("source")
    if not isinstance(source, str) or not 0 < len(source) <= 100:
        raise ValueError("mapping.source: give it a name of 1 to 100 characters")
    each = data.get("each")
    return GenericMapping(
        source=source,
        each=None if each is None else _path(each, "each"),
        fields={name: _paths(name, paths) for name, paths in _table(data, "fields").items()},
        defaults=_defaults(_table(data, "defaults")),
        actions=_words(_table(data, "actions"), "actions", SignalAction),
        severity_words=_words(_table(data, "severities"), "severities", Severity),
    )


def own_format(source: str, told: Mapping[str, Any]) -> GenericMapping:
    """A format as a station writes its own: a path for each of `OWN_PATHS` ("" or absent for none),
    ``each``, ``resolve_words`` (those of ``action`` that end it), ``default_severity`` and
    ``severities`` (word -> severity). Raises ValueError naming the entry that is wrong."""
    paths = {name: told[name] for name in OWN_PATHS if told.get(name)}
    if "action" in paths:
        paths["status"] = paths.pop("action")
    return mapping_from(
        {
            "source": source,
            "each": told.get("each") or None,
            "fields": paths,
            "defaults": {"severity": str(told.get("default_severity") or Severity.MEDIUM)},
            "actions": dict.fromkeys(told.get("resolve_words", RESOLVE_WORDS), "resolve"),
            "severities": dict(told.get("severities", {})),
        }
    )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name, {})
    if not isinstance(value, Mapping):
        raise ValueError(f"mapping.{name}: must be a table")
    return value


def _path(value: Any, name: str) -> Path:
    if not isinstance(value, str):
        raise ValueError(f"mapping.{name}: must be a path")
    try:
        return path_of(value)
    except ValueError as error:
        raise ValueError(f"mapping.{name}: {error}") from None


def _paths(name: str, value: Any) -> tuple[Path, ...]:
    if name not in FIELDS:
        raise ValueError(
            f"mapping.fields.{name}: no such field; one of {', '.join(sorted(FIELDS))}"
        )
    texts = value if isinstance(value, list) else [value]
    return tuple(_path(text, f"fields.{name}") for text in texts)


def _defaults(table: Mapping[str, Any]) -> dict[str, str]:
    for name, text in table.items():
        if name not in FIELDS or not isinstance(text, str):
            raise ValueError(f"mapping.defaults.{name}: must be a field with a text")
    return dict(table)


def _words(table: Mapping[str, Any], name: str, kind: type[Word]) -> dict[str, Word]:
    try:
        return {word.lower(): kind(meaning) for word, meaning in table.items()}
    except ValueError as error:
        raise ValueError(f"mapping.{name}: {error}; one of {', '.join(kind)}") from None


def _fields(**paths: str) -> dict[str, tuple[Path, ...]]:
    return {name: tuple(map(path_of, text.split())) for name, text in paths.items()}


PLAIN = GenericMapping(
    source="generic",
    fields=_fields(
        key="key dedup_key fingerprint id",
        title="title summary message name",
        description="description details_text body message",
        severity="severity level priority",
        status="status action event_action state",
        service="service host labels.service labels.job",
        place="place region location host",
        group_key="group_key group",
        alert_type="alert_type category",
        starts_at="starts_at startsAt timestamp",
        ends_at="ends_at endsAt",
        url="url link",
        labels="labels tags",
        annotations="annotations",
        affected_systems="affected_systems hosts host",
        impact_scope="impact_scope",
        details="details",
        note="note",
    ),
)
GRAFANA = GenericMapping(
    source="grafana",
    each=path_of("alerts"),
    fields=_fields(
        key="fingerprint",
        title="annotations.summary labels.alertname",
        description="annotations.description",
        severity="labels.severity labels.priority",
        status="status",
        service="labels.service labels.job labels.app",
        place="labels.region labels.zone labels.instance",
        group_key="$.groupKey labels.alertname",
        alert_type="labels.alert_type labels.category",
        starts_at="startsAt",
        ends_at="endsAt",
        url="panelURL dashboardURL generatorURL",
        labels="labels",
        annotations="annotations",
        affected_systems="labels.instance labels.host",
        details="values",
    ),
)
UPTIME_KUMA = GenericMapping(
    source="uptime-kuma",
    fields=_fields(
        key="heartbeat.monitorID monitor.id",
        title="msg",
        description="heartbeat.msg",
        status="heartbeat.status",
        service="monitor.name",
        place="monitor.hostname",
        url="monitor.url",
        affected_systems="monitor.hostname monitor.name",
        details="heartbeat",
    ),
    defaults={"severity": "high"},
    # Kuma's own numbers: 0 down, 1 up, 2 pending (a retry is under way), 3 maintenance.
    actions={
        "0": SignalAction.FIRE,
        "1": SignalAction.RESOLVE,
        "2": SignalAction.FIRE,
        "3": SignalAction.RESOLVE,
    },
)
BUILT_IN: dict[str, GenericMapping] = {
    mapping.source: mapping for mapping in (PLAIN, GRAFANA, UPTIME_KUMA)
}
