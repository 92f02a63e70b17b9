"""What the delivery board and the channels ask of the deliveries in the station's file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.channel_health import HOUR_MS, Use
from crisisdesk.domain.channel_survey import Known
from crisisdesk.domain.delivery import REACHED_STATUSES, Delivery, DeliveryStatus
from crisisdesk.domain.delivery_words import EVERYTHING, State, group_of
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.store.queries.counting import count_deliveries
from crisisdesk.store.queries.paging import (
    RETRIED,
    Page,
    Sort,
    check_limit,
    delivery_where,
    page_of,
)
from crisisdesk.store.states import decode

Rows = Callable[[str, Sequence[Any]], list[Any]]
Pages = Callable[[Sequence[str], str, bool | None, str | None, int], Page[Delivery]]

_AT_ONCE = 500
_WEEK_MS = 7 * 24 * HOUR_MS
_REACHED = ",".join(f"'{status.value}'" for status in REACHED_STATUSES)
_NAMES = {rank: str(name) for name, rank in SEVERITY_RANK.items()}
# Of the alert's present life only: an earlier one has the same epoch and was queued before.
_UNANSWERED = f"""
SELECT d.agg, a.severity FROM delivery AS d JOIN alert AS a ON a.agg = d.alert_id
WHERE d.status IN ('{DeliveryStatus.FAILED.value}', '{DeliveryStatus.EXPIRED.value}')
AND a.status = '{AlertStatus.ACTIVE.value}'
AND json_extract(CAST(d.state AS TEXT), '$.epoch') = a.epoch
AND (d.queued_at >= a.detected_at OR json_extract(CAST(a.state AS TEXT), '$.life') = 1)
"""  # noqa: S608  only words of this program go in
_RETRYING = f"""
SELECT count(*) FROM delivery
WHERE next_due IS NOT NULL AND status = '{DeliveryStatus.QUEUED.value}' AND {RETRIED}
"""  # noqa: S608  only words of this program go in
# Those whose last attempt failed: given up, or waiting for the next. Of each contact method the
# latest (what stands beside max() is of its row), and how many it is since the first moment asked.
_FAILED = f"""
SELECT method_id, agg, max(at), sum(at > ?) FROM (
  SELECT method_id, agg, json_extract(CAST(state AS TEXT), '$.failed_at') AS at FROM delivery
  WHERE queued_at > ? AND status = '{DeliveryStatus.FAILED.value}' AND carrier = ''
  UNION ALL
  SELECT method_id, agg, json_extract(CAST(state AS TEXT), '$.failed_at') AS at FROM delivery
  WHERE next_due IS NOT NULL AND status = '{DeliveryStatus.QUEUED.value}' AND {RETRIED}
) GROUP BY method_id
"""  # noqa: S608  only words of this program go in


class DeliveryBoard:
    """Questions about many deliveries; each is answered from the file as it stands then."""

    def __init__(self, rows: Rows, pages: Pages) -> None:
        self._rows, self._pages = rows, pages

    def page(self, group: str, text: str, after: str | None, limit: int) -> Page[Delivery]:
        """A page of a `domain.delivery_words` group with a text in it, the newest first; the rule
        is `fits`. ``after`` is the ``next`` of the page before."""
        states = group_of(group).states
        if group_of(group).key == EVERYTHING:
            return self._pages((), text, None, after, limit)
        queued = {State.RETRYING, State.WAITING}
        retried = State.RETRYING in states if queued & set(states) else None
        status = {DeliveryStatus.QUEUED if s in queued else DeliveryStatus(s) for s in states}
        return self._pages(sorted(status), text, retried, after, limit)

    def counts(self) -> dict[State, int]:
        """How many stand in each state; states without any are left out."""
        by_status = dict(self._rows("SELECT status, count(*) FROM delivery GROUP BY status", ()))
        queued = by_status.pop(DeliveryStatus.QUEUED.value, 0)
        found = {State(status): number for status, number in by_status.items()}
        if queued:
            retrying: int = self._rows(_RETRYING, ())[0][0]
            found |= {State.RETRYING: retrying, State.WAITING: queued - retrying}
        return {state: number for state, number in found.items() if number}

    def one(self, delivery_id: str) -> Delivery | None:
        """One delivery's whole state."""
        found = self.some((delivery_id,))
        return found[0] if found else None

    def some(self, delivery_ids: Iterable[str]) -> list[Delivery]:
        """Those of these ids that exist, in no order."""
        return some(self._rows, delivery_ids)

    def carried_by(self, delivery_id: str, limit: int = 50) -> tuple[int, list[Delivery]]:
        """How many go or went in this one's message, and the first few of them."""
        count: int = self._rows("SELECT count(*) FROM delivery WHERE carrier = ?", (delivery_id,))[
            0
        ][0]
        sql = "SELECT state FROM delivery WHERE carrier = ? ORDER BY queued_at, agg LIMIT ?"
        return count, _states(self._rows, sql, (delivery_id, limit)) if count else []

    def unanswered(self) -> list[str]:
        """For each delivery that ended badly while nobody has its alert: the alert's severity."""
        return [_NAMES[rank] for _agg, rank in self._rows(_UNANSWERED, ())]

    # -- channels ----------------------------------------------------------------------------

    def uses(self, method_ids: Sequence[str], now_ms: int) -> dict[str, Use]:
        """As `read_uses`."""
        return read_uses(self._rows, method_ids, now_ms)

    def known(self, now_ms: int, *, measured: bool = True) -> Known:
        """What the channel map is made of; without what deliveries show where not ``measured``."""
        from crisisdesk.store.queries.reach import read_known

        return read_known(self._rows, now_ms, measured=measured)


