"""The queue against a naive one that is worked out from nothing every time."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.domain.queue import Queue
from crisisdesk.domain.queue_order import (
    ORDERS,
    RESOLVED_KEPT_MS,
    Band,
    Filter,
    band_of,
    group_of,
    haystack,
    is_past,
    sort_key,
)
from crisisdesk.domain.queue_rows import Child, Edit, GroupItem, Head

NOW = 1_770_000_000_000


class Row(NamedTuple):
    alert_id: str
    status: str = "active"
    severity: int = 3
    title: str = "Replication stopped"
    service: str = "db-primary"
    place: str = "fra1"
    source: str = "prometheus"
    group_key: str = ""
    count: int = 1  # type: ignore[assignment]
    owner: str = ""
    detected_at: int = NOW
    acknowledged_at: int | None = None
    resolved_at: int | None = None
    sla_deadline: int = NOW + 900_000
    incident_id: str = ""


def carry(view: list[Any], edits: list[Edit]) -> None:
    """What a view does with edits."""
    for edit in edits:
        end = edit.first + edit.size
        if edit.kind == "reset":
            view[:] = edit.items
        elif edit.kind == "insert":
            assert 0 <= edit.first <= len(view)
            view[edit.first : edit.first] = edit.items
        elif edit.kind == "remove":
            assert end <= len(view)
            del view[edit.first : end]
        else:
            assert end <= len(view)
            view[edit.first : end] = edit.items


class Naive:
    """The same queue, worked out from nothing every time."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.now = NOW
        self.order: Any = "clock"
        self.grouping: Any = ""
        self.text = ""
        self.open: set[tuple[Band, str]] = set()

    def flat(self) -> list[Any]:
        parsed = Filter.parse(self.text)
        out: list[Any] = []
        for band in Band:
            rows = [
                row
                for row in self.rows.values()
                if band_of(row) is band
                and not is_past(row, self.now)
                and parsed.lets(row, haystack(row))
            ]
            rows.sort(key=lambda row: (sort_key(row, self.order), row.alert_id))
            if not rows:
                continue
            if not self.grouping:
                out += [Head(band, len(rows), 0), *rows]
                continue
            groups: dict[str, list[Row]] = {}
            for row in rows:
                groups.setdefault(group_of(row, self.grouping), []).append(row)
            many = sum(len(members) > 1 for members in groups.values())
            out.append(Head(band, len(rows), many))
            ordered = sorted(
                groups.items(),
                key=lambda pair: (sort_key(pair[1][0], self.order), f"{band:d}/{pair[0]}"),
            )
            for name, members in ordered:
                if len(members) == 1:
                    out.append(members[0])
                    continue
                is_open = (band, name) in self.open
                places = dict.fromkeys(m.place for m in members[:8] if m.place)
                out.append(
                    GroupItem(
                        block=f"{band:d}/{name}",
                        lead=members[0],
                        size=len(members),
                        firings=sum(m.count for m in members),
                        severity=max(m.severity for m in members),
                        places=tuple(places),
                        open=is_open,
                    )
                )
                if is_open:
                    out += [Child(m, f"{band:d}/{name}") for m in members]
        return out


names = st.integers(0, 25).map(lambda n: f"A-{n:03d}")
rows = st.builds(
    Row,
    alert_id=names,
    status=st.sampled_from(
        ["active", "active", "acknowledged", "investigating", "resolved", "closed"]
    ),
    severity=st.integers(1, 5),
    title=st.sampled_from(["Disk full", "Link lost", "Queue age 9 min"]),
    service=st.sampled_from(["db", "web", "mail", ""]),
    place=st.sampled_from(["fra1", "dub1", ""]),
    source=st.sampled_from(["prometheus", "manual"]),
    group_key=st.sampled_from(["", "", "standby=fra2"]),
    count=st.integers(1, 9),
    owner=st.sampled_from(["", "K. Langová"]),
    detected_at=st.integers(NOW - 100, NOW),
    acknowledged_at=st.one_of(st.none(), st.integers(NOW - 50, NOW)),
    resolved_at=st.integers(NOW - RESOLVED_KEPT_MS - 50, NOW),
    sla_deadline=st.integers(NOW, NOW + 30),
)
batches = st.lists(rows, min_size=1, max_size=8)
FILTERS = ["", "disk", "sev:high+", "-web owner:nobody", "zzz"]
steps = st.one_of(
    st.tuples(st.just("apply"), st.lists(rows, min_size=1, max_size=12)),
    st.tuples(st.just("apply"), st.lists(rows, min_size=1, max_size=12)),
    st.tuples(
        st.just("filter"), st.sampled_from(["", "disk", "sev:high+", "-web owner:nobody", "zzz"])
    ),
    st.tuples(st.just("order"), st.sampled_from(ORDERS)),
    st.tuples(st.just("group"), st.sampled_from(["", "group", "service", "source"])),
    st.tuples(st.just("toggle"), st.integers(0, 60)),
    st.tuples(st.just("now"), st.integers(0, 60)),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=14))
