"""What the checks count, and that nothing which fails is counted as passed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

REPORT = """<testsuites><testsuite tests="9" failures="2" errors="1" skipped="3"/></testsuites>"""


@pytest.fixture
def checks(script: Callable[[str], Any]) -> Any:
    """The module under test."""
    return script("checks")


def test_a_report_is_counted(checks: Any, tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(REPORT)
    assert str(checks.junit_count(path, 1)) == "3 passed, 3 failed, 3 skipped"


@pytest.mark.parametrize("text", [None, "", "<testsuites>"])
def test_a_run_without_a_report_has_failed(checks: Any, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "junit.xml"
    if text is not None:
        path.write_text(text)
    assert checks.junit_count(path, 0).failed == 1


def test_a_run_that_fails_beside_its_report_has_failed(checks: Any, tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_text('<testsuite tests="4" failures="0" errors="0" skipped="0"/>')
    assert str(checks.junit_count(path, 0)) == "4 passed, 0 failed, 0 skipped"
    assert str(checks.junit_count(path, 5)) == "4 passed, 1 failed, 0 skipped"


def test_commands_run_until_one_fails(checks: Any, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    good = (sys.executable, "-c", "")
    bad = (sys.executable, "-c", "raise SystemExit(2)")
    touch = (sys.executable, "-c", f"open({str(touched)!r}, 'w').close()")
    run = checks.run_check
    assert str(run(checks.Check(name="a", what="", commands=(good, touch)), {})).startswith(
        "1 pass"
    )
    assert touched.exists()
    touched.unlink()
    failing = checks.Check(name="b", what="", commands=(bad, touch))
    assert str(run(failing, {})) == "0 passed, 1 failed, 0 skipped"
    assert not touched.exists()


def test_a_command_that_does_not_end_is_stopped_and_failed(
    checks: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    endless = (sys.executable, "-c", "import threading; threading.Event().wait()")
    check = checks.Check(name="endless", what="", commands=(endless,), limit_s=0.5)
    assert str(checks.run_check(check, {})) == "0 passed, 1 failed, 0 skipped"
    assert "stopped: not finished after" in capfd.readouterr().out


UNSTEADY = """
import pathlib, pytest

def test_well(): pass

def test_second_time(request):
    mark = pathlib.Path(__file__).with_name("mark")
    seen = mark.exists()
    mark.touch()
    assert seen

@pytest.mark.parametrize("bad", {bad})
def test_teardown(bad, request):
    mark = pathlib.Path(__file__).with_name("gone")
    request.addfinalizer(lambda: mark.touch() or {ending})
"""


@pytest.mark.parametrize(
    ("bad", "ending", "words", "unsteady"),
    [
        ("[]", "None", "2 passed, 0 failed, 1 skipped, 1 of the passed only when tried again", 1),
        ("[1]", "pytest.fail('always')", "1 passed, 2 failed, 0 skipped", 0),
        ("range(9)", "1 / 0", "1 passed, 10 failed, 0 skipped", 0),
    ],
    ids=["passes then", "fails again", "too many"],
)
def test_a_few_that_fail_are_tried_again_and_named(
    checks: Any, tmp_path: Path, bad: str, ending: str, words: str, unsteady: int
) -> None:
    (tmp_path / "test_it.py").write_text(UNSTEADY.format(bad=bad, ending=ending))
    report = tmp_path / "junit.xml"
    pytest_of = (sys.executable, "-m", "pytest", f"--rootdir={tmp_path}", str(tmp_path))
    command = (*pytest_of, "-p", "no:randomly", f"--junitxml={report}")
    environment = dict(os.environ) | {"PYTEST_ADDOPTS": ""}
    check = checks.Check(name="x", what="", commands=(command,), junit=report, retried=True)
    count = checks.run_check(check, environment)
    assert str(count) == words
    assert count.unsteady == ("test_it::test_second_time",) * unsteady


def test_every_check_runs_whatever_fails_and_the_sum_is_true(checks: Any) -> None:
    bad = checks.Check(name="bad", what="", commands=((sys.executable, "-c", "exit(1)"),))
    good = checks.Check(name="good", what="", commands=((sys.executable, "-c", ""),))
    headings: list[str] = []
    total, failed = checks.run_all([bad, good, bad], {}, headings.append)
    assert str(total) == "1 passed, 2 failed, 0 skipped"
    assert failed == ["bad", "bad"]
    assert headings[0] == "[1/3] bad: "


def test_the_gate_measures_the_rooms_that_decide(checks: Any) -> None:
    (gate,) = [c for c in checks.all_checks(Path("python"), fast=False) if c.name == "coverage"]
    (command,) = gate.commands
    assert "--fail-under=90" in command
    for room in ("domain", "engine", "store", "api"):
        assert any(f"crisisdesk/{room}/*" in word for word in command)


def test_fast_leaves_out_what_is_marked_slow(checks: Any) -> None:
    def marks(fast: bool) -> list[str]:
        tests = [check for check in checks.all_checks(Path("p"), fast=fast) if check.junit]
        words = [word for check in tests for word in check.commands[0]]
        return [word for word in words if word.startswith(("not serial", "serial"))]

    assert marks(False) == ["not serial", "serial", "serial", "serial"]
    quick = "serial and not slow"
    assert marks(True) == [f"not {quick}", quick, quick, quick]


def test_serial_tests_of_other_checks_run_once_and_are_bounded(checks: Any) -> None:
    found = {check.name: check for check in checks.all_checks(Path("p"), fast=False)}
    for name, folder in (("reliability", "tests/reliability"), ("windows", "tests/desk")):
        assert f"--ignore={folder}" in found["serial"].commands[0]
        assert folder in found[name].commands[0]
    assert found["reliability"].limit_s < found["serial"].limit_s


def test_tests_draw_the_same_each_time_where_they_draw_at_all(checks: Any) -> None:
    seed = f"--randomly-seed={checks.SEED}"
    for check in checks.all_checks(Path("p"), fast=False):
        if check.junit:
            command = check.commands[0]
            assert (seed in command) is ("no:randomly" not in command)


def test_an_unknown_check_is_refused_with_the_known_names(
    script: Callable[[str], Any], capfd: pytest.CaptureFixture[str]
) -> None:
    test = script("test")
    with pytest.raises(SystemExit) as ended:
        test.read_options(["--only", "everything"])
    assert ended.value.code == 2
    assert "benchmarks" in capfd.readouterr().err
    assert test.read_options(["--only", "lint", "--only", "types"]).only == ["lint", "types"]
