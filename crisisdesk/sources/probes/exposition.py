"""Reads the text that exporters serve under /metrics: Prometheus' format and OpenMetrics.

Counters, histograms and summaries are taken as the single numbers that they are written as; what
they mean together is a rule's affair. Exemplars are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LINE_LIMIT = 64 * 1024
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(
    r'[ \t]*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")[ \t]*'
    r'(?:=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*)?'
)
_VALUE = re.compile(
    r"[+-]?(?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r'\\([\\"n])')
_ESCAPED = {"\\": "\\", '"': '"', "n": "\n"}
_END = "# EOF"


class NotExposition(Exception):
    """The text is not in one of the two formats; the words name the line."""


@dataclass(frozen=True, slots=True)
class Point:
    """One line: a metric, its labels, a value, and its own time (UTC ms) where it has one."""

    metric: str
    labels: dict[str, str] = field(hash=False)
    value: float
    at: int | None


def points(body: bytes, *, is_openmetrics: bool) -> Iterator[Point]:
    """Every sample in order; raises NotExposition, at the latest when the text was cut off.

    A line that breaks off is the only sign of a cut in Prometheus' format; OpenMetrics ends with
    a line that says so.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise NotExposition("is no UTF-8") from None
    if text and not text.endswith("\n") and not text.endswith(f"\n{_END}"):
        raise NotExposition("breaks off in the middle of a line")
    ended = False
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if ended and line:
            raise NotExposition(f"goes on behind its end in line {number}")
        if line.startswith("#"):
            ended = is_openmetrics and line == _END
        elif line.strip():
            yield _point(line, number, is_openmetrics=is_openmetrics)
    if is_openmetrics and not ended:
        raise NotExposition(f"breaks off: its last line is not {_END!r}")


def _point(line: str, number: int, *, is_openmetrics: bool) -> Point:
    if len(line) > LINE_LIMIT:
        raise NotExposition(f"has more than {LINE_LIMIT} characters in line {number}")
    line = line.strip(" \t")
    found = _NAME.match(line)
    metric, rest = (found.group(), line[found.end() :].lstrip(" \t")) if found else ("", line)
    labels: dict[str, str] = {}
    if rest.startswith("{"):
        quoted, labels, rest = _labels(rest, number)
        if quoted and metric:
            raise NotExposition(f"names its metric twice in line {number}")
        metric = metric or quoted
    words = rest.partition(" # ")[0].split() if is_openmetrics else rest.split()
    if not metric or not 1 <= len(words) <= 2 or not _VALUE.fullmatch(words[0]):
        raise NotExposition(f"is no metric in line {number}")
    at = None
    if len(words) == 2:
        at = _time(words[1], number, is_openmetrics=is_openmetrics)
    return Point(metric, labels, float(words[0]), at)


def _labels(rest: str, number: int) -> tuple[str, dict[str, str], str]:
    """The metric's name where it stands among the labels, the labels, and what follows them."""
    metric, position = "", 1
    labels: dict[str, str] = {}
    while not rest.startswith("}", position):
        found = _LABEL.match(rest, position)
        if found is None:
            break
        position = found.end()
        plain, quoted, value = found.groups()
        name = plain or _unescaped(quoted)
        if value is not None:
            if name in labels:
                raise NotExposition(f"names a label twice in line {number}")
            labels[name] = _unescaped(value)
        elif plain is None and not metric and not labels:
            metric = name
        else:
            raise NotExposition(f"has a label without a value in line {number}")
        if rest.startswith(",", position):
            position += 1
            position += len(rest[position:]) - len(rest[position:].lstrip(" \t"))
        elif not rest.startswith("}", position):
            break
    if not rest.startswith("}", position):
        raise NotExposition(f"has labels that cannot be read in line {number}")
    return metric, labels, rest[position + 1 :]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED[found.group(1)], text) if "\\" in text else text


def _time(word: str, number: int, *, is_openmetrics: bool) -> int:
    """UTC ms: OpenMetrics writes seconds with a fraction, Prometheus whole milliseconds."""
    if not _VALUE.fullmatch(word) or word.lower().strip("+-")[0] in "in":
        raise NotExposition(f"has a time that cannot be read in line {number}")
    seconds = float(word)
    at = seconds * 1000 if is_openmetrics else seconds
    if abs(at) >= 2.0**53:
        raise NotExposition(f"has a time beyond all bounds in line {number}")
    return round(at)
