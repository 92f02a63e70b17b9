"""The form of an alert rule: its common fields, and its conditions as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.choice import Choice, Option
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.alert_rules.content import (
    conditions_of,
    conditions_text,
    ordered,
)
from crisisdesk.desk.planning.alert_rules.starters import CONDITIONS, FIELDS, TYPE_WORDS
from crisisdesk.desk.settings_room.card import Field, row
from crisisdesk.domain.detection.conditions import TYPES
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import AlertType

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from crisisdesk.desk.planning.policies.content import Content

_DEFAULTS: dict[str, Any] = {
    "description": "",
    "rule_type": "threshold",
    "severity": "high",
    "service": "",
    "metric_source": "",
    "alert_type": str(AlertType.PERFORMANCE),
    "escalation_policy": "",
    "notification_channels": [],
    "is_active": True,
}
_TEXTS = ("description", "service", "metric_source", "escalation_policy")


class RuleForm(QScrollArea):
    """``edited`` carries a whole new content, ``renamed`` a name; the owner shows each content that
    it takes."""

    edited = Signal(object)
    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: Content = {}
        self._read_only = self._showing = False
        # What the conditions were under another type: choosing that again brings them back.
        self._before: dict[str, Any] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = QWidget()
        self.viewport().setAutoFillBackground(False)
        self._make_fields()
        self._build(body)
        self.setWidget(body)
        body.setAutoFillBackground(False)
        self._connect()
        look().changed.connect(self._retheme)
        self._retheme()

    def _make_fields(self) -> None:
        self.name = Field("Name, the title of its alerts", "Disk nearly full")
        self.rule_type = Choice("Type", [Option(one, TYPE_WORDS[one]) for one in TYPES])
        self.severity = Choice("Severity", [_severity(one) for one in Severity])
        self.conditions = QPlainTextEdit()
        self.conditions.setAccessibleName("Conditions as YAML")
        self.conditions.setTabChangesFocus(True)
        self.conditions.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.refusal = Text("", "small", "critical", wrap=True)
        self.refusal.hide()
        self.fields = Text("", "small", "tertiary", wrap=True)
        self.words = Text("", "body", "primary", wrap=True)
        self.service = Field("Service of its alerts", "the label service of the series")
        self.metric_source = Field("Only this source, by its id", "all sources")
        self.escalation_policy = Field("Label escalation_policy", "none")
        self.channels = Field("Label notification_channels", "none; push, mail")
        self.alert_type = QComboBox()
        self.alert_type.setAccessibleName("Type of its alerts")
        for one in AlertType:
            self.alert_type.addItem(str(one).replace("_", " ").capitalize(), str(one))
        self.description = Field("Description, below its alerts", "what it means, what to do")
        self.is_active = QCheckBox("It runs once it is published")
        self.general = Text("", "small", "critical", wrap=True)
        self.general.hide()

    def _build(self, body: QWidget) -> None:
        px = theme().px
        column = QVBoxLayout(body)
        column.setContentsMargins(px(16), px(12), px(16), px(16))
        column.setSpacing(px(10))
        column.addWidget(self.general)
        column.addWidget(self.name)
        column.addLayout(row(_labelled("Type", self.rule_type), 1))
        column.addLayout(row(_labelled("Severity", self.severity), 1))
        column.addWidget(_labelled("Conditions", self.conditions))
        column.addWidget(self.refusal)
        column.addWidget(self.words)
        column.addWidget(self.fields)
        for pair in (
            (self.service, self.metric_source),
            (self.escalation_policy, self.channels),
        ):
            line = row(*pair)
            for field in pair:
                line.setStretchFactor(field, 1)
                line.setAlignment(field, Qt.AlignmentFlag.AlignTop)
            column.addLayout(line)
        column.addWidget(self.description)
        column.addLayout(row(_labelled("Type of its alerts", self.alert_type), 1))
        column.addWidget(self.is_active)
        column.addStretch(1)

    def _connect(self) -> None:
        self.name.line.textEdited.connect(self.renamed)
        for name in _TEXTS:
            self._texts()[name].line.textEdited.connect(self._setter(name))
        self.channels.line.textEdited.connect(
            lambda text: self._put("notification_channels", _names(text))
        )
        self.rule_type.changed.connect(self._take_type)
        self.severity.changed.connect(self._setter("severity"))
        self.conditions.textChanged.connect(self._take_conditions)
        self.alert_type.activated.connect(
            lambda _: self._put("alert_type", self.alert_type.currentData())
        )
        self.is_active.toggled.connect(lambda on: self._put("is_active", on))

    def _setter(self, name: str) -> Any:
        return lambda value: self._put(name, value)

    def _texts(self) -> dict[str, Field]:
        return {name: getattr(self, name) for name in _TEXTS}

    def _retheme(self) -> None:
        font = theme().mono(12)
        self.conditions.setFont(font)
        metrics = QFontMetricsF(font)
        self.conditions.setTabStopDistance(metrics.horizontalAdvance("  "))
        self.conditions.setFixedHeight(round(metrics.lineSpacing() * 9 + theme().px(12)))

    def showEvent(self, event: QShowEvent) -> None:
        """Write the conditions in their own type: a scroll area that is given another parent gives
        its widgets the window's."""
        super().showEvent(event)
        self._retheme()

    # -- what is shown -----------------------------------------------------------------------

    def show_rule(self, name: str, content: Content, words: str) -> None:
        """Show this one; a field whose text says the same already is not touched. ``words`` say
        what its conditions mean."""
        if content.get("rule_type") != self._content.get("rule_type"):
            self.fields.setText(FIELDS.get(str(content.get("rule_type")), ""))
        self._content, self._showing = content, True
        if self.name.line.text() != name:
            self.name.line.setText(name)
            self.name.line.setCursorPosition(0)
        for key, field in self._texts().items():
            _show_text(field, str(value_of(content, key)))
        channels = value_of(content, "notification_channels")
        if _names(self.channels.line.text()) != channels:
            _show_text(self.channels, ", ".join(map(str, channels)))
        for choice, key in ((self.rule_type, "rule_type"), (self.severity, "severity")):
            choice.set_current(value_of(content, key))
        self.alert_type.setCurrentIndex(
            self.alert_type.findData(str(value_of(content, "alert_type")))
        )
        self.is_active.setChecked(value_of(content, "is_active") is True)
        self._show_conditions(content)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._showing = False

    def _show_conditions(self, content: Content) -> None:
        shown = self.conditions.toPlainText()
        if _read(shown) != content.get("conditions"):
            self.conditions.setPlainText(conditions_text(content))

    def show_fault(self, fault: DomainError | None) -> None:
        """Say at its field what cannot be published, everywhere else nothing."""
        part = fault.field.partition(".")[0].partition("[")[0] if fault is not None else ""
        words = f"{fault.problem}; {fault.remedy}." if fault is not None else ""
        fields = {"name": self.name, "notification_channels": self.channels, **self._texts()}
        for name, field in fields.items():
            field.refuse(words[:1].upper() + words[1:] if name == part else "")
        own = part == "conditions"
        self.refusal.setText(f"{fault.field} {words}" if fault is not None and own else "")
        self.refusal.setVisible(own)
        self.conditions.setAccessibleDescription(self.refusal.text())
        beyond = fault is not None and not own and part not in fields
        self.general.setText(f"{fault.field} {words}" if fault is not None and beyond else "")
        self.general.setVisible(beyond)

    def set_read_only(self, read_only: bool) -> None:
        """Keep everything as it is; the cursor stays where it is."""
        if read_only == self._read_only:
            return
        self._read_only = read_only
        self.conditions.setReadOnly(read_only)
        for field in (self.name, self.channels, *self._texts().values()):
            field.line.setReadOnly(read_only)
            field.line.setEnabled(not read_only or field.line.hasFocus())
        for part in (self.rule_type, self.severity, self.alert_type, self.is_active):
            part.setEnabled(not read_only or part.hasFocus())

    # -- what is edited ----------------------------------------------------------------------

    def _put(self, name: str, value: Any) -> None:
        if self._showing or self._read_only:
            return
        if name not in self._content and value == _DEFAULTS[name]:
            return
        self.edited.emit(ordered({**self._content, name: value}))

    def _take_type(self, rule_type: str) -> None:
        if self._showing or self._read_only:
            return
        self._before[str(self._content.get("rule_type"))] = self._content.get("conditions")
        conditions = self._before.get(rule_type) or dict(CONDITIONS[rule_type])
        told = {**self._content, "rule_type": rule_type, "conditions": conditions}
        self.edited.emit(ordered(told))

    def _take_conditions(self) -> None:
        if self._showing or self._read_only:
            return
        told = _read(self.conditions.toPlainText())
        if told != self._content.get("conditions"):
            self.edited.emit({**self._content, "conditions": told})

    def settle(self) -> None:
        """Give everything that was typed and not given yet: each change is given at once."""

    # -- where the keyboard goes -------------------------------------------------------------

    def go_to(self, name: str) -> None:
        """Put the keyboard on a field by the domain's name and bring it into view."""
        part = name.partition(".")[0].partition("[")[0]
        places: dict[str, QWidget] = {
            "conditions": self.conditions,
            "rule_type": self.rule_type,
            "severity": self.severity,
            "alert_type": self.alert_type,
            "is_active": self.is_active,
            "notification_channels": self.channels.line,
            **{key: field.line for key, field in self._texts().items()},
        }
        widget = places.get(part, self.name.line)
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(widget, 0, theme().px(60))


