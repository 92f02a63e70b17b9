"""The program's own words: which command goes where, and how it ends."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from crisisdesk import __version__
from crisisdesk.__main__ import OWN_COMMANDS, main
from crisisdesk.bootstrap import serving
from crisisdesk.cli.app import app
from crisisdesk.settings.file import load_settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISISDESK_DATA_DIR", str(tmp_path / "station"))


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"crisisdesk {__version__}\n"


@pytest.mark.parametrize("word", OWN_COMMANDS)
def test_every_command_explains_itself(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([word, "--help"])
    assert ended.value.code == 0
    assert "--data-dir" in capsys.readouterr().out


def test_the_programs_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = set(re.findall(r"[a-z]+", capsys.readouterr().out))
    offered = {*OWN_COMMANDS, *typer.main.get_group(app).commands}
    assert offered <= told


@pytest.mark.parametrize("words", [["log"], ["log", "burn"], ["backup", "eat"], ["--nonsense"]])
def test_wrong_usage_ends_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: crisisdesk" in capsys.readouterr().err


def test_the_data_folder_may_be_named_anywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    assert main(["--data-dir", str(other), "log", "verify"]) == 1
    assert main(["log", "verify", "--data-dir", str(other)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert [str(other) in line for line in told] == [True, True]


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ([], {}),
        (["--sealed"], {"sealed": "true"}),
        (["--host", "::1", "--port", "0"], {"host": "::1", "port": "0"}),
        (["--play", "day.yaml"], {"sealed": "true"}),
    ],
)
def test_what_is_chosen_for_the_engine_is_read_as_settings_are(
    words: list[str], chosen: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: list[dict[str, str]] = []

    def run(own: dict[str, str], scenario: Path | None) -> int:
        del scenario
        given.append(own)
        environment = {f"CRISISDESK_{name.upper()}": text for name, text in own.items()}
        assert load_settings(tmp_path / "settings.toml", environment).sealed is ("sealed" in own)
        return 0

    monkeypatch.setattr(serving, "run", run)
    assert main(["engine", *words]) == 0
    assert given == [chosen]


def test_the_package_can_be_run() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crisisdesk", "--version"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout == f"crisisdesk {__version__}\n"
