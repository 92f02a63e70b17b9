"""The shipped tokens are complete, and broken ones are refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crisisdesk.desk.look.tokens import THEMES, TokensError, load_tokens, parse_tokens
from crisisdesk.domain.severity import Severity
from crisisdesk.settings.places import resource_path


def raw() -> dict[str, Any]:
    text = resource_path("look", "tokens.json").read_text(encoding="utf-8")
    tokens: dict[str, Any] = json.loads(text)
    return tokens


def test_every_severity_has_a_shape_of_its_own_rank() -> None:
    shapes = load_tokens().shapes
    assert {name: shape.rank for name, shape in shapes.items()} == {
        severity.value: severity.rank for severity in Severity
    }
    assert len({shape.path for shape in shapes.values()}) == len(Severity)


def test_the_themes_name_the_same_colours() -> None:
    colors = load_tokens().colors
    assert set(colors["dark"]) == set(colors["light"]) == set(colors["contrast"])
    assert all(len(load_tokens().series[name]) == 8 for name in THEMES)


def test_every_icon_named_is_shipped() -> None:
    tokens = load_tokens()
    groups = ("rooms.", "actions.", "states.", "channels.", "facts.")
    named = {name for key, name in tokens.icons.items() if key.startswith(groups)}
    assert len(named) > 40
    missing = sorted(name for name in named if not resource_path("icons", f"{name}.svg").is_file())
    assert missing == []


@pytest.mark.parametrize("section", ["color", "severityShape", "density", "type", "icon", "motion"])
def test_a_missing_section_is_named(section: str) -> None:
    tokens = raw()
    del tokens[section]
    with pytest.raises(TokensError, match=section):
        parse_tokens(json.dumps(tokens))


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(TokensError, match="cannot be read"):
        parse_tokens("{")
