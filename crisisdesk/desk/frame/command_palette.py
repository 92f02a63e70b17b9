"""The command palette: every action of the desk by a few letters, with the key that is faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crisisdesk.desk.frame.focus_ring import RING_PROPERTY
from crisisdesk.desk.frame.overlay import Overlay, PopupFrame
from crisisdesk.desk.frame.palette_model import PaletteAction, PaletteRow, find
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import (
    LEFT,
    RIGHT,
    draw_box,
    draw_key,
    draw_keys,
    draw_ring,
    draw_text,
    fill,
    keys_width,
)
from crisisdesk.desk.look.theme import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

Index = QModelIndex | QPersistentModelIndex
_ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_WIDTH, _TOP, _INPUT, _ROW, _HEAD, _FOOT, _ROWS = 720, 150, 52, 36, 28, 34, 12


class _Rows(QAbstractListModel):
    """The rows found; heads cannot be selected."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[PaletteRow] = []

    def show_rows(self, rows: list[PaletteRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        action = row.action
        if role == Qt.ItemDataRole.DisplayRole:
            return row.head if action is None else action.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if action is None:
                return row.head
            keys = f", key {action.keys}" if action.keys else ""
            return (
                f"{action.title}, {action.detail}{keys}" if action.detail else action.title + keys
            )
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        action = self.rows[index.row()].action
        if action is None or not action.enabled:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Paints heads and actions."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: PaletteRow = index.data(_ROW_ROLE)
        return QSize(100, theme().px(_HEAD if row.action is None else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        px, color = theme().px, theme().color
        row: PaletteRow = index.data(_ROW_ROLE)
        area: QRect = getattr(option, "rect")  # noqa: B009  absent from PySide6's stubs
        rect = QRectF(area)
        if row.action is None:
            box = rect.adjusted(px(16), px(6), -px(16), 0)
            draw_text(painter, box, row.head, color.tertiary, "micro")
            return
        action = row.action
        state: QStyle.StateFlag = getattr(option, "state")  # noqa: B009  absent from PySide6's stubs
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            box = rect.adjusted(px(6), 0, -px(6), 0)
            draw_box(painter, box, fill=color.selected, radius=px(4))
            draw_ring(painter, box, px(4))
        ink = color.primary if action.enabled else color.disabled
        middle = rect.center().y()
        x = rect.x() + px(22)
        if action.icon:
            tone = color.link if chosen else color.secondary
            tone = tone if action.enabled else color.disabled
            draw_icon(painter, x, round(middle - px(16) / 2), action.icon, tone)
        x += px(16 + 12)
        right = rect.right() - px(22)
        if action.keys:
            draw_keys(painter, right, middle, action.keys)
            right -= keys_width(action.keys) + px(12)
        met = set(row.at)
        for start, end, hit in _runs(action.title, met):
            part = action.title[start:end]
            tone, weight = (color.link, 600) if hit and action.enabled else (ink, 500)
            box = QRectF(x, rect.y(), max(0.0, right - x), rect.height())
            x += draw_text(painter, box, part, tone, "body", weight=weight)
        if action.detail and right - x > px(40):
            box = QRectF(x + px(12), rect.y(), right - x - px(12), rect.height())
            draw_text(painter, box, action.detail, color.tertiary, "small")


def _runs(text: str, met: set[int]) -> list[tuple[int, int, bool]]:
    """Start, end and whether met, for each stretch of the text."""
    runs: list[tuple[int, int, bool]] = []
    for index in range(len(text)):
        hit = index in met
        if runs and runs[-1][2] == hit:
            runs[-1] = (runs[-1][0], index + 1, hit)
        else:
            runs.append((index, index + 1, hit))
    return runs


class _Popup(PopupFrame):
    """The palette's body: search glyph, count and foot around input and list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.found = 0
        self.total = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        px, color = theme().px, theme().color
        painter = QPainter(self)
        width, height = self.width(), self.height()
        draw_icon(painter, px(17), px(16), "search", color.secondary, 20)
        fill(painter, 1, px(_INPUT), width - 2, 1, color.hair)
        draw_keys(painter, width - px(16), px(_INPUT) / 2, "Esc")
        words = f"{self.found} of {self.total} actions"
        right = width - px(16) - keys_width("Esc") - px(12)
        box = QRectF(right - px(200), 0, px(200), px(_INPUT))
        draw_text(painter, box, words, color.tertiary, "small", align=RIGHT, tabular=True)
        top = height - px(_FOOT)
        fill(painter, 1, top, width - 2, 1, color.hair)
        x, middle = float(px(16)), top + px(_FOOT) / 2
        for keys, word in (("↑ ↓", "choose"), ("Enter", "do it"), ("Esc", "back")):
            for key in keys.split():
                x += draw_key(painter, x, middle, key) + px(6)
            box = QRectF(x, top, px(120), px(_FOOT))
            x += draw_text(painter, box, word, color.tertiary, "micro", align=LEFT) + px(14)
        box = QRectF(width - px(16 + 300), top, px(300), px(_FOOT))
        words = "keys shown here work without the palette"
        draw_text(painter, box, words, color.tertiary, "micro", align=RIGHT)
        painter.end()


class CommandPalette(Overlay):
    """Opens over the window; emits the key of the action chosen and closes."""

    chosen = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAccessibleName("Command palette")
        self._actions: tuple[PaletteAction, ...] = ()
        self._popup = _Popup(self)
        self.field = QLineEdit(self._popup)
        self.field.setProperty(RING_PROPERTY, False)
        self.field.setFrame(False)
        self.field.setPlaceholderText("What do you want to do?")
        self.field.setAccessibleName("Search every action")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = QListView(self._popup)
        self.list.setAccessibleName("Actions found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._model = _Rows(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.clicked.connect(self._take)

    def open_with(self, actions: Sequence[PaletteAction], query: str = "") -> None:
        """Show these actions; groups appear in the order they are first named."""
        self._actions = tuple(actions)
        self.field.setText(query)
        self._search(query)
        self.open_over()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def rows(self) -> list[PaletteRow]:
        """The rows in the list now."""
        return list(self._model.rows)

    def place(self) -> None:
        """Centre the popup at the top, as high as its rows."""
        look, px = theme(), theme().px
        rows = self._model.rows
        body = sum(px(_HEAD if row.action is None else _ROW) for row in rows[: _ROWS + 3])
        room = self.height() - px(_INPUT + _FOOT + 12) - px(24)
        top = min(px(_TOP), max(px(12), (self.height() - px(560)) // 2))
        body = min(max(body, px(_ROW)) + px(8), max(px(_ROW), room - top))
        width = min(px(_WIDTH), self.width() - px(32))
        height = px(_INPUT) + 1 + body + px(_FOOT)
        self._popup.setGeometry((self.width() - width) // 2, top, width, height)
        self.field.setGeometry(px(48), px(8), width - px(48 + 220), px(_INPUT) - px(16))
        self.list.setGeometry(1, px(_INPUT) + 1, width - 2, body)
        self.field.setFont(look.font("title", weight=400))
        self.field.setStyleSheet("QLineEdit { border: 0; background: transparent; padding: 0; }")
        palette = self.list.palette()
        palette.setColor(QPalette.ColorRole.Base, look.color.popup)
        self.list.setPalette(palette)
        self.list.setStyleSheet("QListView { background: transparent; }")
        self._popup.update()

    def _search(self, query: str) -> None:
        rows = find(self._actions, query)
        self._model.show_rows(rows)
        self._popup.total = len(self._actions)
        self._popup.found = sum(row.action is not None for row in rows)
        self._move(1, start=-1)
        self.place()

    def _move(self, step: int, start: int | None = None) -> None:
        rows = self._model.rows
        at = self.list.currentIndex().row() if start is None else start
        for _ in rows:
            at = (at + step) % len(rows)
            action = rows[at].action
            if action is not None and action.enabled:
                index = self._model.index(at, 0)
                self.list.setCurrentIndex(index)
                self.list.scrollTo(index)
                return

    def _take(self, index: Index) -> None:
        action = self._model.rows[index.row()].action if index.isValid() else None
        if action is not None and action.enabled:
            self.dismiss()
            self.chosen.emit(action.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows, Enter and Esc act on the list while the words stay in the input."""
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._press(Qt.Key(event.key())):
                return True
            if event.type() == QEvent.Type.ShortcutOverride:
                # Single-letter shortcuts of the room must not fire while someone types here.
                event.accept()
        return super().eventFilter(watched, event)

    def _press(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Down | Qt.Key.Key_Tab:
                self._move(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Backtab:
                self._move(-1)
            case Qt.Key.Key_PageDown:
                for _ in range(_ROWS // 2):
                    self._move(1)
            case Qt.Key.Key_PageUp:
                for _ in range(_ROWS // 2):
                    self._move(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take(self.list.currentIndex())
            case Qt.Key.Key_Escape:
                self.dismiss()
            case _:
                return False
        return True
