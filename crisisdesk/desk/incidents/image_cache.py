"""Images as they are painted: read and drawn on the reader's thread when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from crisisdesk.desk.incidents.image_source import decoded
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from crisisdesk.store.queries import StationReader

Key = tuple[str, int, int]
# Some dozen screens of images; what is beyond is drawn again when it is scrolled to.
KEPT_BYTES = 48 * 1024 * 1024
# So that scrolling through hundreds does not keep others' questions waiting.
AT_ONCE = 2


class ImageCache(QObject):
    """``arrived`` says that something that was asked for can be painted now."""

    arrived = Signal()

    def __init__(
        self,
        ask: Callable[[Callable[[StationReader], Any], Callable[[Any], None]], None],
        parent: QObject | None = None,
    ) -> None:
        """``ask`` is that of the desk."""
        super().__init__(parent)
        self._ask = ask
        self._kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._asked: set[Key] = set()
        self._gone: set[str] = set()

    def pixmap(self, image_id: str, width: int, height: int) -> QPixmap | None:
        """It in device pixels, null where its bytes are not here; None while it is on its way.

        Asked for again at the next painting, so that what was scrolled past is never waited for.
        """
        key = (image_id, width, height)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        if image_id in self._gone:
            return QPixmap()
        if key not in self._asked and len(self._asked) < AT_ONCE:
            self._asked.add(key)
            self._ask(lambda reader: drawn_for(reader, key), lambda drawn: self._take(key, drawn))
        return None

    def _take(self, key: Key, drawn: QImage | None) -> None:
        self._asked.discard(key)
        if drawn is None:
            self._gone.add(key[0])
        else:
            self._kept[key] = QPixmap.fromImage(drawn)
            self._bytes += drawn.sizeInBytes()
            while self._bytes > KEPT_BYTES and len(self._kept) > 1:
                _key, old = self._kept.popitem(last=False)
                self._bytes -= old.width() * old.height() * 4
        self.arrived.emit()


def drawn_for(reader: StationReader, key: Key) -> QImage | None:
    """The drawing in exactly these pixels; None where its bytes are not here or show nothing."""
    image_id, width, height = key
    data = reader.image_data(image_id)
    if data is None:
        return None
    try:
        drawn = decoded(data, max(width, height))
    except Malformed:
        # It has the form of an image and is none: whoever sent it drew nothing.
        return None
    ratio, way = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return drawn.scaled(width, height, ratio, way).convertToFormat(QImage.Format.Format_ARGB32)
