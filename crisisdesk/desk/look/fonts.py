"""The shipped typefaces, and fonts with the digits that clocks need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase

from crisisdesk.settings.places import resource_path

if TYPE_CHECKING:
    from collections.abc import Sequence

# Weights the first window shows; the others are read when a font first asks for them.
_FIRST = ("Inter-400.ttf", "Inter-500.ttf", "Inter-600.ttf")
_LATER = ("Inter-700.ttf", "JetBrainsMono-400.ttf", "JetBrainsMono-500.ttf")
_loaded: set[str] = set()


class FontError(RuntimeError):
    """A shipped font file is missing or unreadable."""


def _load(names: Sequence[str]) -> None:
    for name in names:
        if name in _loaded:
            continue
        path = resource_path("fonts", name)
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontError(f"The font {path} cannot be loaded; reinstall CrisisDesk.")
        _loaded.add(name)


def load_fonts() -> None:
    """Make the text weights of Inter known to Qt; needs a QGuiApplication; raises FontError."""
    _load(_FIRST)


def make_font(
    families: Sequence[str], px: int, weight: int, *, tabular: bool = False, mono: bool = False
) -> QFont:
    """A font of one pixel size; ``tabular`` digits have one width, ``mono`` joins no letters."""
    if mono or weight >= 700:
        _load(_LATER)
    font = QFont(list(families))
    font.setPixelSize(px)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setFeature(QFont.Tag("zero"), 1)
    if mono:
        font.setFeature(QFont.Tag("liga"), 0)
        font.setFeature(QFont.Tag("calt"), 0)
    return font
