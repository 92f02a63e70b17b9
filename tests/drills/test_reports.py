"""Reports of sources: firings with what their service brings, repeats, storms."""

from __future__ import annotations

from crisisdesk.domain.severity import Severity
from crisisdesk.drills.actions import Report

from tests.drills.scenes import FIRE, fault, parsed


def test_a_storm_makes_many_alerts_thick_at_the_beginning() -> None:
    storm = (
        '{at: "-00:10:00", storm: pod, count: 20, over: "00:04:00", service: db, severity: low, '
        'places: [x, y], title: "pod {n} at {place}: {value} s", values: ["10", "200"]}'
    )
    first, second = parsed(storm), parsed(storm)
    assert first == second
    reports = [s.action for s in first.past if isinstance(s.action, Report)]
    assert len({r.signal.key for r in reports}) == 20
    assert reports[0].signal.title == "pod 1 at x: 10 s"
    assert reports[-1].signal.title == "pod 20 at y: 200 s"
    early = [s for s in first.past if s.at_ms < -600_000 + 120_000]
    assert len(early) > 12, "the first half of the span holds most of them"


def test_a_firing_takes_from_its_service_what_it_does_not_say() -> None:
    [step] = parsed(FIRE).past
    assert isinstance(step.action, Report)
    signal = step.action.signal
    assert (signal.place, signal.group_key, signal.affected_systems) == ("fra1", "db", ["db"])
    assert (signal.source, signal.key, step.actor) == ("alertmanager", "a", "source:alertmanager")


def test_repeats_change_words_and_at_last_the_severity() -> None:
    repeat = (
        '{at: "-00:09:00", repeat: a, times: 3, over: "00:04:00", title: "slow {value} s", '
        'values: ["2", "6"], severity: critical}'
    )
    scenario = parsed(FIRE, repeat)
    said = [
        (s.at_ms, s.action.signal.title, s.action.signal.severity)
        for s in scenario.past
        if isinstance(s.action, Report)
    ][1:]
    assert [title for _, title, _ in said] == ["slow 2 s", "slow 4 s", "slow 6 s"]
    assert [word for _, _, word in said] == [Severity.HIGH, Severity.HIGH, Severity.CRITICAL]
    assert (said[0][0], said[2][0]) == (-540_000, -300_000)


def test_values_are_two_whole_numbers_and_titles_have_a_limit() -> None:
    repeat = '{at: "-00:09:00", repeat: a, times: 2, over: "00:01:00", title: t, values: [a, b]}'
    assert "entries[1].values: ['a', 'b'] is no range" in fault(FIRE, repeat)
    long = FIRE.replace('"slow"', '"' + "x" * 201 + '"')
    assert "entries[0].title: has 201 characters; keep to 200" in fault(long)
