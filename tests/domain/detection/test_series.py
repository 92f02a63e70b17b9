"""A series is the same whatever order its labels came in, and is written as Prometheus does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.detection.series import LABEL_CHARS, LABELS_LIMIT, series
from crisisdesk.domain.errors import Malformed

LABELS = st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=6)


@given(LABELS, st.randoms(use_true_random=False))
def test_the_order_of_labels_does_not_matter_and_empty_ones_say_nothing(
    labels: dict[str, str], random: object
) -> None:
    items = list(labels.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    one = series("S-1", "load", labels)
    assert one == series("S-1", "load", items)
    assert dict(one.labels) == {name: value for name, value in labels.items() if value}


def test_it_is_written_as_prometheus_does() -> None:
    assert str(series("S-1", "up")) == "up"
    labels = {"job": 'a"b', "code": "5\\x\n"}
    assert str(series("S-1", "http_requests", labels)) == (
        'http_requests{code="5\\\\x\\n",job="a\\"b"}'
    )


@pytest.mark.parametrize(
    ("metric", "labels", "field"),
    [
        ("", {}, "metric"),
        ("a b", {}, "metric"),
        ("1st", {}, "metric"),
        ("m" * 201, {}, "metric"),
        ("m", {str(n): "v" for n in range(LABELS_LIMIT + 1)}, "labels"),
        ("m", {"a": "v" * (LABEL_CHARS + 1)}, "labels.a"),
    ],
)
def test_what_is_out_of_bounds_is_named(metric: str, labels: dict[str, str], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        series("S-1", metric, labels)
    assert caught.value.field == field
    assert caught.value.remedy
