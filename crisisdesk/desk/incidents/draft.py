"""What stands in the note composer, and what it means once it may be sent."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.desk.incidents.times import parse_happened
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import ImageFile
from crisisdesk.domain.signal import TITLE_LIMIT

# So many images are added to one note at once: more would leave no room to see the timeline.
IMAGES_LIMIT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftImage:
    """An image that is to be shown by a note, made ready to be kept; ``thumb`` is a small PNG."""

    file: ImageFile
    thumb: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stands in the composer. ``update_id`` is set while an entry is being edited."""

    text: str = ""
    update_type: str = "note"
    is_public: bool = False
    is_pinned: bool = False
    happened: str = ""
    update_id: str = ""
    images: tuple[DraftImage, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.text.strip() or self.update_id or self.images)

    def split(self) -> tuple[str, str]:
        """Title and description: the first line, and the rest; images alone name themselves."""
        title, _, rest = self.text.strip().partition("\n")
        if not title and self.images:
            captions = "; ".join(i.caption.strip() for i in self.images if i.caption.strip())
            many = len(self.images)
            title = captions[:TITLE_LIMIT] or ("Image" if many == 1 else f"{many} images")
        return title.strip(), rest.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A draft that may be sent. ``happened_at`` is UTC ms, None for now."""

    title: str
    description: str
    update_type: str
    is_public: bool
    is_pinned: bool
    happened_at: int | None
    update_id: str
    images: tuple[DraftImage, ...] = ()


def check_draft(draft: Draft, now_ms: int) -> Entry:
    """The entry a draft means; raises Malformed naming what is wrong with it."""
    title, description = draft.split()
    if not title:
        raise Malformed("text", "is empty", "write at least one word, or add an image")
    if len(title) > TITLE_LIMIT:
        remedy = f"end it within {TITLE_LIMIT} and go on in the next line"
        raise Malformed("first line", f"has {len(title)} characters", remedy)
    return Entry(
        title=title,
        description=description,
        update_type=draft.update_type,
        is_public=draft.is_public,
        is_pinned=draft.is_pinned,
        happened_at=parse_happened(draft.happened, now_ms),
        update_id=draft.update_id,
        images=draft.images,
    )