def value_of(content: Content, name: str) -> Any:
    """A field of a rule, its default where it is left out."""
    return content.get(name, _DEFAULTS[name])


def shape_fault(content: Content) -> str:
    """Why the form has no place for a content; "" when it has. Conditions may still be wrong."""
    if value_of(content, "rule_type") not in TYPES:
        return "rule_type is none that this program knows"
    if value_of(content, "severity") not in list(Severity):
        return "severity is none that this program knows"
    if not isinstance(value_of(content, "notification_channels"), list):
        return "notification_channels is no list"
    texts = [name for name in _TEXTS if not isinstance(value_of(content, name), str)]
    if texts:
        return f"{texts[0]} is no text"
    if not isinstance(content.get("conditions", {}), dict | str):
        return "conditions are no fields"
    unknown = [name for name in content if name not in _DEFAULTS and name != "conditions"]
    return f"{unknown[0]} is no field of it" if unknown else ""


def _read(text: str) -> Any:
    """The conditions in a text; the text itself while it cannot be read."""
    try:
        return conditions_of(text)
    except DomainError:
        return text


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _show_text(field: Field, text: str) -> None:
    if field.line.text() != text:
        field.line.setText(text)
        field.line.setCursorPosition(0)


def _severity(one: Severity) -> Option:
    return Option(str(one), str(one).capitalize(), mark=str(one))


def _labelled(label: str, widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme().px(3))
    column.addWidget(Text(label, "micro", "secondary"))
    column.addWidget(widget)
    return holder
