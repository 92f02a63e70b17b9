"""The text of exporters: both formats, as they are written and as they are cut off."""

from __future__ import annotations

import contextlib
import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.sources.probes.exposition import LINE_LIMIT, NotExposition, Point, points

CLASSIC = b"""\
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find:\\n\\"FILE.TXT\\""} 1.458255915e9
metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
http_request_duration_seconds_bucket{le="0.05",} 24054
\thttp_request_duration_seconds_bucket { le = "+Inf" } 144320
rpc_duration_seconds{quantile="0.01"} NaN
{"my.dotted.metric", "odd name"="x"} 1
"""
OPEN = b"""\
# TYPE foo histogram
# UNIT foo seconds
foo_bucket{le="0.1"} 8 1520879607.789 # {} 0.054
foo_bucket{le="1.0"} 11 # {trace_id="KOO5S4vxi0o # 1"} 0.67 1520879607.1
foo_count 17
foo_created 1520430000.123
odd{text="a # b"} 2
# EOF
"""


def read(body: bytes, *, is_openmetrics: bool = False) -> list[Point]:
    return list(points(body, is_openmetrics=is_openmetrics))


def test_prometheus_own_example() -> None:
    found = read(CLASSIC)
    assert [(p.metric, p.value) for p in found[:2]] == [
        ("http_requests_total", 1027.0),
        ("http_requests_total", 3.0),
    ]
    assert found[0].labels == {"method": "post", "code": "200"}
    assert found[0].at == 1395066363000
    assert found[2].labels == {
        "path": "C:\\DIR\\FILE.TXT",
        "error": 'Cannot find:\n"FILE.TXT"',
    }
    assert (found[3].value, found[3].at, found[3].labels) == (12.47, None, {})
    assert (found[4].value, found[4].at) == (math.inf, -3982045)
    assert found[6] == Point("http_request_duration_seconds_bucket", {"le": "+Inf"}, 144320, None)
    assert math.isnan(found[7].value)
    assert found[8] == Point("my.dotted.metric", {"odd name": "x"}, 1.0, None)


def test_openmetrics_has_seconds_and_exemplars() -> None:
    found = read(OPEN, is_openmetrics=True)
    assert found[0] == Point("foo_bucket", {"le": "0.1"}, 8.0, 1520879607789)
    assert found[1] == Point("foo_bucket", {"le": "1.0"}, 11.0, None)
    assert found[3].value == 1520430000.123
    assert found[4].labels == {"text": "a # b"}


@pytest.mark.parametrize("cut", [1, 2, 7, 20])
@pytest.mark.parametrize(("body", "is_openmetrics"), [(CLASSIC, False), (OPEN, True)])
def test_a_text_that_breaks_off_is_refused(body: bytes, is_openmetrics: bool, cut: int) -> None:
    with pytest.raises(NotExposition, match="breaks off"):
        read(body[: -1 - cut], is_openmetrics=is_openmetrics)


@pytest.mark.parametrize(
    "line",
    [
        "<html>",
        "a",
        "a b",
        "a 1_000",
        "a 1 2 3",
        "a 1 soon",
        "a 1 NaN",
        "a 1 1e300",
        "a 0x10",
        "a{b} 1",
        "a{b=c} 1",
        'a{b="c} 1',
        'a{b="c"d="e"} 1',
        'a{,b="c"} 1',
        'a{b="c",b="d"} 1',
        'a{"b"} 1',
        'a{b="c"',
        "1a 1",
        "{} 1",
        "a 1é",
        "a " + "1" * LINE_LIMIT,
    ],
)
@pytest.mark.parametrize("is_openmetrics", [False, True])
def test_what_is_no_metric_is_refused_with_its_line(line: str, is_openmetrics: bool) -> None:
    with pytest.raises(NotExposition, match="line 2"):
        read(f"ok 1\n{line}\n# EOF\n".encode(), is_openmetrics=is_openmetrics)


def test_nothing_follows_the_end_and_bytes_are_utf8() -> None:
    with pytest.raises(NotExposition, match="line 3"):
        read(b"a 1\n# EOF\na 2\n", is_openmetrics=True)
    with pytest.raises(NotExposition, match="UTF-8"):
        read(b'a{b="\xff"} 1\n')
    assert read(b"") == []
    assert len(read(b"a 1\r\nb 2\r\n")) == 2


NAMES = st.text(string.ascii_letters + "_", min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=12)


@given(
    NAMES,
    st.dictionaries(NAMES, TEXTS, max_size=4),
    st.floats(),
    st.booleans(),
)
def test_what_is_written_is_read_again(
    metric: str, labels: dict[str, str], value: float, is_openmetrics: bool
) -> None:
    inside = ",".join(
        f'{name}="{text.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'
        for name, text in labels.items()
    )
    body = f"{metric}{{{inside}}} {value!r}\n# EOF\n".encode()
    [point] = read(body, is_openmetrics=is_openmetrics)
    assert (point.metric, point.labels) == (metric, labels)
    assert point.value == value or (math.isnan(point.value) and math.isnan(value))


@given(st.binary(max_size=200), st.booleans())
def test_whatever_comes_is_read_or_refused(body: bytes, is_openmetrics: bool) -> None:
    names: list[str] = []
    with contextlib.suppress(NotExposition):
        names += [point.metric for point in points(body, is_openmetrics=is_openmetrics)]
    assert all(names)
