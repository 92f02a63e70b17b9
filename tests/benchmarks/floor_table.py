"""The floor of a Qt table: a plain model of ten columns, without a style of its own."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from tests.benchmarks.workload import alert

HEADERS = (
    "Severity",
    "Alert",
    "Instance",
    "Service",
    "Cluster",
    "Team",
    "Since",
    "Due in",
    "Count",
    "Summary",
)
INSTANCE, DUE, SUMMARY = 2, 7, 9
_ROLE = Qt.ItemDataRole
_COLOURS = {"critical": "#c0392b", "high": "#e67e22", "warning": "#f1c40f"}


class Row(list[Any]):
    """The ten values of one line."""

    @classmethod
    def of(cls, a: dict[str, Any]) -> Row:
        """A line of an alert in Alertmanager's form."""
        la = a["labels"]
        known = [la[k] for k in ("severity", "alertname", "instance", "service", "cluster", "team")]
        return cls([*known, "10:00:00", 300, 1, a["annotations"]["summary"]])


def make_rows(count: int, first: int = 0) -> list[Row]:
    """``count`` distinct lines."""
    return [Row.of(alert(i, "floor")) for i in range(first, first + count)]


class TableModel(QAbstractTableModel):
    """Lines in a list, newest on top."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows
        self._brushes = {word: QBrush(QColor(code)) for word, code in _COLOURS.items()}

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADERS)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = _ROLE.DisplayRole
    ) -> Any:
        if role in (_ROLE.DisplayRole, _ROLE.UserRole):
            value = self.rows[index.row()][index.column()]
            if index.column() == DUE and role == _ROLE.DisplayRole:
                return f"{value // 60}:{value % 60:02d}"
            return value
        if role == _ROLE.BackgroundRole and index.column() == 0:
            return self._brushes.get(self.rows[index.row()][0])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if role == _ROLE.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADERS[section]
        return None

    def insert_top(self, rows: list[Row]) -> None:
        """Put lines before all others."""
        self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
        self.rows[0:0] = rows
        self.endInsertRows()

    def count_down(self, cells: int) -> None:
        """One second less in the first ``cells`` lines, told to the view at once."""
        shown = min(cells, len(self.rows))
        for row in self.rows[:shown]:
            row[DUE] -= 1
        self.dataChanged.emit(self.index(0, DUE), self.index(shown - 1, DUE))


def make_view(model: QAbstractTableModel | Any) -> QTableView:
    """A view of fixed row height in a window of 1400 x 900."""
    view = QTableView()
    view.setModel(model)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(22)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.resize(1400, 900)
    return view
