"""Prints the contact sheet of a station, or a document handed in, without opening a window."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from crisisdesk.desk.sheet.document import write_document
from crisisdesk.desk.sheet.paper import Paper, SheetError, write_sheet
from crisisdesk.desk.wall_clock import WallClock
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.papers.carried import document_of
from crisisdesk.store.queries import StationReader, StoreUnavailable
from crisisdesk.store.queries.sheet import read_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QCoreApplication

    from crisisdesk.settings.places import Places


def local_zone(now_ms: int) -> tzinfo:
    """The time zone of this machine at that moment."""
    here = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone().tzinfo
    assert here is not None
    return here


def print_sheet(places: Places, path: Path, paper: Paper) -> int:
    """Read the station's file and write the PDF; returns the exit code."""
    app = _application()
    now_ms = WallClock().now_ms()
    reader = StationReader(places.store)
    try:
        write_sheet(read_sheet(reader, now_ms, local_zone(now_ms)), path, paper)
    except (StoreUnavailable, SheetError) as error:
        return _refuse(error)
    finally:
        reader.close()
        app.processEvents()
    return 0


def print_document(path: Path, paper: Paper) -> int:
    """Read a document as JSON from standard input and write the PDF; returns the exit code."""
    app = _application()
    try:
        write_document(document_of(sys.stdin.read()), path, paper)
    except (Malformed, SheetError) as error:
        return _refuse(error)
    finally:
        app.processEvents()
    return 0


def _application() -> QGuiApplication | QCoreApplication:
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication.instance() or QGuiApplication(["crisisdesk"])


def _refuse(error: Exception) -> int:
    sys.stderr.write(f"crisisdesk: {error}\n")
    return 1
