"""A dry run in lines: nothing of it is cut, and what is wrong says so in words."""

from __future__ import annotations

from crisisdesk.desk.recovery_room.ahead_words import ROW, ahead_lines, summary

from tests.api.dry_run_told import step, told


def test_each_step_with_its_words_its_entry_and_what_holds() -> None:
    lines = ahead_lines(
        told(
            step("pre-1", phase="before", kind="check", entry="", approval="", at_most_s=None),
            step("go", back="go~back"),
            step("met-1", phase="after", now="does_not_hold", now_words="3 = 0 does not hold"),
            step("go~back", phase="back", ok=False, words="command: is not allowed"),
            rollback_procedure="Ring Ben",
        )
    )
    assert [line.words for line in lines if line.is_head] == [
        *("Holds before", "Steps", "Must hold in the end", "Way back", "By hand"),
    ]
    by_words = {line.words: line for line in lines}
    assert by_words["GO"].number == 1
    assert by_words["GO"].second == (
        "command · at once · by the station · once approved · at most 1 min · "
        "taken back by “GO~BACK”"
    )
    assert by_words['argv ["/bin/x"]'].second == "allowed by recovery.commands x"
    unmet = by_words["Does not hold now: 3 = 0 does not hold"]
    assert (unmet.icon, unmet.tone) == ("circle-x", "down")
    assert by_words["Not here: command: is not allowed"].tone == "high"
    assert "Ring Ben" in by_words
    assert len({line.key for line in lines}) == len(lines)


def test_a_long_line_is_told_to_its_end() -> None:
    for length in (0, 1, ROW, ROW + 1, 2 * ROW, 2 * ROW + 1, 5 * ROW + 7):
        text = "".join(chr(97 + n % 26) for n in range(length))
        lines = ahead_lines(told(step("go", does=[text])))[2:]
        entry = "allowed by recovery.commands x"
        whole = "".join(line.words + line.second.replace(entry, "") for line in lines)
        assert whole == text
        assert sum(line.second == entry for line in lines) == 1
        assert all(len(line.words) <= ROW for line in lines)


def test_the_summary_counts_what_could_not_be_done_and_what_does_not_hold() -> None:
    bad = told(
        step("a", ok=False),
        step("b", now="does_not_hold"),
        step("c", now="not_known"),
    )
    assert summary(bad, "02:41:02") == (
        "Dry run at 02:41:02 UTC with target=db2; nothing was done. 1 step could not be done here. "
        "1 look does not hold now. 1 could not be looked at. At most 2 min by its bounds."
    )
    good = summary(told(step("a"), arguments={}, longest_s=None), "02:41:02")
    assert good == "Dry run at 02:41:02 UTC; nothing was done. Every automatic step could."
