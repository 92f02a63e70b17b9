"""The alarm sounds for what nobody has taken, the loudest first, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.alarm import (
    GAP_MS,
    REPEAT_MS,
    AlarmAlert,
    AlarmDecision,
    AlarmMemory,
    Motif,
    decide,
    motif_of,
)
from crisisdesk.domain.severity import Severity

NOBODY: frozenset[str] = frozenset()
STATUSES = ("active", "acknowledged", "investigating", "resolved", "closed")


def alert(
    alert_id: str = "a",
    severity: Severity = Severity.CRITICAL,
    status: str = "active",
    *,
    acked: bool = False,
    unreached: bool = False,
) -> AlarmAlert:
    return AlarmAlert(
        alert_id=alert_id, severity=severity, status=status, acked=acked, unreached=unreached
    )


def run(alerts: list[AlarmAlert], times: list[int]) -> list[tuple[int, Motif]]:
    """Ask at each time and list what sounded."""
    memory, heard = AlarmMemory(), []
    for now_ms in times:
        decision = decide(alerts, muted=NOBODY, now_ms=now_ms, memory=memory)
        memory = decision.memory
        if decision.motif is not None:
            heard.append((now_ms, decision.motif))
    return heard


def follow(alerts: list[AlarmAlert], until_ms: int) -> list[tuple[int, Motif]]:
    """Ask only when told to, and list what sounded."""
    memory, heard, now_ms = AlarmMemory(), [], 0
    while now_ms <= until_ms:
        decision = decide(alerts, muted=NOBODY, now_ms=now_ms, memory=memory)
        memory = decision.memory
        if decision.motif is not None:
            heard.append((now_ms, decision.motif))
        if decision.again_ms is None:
            break
        assert decision.again_ms > now_ms
        now_ms = decision.again_ms
    return heard


@pytest.mark.parametrize("severity", list(Severity))
def test_a_new_alert_sounds_at_once_with_the_motif_of_its_severity(severity: Severity) -> None:
    decision = decide([alert(severity=severity)], muted=NOBODY, now_ms=5, memory=AlarmMemory())
    assert decision.motif is Motif(severity.value)
    assert decision.alert_ids == ("a",)


@pytest.mark.parametrize(
    "motif", [Motif.MEDIUM, Motif.HIGH, Motif.CRITICAL, Motif.EMERGENCY], ids=str
)
def test_it_repeats_at_its_interval_until_taken(motif: Motif) -> None:
    interval = REPEAT_MS[motif]
    assert interval is not None
    heard = follow([alert(severity=Severity(motif.value))], 3 * interval)
    assert heard == [(n * interval, motif) for n in range(4)]


def test_low_sounds_once() -> None:
    low = [alert(severity=Severity.LOW)]
    assert follow(low, 10**9) == [(0, Motif.LOW)]
    assert run(low, list(range(0, 10**7, 10**5))) == [(0, Motif.LOW)]


@pytest.mark.parametrize("status", STATUSES[1:])
def test_what_is_taken_or_over_is_quiet(status: str) -> None:
    decision = decide([alert(status=status)], muted=NOBODY, now_ms=0, memory=AlarmMemory())
    assert (decision.motif, decision.again_ms) == (None, None)


def test_what_this_operator_took_is_quiet() -> None:
    assert motif_of(alert(acked=True), NOBODY) is None
    assert motif_of(alert(acked=True, unreached=True), NOBODY) is None


def test_muted_is_quiet_unless_nobody_was_reached() -> None:
    assert motif_of(alert(), frozenset({"a"})) is None
    assert motif_of(alert(unreached=True), frozenset({"a"})) is Motif.UNREACHED


def test_a_louder_alert_cuts_in_at_once_and_the_quieter_waits() -> None:
    high = alert("h", Severity.HIGH)
    first = decide([high], muted=NOBODY, now_ms=0, memory=AlarmMemory())
    both = [high, alert("c")]
    second = decide(both, muted=NOBODY, now_ms=1, memory=first.memory)
    assert second.motif is Motif.CRITICAL
    assert second.alert_ids == ("c",)
    heard = {motif for _, motif in follow(both, 600_000)}
    assert heard == {Motif.CRITICAL}


def test_the_quieter_is_heard_when_the_louder_is_taken() -> None:
    first = decide(
        [alert("c"), alert("h", Severity.HIGH)], muted=NOBODY, now_ms=0, memory=AlarmMemory()
    )
    left = [alert("c", status="acknowledged"), alert("h", Severity.HIGH)]
    early = decide(left, muted=NOBODY, now_ms=500, memory=first.memory)
    assert (early.motif, early.again_ms) == (None, GAP_MS)
    late = decide(left, muted=NOBODY, now_ms=GAP_MS, memory=early.memory)
    assert late.motif is Motif.HIGH


def test_a_storm_of_equals_does_not_cut_its_motif_off() -> None:
    memory, sounded = AlarmMemory(), []
    for now_ms in range(0, 10_000, 100):
        alerts = [alert(f"c{n}") for n in range(now_ms // 100 + 1)]
        decision = decide(alerts, muted=NOBODY, now_ms=now_ms, memory=memory)
        memory = decision.memory
        if decision.motif is not None:
            sounded.append(now_ms)
    assert sounded == list(range(0, 10_000, GAP_MS))


def test_a_new_epoch_of_an_alert_sounds_anew() -> None:
    low = alert(severity=Severity.LOW)
    first = decide([low], muted=NOBODY, now_ms=0, memory=AlarmMemory())
    over = decide(
        [alert(severity=Severity.LOW, status="resolved")],
        muted=NOBODY,
        now_ms=5_000,
        memory=first.memory,
    )
    again = decide([low], muted=NOBODY, now_ms=10_000, memory=over.memory)
    assert again.motif is Motif.LOW


def test_an_alert_that_grows_worse_sounds_at_once() -> None:
    first = decide([alert(severity=Severity.MEDIUM)], muted=NOBODY, now_ms=0, memory=AlarmMemory())
    worse = decide([alert(severity=Severity.HIGH)], muted=NOBODY, now_ms=100, memory=first.memory)
    assert worse.motif is Motif.HIGH


def test_a_clock_set_back_does_not_silence_the_alarm() -> None:
    first = decide([alert()], muted=NOBODY, now_ms=3_600_000, memory=AlarmMemory())
    assert decide([alert()], muted=NOBODY, now_ms=0, memory=first.memory).motif is Motif.CRITICAL


alerts_lists = st.lists(
    st.builds(
        AlarmAlert,
        alert_id=st.sampled_from("abcdefgh"),
        severity=st.sampled_from(list(Severity)),
        status=st.sampled_from(STATUSES),
        acked=st.booleans(),
        unreached=st.booleans(),
    ),
    unique_by=lambda item: item.alert_id,
)
muted_sets = st.frozensets(st.sampled_from("abcdefgh"))


def _walk(
    alerts: list[AlarmAlert], muted: frozenset[str], steps: list[int],
    check: Callable[[int, AlarmDecision], None],
) -> None:  # fmt: skip
    memory, now_ms = AlarmMemory(), 0
    for step in steps:
        now_ms += step
        decision = decide(alerts, muted=muted, now_ms=now_ms, memory=memory)
        check(now_ms, decision)
        memory = decision.memory


@given(alerts_lists, muted_sets, st.lists(st.integers(0, 400_000), max_size=20))
def test_only_the_loudest_callers_sound_and_silence_has_a_reason(
    alerts: list[AlarmAlert], muted: frozenset[str], steps: list[int]
) -> None:
    calls = {item.alert_id: motif_of(item, muted) for item in alerts}
    calling = {key: motif for key, motif in calls.items() if motif is not None}

    def check(now_ms: int, decision: AlarmDecision) -> None:
        if decision.motif is None:
            assert decision.again_ms is None or decision.again_ms > now_ms
            if decision.again_ms is None:
                assert set(calling.values()) <= {Motif.LOW}
            return
        assert decision.alert_ids
        assert {calling[key] for key in decision.alert_ids} == {decision.motif}
        repeating = [motif for motif in calling.values() if REPEAT_MS[motif] is not None]
        if repeating:
            assert decision.motif is max(repeating, key=lambda motif: motif.rank)

    _walk(alerts, muted, steps, check)


@given(alerts_lists, muted_sets)
def test_asking_when_told_hears_every_loudest_alert_at_its_interval(
    alerts: list[AlarmAlert], muted: frozenset[str]
) -> None:
    loud = [
        motif
        for item in alerts
        if (motif := motif_of(item, muted)) is not None and REPEAT_MS[motif] is not None
    ]
    memory, now_ms, sounded = AlarmMemory(), 0, []
    for _ in range(6):
        decision = decide(alerts, muted=muted, now_ms=now_ms, memory=memory)
        memory = decision.memory
        if decision.motif is not None:
            sounded.append((now_ms, decision.motif))
        if decision.again_ms is None:
            break
        now_ms = decision.again_ms
    if loud:
        top = max(loud, key=lambda motif: motif.rank)
        interval = REPEAT_MS[top]
        assert interval is not None
        assert sounded == [(n * interval, top) for n in range(6)]
