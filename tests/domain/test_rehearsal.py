"""A rehearsal plays a policy among what counts now, without the versions of its own name."""

from __future__ import annotations

from crisisdesk.domain.escalation.detours import Detour, Gone
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.rehearsal import by_id, rehearse, surroundings
from crisisdesk.domain.rota import Rota

from tests.domain.escalation.people import (
    EVERYBODY,
    MINUTE,
    START,
    contact,
    content,
    person,
    policy,
)

PEOPLE = by_id([person("A", "sms", "mailto"), person("B", "sms")])


def published(name: str, **more: object) -> PolicyVersion:
    return PolicyVersion(
        version_id=f"POL-{name}",
        name=name,
        content=content([EVERYBODY], **more),
        published_at=START,
    )


def test_the_steps_come_with_their_moments_and_people() -> None:
    night = policy({"to": [contact("A")], "wait_s": 120}, [contact("B")])
    told = rehearse(night, Rota([]), PEOPLE, START, hours=1)
    assert [(t.at - START, t.contacts) for t in told.taken[:2]] == [
        (0, ("C-A",)),
        (2 * MINUTE, ("C-B",)),
    ]
    assert all(step.at < START + 60 * MINUTE for step in told.taken)
    later = rehearse(night, Rota([]), PEOPLE, START, severity="high", hours=1)
    assert later.taken[0].at == START + 15_000


def test_another_policy_is_held_against_it_and_an_older_version_of_its_own_is_not() -> None:
    night = policy([EVERYBODY], place=5)
    alone = rehearse(night, Rota([published("Night")]), PEOPLE, START)
    assert [f.field for f in alone.findings if f.level == "error"] == []
    rota = Rota([published("Night"), published("All", place=1)])
    assert [one.name for one in surroundings(night, rota, PEOPLE).others] == ["All"]
    [error] = [f for f in rehearse(night, rota, PEOPLE, START).findings if f.level == "error"]
    assert (error.field, "All" in error.words) == ("place", True)


def test_steps_go_around_what_is_out() -> None:
    night = policy({"to": [contact("A")], "wait_s": 120}, [contact("B")])
    out = {"carrier": Gone(supposed=True)}
    told = rehearse(night, Rota([]), PEOPLE, START, hours=1, out=out)
    assert len(told.detours) == len(told.taken)
    assert told.detours[0].words == "A by mailto instead of SMS"
    assert [one.words for one in told.explained()] == [one.words for one in told.detours]
    assert told.findings[0].level == "error", "the worst first"
    assert told.findings[0].words == "reaches nobody while carrier is out"
    assert all(one == Detour() for one in rehearse(night, Rota([]), PEOPLE, START).detours)
