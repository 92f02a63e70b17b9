"""Faces of services and sources, the filter, the order that is held."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.health.board_words import (
    SERVICE_FACES,
    held_order,
    matching_services,
    matching_sources,
    moved,
    since_words,
    source_face,
    source_order,
    spoken_service,
    spoken_source,
)
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.service_board.judging import ServiceLine, ServiceState
from crisisdesk.domain.service_board.watching import SourceLine, Told

from tests.domain.service_board.facts import NOW, line

NAMES = st.lists(st.sampled_from("abcdef"), unique=True)


def service(name: str, state: ServiceState = ServiceState.OK, **more: object) -> ServiceLine:
    return ServiceLine(name, state, **more)  # type: ignore[arg-type]


def test_every_state_has_a_mark_of_its_own_and_its_word() -> None:
    assert {state: face.word for state, face in SERVICE_FACES.items()} == {
        state: str(state) for state in ServiceState
    }
    assert len({face.icon for face in SERVICE_FACES.values()}) == len(ServiceState)


@pytest.mark.parametrize(
    ("of", "word"),
    [
        (line(), "fresh"),
        (line(ago=25_000), "late"),
        (line(ago=31_000), "silent"),
        (line(told=Told.DOWN), "down"),
        (line(is_up=False), "failing"),
        (line(ago=None, since=NOW), "new"),
        (line(paused=True), "paused"),
        (line()._replace(state=State.UNSURE), "not sure"),
        (line()._replace(state=State.ELSEWHERE, is_here=False), "elsewhere"),
    ],
)
def test_how_a_source_looks(of: SourceLine, word: str) -> None:
    assert source_face(of, NOW).word == word


def test_a_source_goes_stale_under_the_eyes_of_the_reader() -> None:
    one = line(ago=0)
    words = [source_face(one, NOW + s * 1_000).word for s in (19, 20, 29, 30)]
    assert words == ["fresh", "late", "late", "silent"]


def test_sources_that_want_somebody_come_first() -> None:
    of = [line(name="b"), line(name="a"), line(name="z", ago=25_000), line(name="y", ago=99_000)]
    assert [one.source.name for one in source_order(of, NOW)] == ["y", "z", "a", "b"]


def test_the_filter_looks_at_all_that_is_said() -> None:
    db = service("db", ServiceState.DOWN, owner="Kim", tier="1", watchers=(line(name="probe-7"),))
    of = [db, service("shop")]
    for words in ("DB", "down", "kim tier 1", "probe-7"):
        assert matching_services(of, words) == [db]
    assert matching_services(of, "db shop") == []
    assert matching_services(of, "  ") == of
    sources = [line(name="pg"), line("mail", name="smtp")]
    assert matching_sources(sources, "mail") == [sources[1]]
    assert matching_sources(sources, "up http") == sources


@given(NAMES, NAMES)
def test_what_is_held_stands_still(before: list[str], names: list[str]) -> None:
    lines = [service(name) for name in names]
    held = held_order(before, lines)
    assert sorted(one.name for one in held) == sorted(names)
    stayed = [name for name in before if name in names]
    assert [one.name for one in held][: len(stayed)] == stayed
    assert [one.name for one in held][len(stayed) :] == [n for n in names if n not in before]
    assert moved(lines, lines) == 0
    assert (moved(held, lines) == 0) == ([one.name for one in held] == names)


def test_they_are_spoken() -> None:
    down = service("db", ServiceState.DOWN, since=NOW - 60_000, owner="Kim")
    assert spoken_service(down, NOW) == "db, down for 1 min, nothing here looks at it, of Kim"
    assert since_words(service("db"), NOW) == ""
    assert spoken_source(line(name="pg"), NOW) == "pg, http, fresh, last look 4 s ago, every 10 s"