def some(rows: Rows, delivery_ids: Iterable[str]) -> list[Delivery]:
    """Those of these ids that exist, in no order."""
    ids, found = list(delivery_ids), list[Delivery]()
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        sql = f"SELECT state FROM delivery WHERE agg IN ({','.join('?' * len(part))})"  # noqa: S608
        found += _states(rows, sql, part)
    return found


def read_uses(rows: Rows, method_ids: Sequence[str], now_ms: int) -> dict[str, Use]:
    """What the log shows of each of these contact methods; failures of the last week."""
    waiting = dict(
        rows(
            "SELECT method_id, count(*) FROM delivery WHERE next_due IS NOT NULL "
            "GROUP BY method_id",
            (),
        )
    )
    failed = {row[0]: row[1:] for row in rows(_FAILED, (now_ms - HOUR_MS, now_ms - _WEEK_MS))}
    last = {d.delivery_id: d for d in some(rows, (row[0] for row in failed.values()))}
    return {
        name: _use(rows, name, now_ms, waiting.get(name, 0), failed.get(name), last)
        for name in method_ids
    }


def _use(
    rows: Rows,
    method_id: str,
    now_ms: int,
    waiting: int,
    failed: Sequence[Any] | None,
    last: Mapping[str, Delivery],
) -> Use:
    # Older ones are looked for only when there are none: two looks at a file that is written
    # meanwhile would not agree.
    sent = _states(
        rows,
        "SELECT state FROM delivery WHERE method_id = ? AND message_at > ? "  # noqa: S608
        f"AND status IN ({_REACHED})",
        (method_id, now_ms - HOUR_MS),
    )
    newest = sent or _states(
        rows,
        "SELECT state FROM delivery WHERE method_id = ? AND message_at IS NOT NULL "  # noqa: S608
        f"AND status IN ({_REACHED}) ORDER BY message_at DESC LIMIT 1",
        (method_id,),
    )
    return Use(
        last_success=max((at for d in newest if (at := _taken_at(d)) is not None), default=None),
        last_failure=failed[1] if failed else None,
        failure_words=last[failed[0]].words if failed and failed[0] in last else "",
        waiting=waiting,
        sent_hour=len(sent),
        failed_hour=failed[2] if failed else 0,
        waits_ms=tuple(max(0, d.sent_at - d.queued_at) for d in sent if d.sent_at is not None),
    )


def _states(rows: Rows, sql: str, values: Sequence[Any]) -> list[Delivery]:
    return [decode(Delivery, data) for (data,) in rows(sql, values)]


def _taken_at(one: Delivery) -> int | None:
    """When it is known to have gone through: taken by the provider, or confirmed without that."""
    return one.sent_at if one.sent_at is not None else one.confirmed_at


class DeliveryQueries(ABC):
    """The questions about deliveries; whoever inherits them says how rows are read."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""

    def deliveries_of(self, alert_id: str) -> list[Delivery]:
        """The deliveries of one alert, oldest first."""
        sql = "SELECT state FROM delivery WHERE alert_id = ? ORDER BY queued_at, agg"
        return [decode(Delivery, data) for (data,) in self._rows(sql, (alert_id,))]

    def deliveries(self, limit: int = 200, before: str | None = None) -> list[Delivery]:
        """Deliveries newest first; ``before`` is the id of the last one already held."""
        where, values = "", [check_limit(limit)]
        if before is not None:
            where = "WHERE (queued_at, agg) < (SELECT queued_at, agg FROM delivery WHERE agg = ?)"
            values = [before, *values]  # type: ignore[list-item]
        sql = f"SELECT state FROM delivery {where} ORDER BY queued_at DESC, agg DESC LIMIT ?"  # noqa: S608
        return [decode(Delivery, data) for (data,) in self._rows(sql, values)]

    def page_deliveries(
        self,
        status: Sequence[str] = (),
        sort: str = "-queued_at",
        after: str | None = None,
        limit: int = 100,
        *,
        alert_id: str = "",
        text: str = "",
        retried: bool | None = None,
    ) -> Page[Delivery]:
        """A page of deliveries as `delivery_where` chooses them; errors as `page_alerts`."""
        where = delivery_where(status, alert_id, text, retried)
        order = Sort.parse(sort, ("queued_at",))
        return page_of(self._rows, Delivery, "delivery", where, order, after, limit)

    def board(self) -> DeliveryBoard:
        """The questions of the delivery board and of the channels."""

        def pages(
            status: Sequence[str], text: str, retried: bool | None, after: str | None, limit: int
        ) -> Page[Delivery]:
            return self.page_deliveries(
                status, after=after, limit=limit, text=text, retried=retried
            )

        return DeliveryBoard(self._rows, pages)

    def delivery_counts(self) -> dict[str, int]:
        """How many deliveries stand at each status; statuses without any are left out."""
        return count_deliveries(self._rows)
