"""``crisisdesk oncall``, ``policy shifts`` and ``policy override`` on a real engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects
from tests.cli.drafts import draft, schedule

DAY_MS = 86_400_000


def test_somebody_steps_in_for_a_time_and_is_shown(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    assert cli("policy", "publish", schedule(tmp_path, *people)).code == 0
    start = ("--from", "2030-03-31 09:00")
    before = objects(cli("policy", "shifts", "Database", "--days", "2", *start, "--json"))
    assert [one["why"] for one in before[:2]] == ["One", "One"]
    assert before[0]["end_ms"] - before[0]["start_ms"] == DAY_MS
    off, on = before[0]["name"], before[1]["name"]
    made = cli("policy", "override", "Database", on, *start, "--for", "8h", "--reason", "dentist")
    assert made.code == 0, made.err
    assert made.err == ""
    first, second = objects(cli("policy", "shifts", "Database", "--days", "1", *start, "--json"))[
        :2
    ]
    assert (first["name"], first["why"], second["name"]) == (on, "override: dentist", off)
    assert first["end_ms"] - first["start_ms"] == 8 * 3_600_000
    listed = cli("policy", "shifts", "Database", "--days", "1", *start)
    assert listed.lines[0] == "Database, times in Europe/Prague"
    assert f"2030-03-31 09:00  2030-03-31 17:00  {on}" in listed.out
    assert cli("policy", "withdraw", made.out.strip()).code == 0
    after = objects(cli("policy", "shifts", "Database", "--days", "2", *start, "--json"))
    assert after == before


def test_in_place_of_somebody_who_is_not_on_call_is_said(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    cli("policy", "publish", schedule(tmp_path, *people))
    start = ("--from", "2030-03-31 09:00", "--to", "2030-03-31 17:00 UTC")
    [on, *_] = objects(cli("policy", "shifts", "Database", *start[:2], "--days", "1", "--json"))
    off = "Bob" if on["name"] == "Ann" else "Ann"
    vain = cli("policy", "override", "Database", on["name"], *start, "--in-place-of", off)
    assert (vain.code, "changes nothing" in vain.err) == (0, True)
    good = cli("policy", "override", "Database", off, *start, "--in-place-of", on["name"])
    assert (good.code, good.err) == (0, "")
    told = cli("policy", "shifts", "Database", "--days", "1", *start[:2])
    assert f"override, in place of {on['name']}" in told.out


def test_who_is_on_call_and_until_when(cli: Cli, people: tuple[str, str], tmp_path: Path) -> None:
    ann, bob = people
    assert cli("oncall").out == "No schedule is published.\n"
    assert cli("policy", "publish", schedule(tmp_path, ann, bob)).code == 0
    first, second = (
        cli("oncall", "--at", f"2026-11-0{day}T12:00:00Z").lines[1].split() for day in (2, 3)
    )
    assert {first[1], second[1]} == {"Ann", "Bob"}
    assert (first[-2], second[-2]) == (second[1], first[1])
    assert first[-1] == "-", "there is no gap"


def test_gaps_are_shown_and_counted(cli: Cli, people: tuple[str, str], tmp_path: Path) -> None:
    text = Path(schedule(tmp_path, *people)).read_text(encoding="utf-8")
    office = text.replace("hours: []", "hours: [{days: [0,1,2,3,4], from: '09:00', to: '17:00'}]")
    file = draft(tmp_path, "office", office)
    checked = cli("policy", "check", file)
    assert checked.code == 0, "a gap is a warning"
    assert "warning: layers: nobody is on call for" in checked.out
    cli("policy", "publish", file)
    assert "NOBODY" in cli("policy", "shifts", "Database").out
    [line] = objects(cli("oncall", "--json"))
    assert line["gap_hours"] > 24 * 8
    assert f"{line['gap_hours']:.1f} h" in cli("oncall").out


def test_a_member_nobody_knows_is_an_error(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    checked = cli("policy", "check", schedule(tmp_path, people[0], "C-ZZZZZZZZ"))
    assert checked.code == 1
    assert "layers[0].members[1]: no contact C-ZZZZZZZZ is known" in checked.out


def test_what_cannot_be_is_refused_and_changes_nothing(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    cli("policy", "publish", schedule(tmp_path, *people))
    for words, told in (
        (("--from", "2030-03-31 02:30", "--for", "1h"), "is leapt over"),
        (("--from", "soon", "--for", "1h"), "--from"),
        (("--from", "2030-03-31 09:00", "--to", "2030-03-31 08:00"), "is not after from"),
        (("--for", "long"), "no span"),
        ((), "either --for or --to"),
        (("--for", "1h", "--in-place-of", "Zoe"), "no contact 'Zoe'"),
        (("--for", "1h", "--in-place-of", "Ann"), "is the contact itself"),
    ):
        refused = cli("policy", "override", "Database", "Ann", *words)
        assert refused.code in (1, 2), words
        assert told in refused.err, words
    assert "no schedule is called" in cli("policy", "override", "Nights", "Ann", "--for", "1h").err
    assert {v["content"]["kind"] for v in objects(cli("policy", "list", "--json"))} == {"schedule"}
    assert "no time with its zone" in cli("oncall", "--at", "noon").err
