"""The style sheet for plain Qt widgets, written from the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from crisisdesk.desk.look.theme import Theme

_SHEET = """
QToolTip {{
    background: {popup}; color: {primary}; border: 1px solid {strong}; padding: {p4}px {p8}px; }}
QAbstractScrollArea {{ border: 0; }}
QLineEdit, QComboBox, QAbstractSpinBox {{
    background: {field}; color: {primary}; border: 1px solid {control}; border-radius: {p4}px;
    min-height: {p26}px; padding: 0 {p8}px; selection-background-color: {accent};
    selection-color: {accent_on}; }}
QTextEdit, QPlainTextEdit {{
    background: {field}; color: {primary}; border: 1px solid {control}; border-radius: {p4}px;
    padding: {p4}px; selection-background-color: {accent}; selection-color: {accent_on}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled, QTextEdit:disabled,
QPlainTextEdit:disabled {{ color: {disabled}; border-color: {hair}; }}
QComboBox::drop-down {{ border: 0; width: {p24}px; }}
QComboBox::down-arrow {{ image: url({chevron}); width: {p14}px; height: {p14}px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: {p18}px; border: 0; }}
QComboBox QAbstractItemView {{
    background: {popup}; color: {primary}; border: 1px solid {strong}; outline: 0;
    selection-background-color: {selected}; selection-color: {primary}; }}
QPushButton, QToolButton {{
    background: {raised}; color: {primary}; border: 1px solid {strong}; border-radius: {p4}px;
    min-height: {p26}px; padding: 0 {p10}px; font-weight: 500; outline: 0; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {selected_idle}; }}
QPushButton:disabled, QToolButton:disabled {{
    color: {disabled}; border-color: {hair}; background: transparent; }}
QMenu {{ background: {popup}; color: {primary}; border: 1px solid {strong}; padding: {p4}px; }}
QMenu::item {{ padding: {p6}px {p20}px; border-radius: {p4}px; }}
QMenu::item:selected {{ background: {selected}; }}
QMenu::item:disabled {{ color: {disabled}; }}
QMenu::separator {{ height: 1px; background: {hair}; margin: {p4}px {p8}px; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{
    background: transparent; color: {secondary}; border: 0; border-radius: {p4}px;
    height: {p28}px; padding: 0 {p10}px; margin-right: {p4}px; font-weight: 500; }}
QTabBar::tab:selected {{ background: {hover}; color: {primary}; }}
QTabBar::tab:hover {{ color: {primary}; }}
QCheckBox, QRadioButton {{ spacing: {p8}px; color: {primary}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: {p14}px; height: {p14}px; border: 1px solid {control}; border-radius: {p3}px;
    background: {field}; }}
QRadioButton::indicator {{ border-radius: {p8}px; }}
QCheckBox::indicator:checked {{
    background: {accent}; border-color: {accent}; image: url({check}); }}
QRadioButton::indicator:checked {{ background: {accent}; border: {p4}px solid {field}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {hair}; }}
QHeaderView {{ background: {panel}; border: 0; }}
QHeaderView::section {{
    background: {panel}; color: {tertiary}; border: 0; border-bottom: 1px solid {hair};
    height: {p25}px; padding: 0 {p8}px; font-size: {p11}px; font-weight: 500; }}
QTreeView, QListView, QTableView {{
    background: {panel}; border: 0; outline: 0; gridline-color: {hair}; }}
QSplitter::handle {{ background: {hair}; }}
QSplitter::handle:hover {{ background: {accent}; }}
QScrollBar:vertical {{ background: transparent; width: {p8}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {p8}px; margin: 0; }}
QScrollBar::handle {{
    background: {strong}; border-radius: {p2}px; min-height: {p24}px; min-width: {p24}px; margin:
    1px; }}
QScrollBar::handle:hover {{ background: {control}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {hair}; border: 0; height: {p4}px; text-align: right; }}
QProgressBar::chunk {{ background: {accent}; }}
QSlider::groove:horizontal {{ height: {p4}px; background: {strong}; border-radius: {p2}px; }}
QSlider::sub-page:horizontal {{ background: {secondary}; border-radius: {p2}px; }}
QSlider::handle:horizontal {{
    width: {p14}px; height: {p14}px; margin: -{p5}px 0; border-radius: {p7}px; background:
    {primary}; }}
QGroupBox {{
    border: 1px solid {hair}; border-radius: {p6}px; margin-top: {p12}px; padding: {p12}px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: {p12}px; color: {tertiary}; }}
"""

_LENGTHS = (2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 14, 18, 20, 24, 25, 26, 28)


def css(color: QColor) -> str:
    """A colour as the style sheet wants it."""
    return color.name() if color.alpha() == 255 else f"rgba{color.getRgb()}"


def stylesheet(theme: Theme) -> str:
    """The whole sheet; its pictures are files of this theme, drawn beforehand."""
    from crisisdesk.settings.places import resource_path

    kind = "light" if theme.name == "light" else "dark"
    lengths = {f"p{size}": theme.px(size) for size in _LENGTHS}
    colors = {name: css(color) for name, color in theme.color._asdict().items()}
    return _SHEET.format(
        **lengths,
        **colors,
        chevron=resource_path("look", f"chevron-{kind}.svg").as_posix(),
        check=resource_path("look", f"check-{kind}.svg").as_posix(),
    )
