"""The timeline tells an hour in order, whatever order it was told in."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.timeline import EntryKind, TimelineFilter, build_timeline

from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook, split_brain


def lines(log: LogBook) -> list[str]:
    return [e.told.plain for e in build_timeline(INCIDENT, log.updates(), log.events)]


def test_the_record_tells_the_hour_in_order_and_leaves_out_what_changed_nothing():
    assert lines(split_brain()) == [
        "db-primary fired again (critical): Replication to db-standby-fra2 stopped",
        "db-primary acknowledged after 58 s",
        "orders-db fired (critical): Write latency p99 8.4 s, limit 2 s",
        "Incident declared as critical, led by Klára Langová, 1 alert attached",
        "Alert attached: orders-db, Write latency p99 8.4 s, limit 2 s",
        "Lag on fra2 holds at 41 s, no new loss since writes were frozen.",
        "Status: open → investigating",
        "Users affected: 0 → 18\u00a0400",
        "Money: nothing → 40\u00a0200.00",
        "Communication: “Orders may fail. We are moving to a second site.”",
        "Decision: promote fra2 and lose up to 41 s of orders, rather than wait for fra1.",
        "Status: investigating → identified",
        "Command handed over: Klára Langová → Mateo Ruiz",
        "checkout-api fired (high): Error rate 12.4 %, limit 2 %",
        "Alert attached: checkout-api, Error rate 12.4 %, limit 2 %",
        "orders-db resolved",
        "checkout-api: nobody acknowledged in time",
    ]


@given(st.data())
def test_any_order_and_repetition_of_the_events_gives_the_same_record(data: st.DataObject):
    log = split_brain()
    again = data.draw(st.lists(st.sampled_from(log.events), max_size=20))
    shuffled = data.draw(st.permutations([*log.events, *again]))
    expected = build_timeline(INCIDENT, log.updates(), log.events)
    assert build_timeline(INCIDENT, list(reversed(log.updates())), shuffled) == expected
    keys = [(e.happened_at, e.logged_at, e.order) for e in expected]
    assert keys == sorted(keys)
    assert len({e.key for e in expected}) == len(expected)


@given(st.integers(0, 2**32))
def test_a_part_of_the_log_never_makes_entries_that_the_whole_lacks_for_notes(seed: int):
    log = split_brain()
    kept = [e for e in log.events if random.Random(seed).random() < 0.7 or e.agg == INCIDENT]
    part = build_timeline(INCIDENT, log.updates(), kept)
    assert sum(bool(e.update_id) for e in part) == 3
    assert sum(e.kind == EntryKind.STATUS for e in part) == 3


def test_filters_show_what_they_say():
    log = split_brain()
    entries = build_timeline(INCIDENT, log.updates(), log.events)

    def shown(chosen: TimelineFilter) -> list[str]:
        return [e.told.plain for e in entries if e.passes(chosen)]

    assert len(shown(TimelineFilter.ALL)) == len(entries)
    assert [s[:9] for s in shown(TimelineFilter.NOTES)] == ["Lag on fr", "Communica", "Decision:"]
    assert [s[:9] for s in shown(TimelineFilter.STATUS)] == ["Incident ", "Status: o", "Status: i"]
    assert [s[:9] for s in shown(TimelineFilter.PUBLIC)] == ["Communica"]
    assert [s[:9] for s in shown(TimelineFilter.PINNED)] == ["Decision:"]


def test_seen_and_written_differ_and_an_edit_keeps_what_stood_there():
    log = split_brain()
    entries = {e.key: e for e in build_timeline(INCIDENT, log.updates(), log.events)}
    note = entries["U-0000000000000001"]
    assert (note.happened_at, note.logged_at) == (START + 9 * MINUTE, START + 9 * MINUTE + 30_000)
    decision = entries["U-0000000000000003"]
    assert [r.title for r in decision.revisions] == [
        "promote fra2 and lose up to 41 s, rather than wait for fra1."
    ]
    assert decision.revisions[0].until == START + 18 * MINUTE


def test_a_withdrawn_entry_keeps_its_place_and_hides_its_words():
    log = split_brain()
    log.write("U-0000000000000002", "update.edited", {"hidden": True}, at=40 * MINUTE)
    entry = {e.key: e for e in build_timeline(INCIDENT, log.updates(), log.events)}[
        "U-0000000000000002"
    ]
    assert entry.told.plain == "Entry withdrawn"
    assert entry.told.detail == ""
    assert not entry.is_public


def test_two_commanders_at_once_are_both_named_and_a_lost_value_is_told():
    log = split_brain()
    rival = {"commander": "Aiko Tanaka", "generation": 2}
    log.write(INCIDENT, "incident.commander_named", rival, at=24 * MINUTE + 1)
    late = {"field": "user_impact_count", "value": 20_000, "base": ""}
    log.write(INCIDENT, "incident.edited", late, at=31 * MINUTE)
    told = lines(log)
    assert "Two commanders: Mateo Ruiz and Aiko Tanaka were named at the same moment" in told
    assert told[-1] == (
        "Users affected: 18\u00a0400 → 20\u00a0000  over a change made at the same time"
    )


def test_long_texts_stand_below_the_line():
    log = split_brain()
    edit = {"field": "root_cause", "value": "max_wal_senders was lowered to 6.", "base": ""}
    log.write(INCIDENT, "incident.edited", edit, at=40 * MINUTE)
    entry = build_timeline(INCIDENT, log.updates(), log.events)[-1]
    assert (entry.told.plain, entry.told.detail) == (
        "Root cause written",
        "max_wal_senders was lowered to 6.",
    )


def test_what_happened_in_the_same_millisecond_stands_in_the_order_of_the_log():
    log = split_brain()
    for number in range(5):
        body = {"field": "root_cause", "value": f"cause {number}", "base": ""}
        log.write(INCIDENT, "incident.edited", body, at=50 * MINUTE)
    details = [e.told.detail for e in build_timeline(INCIDENT, log.updates(), log.events)[-5:]]
    assert details == [f"cause {number}" for number in range(5)]


def test_an_alert_without_a_log_is_told_by_its_id():
    log = split_brain()
    log.write(INCIDENT, "incident.alert_linked", {"alert_id": "A-ELSEWHERE"}, at=50 * MINUTE)
    assert lines(log)[-1] == "Alert attached: A-ELSEWHERE"


def test_alerts_that_fired_carry_their_severity_and_nothing_else_does():
    log = split_brain()
    entries = build_timeline(INCIDENT, log.updates(), log.events)
    fired = [(e.kind, e.severity) for e in entries if e.severity]
    assert fired == [
        (EntryKind.ALERT, "critical"),
        (EntryKind.ALERT, "critical"),
        (EntryKind.ALERT, "high"),
    ]
