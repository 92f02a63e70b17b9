"""What keeps quiet, in words."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.kept_quiet import (
    KeptQuiet,
    Way,
    cause_words,
    kept_by_causes,
    quiet_words,
    way_of,
)


def kept(way: str, **more: Any) -> KeptQuiet:
    given: dict[str, Any] = {"alert_id": "A-1", "severity": 4, "service": "shop", "title": "Down"}
    return KeptQuiet(**(given | {"way": way, "until": 9} | more))


@pytest.mark.parametrize(
    ("by", "way"),
    [
        ("SIL-1", Way.SILENCE),
        ("A-1", Way.INHIBITION),
        ("flapping", Way.FLAPPING),
        ("wait", Way.WAITING),
        ("", None),
        ("alert unknown", None),
        ("of a newer program", None),
    ],
)
def test_an_escalation_names_its_way(by: str, way: Way | None) -> None:
    assert way_of(by) is way


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (kept("inhibition", by="A-2", why="db-main down"), "kept quiet by A-2 db-main down"),
        (kept("inhibition", by="A-2"), "kept quiet by A-2"),
        (kept("flapping", why="7 times in 30 min"), "flapping: 7 times in 30 min"),
        (kept("flapping"), "flapping"),
        (kept("silence", by="SIL-2", why="Works"), "silenced by SIL-2: Works"),
        (kept("waiting"), "waits whether it goes away by itself"),
    ],
)
def test_it_is_said_in_words(one: KeptQuiet, words: str) -> None:
    assert quiet_words(one) == words


def test_a_cause_counts_what_it_keeps_quiet() -> None:
    found = [kept("inhibition", by="A-2"), kept("inhibition", by="A-2"), kept("flapping")]
    assert kept_by_causes(found) == {"A-2": 2}
    assert cause_words(2) == "keeps 2 alerts quiet"
    assert cause_words(1) == "keeps 1 alert quiet"
    assert cause_words(0) == ""
    assert found[0].severity_name == "critical"
