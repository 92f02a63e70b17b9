"""Response times: every response counts once for its person and for each of their teams."""

from __future__ import annotations

from statistics import median_low

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.response_times import (
    NO_TEAM,
    Response,
    by_person,
    by_team,
    summaries,
)

PEOPLE = ("Ann", "Bob", "Priya")
RESPONSES = st.lists(
    st.builds(
        Response,
        by=st.sampled_from(PEOPLE),
        severity=st.just("critical"),
        waited_ms=st.integers(0, 10_000),
        late=st.booleans(),
    ),
    max_size=60,
)


def response(by: str, waited_ms: int, *, late: bool = False) -> Response:
    return Response(by=by, severity="high", waited_ms=waited_ms, late=late)


def test_one_of_two_late_is_half_on_time() -> None:
    [ann] = summaries([response("Ann", 1_000), response("Ann", 9_000, late=True)], by_person)
    assert (ann.taken, ann.late, ann.on_time) == (2, 1, 0.5)
    assert (ann.median_ms, ann.p90_ms, ann.longest_ms) == (1_000, 9_000, 9_000)


def test_nine_in_ten_leaves_one_of_ten_out() -> None:
    [ann] = summaries([response("Ann", n) for n in range(1, 11)], by_person)
    assert (ann.median_ms, ann.p90_ms, ann.longest_ms) == (5, 9, 10)


def test_whoever_took_most_comes_first_and_equals_by_name() -> None:
    told = [response("Bob", 1), response("Priya", 1), response("Ann", 1), response("Priya", 2)]
    assert [one.who for one in summaries(told, by_person)] == ["Priya", "Ann", "Bob"]


def test_a_person_counts_for_each_of_their_teams_and_strangers_for_none() -> None:
    contacts = [
        Contact(contact_id="C-1", name="ann", groups=["Database", "Platform", "Database"]),
        Contact(contact_id="C-2", name="Bob"),
    ]
    told = [response("Ann", 5), response("Bob", 7), response("Nobody known", 9)]
    found = {one.who: one.taken for one in summaries(told, by_team(contacts))}
    assert found == {"Database": 1, "Platform": 1, NO_TEAM: 2}


@given(RESPONSES)
def test_all_are_counted_once_and_the_ranks_are_in_order(responses: list[Response]) -> None:
    found = summaries(responses, by_person)
    assert sum(one.taken for one in found) == len(responses)
    assert sum(one.late for one in found) == sum(r.late for r in responses)
    for one in found:
        own = [r.waited_ms for r in responses if r.by == one.who]
        assert one.median_ms == median_low(own)
        assert sum(ms <= one.p90_ms for ms in own) >= 0.9 * len(own)
        assert one.median_ms <= one.p90_ms <= one.longest_ms == max(own)
