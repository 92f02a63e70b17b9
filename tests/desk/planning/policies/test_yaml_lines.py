"""A fault is found at the line that says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.policies.yaml_lines import line_of

TEXT = """name: Shop
content:
  kind: correlation
  by:
  - service
  - colour
  name: "{count} alerts"
  steps:
  - to:
    - everyone: true
    wait_s: 5
  channels:
    push ntfy.example.org: [a, b/c]
    push: [x]
"""


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("kind", 3),
        ("content.kind", 3),
        ("by", 4),
        ("by[1]", 6),
        ("by[9]", 4),
        ("steps[0].wait_s", 11),
        ("steps[0].to[0].everyone", 10),
        ("steps[0].missing", 9),
        ("channels.push ntfy.example.org[1]", 13),
        ("channels.push[0]", 14),
        ("content", 2),
        ("place", 2),
    ],
)
def test_a_field_is_found_where_it_stands_or_by_what_is_around_it(field: str, line: int) -> None:
    assert line_of(TEXT, field) == line


def test_the_name_is_that_of_the_file() -> None:
    assert line_of(TEXT, "name") == 1
    assert line_of(TEXT, "content.name") == 7


def test_what_is_no_yaml_shows_where_and_what_is_no_file_shows_nothing() -> None:
    assert line_of("name: x\ncontent: {a: [\n", "content") >= 2
    assert line_of("just words", "kind") == 0
    assert line_of("", "kind") == 0
    assert line_of("name: x", "kind") == 0
    assert line_of("[" * 5_000, "kind") == 0


@given(st.text(max_size=200), st.text(max_size=40))
def test_whatever_is_typed_gives_a_line_of_the_text_or_none(text: str, field: str) -> None:
    # YAML breaks lines at more signs than a text of the desk does.
    assert 0 <= line_of(text, field) <= len(text.splitlines()) + 1
