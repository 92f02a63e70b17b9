"""Where merged incidents went: ways, rings, unknown ends, in whatever way they point."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_parts import alerts_of, is_part, parts_of, team_of, whole_of


def made(number: int, into: int | None = None, **more: object) -> Incident:
    return Incident(
        incident_id=f"INC-{number}",
        title=f"t{number}",
        severity="major",
        created_at=100 + number,
        merged_into="" if into is None else f"INC-{into}",
        **more,  # type: ignore[arg-type]
    )


def test_a_way_of_merges_ends_at_the_whole() -> None:
    known = {i.incident_id: i for i in (made(1), made(2, 1), made(3, 2))}
    assert whole_of(known["INC-3"], known.get).incident_id == "INC-1"
    assert [p.incident_id for p in parts_of(known["INC-1"], known.values(), known.get)] == [
        "INC-2",
        "INC-3",
    ]
    assert is_part(known["INC-3"], known.get)
    assert not is_part(known["INC-1"], known.get)


def test_two_merged_into_each_other_are_one_and_the_elder_stands() -> None:
    known = {i.incident_id: i for i in (made(1, 2), made(2, 1))}
    assert {whole_of(i, known.get).incident_id for i in known.values()} == {"INC-1"}
    assert [p.incident_id for p in parts_of(known["INC-1"], known.values(), known.get)] == ["INC-2"]


def test_what_it_went_into_is_not_here_yet() -> None:
    lost = made(2, 9)
    assert whole_of(lost, {"INC-2": lost}.get) is lost


def test_alerts_and_team_of_the_whole_are_those_of_all() -> None:
    whole = made(1, alerts=["A-1", "A-2"], response_team=["Bo"], commander="Ana")
    part = made(2, 1, alerts=["A-2", "A-3"], response_team=["Cy", "Ana"], commander="Di")
    assert alerts_of(whole, [part]) == ["A-1", "A-2", "A-3"]
    assert team_of(whole, [part]) == ["Bo", "Cy", "Di"]


@given(st.lists(st.one_of(st.none(), st.integers(0, 7)), min_size=1, max_size=8))
def test_any_pointers_make_wholes_of_which_each_is_a_part_of_one(
    pointers: list[int | None],
) -> None:
    known = {f"INC-{n}": made(n, into) for n, into in enumerate(pointers)}
    wholes = {name: whole_of(one, known.get).incident_id for name, one in known.items()}
    assert all(wholes[whole] == whole for whole in wholes.values())
    for name, one in known.items():
        following = known.get(one.merged_into)
        if following is not None:
            assert wholes[name] == wholes[following.incident_id]
    counted = [
        part.incident_id
        for whole in set(wholes.values())
        for part in parts_of(known[whole], known.values(), known.get)
    ]
    assert sorted([*counted, *set(wholes.values())]) == sorted(known)
