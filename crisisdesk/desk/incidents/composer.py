"""The note composer at the foot of the timeline: one field that unfolds, and forgets nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.incidents.draft import IMAGES_LIMIT, Draft, check_draft
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.incidents.image_shelf import ImageShelf
from crisisdesk.desk.incidents.note_field import NoteField, given_images
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_key, fill, key_width
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.update import UPDATE_TYPES

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter

    from crisisdesk.desk.incidents.draft import DraftImage
    from crisisdesk.desk.incidents.editors import TextEditor

# Longer than making images ready takes on a slow machine; what takes longer never comes.
READY_WITHIN_MS = 10_000
_HINT = "Note for the timeline, kept with UTC time and your name"


class _Adornment(Painted):
    """Glyph and key cap, laid over the field without being in its way."""

    def __init__(self, field: TextEditor) -> None:
        super().__init__(field)
        self._field = field
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        field.installEventFilter(self)
        field.textChanged.connect(self.update)
        self.retheme()

    def retheme(self) -> None:
        px = theme().px
        self._field.setViewportMargins(px(24), 0, px(24), 0)
        super().retheme()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.setGeometry(self._field.rect())
        return False

    def paint(self, painter: QPainter) -> None:
        px, color = theme().px, theme().color
        draw_icon(painter, px(10), px(9), "message-square-plus", color.tertiary)
        if not self._field.toPlainText():
            draw_key(painter, self.width() - px(9) - key_width("N"), px(17), "N")


class Composer(Painted):
    """``posted`` carries an `Entry`; the owner answers with ``settle`` or ``refuse``.

    ``left`` says that the keyboard may go elsewhere. ``given`` carries images that were pasted or
    dropped (a list of `image_source.Given`), ``asked`` asks for a file to be chosen; the owner
    answers each with ``add_image`` or ``refuse``, between ``expect`` and ``ready``: what is posted
    meanwhile waits for its images.
    """

    posted = Signal(object)
    left = Signal()
    given = Signal(object)
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self._update_id = ""
        self._parked: Draft | None = None
        self._busy = False
        self._expected, self._expected_at_ms, self._posts_then = 0, 0, False
        self.now_ms = 0
        self.field = NoteField("Note for the timeline", _HINT, lines=(1, 7))
        self.field.setParent(self)
        self._adornment = _Adornment(self.field)
        self.shelf = ImageShelf()
        self.kind = QComboBox()
        self.kind.setAccessibleName("Type of entry")
        for name in UPDATE_TYPES:
            self.kind.addItem(name.capitalize(), name)
        self.public = QCheckBox("Public")
        self.pinned = QCheckBox("Pinned")
        self.happened = LineEditor("Happened at, hh:mm UTC", "hh:mm UTC")
        self.happened.setFixedWidth(px(104))
        self.happened.setToolTip("When it happened, if that was earlier: hh:mm in UTC")
        self.image = KeyButton("Image", "Ctrl I", icon="image")
        self.image.setToolTip("Choose an image file; Ctrl V pastes one, or drop it here")
        self.post = KeyButton("Post", "Ctrl Enter", "primary")
        self.words = Text("", "small", "stale", wrap=True)
        self.words.hide()
        self._options = self._options_row()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(16), px(9), px(16), px(10))
        layout.setSpacing(px(8))
        layout.addWidget(self.field)
        layout.addWidget(self.shelf)
        layout.addWidget(self._options)
        layout.addWidget(self.words)
        self._options.hide()
        self.field.entered.connect(self._post)
        self.field.left.connect(self._leave)
        self.field.textChanged.connect(self._unfold)
        self.field.installEventFilter(self)
        self.field.given.connect(self.given)
        self.shelf.entered.connect(self._post)
        self.shelf.left.connect(self._leave)
        self.shelf.changed.connect(self._shelf_changed)
        self.image.clicked.connect(self.asked)
        self.setAcceptDrops(True)
        self.happened.entered.connect(self._post)
        self.happened.left.connect(self._leave)
        self.post.clicked.connect(self._post)

    def _options_row(self) -> QWidget:
        px = theme().px
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        self.kind.setFixedWidth(px(152))
        for widget in (self.kind, self.happened, self.public, self.pinned):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.image)
        row.addWidget(self.post)
        return body

    def draft(self) -> Draft:
        """What stands here now."""
        return Draft(
            text=self.field.toPlainText(),
            update_type=self.kind.currentData(),
            is_public=self.public.isChecked(),
            is_pinned=self.pinned.isChecked(),
            happened=self.happened.text(),
            update_id=self._update_id,
            images=self.shelf.images(),
        )

    def take_draft(self, draft: Draft | None) -> None:
        """Show a draft, or an empty field."""
        draft = draft or Draft()
        self._busy = self._posts_then = False
        self._expected = 0
        self.post.setEnabled(True)
        self._update_id = draft.update_id
        self.field.setPlainText(draft.text)
        self.shelf.show_images(draft.images)
        self.kind.setCurrentIndex(self.kind.findData(draft.update_type))
        self.public.setChecked(draft.is_public)
        self.pinned.setChecked(draft.is_pinned)
        self.happened.setText(draft.happened)
        editing = bool(draft.update_id)
        self.kind.setEnabled(not editing)
        self.happened.setVisible(not editing)
        self.post.set_text("Save edit" if editing else "Post")
        self.words.hide()
        self._unfold()

    def write(self, *, public: bool = False) -> None:
        """Take the keyboard for a note, or for an update that everybody may read."""
        if public and not self._update_id and not self.field.toPlainText():
            self.kind.setCurrentIndex(self.kind.findData("communication"))
            self.public.setChecked(True)
        self.field.setFocus()
        self._unfold()

    def add_image(self, image: DraftImage) -> None:
        """Show one that the note is to show; one too many is refused."""
        if len(self.shelf.images()) >= IMAGES_LIMIT:
            self.refuse(f"Not added: a note takes {IMAGES_LIMIT} images; post it, write another.")
            return
        self.words.hide()
        self.shelf.add(image)

    def expect(self) -> None:
        """Images for this note are being made ready."""
        self._expected += 1
        self._expected_at_ms = self.now_ms
        self._say("The image is being made ready.")

    def ready(self) -> None:
        """What was expected is there, or was refused; post if somebody wanted to meanwhile."""
        self._expected = max(0, self._expected - 1)
        if self._posts_then and not self._expected:
            self._posts_then = False
            self._post()

    def edit(self, draft: Draft) -> None:
        """Edit an entry; what was being written comes back afterwards."""
        if not self._update_id:
            self._parked = self.draft()
        self.take_draft(draft)
        self._options.show()
        self._say("Editing an entry. What stood there before is kept below it.")
        self.field.setFocus()

    def settle(self) -> None:
        """It was kept: empty the field, or go back to what was being written before."""
        parked, self._parked = self._parked, None
        self.take_draft(parked)

    def _say(self, words: str) -> None:
        self.words.set_ink("tertiary")
        self.words.setText(words)
        self.words.show()

    def refuse(self, words: str) -> None:
        """Keep every word and say why it was not saved."""
        self._busy = self._posts_then = False
        self.post.setEnabled(True)
        self.words.set_ink("stale")
        self.words.setText(words)
        self.words.show()
        self.field.setAccessibleDescription(words)

    def _post(self) -> None:
        if self._busy:
            return
        if self._expected:
            if self.now_ms - self._expected_at_ms <= READY_WITHIN_MS:
                self._posts_then = True
                self._say("It is posted as soon as its image is ready.")
            else:
                self._expected = 0
                self.refuse("Not posted: the image never came; add it again, or post without it.")
            return
        try:
            entry = check_draft(self.draft(), self.now_ms)
        except Malformed as error:
            self.refuse(f"Not posted: {error.field} {error.problem}; {error.remedy}.")
            return
        self._busy = True
        self.post.setEnabled(False)
        self.words.hide()
        self.posted.emit(entry)

    def _leave(self) -> None:
        if self._update_id:
            self.settle()
        elif self.draft().is_empty:
            self.take_draft(None)
            self._options.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, from whatever part of it has the keyboard."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _shelf_changed(self) -> None:
        """Tab goes from the text to the images, and from them to the rest."""
        self._unfold()
        before: QWidget = self.field
        for row in self.shelf.rows():
            for widget in (row.caption, row.remove):
                QWidget.setTabOrder(before, widget)
                before = widget
        QWidget.setTabOrder(before, self.kind)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take images beside the field too."""
        if given_images(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """As if they were dropped into it."""
        event.acceptProposedAction()
        self.given.emit(given_images(event.mimeData()))

    def _unfold(self) -> None:
        if self.field.toPlainText() or self.field.hasFocus() or self.shelf.rows():
            self._options.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Unfold when the keyboard comes."""
        if event.type() == QEvent.Type.FocusIn:
            self._unfold()
        return False

    def paint(self, painter: QPainter) -> None:
        """Ground and line."""
        color = theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        fill(painter, 0, 0, self.width(), 1, color.hair)
