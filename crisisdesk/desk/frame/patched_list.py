"""A list model that turns its old rows into new ones step by step and never resets."""

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
    """Rows of one kind. ``key_of`` names a row for good; ``spoken`` reads it aloud.

    Telling ten thousand rows anew takes a few steps for what changed, not one for each row.
    """

    def __init__(
        self,
        key_of: Callable[[T], str],
        spoken: Callable[[T], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._key_of, self._spoken = key_of, spoken
        self._rows: list[T] = []
        self._keys: list[str] = []

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
        try:
            return self._keys.index(key)
        except ValueError:
            return -1

    def index_of(self, key: str) -> QModelIndex:
        """The index of a key; an invalid one when it is not there."""
        return self.index(self.find(key), 0)

    def show_rows(self, wanted: Sequence[T]) -> None:
        """Become ``wanted`` (keys are unique): remove, put in order, insert, and change rows."""
        keys = [self._key_of(row) for row in wanted]
        if keys != self._keys:
            self._keep(set(keys))
            self._put_in_order(keys)
            self._insert(wanted, keys)
        self._change(wanted)

    def _keep(self, keys: set[str]) -> None:
        """Remove what is not among these, one stretch after the other."""
        end = len(self._keys)
        while end > 0:
            start = end
            while start > 0 and self._keys[start - 1] not in keys:
                start -= 1
            if start < end:
                self.beginRemoveRows(ROOT, start, end - 1)
                del self._rows[start:end], self._keys[start:end]
                self.endRemoveRows()
            end = start - 1

    def _put_in_order(self, keys: list[str]) -> None:
        """Let the rows that stay stand as they do in ``keys``; selection and focus go with them."""
        known = set(self._keys)
        wanted = [key for key in keys if key in known]
        if wanted == self._keys:
            return
        self.layoutAboutToBeChanged.emit()
        places = {key: at for at, key in enumerate(wanted)}
        rows = dict(zip(self._keys, self._rows, strict=True))
        held = self.persistentIndexList()
        moved = [self.index(places[self._keys[index.row()]], 0) for index in held]
        self._rows, self._keys = [rows[key] for key in wanted], wanted
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _insert(self, wanted: Sequence[T], keys: list[str]) -> None:
        """Put in what is new, one stretch after the other."""
        known, at = set(self._keys), 0
        while at < len(keys):
            end = at
            while end < len(keys) and keys[end] not in known:
                end += 1
            if end > at:
                self.beginInsertRows(ROOT, at, end - 1)
                self._rows[at:at], self._keys[at:at] = wanted[at:end], keys[at:end]
                self.endInsertRows()
            at = end + 1

    def _change(self, wanted: Sequence[T]) -> None:
        """Take the newer rows, and tell of each stretch of them."""
        first = -1
        for at, (old, new) in enumerate(zip(self._rows, wanted, strict=True)):
            if old is not new and old != new:
                self._rows[at] = new
                first = at if first < 0 else first
            elif first >= 0:
                self.dataChanged.emit(self.index(first, 0), self.index(at - 1, 0))
                first = -1
        if first >= 0:
            self.dataChanged.emit(self.index(first, 0), self.index(len(self._rows) - 1, 0))
