"""The words of ``crisisdesk hub``, and what they never take."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pytest

from crisisdesk.bootstrap.hubwords import add_words


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="crisisdesk hub")
    add_words(made)
    return made


def test_the_words_are_taken(parser: argparse.ArgumentParser) -> None:
    asked = parser.parse_args(["init", "postgresql://a@h/d", "--ca", "system", "--duty-rank", "2"])
    assert (asked.action, asked.ca, asked.duty_rank) == ("init", "system", 2)
    assert parser.parse_args(["evict", "Brno"]).yes is False


@pytest.mark.parametrize(
    "words", [[], ["join", "CDJOIN1.abc.END"], ["init"], ["invite"], ["status", "--password", "x"]]
)
def test_no_code_or_password_is_taken_as_a_word(
    parser: argparse.ArgumentParser, words: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(words)
    assert ended.value.code == 2


def test_reading_the_words_loads_no_database_driver() -> None:
    code = (
        "import sys, crisisdesk.__main__; "
        "print([m for m in ('psycopg', 'sqlalchemy', 'alembic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
