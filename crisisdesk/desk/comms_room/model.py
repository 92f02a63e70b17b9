"""The delivery board as a Qt model, told aloud in the words of deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from crisisdesk.desk.alerts.model import QueueModel
from crisisdesk.domain.delivery_story import station_of
from crisisdesk.domain.delivery_words import spoken, subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject

    from crisisdesk.desk.alerts.model import Index
    from crisisdesk.domain.delivery import Delivery


class BoardModel(QueueModel):
    """Deliveries as rows; ``names`` are the stations by their origins."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names: Mapping[str, str] = {}

    def delivery(self, row: int) -> Delivery | None:
        """The delivery of a row; None outside the list."""
        return self.item(row)  # type: ignore[no-any-return]

    def station(self, one: Delivery) -> str:
        """The name of the station whose claim stands or stood; "" where nothing tells it."""
        return station_of(one, self.names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What it tells of, and its spoken name."""
        one = self.delivery(index.row())
        if one is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(one, self.station(one), self.now_ms)
        return subject(one) if role == Qt.ItemDataRole.DisplayRole else None
