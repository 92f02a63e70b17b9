"""What a look ahead prints."""

from __future__ import annotations

from typing import Any

from crisisdesk.cli.dry_runs import lines_of

from tests.api.dry_run_told import step, told


def lines(*steps: dict[str, Any], **more: Any) -> str:
    return "\n".join(lines_of(told(*steps, **more)))


def test_a_step_with_all_that_is_known_of_it() -> None:
    text = lines(
        step("go", back="go~back"),
        step("go~back", phase="back", approval="", at_most_s=None),
        rollback_procedure="Ring\x1b[2J Ben",
    )
    assert text.splitlines()[:4] == [
        "Fail over, version POL-1. Nothing is done.",
        "  target=db2",
        "  takes about 15 min, at most 2 min by the bounds of its steps",
        "  the way back is gone only when somebody orders it",
    ]
    assert 'go  GO  (command, main)\n    argv ["/bin/x"]\n    opens at once; begun by' in text
    assert "    needs another person\n    allowed by recovery.commands x\n" in text
    assert "    taken back by: GO~BACK" in text
    assert "\x1b" not in text
    assert text.endswith("This station could do every automatic step.")


def test_what_cannot_be_done_here_and_what_does_not_hold_stand_in_the_verdict() -> None:
    text = lines(
        step("a", ok=False, words="command: is not the file that was allowed"),
        step("b", now="does_not_hold", now_words="3 = 0 does not hold"),
        step("c", now="holds", now_words="up"),
        step("d", now="not_known", now_words="no answer"),
    )
    assert "NOT HERE: command: is not the file" in text
    assert "does NOT hold now: 3 = 0" in text
    assert "holds now: up" in text
    assert "not known now: no answer" in text
    assert text.endswith("This station could not do: a. Of 3 looks these do not hold now: b.")
    assert lines(step("c", now="holds")).endswith("Of 1 looks none found what does not hold.")
