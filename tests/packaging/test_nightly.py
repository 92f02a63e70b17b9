"""That the nightly run forgets no file of tests, and ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).resolve().parents[1] / "reliability"


@pytest.fixture
def nightly(script: Callable[[str], Any]) -> Any:
    """The module under test."""
    return script("nightly")


def test_every_file_of_tests_is_a_part(nightly: Any) -> None:
    files = sorted(path.name for path in FOLDER.glob("test_*.py"))
    here = [part for part in nightly.PARTS if part.folder == "tests/reliability"]
    assert sorted(part.file for part in here) == files
    for part in nightly.PARTS:
        assert (FOLDER.parents[1] / part.folder / part.file).is_file()


def test_one_figure_is_one_file_and_the_page(nightly: Any) -> None:
    r19, page = nightly.nightly_checks(Path("python"), ["r19"])
    assert "tests/reliability/test_real_fleet.py" in r19.commands[0]
    assert f"--timeout={r19.limit_s:.0f}" in r19.commands[0]
    assert not [word for word in r19.commands[0] if word.startswith("--cov")]
    assert page.name == "results"


def test_all_of_it_asks_for_full_figures(nightly: Any) -> None:
    assert len(nightly.nightly_checks(Path("python"))) == len(nightly.PARTS) + 1
    assert nightly.environment({"PATH": "here"}) == {
        "PATH": "here",
        "CRISISDESK_NIGHTLY": "1",
        "HYPOTHESIS_PROFILE": "nightly",
    }
    assert nightly.names()[:3] == ["r1", "r2", "r3"]


def test_names_are_those_of_the_tier(
    script: Callable[[str], Any], capfd: pytest.CaptureFixture[str]
) -> None:
    test = script("test")
    options = test.read_options(["--nightly", "--only", "r9"])
    assert [check.name for check in test.choose(options, Path("python"))] == ["r9", "results"]
    for wrong in (["--nightly", "--only", "lint"], ["--only", "r9"], ["--nightly", "--fast"]):
        with pytest.raises(SystemExit):
            test.read_options(wrong)
    assert "r25" in capfd.readouterr().err


def test_a_run_whose_time_is_up_stops_what_tests_and_still_writes(
    script: Callable[[str], Any], tmp_path: Path
) -> None:
    checks = script("checks")
    endless = (sys.executable, "-c", "import threading; threading.Event().wait()")
    long = checks.Check(name="a", what="", commands=(endless,), junit=tmp_path / "a.xml")
    late = checks.Check(name="b", what="", commands=(endless,), junit=tmp_path / "b.xml")
    page = checks.Check(name="page", what="", commands=((sys.executable, "-c", ""),))
    total, failed = checks.run_all([long, late, page], {}, lambda _text: None, limit_s=0.5)
    assert failed == ["a", "b"]
    assert str(total) == "1 passed, 2 failed, 0 skipped"
