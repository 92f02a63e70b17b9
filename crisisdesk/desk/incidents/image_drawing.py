"""Draws one image file anew for the command line, without opening a window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from crisisdesk.desk.incidents.image_source import image_of
from crisisdesk.domain.errors import Malformed


def draw_image(path: Path) -> int:
    """Write the image as it may be kept to standard output; returns the exit code."""
    app = QGuiApplication.instance() or QGuiApplication(["crisisdesk"])
    try:
        sys.stdout.buffer.write(image_of(path).data)
    except Malformed as error:
        sys.stderr.write(f"crisisdesk: {error}\n")
        return 1
    finally:
        app.processEvents()
    return 0
