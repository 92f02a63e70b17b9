"""The theme in force: colours, type and sizes at one zoom, and the way to swap it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette

from crisisdesk.desk.look import fonts
from crisisdesk.desk.look.tokens import Density, DensityName, ThemeName, Tokens, load_tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

Role = Literal[
    "micro", "small", "body", "strong", "lead", "title", "clock", "figure", "display",
    "wallText", "wallStrong", "wallClock",
]  # fmt: skip

ZOOM_MIN, ZOOM_MAX = 80, 200


class Colors(NamedTuple):
    """The plain colours of one theme."""

    window: QColor
    panel: QColor
    raised: QColor
    field: QColor
    hover: QColor
    selected: QColor
    selected_idle: QColor
    popup: QColor
    scrim: QColor
    hair: QColor
    strong: QColor
    control: QColor
    primary: QColor
    secondary: QColor
    tertiary: QColor
    disabled: QColor
    link: QColor
    accent: QColor
    accent_hover: QColor
    accent_on: QColor
    accent_soft: QColor
    accent_line: QColor
    ring: QColor
    drill: QColor
    drill_solid: QColor
    drill_on: QColor
    drill_soft: QColor
    drill_stripe: QColor
    drill_watermark: QColor


_COLOR_KEYS = (
    *(f"surface.{name}" for name in ("window", "panel", "raised", "field", "hover", "selected")),
    "surface.selectedIdle",
    "surface.popup",
    "surface.scrim",
    *(f"line.{name}" for name in ("hair", "strong", "control")),
    *(f"text.{name}" for name in ("primary", "secondary", "tertiary", "disabled", "link")),
    *(f"accent.{name}" for name in ("solid", "solidHover", "on", "soft", "line")),
    "focusRing",
    *(f"drill.{name}" for name in ("fg", "solid", "on", "soft", "stripe", "watermark")),
)


class Tone(NamedTuple):
    """The colours that go with one severity or state."""

    fg: QColor
    solid: QColor
    on: QColor
    soft: QColor
    line: QColor


def parse_color(text: str) -> QColor:
    """``#RRGGBB`` or ``#RRGGBBAA`` as a colour."""
    if len(text) == 9:
        return QColor(f"#{text[7:]}{text[1:7]}")
    return QColor(text)


