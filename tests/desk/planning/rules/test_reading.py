"""The page of rules is read from the file of a real engine, and a draft is looked at there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.rules.reading import ident_of, known_of, look_at, read_rules

from tests.desk.live import living
from tests.domain.correlation.test_rule import version


def test_built_in_rules_count_until_something_has_their_name() -> None:
    plain = known_of([])
    assert sorted(v.name for v in plain.current.values()) == ["same place", "same service"]
    assert plain.ids() == frozenset()
    assert {word for word, _ in plain.standings.values()} == {"counts now"}
    own = version("same place", disabled=True)
    told = known_of([own])
    ident = ident_of("same place", own.content)
    assert told.current[ident] is own
    assert told.standings[ident][0] == "switched off"
    assert told.of_name(ident) == [own]


def test_two_kinds_of_one_name_are_two_rules_and_other_pages_have_their_own() -> None:
    one, other, night = version("X"), version("X", 2), version("Night", 3)
    other.content["kind"] = "of a newer program"
    night.content["kind"] = "escalation"
    told = known_of([one, other, night])
    assert len(told.versions) == 2
    assert told.ident("X", one.content) != told.ident("X", other.content)
    assert told.standings[told.ident("X", other.content)][0] == "not used"


@pytest.mark.serial
@pytest.mark.usefixtures("look")
def test_a_draft_is_looked_at_among_what_was(qtbot: QtBot, tmp_path: Path) -> None:
    with living(qtbot, tmp_path) as live:
        for title in ("One", "Two", "Three"):
            live.raise_alert(title, service="db")
        content = {"kind": "correlation", "by": ["service"]}
        made = live.client.publish_policy("Mine", content)["version_id"]
        known = live.read(read_rules)
        assert made in known.ids()
        now_ms = known.versions[0].published_at + 60_000
        told = live.read(lambda reader: look_at(reader, "Mine", content, now_ms)).told
        assert told[0] == "In the last 7 days it would have proposed an incident once."
        assert told[1].endswith("3 alerts, service db")
        needs = {"kind": "dependencies", "services": {"shop": ["db"]}}
        found = live.read(lambda reader: look_at(reader, "Needs", needs, now_ms)).findings
        assert [one.field for one in found] == ["services.shop"]
        off = content | {"disabled": True}
        assert live.read(lambda reader: look_at(reader, "Off", off, now_ms)).told == ()
