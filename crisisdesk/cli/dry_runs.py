"""What `crisisdesk procedure dry-run` prints: every step of a procedure as it would be done."""

from __future__ import annotations

from typing import Any

from crisisdesk.cli.words import plain
from crisisdesk.domain.amounts import span_words

_NOW = {
    "holds": "holds now",
    "does_not_hold": "does NOT hold now",
    "not_known": "not known now",
    "not_looked_at": "",
}
_BACK = {
    "never": "only when somebody orders it",
    "on_deviation": "by itself when something fails",
    "always": "by itself at the end",
}


def lines_of(told: dict[str, Any]) -> list[str]:
    """The whole look ahead, a line each, in words."""
    found = [f"{plain(told['procedure'])}, version {told['version_id']}. Nothing is done."]
    found += [f"  {name}={plain(value)}" for name, value in told["arguments"].items()]
    times = []
    if told["estimated_s"]:
        times.append(f"takes about {span_words(told['estimated_s'] * 1000)}")
    if told["longest_s"]:
        times.append(f"at most {span_words(told['longest_s'] * 1000)} by the bounds of its steps")
    found += [f"  {', '.join(times)}"] if times else []
    found.append(f"  the way back is gone {_BACK[told['rollback']]}")
    titles = {step["step_id"]: step["title"] for step in told["steps"]}
    for step in told["steps"]:
        found += ["", *_step_lines(step, titles)]
    if told["rollback_procedure"]:
        found += ["", "By hand: " + plain(told["rollback_procedure"])]
    found.append("")
    found.append(_verdict(told["steps"]))
    return found


def _step_lines(step: dict[str, Any], titles: dict[str, str]) -> list[str]:
    head = f"{step['step_id']}  {plain(step['title'])}  ({step['kind']}, {step['phase']})"
    found = [head, *(f"    {plain(line)}" for line in step["does"])]
    found.append(f"    opens {plain(step['opens'])}; begun by {step['begins']}")
    if step["approval"]:
        found.append(f"    needs {plain(step['approval'])}")
    if step["entry"]:
        found.append(f"    allowed by {plain(step['entry'])}")
    if not step["ok"]:
        found.append(f"    NOT HERE: {plain(step['words'])}")
    if _NOW[step["now"]]:
        found.append(f"    {_NOW[step['now']]}: {plain(step['now_words'])}")
    if step["at_most_s"]:
        found.append(f"    at most {span_words(step['at_most_s'] * 1000)}")
    if step["back"]:
        found.append(f"    taken back by: {plain(titles[step['back']])}")
    return found


def _verdict(steps: list[dict[str, Any]]) -> str:
    barred = [step["step_id"] for step in steps if not step["ok"]]
    unmet = [step["step_id"] for step in steps if step["now"] == "does_not_hold"]
    looked = sum(step["now"] != "not_looked_at" for step in steps)
    here = f"This station could not do: {', '.join(barred)}." if barred else ""
    here = here or "This station could do every automatic step."
    now = f" Of {looked} looks these do not hold now: {', '.join(unmet)}." if unmet else ""
    return here + (now or (f" Of {looked} looks none found what does not hold." if looked else ""))
