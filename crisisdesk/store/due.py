"""The questions of what is due to be sent, and what was sent lately."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crisisdesk.domain.answering import CODE_CHANNELS
from crisisdesk.domain.throttle import CHANNEL_LOOK_BACK_MS, LOOK_BACK_COUNT, LOOK_BACK_MS
from crisisdesk.engine.ports import DueMethod

Values = tuple[Any, ...] | dict[str, Any]
Ask = Callable[[str, Values], list[Any]]
DUE = (
    "SELECT agg FROM delivery WHERE method_id=? AND next_due<=? AND next_due IS NOT NULL "
    "ORDER BY next_due LIMIT ?"
)
# Named, because to the planner this index looks no better than the one of all that is due.
DUE_URGENT = (
    "SELECT agg FROM delivery INDEXED BY delivery_urgent WHERE method_id=? AND next_due<=? "
    "AND next_due IS NOT NULL AND urgent=1 ORDER BY next_due LIMIT ?"
)
# From one method to the next in the index; DISTINCT would walk every waiting delivery. With each
# that has something due come the moments of its own and its channel's latest messages.
DUE_METHODS = """
WITH RECURSIVE m(id) AS (
    SELECT min(method_id) FROM delivery WHERE next_due IS NOT NULL
    UNION ALL
    SELECT (SELECT min(method_id) FROM delivery WHERE next_due IS NOT NULL AND method_id > m.id)
    FROM m WHERE m.id IS NOT NULL
), due(id, channel) AS (
    SELECT m.id, (
        SELECT channel FROM delivery
        WHERE method_id = m.id AND next_due <= :now AND next_due IS NOT NULL
        ORDER BY next_due LIMIT 1
    ) FROM m WHERE m.id IS NOT NULL
)
SELECT due.id, due.channel, (
    SELECT group_concat(at) FROM (
        SELECT message_at AS at FROM delivery
        WHERE method_id = due.id AND message_at > :since ORDER BY message_at DESC LIMIT :most
    )
), (
    SELECT group_concat(at) FROM (
        SELECT message_at AS at FROM delivery
        WHERE channel = due.channel AND message_at > :channel_since
        ORDER BY message_at DESC LIMIT :most
    )
)
FROM due WHERE due.channel IS NOT NULL
"""


CARRIED = "SELECT agg FROM delivery WHERE carrier=? AND carrier!='' AND status=? LIMIT ?"
HOLDS = "SELECT agg FROM alert WHERE hold_due<=? ORDER BY hold_due LIMIT ?"
# Named, because the index of statuses looks as good and walks all that is in hand.
UNHELD = (
    "SELECT agg FROM alert INDEXED BY alert_unheld WHERE acknowledged_at IS NOT NULL "
    "AND status IN ('acknowledged', 'investigating') AND hold_until IS NULL "
    "AND severity IN ({marks}) ORDER BY acknowledged_at LIMIT ?"
)
CODES = (
    "SELECT json_extract(CAST(state AS TEXT), '$.code'), agg FROM delivery "
    "WHERE channel=? AND message_at>? AND message_at IS NOT NULL"
)
TASKS = "SELECT agg FROM task WHERE next_due<=? ORDER BY next_due LIMIT ?"
OPEN_TASKS = (
    "SELECT agg FROM task WHERE incident_id=? AND status NOT IN ('dropped', 'done') ORDER BY agg"
)
DECISIONS = "SELECT agg FROM decision WHERE next_due<=? ORDER BY next_due LIMIT ?"
HANDOVERS = "SELECT agg FROM incident WHERE next_due<=? ORDER BY next_due LIMIT ?"
# Only a way of several merges can be a ring; what points at a whole one is none.
MERGED = (
    "SELECT i.agg FROM incident AS i JOIN incident AS j ON j.agg=i.merged_into "
    "WHERE i.merged_into!='' AND j.merged_into!='' ORDER BY i.agg LIMIT ?"
)
QUESTIONS = "SELECT agg FROM delivery WHERE ask_at<=? ORDER BY ask_at LIMIT ?"


def deliveries(
    ask: Ask, method_id: str, now_ms: int, limit: int, *, urgent: bool = False
) -> list[str]:
    """Deliveries of one method whose moment has come, soonest first; urgent ones only, if asked."""
    sql = DUE_URGENT if urgent else DUE
    return [agg for (agg,) in ask(sql, (method_id, now_ms, limit))]


def methods(ask: Ask, now_ms: int) -> list[DueMethod]:
    """Methods with something due, each with its latest messages, in one question."""
    values = {
        "now": now_ms,
        "since": now_ms - LOOK_BACK_MS,
        "most": LOOK_BACK_COUNT,
        "channel_since": now_ms - CHANNEL_LOOK_BACK_MS,
    }
    return [
        DueMethod(
            method_id=method,
            channel=channel,
            messages=_moments(messages),
            channel_messages=_moments(of_channel),
        )
        for method, channel, messages, of_channel in ask(DUE_METHODS, values)
    ]


def carried_by(ask: Ask, delivery_id: str, status: str, limit: int) -> list[str]:
    """Deliveries of this status that go or went in this one's message."""
    return [agg for (agg,) in ask(CARRIED, (delivery_id, status, limit))]


def codes(ask: Ask, since_ms: int) -> list[tuple[int, str]]:
    """The codes of messages since then on the channels that have any, each with its delivery."""
    found = (row for channel in sorted(CODE_CHANNELS) for row in ask(CODES, (channel, since_ms)))
    return [(code, agg) for code, agg in found if code]


def questions(ask: Ask, now_ms: int, limit: int) -> list[str]:
    """Sent deliveries whose provider is to be asked, soonest first."""
    return [agg for (agg,) in ask(QUESTIONS, (now_ms, limit))]


def holds(ask: Ask, now_ms: int, limit: int) -> list[str]:
    """Alerts whose holder is to be asked or decided, soonest first."""
    return [agg for (agg,) in ask(HOLDS, (now_ms, limit))]


def tasks(ask: Ask, now_ms: int, limit: int) -> list[str]:
    """Tasks that are overdue and were not told of, soonest first."""
    return [agg for (agg,) in ask(TASKS, (now_ms, limit))]


def open_tasks(ask: Ask, incident_id: str) -> list[str]:
    """The tasks of an incident that are still to be done."""
    return [agg for (agg,) in ask(OPEN_TASKS, (incident_id,))]


def decisions(ask: Ask, now_ms: int, limit: int) -> list[str]:
    """Decisions that are to be looked at again and did not ring yet, soonest first."""
    return [agg for (agg,) in ask(DECISIONS, (now_ms, limit))]


def handovers(ask: Ask, now_ms: int, limit: int) -> list[str]:
    """Incidents in which an offer to hand a role over has run out, soonest first."""
    return [agg for (agg,) in ask(HANDOVERS, (now_ms, limit))]


def merged(ask: Ask, limit: int) -> list[str]:
    """Incidents that are part of one that is itself part of another."""
    return [agg for (agg,) in ask(MERGED, (limit,))]


def unheld(ask: Ask, ranks: Sequence[int], limit: int) -> list[str]:
    """Alerts of these severities (by rank) that somebody has without an end, oldest first."""
    if not ranks:
        return []
    sql = UNHELD.format(marks=",".join("?" * len(ranks)))
    return [agg for (agg,) in ask(sql, (*ranks, limit))]


def _moments(told: str | None) -> tuple[int, ...]:
    """The moments (UTC ms) that the database put into one text."""
    return tuple(map(int, told.split(","))) if told else ()
