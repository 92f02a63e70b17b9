"""The queue as a Qt model: its own list of visible rows, patched by the queue's edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from crisisdesk.desk.alerts.faces import Quieter, alert_of, spoken
from crisisdesk.domain.queue_rows import Head

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QObject

    from crisisdesk.domain.queue_rows import Edit

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = int(Qt.ItemDataRole.UserRole)


class QueueModel(QAbstractListModel):
    """Rows as `Queue.flat` gives them; ``patching`` comes before edits, ``patched`` after them."""

    patching = Signal()
    patched = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: list[Any] = []
        self.head_rows: list[int] = []
        self.now_ms = 0
        self.silenced: Mapping[str, Quieter] = {}

    def carry(self, edits: Sequence[Edit]) -> None:
        """Follow the queue by its edits."""
        if not edits:
            return
        self.patching.emit()
        for edit in edits:
            self._take(edit)
        self.patched.emit()

    def _take(self, edit: Edit) -> None:
        kind, first, size, new = edit
        last = first + size - 1
        if kind == "change":
            self.items[first : last + 1] = new
            self.dataChanged.emit(self.index(first), self.index(last))
        elif kind == "insert":
            self.beginInsertRows(QModelIndex(), first, last)
            self.items[first:first] = new
            self._shift_heads(first, size)
            self.endInsertRows()
        elif kind == "remove":
            self.beginRemoveRows(QModelIndex(), first, last)
            del self.items[first : last + 1]
            self._shift_heads(first, -size)
            self.endRemoveRows()
        else:
            self.beginResetModel()
            self.items = list(new)
            self.head_rows = [at for at, item in enumerate(new) if type(item) is Head]
            self.endResetModel()

    def _shift_heads(self, first: int, by: int) -> None:
        """Keep ``head_rows`` true after rows came (by > 0) or went at ``first``."""
        if by < 0:
            kept = [at for at in self.head_rows if not first <= at < first - by]
            self.head_rows = [at + by if at >= first else at for at in kept]
            return
        moved = [at + by if at >= first else at for at in self.head_rows]
        fresh = [at for at in range(first, first + by) if type(self.items[at]) is Head]
        self.head_rows = sorted(moved + fresh)

    def item(self, row: int) -> Any:
        """What stands in a visible row; None outside the list."""
        return self.items[row] if 0 <= row < len(self.items) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows are visible, heads included."""
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The item itself, its title, or its spoken name."""
        item = self.item(index.row())
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(item, self.now_ms, self.silenced)
        if role == Qt.ItemDataRole.DisplayRole:
            row = alert_of(item)
            return row.title if row is not None else ""
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads cannot be selected."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self.item(index.row()), Head):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
