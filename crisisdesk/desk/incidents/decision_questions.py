"""What is asked about decisions, and what the answers mean.

The key of such a question is ``decision.what`` and the id of what it is about, parted by a blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents.choice import Option
from crisisdesk.desk.incidents.strip import Asked, Question
from crisisdesk.desk.incidents.times import CLOCK, DAY_MS, MINUTE_MS
from crisisdesk.domain.decision_words import decision_facts
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.playbook.content import span_ms

if TYPE_CHECKING:
    from crisisdesk.domain.decision import Decision

PREFIX = "decision."
HOLDS, REVERT = "holds", "revert"
_CHECK_HINT = "15m, 4h, 3d, or hh:mm UTC; empty for never"
_ARROW = "->"
_TEXTS = ("title", "options", "expected", "risk", "decider", "revert_trigger")


def _fields(decision: Decision | None, operator: str) -> tuple[Asked, ...]:
    """What is written of a decision, as it stands."""

    def now(name: str) -> str:
        if decision is None:
            return ""
        value = getattr(decision, name)
        return "\n".join(value) if isinstance(value, list) else str(value)

    return (
        Asked(field="title", word="What was decided", value=now("title"),
              hint="Fail over to fra2"),
        Asked(field="options", word="Instead of what; one a line", value=now("options"),
              hint="Wait for the link\nRestart the writer", lines=2),
        Asked(field="expected", word="What it should bring about", value=now("expected"),
              hint="Orders are taken again", half=True),
        Asked(field="risk", word="Risk", value=now("risk"), hint="4 s of orders are lost",
              half=True),
        Asked(field="decider", word="Who decided", value=now("decider"), hint=operator or "you",
              half=True),
        Asked(field="revert_trigger", word="Taken back if", value=now("revert_trigger"),
              hint="The lag grows", half=True),
    )  # fmt: skip


def log_question(operator: str) -> Question:
    """A new decision."""
    objections = Asked(
        field="objections", word="Who was asked and objects; one a line",
        hint=f"Bo: the lag is 4 s {_ARROW} taken into account", lines=2,
    )  # fmt: skip
    check = Asked(field="check", word="Look again in, or at", hint=_CHECK_HINT, names=("check_at",))
    return Question(
        key=f"{PREFIX}log",
        title="Write a decision down",
        verb="Write down",
        lead="What was decided is enough. When it is time to look again, it rings.",
        asked=(*_fields(None, operator), objections, check),
    )


def change_question(decision: Decision) -> Question:
    """What is written of it; of one that was reverted only to be read."""
    title = "Decision" if decision.stands else "Reverted decision"
    facts = decision_facts(decision)
    if not decision.stands:
        told = (("What was decided", decision.title), *facts)
        return Question(key=_key("read", decision), title=title, verb="", told=told)
    written = ("Instead of", "Expected", "Risk", "Decided by", "Taken back if")
    told = tuple(pair for pair in facts if pair[0] not in written)
    return Question(
        key=_key("change", decision),
        title=title,
        verb="Save",
        lead="What stood there before stays in the log.",
        told=told,
        asked=_fields(decision, decision.decider),
    )


def look_question(decision: Decision) -> Question:
    """Whether it holds, with what was to be watched."""
    return Question(
        key=_key("look", decision),
        title=f"Look again: {decision.title}",
        verb="Save",
        told=tuple(decision_facts(decision)),
        asked=(
            Asked(
                field="result",
                word="What you see; if it is taken back: why",
                hint="Orders flow, the lag is 0 s",
                lines=2,
                names=("reason",),
            ),
            Asked(
                field="verdict",
                word="The decision",
                value=HOLDS,
                options=(Option(HOLDS, "Holds"), Option(REVERT, "Is taken back")),
                half=True,
            ),
            Asked(
                field="check",
                word="Look again in, or at",
                hint=_CHECK_HINT,
                names=("check_at",),
                half=True,
            ),
        ),
    )


def object_question(decision: Decision, operator: str) -> Question:
    """Who has what against it."""
    return Question(
        key=_key("object", decision),
        title=f"Objection to: {decision.title}",
        verb="Write down",
        asked=(
            Asked(field="text", word="What stands against it", hint="The lag is 4 s", lines=2),
            Asked(field="by", word="Who objects", value=operator, hint="Full name"),
            Asked(field="answer", word="Answer, may come later", hint="What is done about it",
                  lines=2),
        ),
    )  # fmt: skip


def answer_question(decision: Decision) -> Question:
    """What is said to an objection, the oldest first."""
    waiting = decision.unanswered
    options = tuple(Option(one["id"], _short(f"{one['by']}: {one['text']}", 60)) for one in waiting)
    return Question(
        key=_key("answer", decision),
        title=f"Answer an objection to: {decision.title}",
        verb="Answer",
        told=tuple((one["by"], one["text"]) for one in waiting),
        asked=(
            Asked(field="answer", word="Answer", hint="What is done about it", lines=2),
            Asked(field="objection", word="Objection", options=options),
        ),
    )


def when_question(decision: Decision) -> Question:
    """When it is looked at again."""
    asked = Asked(field="check", word="In, or at", hint=_CHECK_HINT, names=("check_at",))
    return _about(decision, "when", "Look again", "Save", asked)


def revert_question(decision: Decision) -> Question:
    """Why it does not stand any more."""
    asked = Asked(field="reason", word="Reason", hint="It made it worse")
    return _about(decision, "revert", "Take back", "Take back", asked)


def _about(decision: Decision, what: str, words: str, verb: str, *asked: Asked) -> Question:
    title = f"{words}: {_short(decision.title)}"
    return Question(key=_key(what, decision), title=title, verb=verb, asked=asked)


def _key(what: str, decision: Decision) -> str:
    return f"{PREFIX}{what} {decision.decision_id}"


def _short(text: str, limit: int = 28) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else f"{plain[: limit - 1].rstrip()}…"


# -- what the answers mean -------------------------------------------------------------------


def check_ms(text: str, now_ms: int) -> int | None:
    """``15m`` from now, or ``hh:mm`` UTC as the next such minute, UTC ms; None for an empty text.

    Raises Malformed naming ``check``.
    """
    plain = text.strip().removesuffix("UTC").strip()
    if not plain:
        return None
    clock = CLOCK.fullmatch(plain)
    if clock is not None:
        at = now_ms - now_ms % DAY_MS + (int(clock[1]) * 60 + int(clock[2])) * MINUTE_MS
        return at if at > now_ms else at + DAY_MS
    try:
        return now_ms + span_ms(plain, "check")
    except Malformed as error:
        remedy = "write 15m, 4h, 3d, or hh:mm in UTC"
        raise Malformed("check", f"{plain!r} is no span and no time", remedy) from error


def new_objections(text: str) -> list[dict[str, str]]:
    """Rows of by, text and answer of lines ``Bo: the lag is 4 s -> taken into account``.

    Raises Malformed naming ``objections``.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        said, _, answer = line.partition(_ARROW)
        by, colon, against = said.partition(":")
        if not colon or not by.strip() or not against.strip():
            remedy = f"write “Name: what they said”, then “{_ARROW} the answer” if there is one"
            raise Malformed("objections", f"line {number} does not say who objects", remedy)
        row = {"by": by.strip(), "text": against.strip()}
        found.append(row | ({"answer": answer.strip()} if answer.strip() else {}))
    return found


def written(values: dict[str, str]) -> dict[str, Any]:
    """The fields of a decision as they were typed; raises Malformed naming ``title``."""
    found: dict[str, Any] = {name: values[name].strip() for name in _TEXTS}
    if not found["title"]:
        raise Malformed("title", "is empty", "write what was decided")
    lines = (line.strip() for line in values["options"].splitlines())
    return found | {"options": [line for line in lines if line]}


def new_decision(values: dict[str, str], now_ms: int) -> tuple[str, dict[str, Any]]:
    """Title and fields of a decision that was typed; raises Malformed naming the field."""
    fields = written(values) | {"objections": new_objections(values["objections"])}
    title = fields.pop("title")
    check_at = check_ms(values["check"], now_ms)
    fields |= {} if check_at is None else {"check_at": check_at}
    return title, {name: value for name, value in fields.items() if value not in ("", [])}


def changes_of(decision: Decision, values: dict[str, str]) -> dict[str, Any]:
    """What differs from what stands; raises Malformed naming the field."""
    return {
        name: value for name, value in written(values).items() if value != getattr(decision, name)
    }
