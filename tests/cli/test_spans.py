"""Spans and moments as they are typed."""

from __future__ import annotations

import pytest
import typer

from crisisdesk.cli.spans import moment_of, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("5m", 300), (" 2h ", 7_200), ("1d", 86_400), ("0s", 0)]
)
def test_a_span_has_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert seconds_of("--for", text) == seconds


@pytest.mark.parametrize("text", ["", "5", "m", "1.5h", "-1h", "2 weeks", "99999999s", "٣h"])
def test_what_is_no_span_ends_with_the_option_and_the_remedy(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        seconds_of("--every", text)
    assert f"--every {text!r} is no span of time; write it like" in capsys.readouterr().err


def test_a_moment_needs_its_zone(capsys: pytest.CaptureFixture[str]) -> None:
    assert moment_of("--at", "2026-03-01T12:30:00Z") == "2026-03-01T12:30:00.000+00:00"
    for text in ("noon", "2026-03-01T12:30:00", ""):
        with pytest.raises(typer.Exit):
            moment_of("--at", text)
        assert f"--at {text!r} is no time with its zone" in capsys.readouterr().err
