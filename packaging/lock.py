"""Write both lock files anew: ``.venv/bin/python packaging/lock.py [--upgrade]``.

Needs uv, which the test environment brings. Without ``--upgrade`` every version that still fits
pyproject.toml stays as it is. The test lock holds the run-time lock's versions and more.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "packaging/requirements.lock"
TEST = "packaging/requirements-test.lock"
COMMAND = [
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--only-binary=:all:",
    "--no-config",
]
# A lock names versions and hashes; the machine that installs chooses where they come from.
FORBIDDEN = re.compile(r"https?://|file:|(?<![\w.])/(?:\w+/)+|--(?:extra-)?index|--find-links")


def compile_lock(output: str, *options: str) -> None:
    """Resolve pyproject.toml into one lock file; ends the program when uv fails."""
    uv = Path(sys.executable).parent / "uv"
    command = [str(uv), *COMMAND, *options, f"--output-file={output}", "pyproject.toml"]
    print(f"locking {output}", flush=True)
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"uv could not resolve {output} (exit code {done.returncode})")
    found = FORBIDDEN.search((ROOT / output).read_text(encoding="utf-8"))
    if found:
        sys.exit(f"{output} names a place of this machine or a registry: {found.group()!r}")


def main(arguments: list[str]) -> None:
    """Write the run-time lock, then the test lock on top of its versions."""
    if set(arguments) - {"--upgrade"}:
        sys.exit("usage: .venv/bin/python packaging/lock.py [--upgrade]")
    compile_lock(RUNTIME, *arguments)
    compile_lock(TEST, *arguments, "--extra=test", f"--constraints={RUNTIME}")


if __name__ == "__main__":
    main(sys.argv[1:])
