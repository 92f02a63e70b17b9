"""One byte string for one value; what cannot be stored exactly is refused by its field's name."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import partial

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.canonical import (
    canonical_bytes,
    parse_canonical,
    tidy,
    use_encoder,
    use_parser,
)
from crisisdesk.domain.errors import Malformed

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def test_keys_are_sorted_without_blanks_in_utf8() -> None:
    value = {"b": [1, True, None], "a": {"ž": "Žižkov", "A": '"\\\n'}}
    expected = '{"a":{"A":"\\"\\\\\\n","ž":"Žižkov"},"b":[1,true,null]}'
    assert canonical_bytes(value) == expected.encode()


@given(st.dictionaries(TEXT, JSON, max_size=5))
def test_anything_tidy_is_kept_exactly_and_the_same_each_time(value: dict[str, object]) -> None:
    clean = tidy(value)
    data = canonical_bytes(clean)
    assert parse_canonical(data) == clean
    assert canonical_bytes(dict(reversed(clean.items()))) == data
    assert canonical_bytes(parse_canonical(data)) == data
    assert unicodedata.is_normalized("NFC", data.decode())
    assert tidy(clean) == clean


@pytest.fixture
def own_encoder() -> Iterator[None]:
    yield
    use_encoder(None)
    use_parser(None)


@pytest.mark.usefixtures("own_encoder")
@given(st.dictionaries(TEXT, JSON, max_size=5))
def test_the_faster_encoder_makes_the_same_bytes(value: dict[str, object]) -> None:
    clean = tidy(value)
    use_encoder(None)
    own = canonical_bytes(clean)
    use_encoder(partial(orjson.dumps, option=orjson.OPT_SORT_KEYS))
    assert canonical_bytes(clean) == own


@pytest.mark.usefixtures("own_encoder")
@pytest.mark.parametrize("value", ["a\0b", "\\\0", "e\u0301", "\ud800"])
def test_the_faster_encoder_refuses_the_same_text(value: str) -> None:
    use_encoder(partial(orjson.dumps, option=orjson.OPT_SORT_KEYS))
    with pytest.raises(Malformed):
        canonical_bytes({"title": value})


@pytest.mark.parametrize("value", ["\\u0000", "\\\\u0000", "C:\\u0000", "ž\\u0000"])
def test_six_characters_that_look_like_an_escaped_nul_are_text(value: str) -> None:
    assert parse_canonical(canonical_bytes({"title": value})) == {"title": value}


@pytest.mark.parametrize(
    "value", ["a\0b", "ž\0", "e\u0301", "\ud800", "ž\udfff"], ids=["nul", "nul2", "nfd", "h", "h2"]
)
def test_text_that_is_not_storable_is_refused(value: str) -> None:
    with pytest.raises(Malformed):
        canonical_bytes({"title": value})


def test_tidying_composes_text_and_writes_floats_as_text() -> None:
    given_value = {"e\u0301": ["e\u0301", 0.1, 1e300, ("x", 2)]}
    assert tidy(given_value) == {"é": ["é", "0.1", "1e+300", ["x", 2]]}
    assert tidy({1: True}) == {"1": True}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"a": {"b": ["x", "y\0"]}}, "body.a.b[1]"),
        ({"a": "\ud800"}, "body.a"),
        ({"a": 2**63}, "body.a"),
        ({"a": -(2**63) - 1}, "body.a"),
        ({"a": object()}, "body.a"),
        ({"a": {1, 2}}, "body.a"),
        ({"k\0": 1}, "body"),
    ],
)
def test_what_cannot_be_made_storable_is_named(value: object, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        tidy(value)
    assert refused.value.field == field
    assert refused.value.remedy


def test_nesting_has_an_end() -> None:
    deep: object = "x"
    for _ in range(40):
        deep = [deep]
    with pytest.raises(Malformed, match="nested too deeply"):
        tidy(deep)
    with pytest.raises(Malformed, match="nested too deeply"):
        tidy(json.loads("[" * 900 + "]" * 900))


@pytest.mark.usefixtures("own_encoder")
@given(st.dictionaries(TEXT, JSON, max_size=5))
def test_the_faster_parser_reads_the_same(value: dict[str, object]) -> None:
    clean = tidy(value)
    data = canonical_bytes(clean)
    use_parser(orjson.loads)
    quick = parse_canonical(data)
    use_parser(None)
    assert quick == parse_canonical(data) == clean
