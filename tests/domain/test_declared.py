"""Of what is declared the version that was published last stands, whatever order they come in."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.declared import id_in, newest_of_each
from crisisdesk.domain.policy_version import PolicyVersion


def version(number: int, thing: Any = "T-1", *, withdrawn: bool = False, **more: Any) -> Any:
    return PolicyVersion(
        version_id=f"POL-{number}",
        name=f"name {number}",
        content={"kind": "lamp", "lamp": thing, **more},
        published_at=number,
        withdrawn_at=99 if withdrawn else None,
    )


def read(one: PolicyVersion) -> tuple[str, str] | None:
    told = one.content["lamp"]
    return (told, one.version_id) if isinstance(told, str) else None


def standing(versions: list[PolicyVersion]) -> dict[str, tuple[str, str]]:
    return newest_of_each(versions, "lamp", read, lambda one: one[0])


ALL = [
    version(1),
    version(2),
    version(3, withdrawn=True),
    version(4, "T-2"),
    version(5, 7),
    version(6, "T-2", kind="other"),
]


@given(st.permutations(ALL))
def test_the_last_that_stands_and_can_be_read_counts(versions: list[PolicyVersion]) -> None:
    assert standing(versions) == {"T-1": ("T-1", "POL-2"), "T-2": ("T-2", "POL-4")}


def test_of_two_of_one_moment_all_stations_take_the_same() -> None:
    one = version(1)
    other = PolicyVersion(version_id="POL-9", name="n", content=one.content, published_at=1)
    assert standing([one, other]) == standing([other, one]) == {"T-1": ("T-1", "POL-9")}


def test_the_id_that_a_version_names() -> None:
    assert [id_in(one, "lamp") for one in ALL] == ["T-1", "T-1", "T-1", "T-2", "", ""]
    assert id_in(ALL[0], "source") == ""
