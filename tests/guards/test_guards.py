"""The guards themselves: each planted fault is caught with its place, each clean twin passes."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ("tests.guards.logs", "tests.guards.leaks")


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run one planted test file in a process of its own under the project's guards."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini(
        "[pytest]\nqt_api = pyside6\nqt_log_level_fail = WARNING\nfilterwarnings = error\n"
    )

    def run_planted(source: str) -> pytest.RunResult:
        pytester.makepyfile(source)
        options = [option for name in PLUGINS for option in ("-p", name)]
        return pytester.runpytest_subprocess(
            *options, "-p", "no:randomly", "-p", "no:cov", timeout=60
        )

    return run_planted


def test_an_undeclared_warning_in_the_log_fails(run) -> None:
    result = run(
        """
        import logging
        def test_it():
            logger = logging.getLogger("station")
            logger.propagate = False
            logger.addHandler(logging.NullHandler())
            logger.warning("disk is %s", "full")
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*unexpected log record: WARNING station: disk is full*"])


def test_declared_records_pass_and_info_is_free(run) -> None:
    result = run(
        """
        import logging, pytest
        def test_fixture(expect_log):
            expect_log("disk is full")
            logging.getLogger("station").info("all is well")
            logging.getLogger("station").warning("disk is full")
        @pytest.mark.expect_log("gone", level="ERROR")
        def test_marker():
            logging.getLogger("station").error("hub is gone")
        @pytest.mark.allow_log("perhaps")
        def test_allowed():
            pass
        """
    )
    result.assert_outcomes(passed=3)


