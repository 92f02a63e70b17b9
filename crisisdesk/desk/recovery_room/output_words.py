"""What an automatic step said, cut to what a pane holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.incidents.times import utc_clock
from crisisdesk.domain.recovery.run_fold import TAIL

if TYPE_CHECKING:
    from crisisdesk.domain.checklist import Run
    from crisisdesk.domain.recovery.step_map import StepStanding

# No more lines are kept in view, nor signs of one line.
MOST_LINES, MOST_SIGNS = 2_000, 400


class Output(NamedTuple):
    """What the pane shows; ``quiet`` stands beside its head, ``attempt`` names whose it is."""

    attempt: str = ""
    quiet: str = ""
    text: str = ""
    is_cut: bool = False


NOTHING = Output(quiet="nothing was said yet")


def output_of(run: Run, one: StepStanding | None, whole: str = "", of: str = "") -> Output:
    """The newest attempt's output; ``whole`` is all that the attempt ``of`` said, when it was
    read."""
    attempts = run.attempts.get(one.step_id, []) if one is not None else []
    if not attempts:
        return NOTHING
    last = attempts[-1]
    is_whole = bool(of) and of == last["id"]
    told = whole if is_whole else str(last.get("output", ""))
    began = utc_clock(last["at"])
    state = {"running": "as it comes", "ok": "ended well"}.get(last["state"], last["state"])
    number = f"try {len(attempts)}, " if len(attempts) > 1 else ""
    # The state holds the end of it only; a text of that length has more before it.
    cut = not is_whole and len(told) >= TAIL
    note = f", the last {TAIL} signs (O shows all)" if cut else ""
    return Output(last["id"], f"{number}since {began} UTC, {state}{note}", bounded(told), cut)


def bounded(text: str) -> str:
    """The last `MOST_LINES` lines, each of at most `MOST_SIGNS` signs; what no screen shows is
    written as a dot."""
    lines = text.splitlines()
    dropped = len(lines) - MOST_LINES
    kept = [f"… {dropped} lines before"] if dropped > 0 else []
    kept += [_plain(line) for line in lines[-MOST_LINES:]]
    return "\n".join(kept)


def _plain(line: str) -> str:
    shown = "".join(c if c.isprintable() else " " if c == "\t" else "·" for c in line[:MOST_SIGNS])
    return f"{shown}…" if len(line) > MOST_SIGNS else shown