class Theme:
    """One theme at one zoom; immutable in use, its fonts are made when first asked for."""

    def __init__(self, name: ThemeName = "dark", zoom: int = 100, tokens: Tokens | None = None):
        """Raises ValueError for a zoom outside 80 to 200 %."""
        if not ZOOM_MIN <= zoom <= ZOOM_MAX:
            raise ValueError(f"zoom is {zoom} %; choose {ZOOM_MIN} to {ZOOM_MAX}.")
        self.name: ThemeName = name
        self.zoom = zoom
        self.tokens = tokens or load_tokens()
        self._raw = self.tokens.colors[name]
        self.color = Colors(*(parse_color(self._raw[key]) for key in _COLOR_KEYS))
        self._tones: dict[str, Tone] = {}
        self._fonts: dict[tuple[str, bool, int], QFont] = {}
        self._metrics: dict[tuple[str, bool, int], QFontMetricsF] = {}

    def px(self, size: float) -> int:
        """A length given at 100 %, at this zoom; never below one pixel for a length above 0."""
        return max(1, round(size * self.zoom / 100)) if size > 0 else 0

    def token(self, key: str) -> QColor:
        """Any colour by its path in the tokens, as ``chart.grid`` or ``state.stale.soft``."""
        return parse_color(self._raw[key])

    def series(self, index: int) -> QColor:
        """The colour of the n-th chart series; they repeat after the last."""
        colors = self.tokens.series[self.name]
        return QColor(colors[index % len(colors)])

    def severity(self, severity: str) -> Tone:
        """The colours of low, medium, high, critical or emergency."""
        return self._tone(f"severity.{severity}")

    def state(self, state: str) -> Tone:
        """The colours of ok, stale, down, acked or resolved."""
        return self._tone(f"state.{state}")

    def _tone(self, path: str) -> Tone:
        tone = self._tones.get(path)
        if tone is None:
            fg, soft = self.token(f"{path}.fg"), self.token(f"{path}.soft")
            raw = self._raw
            tone = self._tones[path] = Tone(
                fg=fg,
                solid=QColor(raw.get(f"{path}.solid", raw[f"{path}.fg"])),
                on=QColor(raw.get(f"{path}.on", raw["surface.window"])),
                soft=soft,
                line=QColor(raw.get(f"{path}.line", raw[f"{path}.fg"])),
            )
        return tone

    def density(self, name: DensityName = "comfortable") -> Density:
        """Row and control heights at this zoom."""
        return Density(*(self.px(size) for size in self.tokens.densities[name]))

    def font(self, role: Role = "body", *, tabular: bool = False, weight: int = 0) -> QFont:
        """Inter at one step of the scale; ``weight`` 0 keeps the step's own."""
        key = (role, tabular, weight)
        font = self._fonts.get(key)
        if font is None:
            step = self.tokens.scale[role]
            font = self._fonts[key] = fonts.make_font(
                self.tokens.ui_families, self.px(step.px), weight or step.weight, tabular=tabular
            )
        return font

    def mono(self, px: int = 12, weight: int = 400) -> QFont:
        """JetBrains Mono without ligatures, for ids and places."""
        key = (f"mono{px}", False, weight)
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = fonts.make_font(
                self.tokens.mono_families, self.px(px), weight, mono=True
            )
        return font

    def metrics(
        self, role: Role = "body", *, tabular: bool = False, weight: int = 0
    ) -> QFontMetricsF:
        """The measures of the font that ``font`` gives for the same words."""
        key = (role, tabular, weight)
        metrics = self._metrics.get(key)
        if metrics is None:
            font = self.font(role, tabular=tabular, weight=weight)
            metrics = self._metrics[key] = QFontMetricsF(font)
        return metrics

    def width(
        self, text: str, role: Role = "body", *, tabular: bool = False, weight: int = 0
    ) -> float:
        """How wide a text is, in pixels."""
        return self.metrics(role, tabular=tabular, weight=weight).horizontalAdvance(text)

    def line(self, role: Role = "body") -> int:
        """Line height of a step of the scale."""
        return self.px(self.tokens.scale[role].line)

    def icon(self, key: str) -> str:
        """The icon file behind a meaning such as ``actions.ack``."""
        return self.tokens.icons[key]

    def motion(self, key: str) -> int:
        """Milliseconds of a movement; 0 when the operator wants none."""
        return 0 if reduced_motion() else self.tokens.motion[key]

    def palette(self) -> QPalette:
        """What plain Qt widgets paint themselves with."""
        color, roles = self.color, QPalette.ColorRole
        palette = QPalette()
        for role, value in (
            (roles.Window, color.window),
            (roles.Base, color.panel),
            (roles.AlternateBase, color.raised),
            (roles.Button, color.raised),
            (roles.Text, color.primary),
            (roles.WindowText, color.primary),
            (roles.ButtonText, color.primary),
            (roles.BrightText, color.primary),
            (roles.PlaceholderText, color.tertiary),
            (roles.Highlight, color.selected),
            (roles.HighlightedText, color.primary),
            (roles.Link, color.link),
            (roles.LinkVisited, color.link),
            (roles.Accent, color.accent),
            (roles.Light, color.hover),
            (roles.Midlight, color.hover),
            (roles.Mid, color.hair),
            (roles.Dark, color.strong),
            (roles.Shadow, color.strong),
            (roles.ToolTipBase, color.popup),
            (roles.ToolTipText, color.primary),
        ):
            palette.setColor(role, value)
        groups = QPalette.ColorGroup
        palette.setColor(groups.Inactive, roles.Highlight, color.selected_idle)
        for role in (roles.Text, roles.WindowText, roles.ButtonText):
            palette.setColor(groups.Disabled, role, color.disabled)
        return palette


class Look(QObject):
    """The look of one application: holds the theme and puts another in its place."""

    changed = Signal()

    def __init__(self, app: QApplication, theme: Theme) -> None:
        super().__init__(app)
        self._app = app
        self.theme = theme
        self.reduced_motion = False

    def switch(self, *, name: ThemeName | None = None, zoom: int | None = None) -> None:
        """Take another theme or zoom (80-200 %): clear caches, polish, repaint, say so."""
        from crisisdesk.desk.look import icons, marks, qss

        self.theme = Theme(name or self.theme.name, zoom or self.theme.zoom, self.theme.tokens)
        icons.clear_cache()
        marks.clear_cache()
        self._app.setPalette(self.theme.palette())
        self._app.setFont(self.theme.font("body"))
        self._app.setStyleSheet(qss.stylesheet(self.theme))
        self.changed.emit()
        for widget in self._app.topLevelWidgets():
            widget.update()


_current: Look | None = None


def install(app: QApplication, name: ThemeName = "dark", zoom: int = 100) -> Look:
    """Dress an application; afterwards ``look()`` and ``theme()`` answer. Raises FontError."""
    global _current  # noqa: PLW0603  one application has one look
    app.setStyle("Fusion")
    fonts.load_fonts()
    _current = Look(app, Theme(name, zoom))
    _current.switch()
    return _current


def look() -> Look:
    """The look in force; RuntimeError before ``install``."""
    if _current is None:
        raise RuntimeError("No look is installed; call crisisdesk.desk.look.theme.install first.")
    return _current


def theme() -> Theme:
    """The theme in force; RuntimeError before ``install``."""
    return look().theme


def reduced_motion() -> bool:
    """Whether the operator wants things to stand still."""
    return _current is not None and _current.reduced_motion