def test_a_declared_record_that_never_comes_fails(run) -> None:
    result = run(
        """
        def test_it(expect_log):
            expect_log("hub is gone")
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*never came: 'hub is gone'*"])


def test_a_declaration_does_not_cover_other_records(run) -> None:
    result = run(
        """
        import logging
        def test_it(expect_log):
            expect_log("hub is gone", level="ERROR")
            logging.getLogger("station").error("hub is gone")
            logging.getLogger("station").warning("hub is gone")
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*unexpected log record: WARNING station: hub is gone*"])


def test_a_thread_left_running_fails_with_its_place(run) -> None:
    result = run(
        """
        import threading
        stop = threading.Event()
        def begin():
            threading.Thread(target=stop.wait, args=(20,), name="pump", daemon=True).start()
        def test_leaves_it():
            begin()
        def test_joins_it():
            thread = threading.Thread(target=lambda: None)
            thread.start()
            thread.join()
        """
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["*left behind: thread 'pump', started at *.py:4 in begin; *:6 in test_leaves_it*"]
    )


def test_a_thread_that_never_ends_does_not_hold_the_session(run) -> None:
    result = run(
        """
        import threading
        def test_leaves_it():
            threading.Thread(target=threading.Event().wait, name="stuck").start()
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["forced to end: threads left behind by tests: stuck"])


def test_what_a_module_fixture_takes_on_belongs_to_the_fixture(run) -> None:
    result = run(
        """
        import asyncio, threading, pytest
        @pytest.fixture(scope="module")
        def server():
            loop = asyncio.new_event_loop()
            async def main(ready):
                ready.set()
                await stopped.wait()
            stopped = asyncio.Event()
            ready = threading.Event()
            thread = threading.Thread(target=loop.run_until_complete, args=(main(ready),))
            thread.start()
            ready.wait()
            yield loop
            loop.call_soon_threadsafe(stopped.set)
            thread.join()
            loop.run_until_complete(loop.shutdown_default_executor())
            pending = asyncio.all_tasks(loop)
            for task in pending:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
            loop.close()
        def test_uses_it(server):
            async def take_on():
                asyncio.get_running_loop().create_task(asyncio.sleep(60))
                await asyncio.to_thread(int)
            asyncio.run_coroutine_threadsafe(take_on(), server).result(5)
        """
    )
    result.assert_outcomes(passed=1)


def test_a_child_process_left_running_fails_with_its_place(run) -> None:
    result = run(
        """
        import subprocess, sys, pytest
        started = []
        @pytest.fixture(scope="module", autouse=True)
        def stop_in_the_end():
            yield
            for process in started:
                process.kill()
                process.wait()
        def test_leaves_it():
            code = "import time; time.sleep(30)"
            started.append(subprocess.Popen([sys.executable, "-c", code]))
        def test_waits_for_it():
            subprocess.run([sys.executable, "-c", ""], check=True)
        """
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*left behind: process *time.sleep(30)*:11 in test_leaves_it*"])


def test_an_asyncio_task_left_pending_fails_with_its_place(run) -> None:
    result = run(
        """
        import asyncio
        loops = []
        def test_leaves_it():
            loop = asyncio.new_event_loop()
            loops.append((loop, loop.create_task(asyncio.sleep(60), name="poller")))
            loop.run_until_complete(asyncio.sleep(0))
        def test_finishes_it():
            async def main():
                async with asyncio.TaskGroup() as group:
                    group.create_task(asyncio.sleep(0))
            asyncio.run(main())
        def test_cleans_up():
            loop, task = loops.pop()
            task.cancel()
            loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            loop.close()
        """
    )
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*left behind: task 'poller'*:5 in test_leaves_it*"])


def test_a_window_left_open_fails_with_its_name(run) -> None:
    result = run(
        """
        from PySide6.QtWidgets import QLabel
        class Banner(QLabel):
            pass
        kept = []
        def test_leaves_it(qapp):
            kept.append(Banner(objectName="alarm"))
        def test_gives_it_to_qtbot(qtbot):
            label = Banner()
            qtbot.addWidget(label)
            kept.append(label)
        def test_deletes_it(qapp):
            label = Banner()
            kept.append(label)
            label.deleteLater()
        """
    )
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*left behind: widget Banner 'alarm', class at *.py:2*"])


def test_a_timer_left_running_fails_with_its_place(run) -> None:
    result = run(
        """
        from PySide6.QtCore import QTimer
        kept = []
        def test_leaves_it(qapp):
            timer = QTimer()
            timer.setInterval(1000)
            timer.start()
            kept.append(timer)
        def test_stops_it(qapp):
            timer = QTimer()
            timer.start(1000)
            timer.stop()
            kept.append(timer)
        """
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*left behind: timer QTimer every 1000 ms*:6 in test_leaves_it*"])


def test_a_qt_thread_left_running_fails_with_its_place(run) -> None:
    result = run(
        """
        import pytest
        from PySide6.QtCore import QThread
        class Reader(QThread):
            def run(self):
                self.exec()
        kept = []
        @pytest.fixture(scope="module", autouse=True)
        def stop_in_the_end():
            yield
            for reader in kept:
                reader.quit()
                reader.wait()
        def test_leaves_it(qapp):
            reader = Reader(objectName="rows")
            kept.append(reader)
            reader.start()
        def test_stops_it(qapp):
            reader = Reader()
            reader.start()
            reader.quit()
            reader.wait()
        """
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*left behind: qthread Reader 'rows'*:16 in test_leaves_it*"])


def test_an_allowed_leak_needs_a_known_kind_and_a_reason(run) -> None:
    result = run(
        """
        import pytest, threading
        stop = threading.Event()
        @pytest.mark.allow_leak("thread", "the library keeps its pump for the life of the process")
        def test_allowed():
            threading.Thread(target=stop.wait, args=(20,), daemon=True).start()
        @pytest.mark.allow_leak("tread", "misspelt")
        def test_misspelt():
            pass
        """
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*allow_leak needs a kind of*"])


def test_a_qt_warning_fails(run) -> None:
    result = run(
        """
        from PySide6.QtCore import qWarning
        def test_it(qapp):
            qWarning("the model was reset for a change")
        """
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the model was reset for a change*"])


def test_a_python_warning_fails(run) -> None:
    result = run(
        """
        import warnings
        def test_it():
            warnings.warn("old way", DeprecationWarning)
        """
    )
    result.assert_outcomes(failed=1)
