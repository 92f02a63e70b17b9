"""The verbs: every slip in an entry is named, and each verb becomes the right steps."""

from __future__ import annotations

import pytest

from crisisdesk.drills.actions import Begin, DoStep, Link, Report, Resolve, Update
from crisisdesk.drills.verbs import VERBS

from tests.drills.scenes import FIRE, HEAD, fault, parsed


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('{at: "06:00", close: a, by: B}', "entries[1].at: '06:00' is no time; write"),
        ("{close: a, by: B}", "entries[1].at: is missing; write it"),
        ('{at: "-00:01:00", by: B}', "entries[1].entry: does nothing; give it one of fire"),
        ('{at: "-00:01:00", close: a, resolve: a, by: B}', "does close and resolve"),
        ('{at: "-00:01:00", close: a}', "entries[1].by: is missing; write it"),
        ('{at: "-00:01:00", close: b, by: B}', "entries[1].close: no alert 'b'; name one above"),
        ('{at: "-00:11:00", close: a, by: B}', "entries[1].close: 'a' fires later; move"),
        ('{at: "-00:01:00", close: a, by: B, reson: x}', "entries[1].reson: is not a field"),
        ('{at: "-00:01:00", acknowledge: a, by: B, noet: x}', "did you mean note?"),
        ('{at: "-00:01:00", update: x, by: B, title: t}', "no incident 'x'; escalate it first"),
        (
            '{at: "-00:01:00", fire: b, severity: hgih, title: t}',
            "'hgih' is unknown; use one of low",
        ),
        ('{at: "-00:01:00", fire: b, severity: low, title: 7}', "entries[1].title: 7 is no text"),
        (
            '{at: "-00:01:00", fire: b, severity: low, title: t, service: q}',
            "'q' is unknown; add it",
        ),
        ('{at: "-00:01:00", fire: b, severity: low, title: t, key: a}', "has the key of 'a'"),
        ('{at: "-00:01:00", repeat: a, times: 0, over: "00:01:00"}', "times: 0 is out of range"),
        ('{at: "-00:01:00", repeat: a, times: 2, over: "00:02:00"}', "lies after the end"),
        ('{at: "-00:01:00", seat: B, hears: [loud]}', "hears: 'loud' is no severity"),
        ('{at: "-00:01:00", escalate: [a, "a*"], by: B}', "entries[1].as: is missing"),
        ("just words", "entries[1].entry: is no mapping"),
    ],
)
def test_a_wrong_entry_is_named(entry: str, words: str) -> None:
    said = fault(FIRE, entry)
    assert said.startswith("s.yaml: entries[1].")
    assert words in said


def test_an_edit_names_the_field_that_cannot_be_changed() -> None:
    escalate = '{at: "-00:09:00", escalate: a, as: i, by: B}'
    edit = '{at: "-00:08:00", edit: i, by: B, set: {colour: red}}'
    assert "entries[2].set.colour: cannot be changed" in fault(FIRE, escalate, edit)
    assert "as: the incident 'i' exists already" in fault(FIRE, escalate, escalate)


def test_a_source_resolves_unless_somebody_does() -> None:
    scenario = parsed(FIRE, '{at: "-00:05:00", resolve: a}', '{at: "-00:04:00", resolve: a, by: B}')
    assert [s.actor for s in scenario.past] == ["source:alertmanager", "source:alertmanager", "B"]


def test_one_entry_may_name_many_and_spread_them() -> None:
    second = FIRE.replace("fire: a", "fire: a2")
    scenario = parsed(FIRE, second, '{at: "-00:05:00", resolve: "a*", over: "00:02:00", by: B}')
    ends = [(s.at_ms, s.action) for s in scenario.past if isinstance(s.action, Resolve)]
    assert ends == [(-300_000, Resolve(alert="a")), (-180_000, Resolve(alert="a2"))]


def test_what_is_said_on_an_incident_is_kept_word_for_word() -> None:
    scenario = parsed(
        FIRE,
        '{at: "-00:09:00", escalate: a, as: i, by: B}',
        '{at: "-00:08:00", link: a, to: i, by: C}',
        '{at: "-00:07:00", update: i, by: C, title: "42 s", type: decision, pinned: true,'
        ' public: true, seen: "-00:00:20"}',
    )
    assert scenario.past[2].action == Link(alert="a", incident="i")
    assert scenario.past[3].action == Update(
        incident="i",
        title="42 s",
        update_type="decision",
        is_pinned=True,
        is_public=True,
        seen_ms=-20_000,
    )
    assert scenario.past[3].actor == "C"


def test_a_report_is_no_persons_doing() -> None:
    assert isinstance(parsed(FIRE).past[0].action, Report)
    assert set(VERBS) >= {"fire", "repeat", "storm", "resolve"}


PROCEDURES = """
procedures:
  - {name: Restart, content: {parameters: {to: {type: text}}, steps: [{id: a, title: A}]}}
"""


def test_runs_are_begun_and_led_by_name() -> None:
    begin = '{at: "-00:09:00", begin: Restart, as: r, by: Ann, with: {to: "x"}}'
    step = '{at: "-00:08:00", step: a, of: r, by: Ben, note: "done so"}'
    answer = '{at: "-00:07:00", step: b, of: r, by: Ben, answer: "yes"}'
    scenario = parsed(begin, step, answer, head=HEAD + PROCEDURES)
    assert [s.action for s in scenario.past] == [
        Begin(procedure="Restart", run="r", arguments={"to": "x"}),
        DoStep(run="r", step="a", note="done so"),
        DoStep(run="r", step="b", answer="yes"),
    ]
    assert scenario.procedures[0][1]["kind"] == "procedure"
    head = HEAD + PROCEDURES
    assert "no procedure 'Other'" in fault(begin.replace("Restart", "Other"), head=head)
    assert "no run 'r'" in fault(step, head=head)
    assert "exists already" in fault(begin, begin, head=head)
    early = step.replace("08:00", "09:30")
    assert "begins later" in fault(begin, early, head=head)
    wrong = PROCEDURES.replace("steps: [{id: a, title: A}]", "steps: []")
    assert "procedures[0].content.steps" in fault(head=HEAD + wrong)
