"""The form that starts a run: what the procedure asks, what holds before, for which incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crisisdesk.desk.frame.form import Form
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import PaneGround
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.planning.oncall.override_form import WhoBox
from crisisdesk.desk.recovery_room.start_words import checked_start, hint_of, label_of
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.domain.recovery.parameters import Parameter
    from crisisdesk.domain.recovery.procedure import Procedure

_WIDE = 680
Field = LineEditor | WhoBox


class StartForm(Form):
    """``given`` carries a `start_words.Start`, ``looked`` one that is only looked ahead with;
    ``left`` says Esc. The owner answers both with ``dismiss`` or ``refuse``."""

    given = Signal(object)
    looked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.procedure: Procedure | None = None
        self.fields: dict[str, Field] = {}
        self.holds: list[QCheckBox] = []
        # What stands around the fields that only a run asks for.
        self._of_runs: list[Text] = []
        self._away, self.only_looks = False, False
        self.head = Text("", "title", wrap=True)
        self.quiet = Text("", "small", "secondary", wrap=True)
        self.incident = WhoBox()
        self.incident.setParent(self)
        self.incident.hide()
        self.incident.setAccessibleName("For which incident")
        self.words = Text("", "small", "stale", wrap=True)
        self.give, self.leave = KeyButton("Begin", "Enter", "primary"), KeyButton("Leave", "Esc")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(18), px(24), px(18))
        column.setSpacing(px(6))
        column.addWidget(self.head)
        column.addWidget(self.quiet)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.words)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addWidget(self.give)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.incident.entered.connect(self._give)
        self.incident.left.connect(self.left)
        self.give.clicked.connect(self._give)
        self.leave.clicked.connect(self.left)

    def paint(self, painter: QPainter) -> None:
        """It takes the place of a page, so it has the ground of one."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)

    def begin(
        self,
        one: Procedure,
        incidents: Sequence[tuple[str, str]],
        chosen: str,
        *,
        away: bool,
        only_looks: bool = False,
    ) -> None:
        """Open for a procedure; ``incidents`` (id, title) are open, ``chosen`` one of them or "".

        What was typed for the same version before is still there. With ``only_looks`` it asks for
        the arguments alone.
        """
        if self.procedure is None or self.procedure.version_id != one.version_id:
            self._build(one)
        self.procedure = one
        self._only_look(only_looks)
        title = f"Dry run of {one.name}: nothing is done" if only_looks else f"Run {one.name}"
        self.setAccessibleName(title)
        self.head.setText(title)
        self.quiet.setText(one.description)
        self.quiet.setVisible(bool(one.description))
        self.incident.clear()
        self.incident.addItem("no incident", "")
        for incident_id, title in incidents:
            self.incident.addItem(f"{incident_id}  {title}", incident_id)
        self.incident.setCurrentIndex(max(0, self.incident.findData(chosen)))
        self.words.hide()
        self.set_away(away)
        first: QWidget = next(iter(self.fields.values()), None) or next(
            iter(self.holds), self.incident
        )
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _only_look(self, only_looks: bool) -> None:
        self.only_looks = only_looks
        self.give.set_text("Look ahead" if only_looks else "Begin")
        for widget in (self.incident, *self._of_runs, *self.holds):
            widget.setVisible(not only_looks)

    def _build(self, one: Procedure) -> None:
        px = theme().px
        # The fields before go with the widget they stand in; this one stays.
        self.incident.setParent(self)
        self.fields, self.holds = {}, []
        ground, inner = PaneGround(), QWidget()
        inner.setMaximumWidth(px(_WIDE))
        beside = QHBoxLayout(ground)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(inner)
        beside.addStretch(1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, px(6), px(8), px(6))
        column.setSpacing(px(4))
        for parameter in one.parameters:
            field = self._field(parameter)
            self.fields[parameter.name] = field
            column.addWidget(Text(label_of(parameter), "small", "secondary"))
            column.addWidget(field)
            column.addSpacing(px(6))
        self._of_runs = [Text("For which incident", "small", "secondary")]
        column.addWidget(self._of_runs[0])
        column.addWidget(self.incident)
        if one.prerequisites:
            column.addSpacing(px(10))
            told = "Holds before; what is not ticked stands as a first step"
            self._of_runs.append(Text(told, "small", "secondary", wrap=True))
            column.addWidget(self._of_runs[1])
            for text in one.prerequisites:
                box = QCheckBox(text)
                self.holds.append(box)
                column.addWidget(box)
        column.addStretch(1)
        beside.setStretch(0, 100)
        self._scroll.setWidget(ground)

    def _field(self, parameter: Parameter) -> Field:
        field: Field
        if parameter.type == "choice":
            field = WhoBox()
            if parameter.default is None:
                field.addItem("choose", "")
            for choice in parameter.choices:
                field.addItem(choice, choice)
            field.setCurrentIndex(max(0, field.findData(parameter.default or "")))
            field.setAccessibleName(label_of(parameter))
        else:
            field = LineEditor(label_of(parameter), hint_of(parameter))
        field.entered.connect(self._give)
        field.left.connect(self.left)
        return field

    def typed(self) -> dict[str, str]:
        """What stands in the fields, by the parameter's name."""
        return {
            name: field.text() if isinstance(field, LineEditor) else str(field.currentData() or "")
            for name, field in self.fields.items()
        }

    def set_away(self, away: bool) -> None:
        """Nothing can be begun while the engine is away; what is typed stays."""
        self._away = away
        self.give.setEnabled(not away)

    def refuse(self, field: str, words: str) -> None:
        """Keep everything, say why it was not begun, and go to the field that is to blame."""
        self.give.setEnabled(not self._away)
        name = field.removeprefix("arguments.")
        editor = self.fields.get(name) or (self.incident if name == "incident_id" else None)
        title = editor.accessibleName() if editor is not None else name
        head = "Not looked at" if self.only_looks else "Not begun"
        self.words.setText(f"{head}: {f'{title} ' if title else ''}{words}")
        self.words.show()
        if editor is not None:
            editor.setAccessibleDescription(self.words.text())
            editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self) -> None:
        if not self.give.isEnabled() or self.procedure is None:
            return
        self.words.hide()
        confirmed = tuple(n for n, box in enumerate(self.holds, start=1) if box.isChecked())
        incident_id = str(self.incident.currentData() or "")
        try:
            start = checked_start(self.procedure, self.typed(), incident_id, confirmed)
        except Malformed as error:
            self.refuse(error.field, f"{error.problem}; {error.remedy}.")
            return
        self.give.setEnabled(False)
        (self.looked if self.only_looks else self.given).emit(start)
