"""The fingerprint against Alertmanager's own values and against the plain algorithm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.sources.fingerprint import fingerprint


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # As answered by Alertmanager 0.25.0 for these labels.
        ({"a": "1"}, "d3b971819376d835"),
        ({"b": "14"}, "3353710c3e27568c"),
        ({"a": "12\n"}, "6258f471f8c362a9"),
        ({"__name__": "12"}, "5adbe785bbdf18b9"),
        ({"alertname": "Ü£", "job": "ñ"}, "8e968964e288c699"),
        (
            {"alertname": "A", "instance": "db-1:9100", "severity": "critical"},
            "6d808c338546b7ca",
        ),
        ({}, "cbf29ce484222325"),
    ],
)
def test_known_values(labels: dict[str, str], expected: str) -> None:
    assert fingerprint(labels) == expected


def plain(labels: dict[str, str]) -> str:
    state = 14695981039346656037
    for name in sorted(labels):
        for byte in name.encode() + b"\xff" + labels[name].encode() + b"\xff":
            state = ((state ^ byte) * 1099511628211) % 2**64
    return f"{state:016x}"


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.one_of(words, st.sampled_from(["alertname", "job", "instance", "x" * 300]))


@given(st.lists(st.dictionaries(names, words, max_size=6), max_size=8))
def test_remembered_steps_never_change_the_value(label_sets: list[dict[str, str]]) -> None:
    for _ in range(2):
        for labels in label_sets:
            assert fingerprint(labels) == plain(labels)
            assert fingerprint(dict(reversed(labels.items()))) == plain(labels)


def test_forgetting_keeps_it_right() -> None:
    for number in range(2000):
        labels = {"alertname": "Storm", "instance": f"host-{number}", "job": "api"}
        assert fingerprint(labels) == plain(labels)
