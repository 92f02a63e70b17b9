"""The draft of a brief, from the record."""

from __future__ import annotations

from crisisdesk.domain.handover_brief import BRIEF_LIMIT, BRIEF_WORDS, Brief, draft_brief
from crisisdesk.domain.task import Task
from crisisdesk.domain.update import IncidentUpdate

from tests.domain.events import JONAS, START
from tests.domain.test_decision import LATER, DecisionLog
from tests.domain.test_seat_fold import IncidentLog


def task(name: str, status: str = "open", **more: object) -> Task:
    told = {"task_id": name, "incident_id": "INC-1", "title": name, "added_at": START}
    return Task(**(told | {"status": status} | more))  # type: ignore[arg-type]


def test_it_says_what_the_record_says() -> None:
    log = IncidentLog()
    log.add("incident.edited", field="root_cause", value="two\nwriters", base="")
    pinned = IncidentUpdate(
        update_id="U-1",
        incident_id="INC-1",
        update_type="note",
        title="Writes stopped",
        description="",
        author=JONAS,
        happened_at=START,
        logged_at=START,
        is_pinned=True,
    )
    tasks = [task("Isolate", "started", owner=JONAS), task("Tell legal"), task("Gone", "done")]
    decision = DecisionLog(check_at=LATER, decider=JONAS, revert_trigger="the lag grows")
    brief = draft_brief(log.incident(), tasks, [decision.decision()], [pinned])
    assert brief.known.splitlines() == [
        "- Orders: major, open, medium impact",
        "- Root cause: two writers",
        "- Writes stopped",
    ]
    assert brief.running == f"- Isolate ({JONAS})"
    assert brief.decided == f"- Fail over ({JONAS}; taken back if the lag grows)"
    assert brief.next.splitlines() == [
        "- 2026-02-12 02:15:02Z: look again at: Fail over",
        "- Tell legal (nobody)",
    ]
    assert list(brief.as_dict()) == list(BRIEF_WORDS)


def test_it_is_bounded_and_says_what_it_leaves_out() -> None:
    tasks = [task(f"{at} " + "long " * 60) for at in range(40)]
    brief = draft_brief(IncidentLog().incident(), tasks, [])
    assert brief.next.endswith("- and 28 more")
    assert len(brief.next) <= BRIEF_LIMIT
    wide = draft_brief(IncidentLog().incident(), [task("x" * 5_000)], [])
    assert len(wide.next) == BRIEF_LIMIT
    assert Brief().known == ""
