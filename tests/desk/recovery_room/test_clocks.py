"""The clocks of runs."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.recovery_room.clocks import MOST, OBJECTIVE, gravity, run_clocks
from crisisdesk.desk.recovery_room.reading import run_line

from tests.desk.recovery_room.scenes import JONAS, NOW, gated, log, tried
from tests.domain.recovery.making import START


def test_approvals_and_steps_have_clocks_the_next_first() -> None:
    runs = [run_line(one.run, NOW, JONAS) for one in (gated(), log())]
    cells = run_clocks(runs)
    assert [cell.icon for cell in cells] == ["book-open-check", "stamp"]
    assert cells[0].deadline_ms == START + 300_000
    assert cells[1].label == "approval: Promote db2"
    assert len(run_clocks(runs * MOST)) == MOST


def test_the_whole_has_a_clock_of_its_own_which_is_grave_once_it_is_missed() -> None:
    by = NOW + 60_000
    run = replace(log().run, objective={"by": by, "within_ms": 600_000, "of": "procedure"})
    line = run_line(run, NOW, JONAS)
    (cell,) = [one for one in run_clocks([line]) if one.key.endswith(OBJECTIVE)]
    assert (cell.key, cell.label) == (f"{run.run_id}{OBJECTIVE}", "recovered by: Fail over")
    assert (cell.deadline_ms, cell.total_ms) == (by, 600_000)
    long = replace(run, title="Restart the orders database")
    (cell,) = [c for c in run_clocks([run_line(long, NOW, JONAS)]) if c.key.endswith(OBJECTIVE)]
    assert cell.label == "recovered by: Restart the orders databa…"
    assert gravity([line]) == ""
    assert gravity([run_line(run, by + 1, JONAS)]) == "high"


def test_only_lateness_is_grave() -> None:
    assert gravity([run_line(log().run, NOW, JONAS)]) == ""
    assert gravity([run_line(log().run, START + 300_001, JONAS)]) == "high"
    assert run_clocks([run_line(tried("unknown").run, NOW, JONAS)]) == []
