"""The table of stations: who there is, when each was seen, how far behind it is, when it pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QSizePolicy

from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import ink_color
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import LEFT, RIGHT, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.amounts import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.fleet.standing import FleetStation, Standing
    from crisisdesk.desk.frame.text import Ink
    from crisisdesk.desk.look.theme import Role

_HEAD, _ROW = 24, 26
QUIET_AFTER_S = 60


class StationRow(NamedTuple):
    """What a station's line says; ``seen_ink`` and ``states_ink`` mark what is not as usual."""

    name: str
    seen: str
    behind: str
    pages: str
    version: str
    states: str
    is_self: bool = False
    seen_ink: Ink = "secondary"
    states_ink: Ink = "secondary"


HEADS = StationRow("Station", "Seen", "Behind", "Pages", "Version", "States")
# Width of the first column at most, and of the others, at 100 %.
_NAME, _WIDTHS = 400, (92, 84, 80, 96, 60)


def station_row(station: FleetStation, standing: Standing, now_ms: int) -> StationRow:
    """A station in words."""
    agrees = station.digest_agrees
    seconds = standing.since(station.seen_ms, now_ms)
    seen = f"{format_span(seconds)} ago" if station.seen_ms else "never"
    quiet = not station.is_self and (seconds > QUIET_AFTER_S or not station.seen_ms)
    return StationRow(
        name=station.name or "without a name",
        seen="this one" if station.is_self else seen,
        behind=count_words(station.behind),
        pages="never" if station.duty_rank is None else f"rank {station.duty_rank}",
        version=station.version or "?",
        states={True: "agree", False: "differ", None: "?"}[agrees],
        is_self=station.is_self,
        seen_ink="stale" if quiet else "secondary",
        states_ink="critical" if agrees is False else "secondary",
    )


class StationTable(Painted):
    """A head and a line for each station; names give way first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[StationRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Stations: none")
        self._fit()

    def rows(self) -> Sequence[StationRow]:
        """What stands there."""
        return self._rows

    def show_rows(self, rows: Sequence[StationRow]) -> None:
        """Show these."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        told = "; ".join(
            f"{r.name}, seen {r.seen}, {r.behind} behind, pages {r.pages}, states {r.states}"
            for r in rows
        )
        self.setAccessibleName(f"Stations: {told or 'none'}")
        self._fit()
        self.update()

    def _fit(self) -> None:
        self.setFixedHeight(theme().px(_HEAD) + theme().px(_ROW) * len(self._rows))

    def retheme(self) -> None:
        """Take the new height."""
        self._fit()
        super().retheme()

    def sizeHint(self) -> QSize:
        """All lines."""
        return QSize(theme().px(480), self.height())

    def paint(self, painter: QPainter) -> None:
        """Head and lines."""
        px, color = theme().px, theme().color
        self._paint_row(painter, 0, px(_HEAD), HEADS, head=True)
        y = px(_HEAD)
        for row in self._rows:
            fill(painter, 0, y, self.width(), 1, color.hair)
            self._paint_row(painter, y, px(_ROW), row)
            y += px(_ROW)

    def _paint_row(
        self, painter: QPainter, y: int, tall: int, row: StationRow, *, head: bool = False
    ) -> None:
        px, color = theme().px, theme().color
        role: Role = "micro" if head else "small"
        plain = color.tertiary if head else color.secondary
        x, left = 0.0, min(px(_NAME), self.width() - px(sum(_WIDTHS)))
        edges = [float(left + px(sum(_WIDTHS[:n]))) for n in range(len(_WIDTHS))]
        if row.is_self:
            draw_icon(painter, 0, round(y + tall / 2 - px(7)), "radio-tower", plain, 14)
            x = float(px(20))
        box = QRectF(x, y, edges[0] - x - px(12), tall)
        name = color.tertiary if head else color.primary
        draw_text(painter, box, row.name, name, role, weight=500)
        inks = {0: row.seen_ink, 4: row.states_ink}
        ends = [*edges[1:], edges[-1] + px(_WIDTHS[-1])]
        for index, (word, start, end) in enumerate(zip(row[1:6], edges, ends, strict=True)):
            ink = ink_color(inks[index]) if index in inks and not head else plain
            align = RIGHT if index == 1 else LEFT
            box = QRectF(start, y, end - start - px(16 if index == 1 else 8), tall)
            draw_text(painter, box, str(word), ink, role, align=align, tabular=True)
