"""A moment has its zone, or the command says how to write it."""

from __future__ import annotations

import pytest
import typer

from crisisdesk.cli.moments import from_now, read_moment, read_time


def test_a_moment_with_its_zone_is_read() -> None:
    assert read_moment("--at", " 2026-03-01T12:30:00Z ") == 1_772_368_200_000
    assert read_moment("--at", "2026-03-01T13:30:00+01:00") == 1_772_368_200_000
    assert read_time("--at", "2026-03-01T12:30:00Z").tzinfo is not None


@pytest.mark.parametrize("text", ["", "soon", "2026-03-01T12:30:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_moment_is_refused_by_the_name_of_its_option(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as left:
        read_moment("--at", text)
    assert left.value.exit_code == 2
    said = capsys.readouterr().err
    assert f"--at {text!r} is no time with its zone" in said
    assert "2026-03-01T12:30:00Z" in said


def test_a_span_is_the_moment_it_means_from_now(capsys: pytest.CaptureFixture[str]) -> None:
    at = from_now("2h", "--due")
    assert read_moment("--due", at) > read_moment("--due", from_now("1h", "--due"))
    assert from_now("2026-03-01T12:30:00Z", "--due") == "2026-03-01T12:30:00Z"
    with pytest.raises(typer.Exit):
        from_now("0m", "--check")
    assert "--check" in capsys.readouterr().err
