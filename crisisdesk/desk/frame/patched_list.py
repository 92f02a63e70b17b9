"""A list model that turns its old rows into new ones by single steps and never resets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class PatchedList(QAbstractListModel, Generic[T]):
    """Rows of one kind. ``key_of`` names a row for good; ``spoken`` reads it aloud."""

    def __init__(
        self,
        key_of: Callable[[T], str],
        spoken: Callable[[T], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._key_of, self._spoken = key_of, spoken
        self._rows: list[T] = []

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for display and for the screen reader; painting takes the row itself."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(self._rows[index.row()])
        return None

    def row(self, at: int) -> T:
        """One row."""
        return self._rows[at]

    def rows(self) -> Sequence[T]:
        """All rows."""
        return self._rows

    def find(self, key: str) -> int:
        """The place of a key; -1 when it is not there."""
        return next((i for i, row in enumerate(self._rows) if self._key_of(row) == key), -1)

    def index_of(self, key: str) -> QModelIndex:
        """The index of a key; an invalid one when it is not there."""
        return self.index(self.find(key), 0)

    def show_rows(self, wanted: Sequence[T]) -> None:
        """Become ``wanted`` (keys are unique): remove, move, insert and change single rows."""
        keys = {self._key_of(row) for row in wanted}
        for at in range(len(self._rows) - 1, -1, -1):
            if self._key_of(self._rows[at]) not in keys:
                self.beginRemoveRows(ROOT, at, at)
                del self._rows[at]
                self.endRemoveRows()
        known = {self._key_of(row) for row in self._rows}
        at = 0
        while at < len(wanted):
            key = self._key_of(wanted[at])
            if key not in known:
                at = self._insert(wanted, at, known)
                continue
            if self._key_of(self._rows[at]) != key:
                self._move(self.find(key), at)
            if self._rows[at] != wanted[at]:
                self._rows[at] = wanted[at]
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))
            at += 1

    def _insert(self, wanted: Sequence[T], at: int, known: set[str]) -> int:
        end = at + 1
        while end < len(wanted) and self._key_of(wanted[end]) not in known:
            end += 1
        self.beginInsertRows(ROOT, at, end - 1)
        self._rows[at:at] = wanted[at:end]
        self.endInsertRows()
        return end

    def _move(self, source: int, at: int) -> None:
        self.beginMoveRows(ROOT, source, source, ROOT, at)
        self._rows.insert(at, self._rows.pop(source))
        self.endMoveRows()