def test_edits_carry_a_view_to_what_the_naive_queue_shows(script: list[Any]) -> None:
    queue, naive, view = Queue(NOW), Naive(), list[Any]()
    for what, value in script:
        if what == "apply":
            edits = queue.apply(value)
            naive.rows.update({row.alert_id: row for row in value})
        elif what == "filter":
            edits, naive.text = queue.set_filter(value), value
        elif what == "order":
            edits, naive.order = queue.set_order(value), value
        elif what == "group":
            edits, naive.grouping = queue.set_grouping(value), value
            naive.open.clear()
        elif what == "now":
            naive.now += value
            edits = queue.set_now(naive.now)
        else:
            groups = [item for item in view if isinstance(item, GroupItem)]
            if not groups:
                continue
            group = groups[value % len(groups)]
            edits = queue.toggle(group.block)
            band, _, name = group.block.partition("/")
            naive.open ^= {(Band(int(band)), name)}
        for gone in [n for n, row in naive.rows.items() if is_past(row, naive.now)]:
            del naive.rows[gone]
        carry(view, edits)
        assert view == queue.flat()
        assert view == naive.flat()
        for at, item in enumerate(view):
            if isinstance(item, GroupItem):
                assert queue.block_position(item.block) == at
            row = item.row if isinstance(item, Child) else item
            if isinstance(row, Row):
                assert queue.position(row.alert_id) == at


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(rows, min_size=1, max_size=8), max_size=8),
    names,
    st.sampled_from(["", "group"]),
)
def test_the_pinned_row_stays_and_moves_when_let_go(
    script: list[list[Row]], pinned: str, grouping: Any
) -> None:
    queue, view = Queue(NOW), list[Any]()
    carry(view, queue.set_grouping(grouping))
    carry(view, queue.apply([Row(pinned)]))
    carry(view, queue.pin(pinned))
    for batch in script:
        before = queue._index.placed[pinned]
        carry(view, queue.apply(batch))
        assert queue._index.placed[pinned] == before
        assert view == queue.flat()
    carry(view, queue.pin(""))
    assert view == queue.flat()
    free = Queue(NOW, grouping=grouping)
    free.apply([Row(pinned)])
    for batch in script:
        free.apply(batch)
    assert view == free.flat()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(rows, min_size=1, max_size=25), max_size=5),
    st.sampled_from(FILTERS),
    st.sampled_from(["", "service"]),
    st.sampled_from([3, 1000]),
)
def test_many_at_once_end_where_one_by_one_ends(
    script: list[list[Row]], text: str, grouping: Any, many: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crisisdesk.domain.queue.BULK", many)
        patch.setattr("crisisdesk.domain.queue_patch.MANY_MOVES", 4)
        bulk, view, single = Queue(NOW), list[Any](), Queue(NOW)
        carry(view, bulk.set_grouping(grouping))
        carry(view, bulk.set_filter(text))
        for batch in script:
            carry(view, bulk.apply(batch))
            groups = [item for item in view if isinstance(item, GroupItem) and not item.open]
            if groups:
                carry(view, bulk.toggle(groups[0].block))
        for item in [item for item in view if isinstance(item, GroupItem) and item.open]:
            carry(view, bulk.toggle(item.block))
        patch.undo()
        single.set_grouping(grouping)
        single.set_filter(text)
        for batch in script:
            single.apply(batch)
    assert view == bulk.flat() == single.flat()
    assert [bulk.band_size(band) for band in Band] == [single.band_size(band) for band in Band]


def test_bands_then_expiry_then_severity() -> None:
    queue = Queue(NOW)
    queue.apply(
        [
            Row("late", sla_deadline=NOW + 5),
            Row("soon", severity=2, sla_deadline=NOW + 1),
            Row("tie-high", sla_deadline=NOW + 3),
            Row("tie-critical", severity=4, sla_deadline=NOW + 3),
            Row("low", severity=1, sla_deadline=NOW),
            Row("mine", status="acknowledged", owner="me", acknowledged_at=NOW),
            Row("over", status="resolved", resolved_at=NOW),
            Row("long over", status="resolved", resolved_at=NOW - RESOLVED_KEPT_MS),
        ]
    )
    shown = [item.alert_id for item in queue.flat() if isinstance(item, Row)]
    assert shown == ["soon", "tie-critical", "tie-high", "late", "mine", "low", "over"]
    heads = [item for item in queue.flat() if isinstance(item, Head)]
    assert heads == [Head(band, rows, 0) for band, rows in zip(Band, (4, 1, 1, 1), strict=True)]


def test_new_alerts_wait_while_the_queue_is_held_and_known_ones_change() -> None:
    queue, view = Queue(NOW), list[Any]()
    carry(view, queue.apply([Row("A-1")]))
    queue.hold(True)
    carry(view, queue.apply([Row("A-2", severity=4), Row("A-1", count=7), Row("A-3")]))
    assert [item.alert_id for item in view if isinstance(item, Row)] == ["A-1"]
    assert view[1].count == 7
    assert queue.waiting() == {"critical": 1, "high": 1}
    carry(view, queue.apply([Row("A-3", status="resolved", resolved_at=NOW)]))
    assert queue.waiting() == {"critical": 1}
    carry(view, queue.release())
    assert [item.alert_id for item in view if isinstance(item, Row)] == ["A-2", "A-1", "A-3"]
    assert queue.waiting() == {}
    assert view == queue.flat()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", {"a", "b", "c"}),
        ("REPLICATION", {"a"}),
        ("sev:critical", {"a"}),
        ("sev:high+", {"a", "b"}),
        ("-sev:high+", {"c"}),
        ("owner:nobody", {"a", "c"}),
        ("owner:lang", {"b"}),
        ("source:manual disk", {"b"}),
        ("-disk", {"a", "c"}),
        ("incident:none -a", {"b", "c"} - {"b"} - {"c"}),
        ("is:ack", {"b"}),
        ('owner:"k. lang"', {"b"}),
        ('-owner:"k. lang', {"a", "c"}),
        ("sev:", {"a", "b", "c"}),
        ("http://nowhere", set()),
    ],
)
def test_filter_tokens(text: str, wanted: set[str]) -> None:
    queue = Queue(NOW)
    queue.apply(
        [
            Row("a", severity=4, title="Replication stopped"),
            Row("b", status="acknowledged", owner="K. Langová", title="Disk", source="manual"),
            Row("c", severity=1, title="Certificate"),
        ]
    )
    queue.set_filter(text)
    assert {item.alert_id for item in queue.flat() if isinstance(item, Row)} == wanted


def many(count: int) -> list[Row]:
    random = Random(7)
    return [
        Row(
            f"A-{n:06d}",
            severity=random.randint(1, 5),
            service=f"svc-{n % 997}",
            title=f"Error rate {n % 31} %",
            sla_deadline=NOW + random.randrange(10_000_000),
            status="active" if n % 5 else "acknowledged",
        )
        for n in range(count)
    ]


def test_a_long_queue_is_patched_to_what_it_would_be_anew() -> None:
    rows = many(100_000)
    queue = Queue(NOW)
    queue.apply(rows)
    queue.set_order("clock")
    queue.set_filter("rate 7 %")
    view = queue.flat()
    carry(view, queue.set_filter(""))
    for start in range(0, 400, 50):
        batch = [row._replace(alert_id=f"B-{row.alert_id}") for row in rows[start : start + 25]]
        batch += [row._replace(status="investigating") for row in rows[start : start + 25]]
        carry(view, queue.apply(batch))
    assert view == queue.flat()
