"""Which declared thing is meant by a word."""

from __future__ import annotations

import pytest
import typer

from crisisdesk.cli.declared import meant

FOUND = [("SRC-1", "shop"), ("SRC-2", "till"), ("SRC-3", "till")]


def test_an_id_or_a_name_means_one() -> None:
    for which in ("SRC-1", "shop"):
        assert meant(FOUND, which, "source", lambda one: one) == ("SRC-1", "shop")


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("mail", "'mail' is no source; see `crisisdesk source list`"),
        ("till", "'till' is SRC-2, SRC-3; see `crisisdesk source list`"),
    ],
)
def test_none_and_several_end_in_words(
    which: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as caught:
        meant(FOUND, which, "source", lambda one: one)
    assert caught.value.exit_code == 2
    assert words in capsys.readouterr().err
