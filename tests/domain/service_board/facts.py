"""Facts for boards: a catalogue, sources and alerts in few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from crisisdesk.domain.context.catalogue import joined
from crisisdesk.domain.context.services import Services
from crisisdesk.domain.context.topology import Topology
from crisisdesk.domain.service_board.judging import AlertTally, Board, Facts, service_board
from crisisdesk.domain.service_board.watching import (
    LastLook,
    Looker,
    SourceLine,
    Told,
    source_line,
)

from tests.domain.detection.test_source import source

NOW = 1_796_026_800_000
HERE = Looker("ST-A", on_duty=True)


def published(services: Mapping[str, Any], edges: Iterable[tuple[str, str]] = ()) -> Services:
    """A catalogue of these services, with more edges."""
    documents = [("S", {"kind": "catalogue", "services": dict(services)})] if services else []
    catalogue = joined(documents)
    return Services(catalogue, Topology([*catalogue.edges(), *edges]))


def alerts(service: str, severity: int, count: int = 1, **more: Any) -> AlertTally:
    given: dict[str, Any] = {"unowned": 0, "since": NOW - 60_000} | more
    return AlertTally(service, severity, count, **given)


def line(
    service: str = "shop",
    *,
    ago: int | None = 4_000,
    is_up: bool = True,
    told: Told | None = None,
    looker: Looker = HERE,
    now_ms: int = NOW,
    **changes: Any,
) -> SourceLine:
    """A source of 10 s whose last usable look was so long ago; None for none yet."""
    name = changes.pop("name", f"probe of {service}")
    base = source(service=service, every_ms=10_000, since=NOW - 3_600_000)
    one = replace(base, name=name, source_id=f"SRC-{name}", **changes)
    last = None if ago is None else LastLook(NOW - ago, is_up)
    return source_line(one, last, told, looker, now_ms)


def board(now_ms: int = NOW, **facts: Any) -> Board:
    return service_board(Facts(**facts), now_ms)
