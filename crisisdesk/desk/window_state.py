"""What the desk remembers of its window: a flat TOML file, read at once, written at rest."""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)
_REST_MS = 1_000


class WindowState(QObject):
    """Values by key (JSON types without None). A file that cannot be read counts as empty, since
    the look of a window is no reason not to open it; the log says so."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._values: dict[str, Any] = {}
        self._writer: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self.save)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("window state %s is not used: %s", path.name, error)
            return
        import tomllib

        try:
            self._values = tomllib.loads(text)
        except ValueError as error:
            log.warning("window state %s is not used: %s", path.name, error)

    def get(self, key: str, default: Any) -> Any:
        """The value kept, if it has the type of the default (whole numbers count as figures)."""
        value = self._values.get(key, default)
        if isinstance(default, float) and type(value) is int:
            return float(value)
        return value if type(value) is type(default) else default

    def set(self, key: str, value: Any) -> None:
        """Keep a value; written to disk a second after the last change."""
        if self._values.get(key) != value:
            self._values[key] = value
            self._timer.start()

    def save(self) -> None:
        """Write now, on a thread of its own: two fsyncs may take longer than a frame."""
        self._timer.stop()
        self.wait()
        text = "".join(
            f"{_toml(key)} = {_toml(self._values[key])}\n" for key in sorted(self._values)
        )
        self._writer = threading.Thread(
            target=self._write, args=(text.encode(),), name="window state"
        )
        self._writer.start()

    def wait(self) -> None:
        """Return once what was saved last is on disk."""
        if self._writer is not None:
            self._writer.join()
            self._writer = None

    def _write(self, data: bytes) -> None:
        from crisisdesk.settings.atomic import write_atomically

        try:
            write_atomically(self._path, data)
        except OSError as error:
            log.warning("window state %s is not kept: %s", self._path.name, error)


def _toml(value: Any) -> str:
    """A key or value as TOML, whose strings, figures, booleans and lists are those of JSON except
    that DEL has to be escaped and characters beyond 16 bits must not be."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
