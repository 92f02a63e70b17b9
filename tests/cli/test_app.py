"""The command line as a whole: its words, its exit codes, and how little it loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crisisdesk.cli.app import run

HEAVY = "httpx pydantic sqlalchemy fastapi apprise uvicorn cryptography PySide6 keyring"


WORDS = ["alert", "incident", "contact", "dashboard", "feed", "fleet", "intake"]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_help(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([word, "--help"]) == 0
    assert "Usage: crisisdesk" in capsys.readouterr().out


def test_an_unknown_word_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alrt"]) == 2
    assert "alrt" in capsys.readouterr().err


def test_the_command_line_loads_nothing_heavy() -> None:
    code = (
        f"import sys, crisisdesk.cli.app; print([n for n in {HEAVY!r}.split() if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m crisisdesk intake --help | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage:")
    assert "Traceback" not in done.stderr
