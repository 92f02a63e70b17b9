"""How the Markdown of a note names its images: ``![caption](image:IMG-...)``.

Nothing else is ever shown as an image: an address of the web, a file or data in the text stays the
text that it is, and nothing is fetched for it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SCHEME = "image:"
CAPTION_LIMIT = 200
SHOWN_LIMIT = 20
_ID = r"IMG-[0-9A-HJKMNP-TV-Z]{20}"
_REFERENCE = re.compile(rf"!\[([^\[\]\n]{{0,{CAPTION_LIMIT}}})\]\({SCHEME}({_ID})\)")
_ALONE = re.compile(rf"^[ \t]*(?:{_REFERENCE.pattern}[ \t]*)+$\n?", re.MULTILINE)


class Reference(NamedTuple):
    """An image that a note shows; the caption is "" where nobody wrote one."""

    image_id: str
    caption: str

    @property
    def words(self) -> str:
        """For where there is no image: a line of text, a screen reader."""
        return f"image: {self.caption}" if self.caption else "image"


def references(text: str) -> tuple[Reference, ...]:
    """The images that a text shows, in its order, each once, at most `SHOWN_LIMIT`."""
    found: dict[str, Reference] = {}
    for caption, image_id in _REFERENCE.findall(text):
        found.setdefault(image_id, Reference(image_id, caption.strip()))
    return tuple(found.values())[:SHOWN_LIMIT]


def without_references(text: str) -> str:
    """The text for where its images stand below it: lines of images go, others name them."""
    rest = _REFERENCE.sub(lambda found: _named(found[1]), _ALONE.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", rest).strip("\n") if rest != text else text


def _named(caption: str) -> str:
    return f"[{Reference('', caption.strip()).words}]"


def reference_to(image_id: str, caption: str = "") -> str:
    """The Markdown that shows an image; what would end the caption is written otherwise."""
    plain = " ".join(caption.replace("[", "(").replace("]", ")").split())
    return f"![{plain[:CAPTION_LIMIT]}]({SCHEME}{image_id})"


def with_references(text: str, shown: list[tuple[str, str]]) -> str:
    """A note's text with (id, caption) of more images below it."""
    lines = [reference_to(image_id, caption) for image_id, caption in shown]
    return "\n\n".join(part for part in (text.rstrip(), "\n".join(lines)) if part)
