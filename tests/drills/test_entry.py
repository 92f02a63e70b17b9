"""Reading fields: values of the right kind pass, others are named."""

from __future__ import annotations

import pytest

from crisisdesk.drills.entry import Entry, ScenarioError, offset_ms


def entry(**fields: object) -> Entry:
    return Entry(fields, "s.yaml", "entries[3]")


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("-06:30:00", -23_400_000),
        ("+00:00:20", 20_000),
        ("00:01:00", 60_000),
        ("100:00:00", 360_000_000),
        ("00:60:00", None),
        ("-6:30", None),
        ("", None),
        ("٠٠:00:01:00", None),
    ],
)
def test_offsets(text: str, ms: int | None) -> None:
    assert offset_ms(text) == ms


def test_texts_numbers_flags_and_mappings() -> None:
    e = entry(t=" a ", one="x", many=["x", "y"], n=3, yes=True, map={"k": "v"})
    assert (e.text("t"), e.texts("one"), e.texts("many")) == ("a", ["x"], ["x", "y"])
    assert (e.number("n", high=3), e.flag("yes", False)) == (3, True)
    assert e.text_mapping("map") == {"k": "v"}
    assert (e.text("none", "d"), e.number("none2", 7, high=9), e.flag("none3", True)) == (
        "d",
        7,
        True,
    )
    e.done()


@pytest.mark.parametrize(
    ("fields", "ask", "words"),
    [
        ({"t": 3}, lambda e: e.text("t"), "t: 3 is no text"),
        ({"t": " "}, lambda e: e.text("t"), "t: ' ' is no text"),
        ({"t": [1]}, lambda e: e.texts("t"), "t: [1] is no list of texts"),
        ({"t": True}, lambda e: e.number("t", high=3), "t: True is out of range"),
        ({"t": 4}, lambda e: e.number("t", high=3), "t: 4 is out of range; write 0 to 3"),
        ({"t": "yes"}, lambda e: e.flag("t", True), "t: 'yes' is neither true nor false"),
        ({"t": 600}, lambda e: e.offset("t"), "t: 600 is no time"),
        ({"t": {"k": 1}}, lambda e: e.text_mapping("t"), "t.k: 1 is no text"),
        ({"t": []}, lambda e: e.mapping("t"), "t: is no mapping"),
        ({"t": {}}, lambda e: e.entries("t"), "t: is no list"),
        ({}, lambda e: e.entries("t", required=True), "t: is missing"),
        ({"t": "z"}, lambda e: e.choice("t", ("a", "b")), "t: 'z' is unknown; use one of a, b"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(fields, ask, words) -> None:
    with pytest.raises(ScenarioError) as caught:
        ask(Entry(fields, "s.yaml", "entries[3]"))
    assert str(caught.value).startswith(f"s.yaml: entries[3].{words}")


def test_what_nobody_read_is_a_slip() -> None:
    e = entry(severity="low", severty="low")
    e.text("severity")
    with pytest.raises(ScenarioError, match=r"severty: is not a field here; did you mean severity"):
        e.done()
