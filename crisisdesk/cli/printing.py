"""PDFs at a shell: the desk's own program draws them, for it has the fonts and this room no Qt."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal

from crisisdesk.cli.station import REFUSED, fail
from crisisdesk.cli.words import now_ms, plain

Paper = Literal["a4", "letter"]
PRINTING_S = 60.0


def here() -> tzinfo:
    """The time zone of this machine now."""
    zone = datetime.fromtimestamp(now_ms() / 1000, UTC).astimezone().tzinfo
    assert zone is not None
    return zone


def print_pdf(asked: list[str], paper: Paper, document: str = "") -> None:
    """Run the desk off the screen with these options; ends the command where it drew nothing.

    ``document`` is handed to it on standard input.
    """
    words = [sys.executable, "-m", "crisisdesk", "desk", *asked, "--paper", paper]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(  # noqa: S603 - our own program with fixed words
            words,
            env=environment,
            input=document,
            capture_output=True,
            encoding="utf-8",
            timeout=PRINTING_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        fail(REFUSED, f"the PDF was not drawn within {PRINTING_S:.0f} s; write .html instead")
    if done.returncode:
        why = plain(done.stderr.strip().removeprefix("crisisdesk: "))[-500:]
        fail(REFUSED, f"no PDF: {why or 'the desk ended without a word'}; or write .html instead")


def write_text(out: Path, text: str) -> None:
    """Write a file; ends the command in words where it cannot be written."""
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(REFUSED, f"{out} cannot be written: {error.strerror or error}")


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, made where there is none; nothing where there are no files."""
    try:
        for name, data in files.items():
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
    except OSError as error:
        fail(REFUSED, f"{folder} cannot be written: {error.strerror or error}")
