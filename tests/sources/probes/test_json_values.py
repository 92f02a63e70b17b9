"""Numbers by paths: what is taken, what is left out and told, and how many at most."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.json_values import Found, check_values, number_of, values_of

from tests.sources.probes.looks import NOW

SHOP = {
    "queue": {"depth": 5, "ok": True, "load": "1.50", "state": "busy"},
    "region": "eu",
    "shops": [
        {"name": "a", "n": 1, "no": 7},
        {"name": "b", "n": 2.5},
        {"name": "c", "n": None},
        "no object",
    ],
    "none": [],
}


def found(*wanted: dict[str, Any], document: Any = SHOP, most: int = 100) -> Found:
    told = check_values(Fields({"values": list(wanted)}, ("values",)))
    return values_of(document, told, source_id="s1", at=NOW, most=most)


def numbers(of: Found) -> dict[str, float]:
    return {str(sample.series): sample.value for sample in of.samples}


def test_a_number_its_text_and_yes_or_no_are_values() -> None:
    of = found(
        {"name": "depth", "path": "queue.depth"},
        {"name": "ok", "path": "queue.ok"},
        {"name": "load", "path": "$.queue.load"},
        {"name": "state", "path": "queue.state"},
        {"name": "gone", "path": "queue.gone"},
        {"name": "first", "path": "shops[0].n"},
    )
    assert numbers(of) == {"depth": 5.0, "ok": 1.0, "load": 1.5, "first": 1.0}
    assert of.left_out == ["no number at queue.state: 1", "nothing at queue.gone: 1"]
    assert {sample.at for sample in of.samples} == {NOW}


def test_each_item_of_a_list_is_one_with_its_labels() -> None:
    labels = {"shop": "name", "number": "no", "region": "$.region", "whole": "$.queue"}
    of = found({"name": "n", "each": "shops", "path": "n", "labels": labels})
    assert numbers(of) == {
        'n{number="7",region="eu",shop="a"}': 1.0,
        'n{region="eu",shop="b"}': 2.5,
    }
    assert of.left_out == ["nothing at n: 2"]


def test_two_that_cannot_be_told_apart_are_not_both_kept() -> None:
    of = found({"name": "n", "each": "shops", "path": "n"})
    assert numbers(of) == {"n": 1.0}
    assert "two of the same labels at n: 1" in of.left_out


def test_an_empty_list_is_an_answer_and_no_list_is_none() -> None:
    assert found({"name": "n", "each": "none", "path": "n"}).is_there
    nothing = found({"name": "n", "each": "queue", "path": "n"})
    assert not nothing.is_there
    assert nothing.left_out == ["no list at queue: 1"]


def test_more_series_than_wanted_are_told() -> None:
    many = [{"i": str(number), "n": number} for number in range(30)]
    wanted = {"name": "n", "each": "all", "path": "n", "labels": {"i": "i"}}
    of = found(wanted, document={"all": many}, most=10)
    assert len(of.samples) == 10
    assert of.left_out == ["beyond max_series at n: 20"]


def test_a_label_that_is_out_of_bounds_leaves_its_value_out() -> None:
    document = {"all": [{"i": "x" * 600, "n": 1}, {"i": "y", "n": 2}]}
    wanted = {"name": "n", "each": "all", "path": "n", "labels": {"i": "i"}}
    assert numbers(found(wanted, document=document)) == {'n{i="y"}': 2.0}


@pytest.mark.parametrize(
    "told", ["NaN", "inf", "1e999", "0x10", "1_000", "", "٣", "1 2", None, [], {}]
)
def test_what_is_no_finite_number(told: Any) -> None:
    assert number_of(told) is None
    assert number_of(float("nan")) is None
    assert number_of(float("-inf")) is None


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("x", "settings.values"),
        ([{"path": "a"}], "settings.values[0].name"),
        ([{"name": "a"}], "settings.values[0].path"),
        ([{"name": "up", "path": "a"}], "settings.values[0].name"),
        ([{"name": "a", "path": "a..b"}], "settings.values[0].path"),
        ([{"name": "a", "path": "a", "each": "b."}], "settings.values[0].each"),
        ([{"name": "a", "path": "a", "labels": {"l": "."}}], "settings.values[0].labels.l"),
        ([{"name": "a", "path": "a", "labels": 5}], "settings.values[0].labels"),
        ([{"name": "a", "path": "a"}] * 2, "settings.values[1].name"),
        ([{"name": "a", "path": "a"}] * 51, "settings.values"),
        ([{"name": "a", "path": "a", "stranger": 1}], "settings.values[0].stranger"),
        (
            [{"name": "a", "path": "a", "labels": {f"l{n}": "x" for n in range(21)}}],
            "settings.values[0].labels",
        ),
    ],
)
def test_wrong_ones_name_the_field_and_the_remedy(told: Any, field: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_values(Fields({"values": told}, ("values",)))
    assert caught.value.field == field
    assert caught.value.remedy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("anx"), inner),
    max_leaves=20,
)


@given(JSON)
def test_whatever_is_answered_every_value_is_a_finite_number(document: Any) -> None:
    of = found(
        {"name": "a", "path": "a"},
        {"name": "b", "each": "x", "path": "n", "labels": {"l": "a"}},
        document=document,
    )
    assert all(abs(sample.value) < float("inf") for sample in of.samples)
    assert json.dumps([sample.series for sample in of.samples])
    assert len(of.samples) <= 100
