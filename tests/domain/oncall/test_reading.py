"""Contents are read as they were meant, or refused with the path of the field."""

from __future__ import annotations

import copy
from json import JSONDecoder
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.canonical import canonical_bytes, parse_canonical
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.reading import read_override, read_schedule
from crisisdesk.domain.oncall.schedule import Hours
from crisisdesk.domain.oncall.shifts import on_call, shifts

from tests.architecture.tree import ROOT
from tests.domain.oncall.rosters import content, layer, ms, rosters, weekly

OVERRIDE: dict[str, Any] = {
    "kind": "override",
    "schedule": "Database",
    "contact": "C-ANN",
    "replaces": "C-BO",
    "from": 1_000,
    "to": 2_000,
    "reason": "ill",
}
HOURS = {"days": [0, 4], "from": "22:00", "to": "06:00"}


def put(value: Any, path: list[Any], new: Any) -> Any:
    """A deep copy with one place changed; an Ellipsis takes the place away."""
    value = copy.deepcopy(value)
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    if new is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = new
    return value


def shown(path: list[Any]) -> str:
    """A path as errors write it."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def test_a_schedule_is_read_as_it_was_meant():
    plan = read_schedule("Database", content(layer(), weekly(every=2, hours=[HOURS])))
    assert (plan.name, plan.zone, len(plan.layers)) == ("Database", "Europe/Prague", 2)
    daily, second = plan.layers
    assert (daily.members, daily.rotation, daily.every) == (("C-ANN", "C-BO"), "day", 1)
    assert (daily.handover, daily.start, daily.until, daily.hours) == (540, 20_458, None, ())
    assert (second.rotation, second.weekday, second.every) == ("week", 0, 2)
    assert second.hours == (Hours(days=frozenset({0, 4}), start=1320, end=1800),)


def test_what_may_be_left_out_means_always_and_for_ever():
    short = layer()
    del short["until"], short["hours"]
    assert read_schedule("D", content(short)) == read_schedule("D", content(layer()))
    whole = layer(hours=[{"days": [0], "from": "00:00", "to": "24:00"}])
    assert read_schedule("D", content(whole)).layers[0].hours[0].end == 1440


@given(rosters())
def test_a_content_survives_being_published(roster: tuple[dict[str, Any], int, int]):
    of = roster[0]
    assert read_schedule("D", parse_canonical(canonical_bytes(of))) == read_schedule("D", of)


@pytest.mark.parametrize(
    ("path", "new", "problem"),
    [
        (["kind"], "override", "is not schedule"),
        (["kind"], ..., "is missing"),
        (["zone"], "Mars/Base", "is no time zone"),
        (["zone"], 3, "is no text"),
        (["zone"], ..., "is missing"),
        (["colour"], "red", "is no field known here"),
        (["layers"], [], "is empty"),
        (["layers"], {}, "is an object"),
        (["layers"], [layer()] * 21, "has 21 items"),
        (["layers", 1], None, "is null"),
        (["layers", 1, "untill"], "2026-02-01", "is no field known here"),
        (["layers", 1, "name"], " ", "is empty"),
        (["layers", 1, "name"], "x" * 121, "has 121 characters"),
        (["layers", 1, "name"], "a\0b", "holds a NUL character"),
        (["layers", 1, "members"], [], "is empty"),
        (["layers", 1, "members"], ["C-ANN"] * 201, "has 201 items"),
        (["layers", 1, "members", 1], "Ann", "'Ann' is no contact"),
        (["layers", 1, "members", 1], "", "is empty"),
        (["layers", 1, "members", 0], 1, "is a number"),
        (["layers", 1, "rotation"], "month", "'month' is no rotation"),
        (["layers", 1, "every"], 0, "0 is out of range"),
        (["layers", 1, "every"], 367, "367 is out of range"),
        (["layers", 1, "every"], True, "is a boolean"),
        (["layers", 1, "every"], 1.0, "is a float"),
        (["layers", 1, "handover"], "09:00", "is a text"),
        (["layers", 1, "handover", "time"], "9:00", "'9:00' is no time"),
        (["layers", 1, "handover", "time"], "09:60", "'09:60' is no time"),
        (["layers", 1, "handover", "time"], "٠٩:٠٠", "is no time"),
        (["layers", 1, "handover", "time"], "+9:00", "is no time"),
        (["layers", 1, "handover", "time"], "24:00", "past the end of the day"),
        (["layers", 1, "handover", "weekday"], 7, "7 is out of range"),
        (["layers", 1, "handover", "weekday"], ..., "is missing"),
        (["layers", 0, "handover", "weekday"], 0, "is no field known here"),
        (["layers", 1, "start"], "2026-02-30", "is no date"),
        (["layers", 1, "start"], "20260105", "is no date"),
        (["layers", 1, "start"], "2026-W01-1", "is no date"),
        (["layers", 1, "start"], "1066-10-14", "is out of reach"),
        (["layers", 1, "start"], None, "is null"),
        (["layers", 1, "until"], "2026-01-05", "is not after start"),
        (["layers", 1, "hours"], "always", "is a text"),
        (["layers", 1, "hours"], None, "is null"),
        (["layers", 1, "hours", 0, "days"], [], "is empty"),
        (["layers", 1, "hours", 0, "days", 1], 7, "7 is out of range"),
        (["layers", 1, "hours", 0, "to"], "22:00", "is the same as from"),
        (["layers", 1, "hours", 0, "to"], "24:01", "past the end of the day"),
        (["layers", 1, "hours", 0, "from"], "24:00", "past the end of the day"),
    ],
)
def test_a_schedule_that_could_be_misread_is_refused(path: list[Any], new: Any, problem: str):
    sound = content(layer(), weekly(hours=[HOURS]))
    assert read_schedule("Database", sound).layers
    with pytest.raises(Malformed) as refused:
        read_schedule("Database", put(sound, path, new))
    assert refused.value.field == shown(path)
    assert problem in refused.value.problem
    assert refused.value.remedy


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_a_content_that_is_no_object_is_refused(value: Any):
    with pytest.raises(Malformed, match="content"):
        read_schedule("Database", value)


def test_a_schedule_without_a_name_is_refused():
    with pytest.raises(Malformed, match="name: is empty"):
        read_schedule("", content(layer()))


def test_an_override_is_read_as_it_was_meant():
    found = read_override(OVERRIDE)
    assert (found.schedule, found.contact, found.replaces) == ("Database", "C-ANN", "C-BO")
    assert (found.start_ms, found.end_ms, found.reason) == (1_000, 2_000, "ill")
    short = {k: v for k, v in OVERRIDE.items() if k not in ("replaces", "reason")}
    assert (read_override(short).replaces, read_override(short).reason) == ("", "")


@pytest.mark.parametrize(
    ("name", "new", "problem"),
    [
        ("kind", "schedule", "is not override"),
        ("schedule", "", "is empty"),
        ("schedule", ..., "is missing"),
        ("contact", "Ann", "is no contact"),
        ("contact", None, "is null"),
        ("replaces", "C-ANN", "is the contact itself"),
        ("replaces", None, "is null"),
        ("replaces", "bo", "is no contact"),
        ("from", "1000", "is a text"),
        ("from", -1, "is out of range"),
        ("from", 1_000.5, "is a float"),
        ("to", 1_000, "is not after from"),
        ("to", 10**18, "is out of range"),
        ("reason", "x" * 501, "has 501 characters"),
        ("who", "C-ANN", "is no field known here"),
    ],
)
def test_an_override_that_could_be_misread_is_refused(name: str, new: Any, problem: str):
    with pytest.raises(Malformed) as refused:
        read_override(put(OVERRIDE, [name], new))
    assert refused.value.field == name
    assert problem in refused.value.problem


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@given(st.data())
def test_whatever_stands_in_a_place_is_read_or_refused(data: st.DataObject):
    sound = content(layer(), weekly(hours=[HOURS]))
    paths: list[list[Any]] = [["zone"], ["layers"], ["layers", 1], ["layers", 1, "hours", 0]]
    paths += [["layers", 1, name] for name in layer()] + [["layers", 1, "handover", "time"]]
    broken = put(sound, data.draw(st.sampled_from(paths)), data.draw(json))
    try:
        plan = read_schedule("Database", broken)
    except Malformed:
        return
    start = ms("2026-01-05T08:00Z")
    assert shifts(plan, [], start, start + 86_400_000)


def test_the_examples_of_the_help_page_are_read():
    page = (ROOT / "resources" / "help" / "on-call.md").read_text(encoding="utf-8")
    code = "".join(
        line
        for line in page.splitlines(keepends=True)
        if line.startswith("    ") and not line.lstrip().startswith("crisisdesk ")
    )
    decoder, found = JSONDecoder(), []
    rest = code.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    plan, change = read_schedule("Database", found[0]), read_override(found[1])
    assert [one.name for one in plan.layers] == ["Primary", "Office"]
    at = change.start_ms + 12 * 3_600_000
    assert on_call(plan, [], at) == (change.replaces,)
    assert on_call(plan, [change], at) == (change.contact,)
