"""Counts over all alerts, kept up row by row."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.desk.alerts.tally import Tally
from crisisdesk.domain.queue_order import Band, band_of
from crisisdesk.store.queries import AlertRow

from tests.desk.alerts.rows import NOW, SEVERITIES, alert_row, taken

rows = st.builds(
    alert_row,
    st.integers(0, 12).map(lambda n: f"A-{n}"),
    st.sampled_from(list(SEVERITIES)),
    status=st.sampled_from(["active", "acknowledged", "resolved"]),
    owner=st.sampled_from(["", "Ana", "Bo"]),
    sla_deadline=st.integers(NOW, NOW + 9),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(rows, max_size=8), max_size=8), st.booleans())
def test_counts_are_those_of_all_rows(script: list[list[AlertRow]], bulk: bool) -> None:
    tally, known = Tally(), dict[str, AlertRow]()
    for batch in script:
        latest = list({row.alert_id: row for row in batch}.values())
        padding = [alert_row(f"B-{n}", status="resolved") for n in range(600)] if bulk else []
        tally.learn([*latest, *padding])
        known.update({row.alert_id: row for row in latest})
    unowned = [row for row in known.values() if band_of(row) is Band.NOBODY]
    unowned.sort(key=lambda row: (row.sla_deadline, row.alert_id))
    assert tally.unowned() == len(unowned)
    assert tally.next_due(5) == unowned[:5]
    assert tally.open() == sum(band_of(row) is not Band.RESOLVED for row in known.values())
    ana = [r for r in known.values() if band_of(r) is Band.IN_HAND and r.owner == "Ana"]
    assert tally.owned_by("Ana") == len(ana)
    worst = min(unowned, key=lambda r: (-r.severity, r.sla_deadline, r.alert_id), default=None)
    assert tally.worst() == worst


def test_low_alerts_sound_but_wait_for_nobody() -> None:
    tally = Tally()
    tally.learn([alert_row("A-1", "low"), taken(alert_row("A-2", "critical"))])
    assert tally.worst() is None
    assert tally.unowned() == 0
    assert [row.alert_id for row in tally.sounding(3)] == ["A-1"]
