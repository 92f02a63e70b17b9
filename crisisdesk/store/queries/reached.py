"""Alerts about which nobody has been reached, read from the station's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.channel_survey import outages_of
from crisisdesk.domain.delivery import URGENT_SEVERITIES, Delivery, DeliveryStatus
from crisisdesk.domain.event import unseal
from crisisdesk.domain.lost_pages import message_of
from crisisdesk.domain.reached import (
    ARRIVED,
    REACHED,
    Message,
    Verdict,
    Waiting,
    judge,
    lost_since,
    read_call,
)
from crisisdesk.domain.rota import Rota
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.store.queries.quieting import Quieting
from crisisdesk.store.queries.reach import read_known
from crisisdesk.store.queries.silences import quiet_alerts
from crisisdesk.store.states import decode

Rows = Callable[[str, Sequence[Any]], list[Any]]

_NAMES = {rank: name for name, rank in SEVERITY_RANK.items()}
_LOUD = ",".join(str(SEVERITY_RANK[name]) for name in sorted(URGENT_SEVERITIES))
_ARRIVED = ",".join(f"'{status.value}'" for status in ARRIVED)
# States are text kept as bytes; those of messages are opened only where one did arrive.
_WAITING = f"""
SELECT a.agg, a.severity, a.epoch, a.detected_at, a.owner,
  json_extract(CAST(a.state AS TEXT), '$.life') FROM alert AS a
WHERE a.status = '{AlertStatus.ACTIVE.value}' AND a.severity IN ({_LOUD}) AND NOT EXISTS (
  SELECT 1 FROM delivery AS d LEFT JOIN delivery AS c ON d.carrier <> '' AND c.agg = d.carrier
  WHERE d.alert_id = a.agg
  AND (d.status IN ({_ARRIVED})
       OR d.status = '{DeliveryStatus.SENT.value}' AND c.status IN ({_ARRIVED}))
  AND json_extract(CAST(d.state AS TEXT), '$.epoch') = a.epoch
  AND (d.queued_at >= a.detected_at OR json_extract(CAST(a.state AS TEXT), '$.life') = 1)
)
"""  # noqa: S608  only words of this program go in
_IDS = 500
_GIVEN_UP = f"status IN ('{DeliveryStatus.FAILED.value}', '{DeliveryStatus.EXPIRED.value}')"


def unreached(rows: Rows, now_ms: int) -> Verdict:
    """Who is unreached at ``now_ms`` (UTC ms), by `domain.reached`, silences and calls counted."""
    found = [
        Waiting(
            alert_id=agg,
            severity=_NAMES[rank],
            epoch=epoch,
            detected_at=detected_at,
            owner=owner,
            life=life,
        )
        for agg, rank, epoch, detected_at, owner, life in rows(_WAITING, ())
    ]
    if not found:
        return Verdict()
    # What a cause or its own flapping keeps quiet is not lost: its page comes at that moment.
    quiet = {one.alert_id: one.until for one in Quieting(rows).deferred(now_ms)}
    quiet |= {
        alert_id: max(silence.until for silence in silences)
        for alert_id, silences in quiet_alerts(rows, now_ms).items()
    }
    if quiet:
        found = [replace(one, quiet_until=quiet.get(one.alert_id)) for one in found]
    lost = _lost(rows, found, now_ms)
    found = [replace(one, lost_at=lost.get(one.alert_id)) for one in found] if lost else found
    verdict = judge(((one, ()) for one in found), now_ms)
    called = _called(rows, verdict.unreached)
    left = tuple(one for one in verdict.unreached if one.alert_id not in called)
    return replace(verdict, unreached=left)


def _lost(rows: Rows, found: Sequence[Waiting], now_ms: int) -> dict[str, int]:
    """Since when it is known of these that none of their messages arrives, by the alert's id.

    The worst and oldest few hundred are looked at: where more are lost, the siren sounds anyway.
    """
    known = read_known(rows, now_ms, measured=False)
    out, needs = outages_of(known, now_ms), Rota(known.versions).dependencies
    first = sorted(found, key=lambda w: (-SEVERITY_RANK[w.severity], w.detected_at, w.alert_id))
    alerts = {one.alert_id: one for one in first[:_IDS]}
    marks = ",".join("?" * len(alerts))
    if not out:
        # Then only one of which a message was given up can have lost all of them.
        sql = f"SELECT DISTINCT alert_id FROM delivery WHERE alert_id IN ({marks}) AND {_GIVEN_UP}"  # noqa: S608
        alerts = {name: alerts[name] for (name,) in rows(sql, tuple(alerts))}
        marks = ",".join("?" * len(alerts))
    if not alerts:
        return {}
    sql = f"SELECT state FROM delivery WHERE alert_id IN ({marks})"  # noqa: S608
    told: dict[str, list[Message]] = {}
    for (state,) in rows(sql, tuple(alerts)):
        one = decode(Delivery, state)
        told.setdefault(one.alert_id, []).append(message_of(one, "", needs, out))
    since = {name: lost_since(alerts[name], messages) for name, messages in told.items()}
    return {name: at for name, at in since.items() if at is not None}


def _called(rows: Rows, alerts: Sequence[Waiting]) -> set[str]:
    """Of these, the ones in whose present life a call was answered."""
    found = set()
    for start in range(0, len(alerts), _IDS):
        part = {one.alert_id: one for one in alerts[start : start + _IDS]}
        marks = ",".join("?" * len(part))
        sql = f"SELECT raw, body FROM event WHERE agg IN ({marks}) AND kind = 'alert.noted'"  # noqa: S608
        for raw, body in rows(sql, tuple(part)):
            event = unseal(raw, body)
            alert, call = part[event.agg], read_call(event.body["text"])
            if call is None or call[1] != REACHED or event.body.get("epoch") != alert.epoch:
                continue
            if event.at_ms >= alert.detected_at:
                found.add(event.agg)
    return found
