"""The help pages as text: which there are, what they are called, what links mean, what is found."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from crisisdesk.settings.places import resource_path

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = "index"
OUTSIDE_SCHEMES = frozenset({"http", "https", "mailto"})
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
_ITEM = re.compile(r"( *)(?:[-*+]|\d+[.)]) +")
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*$")
_HEAD = re.compile(r"^# .*$", re.MULTILINE)
_LINE_MARKS = re.compile(r"^#+ |^\s*[-*] |^\s*\d+\. |^[\s|:-]+$|\|", re.MULTILINE)
_WORD_MARKS = re.compile(r"[*`]+")
_AROUND = 34


class HelpPage(NamedTuple):
    """One page: ``name`` is its file below the help folder without suffix, ``text`` Markdown."""

    name: str
    title: str
    text: str


class Hit(NamedTuple):
    """A page that was found, and the words around the first place in it ("" when in its title)."""

    page: HelpPage
    excerpt: str = ""


class Target(NamedTuple):
    """Where a link leads: a page of ours, an address outside, or nowhere (``why`` says it)."""

    kind: Literal["page", "outside", "nowhere"]
    page: str = ""
    fragment: str = ""
    url: str = ""
    why: str = ""


def help_root() -> Path:
    """The folder of the pages, installed or in a checkout."""
    return resource_path("help")


@cache
def load_pages(root: Path) -> tuple[HelpPage, ...]:
    """The pages directly in a folder: the first page, those it links in its order, the rest."""
    found = {path.stem: read_page(root, path.stem) for path in sorted(root.glob("*.md"))}
    order: dict[str, None] = {}
    if FIRST in found:
        order[FIRST] = None
        for match in _LINK.finditer(found[FIRST].text):
            target = resolve(root, FIRST, match[2])
            if target.page in found:
                order.setdefault(target.page)
    return tuple(found[name] for name in [*order, *(name for name in found if name not in order)])


def read_page(root: Path, name: str) -> HelpPage:
    """One page by its name, also in a folder below; raises OSError when it cannot be read."""
    text = (root / f"{name}.md").read_text(encoding="utf-8")
    head = next((line for line in text.splitlines() if line.startswith("# ")), f"# {name}")
    return HelpPage(name, head[2:].strip(), text)


def links(page: HelpPage) -> list[str]:
    """The addresses of all links and pictures of a page, as written."""
    return [match[2] for match in _LINK.finditer(page.text)]


def file_below(root: Path, current: str, address: str) -> Path | None:
    """The existing file a relative address on a page names; None for all that is not below root."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = (root / current).parent.joinpath(unquote(parts.path)).resolve()
    return path if path.is_relative_to(root.resolve()) and path.is_file() else None


def resolve(root: Path, current: str, address: str) -> Target:
    """What a link on the page ``current`` means; nothing is opened."""
    parts = urlsplit(address)
    if parts.scheme in OUTSIDE_SCHEMES:
        return Target("outside", url=address)
    if not parts.scheme and not parts.netloc and not parts.path:
        return Target("page", current, parts.fragment)
    path = file_below(root, current, address)
    if path is not None and path.suffix == ".md":
        name = path.relative_to(root.resolve()).with_suffix("").as_posix()
        return Target("page", name, parts.fragment)
    return Target("nowhere", url=address, why=f"{address} is no page of this help")


def slug(heading: str) -> str:
    """The fragment that names a heading: small letters, digits, hyphens for blanks."""
    kept = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return kept.strip().replace(" ", "-")


def plain(text: str) -> str:
    """The words below a page's title without its marks, on one line, for search."""
    text = _LINK.sub(r"\1", _HEAD.sub("", text, count=1))
    return " ".join(_WORD_MARKS.sub("", _LINE_MARKS.sub(" ", text)).split())


def query_words(query: str) -> list[str]:
    """The words of a query in lower case."""
    return query.casefold().split()


def search(pages: Sequence[HelpPage], query: str) -> list[Hit]:
    """Pages that hold every word of the query, those with all in their title first.

    An empty query finds every page in its order.
    """
    words = query_words(query)
    if not words:
        return [Hit(page) for page in pages]
    titled, others = [], []
    for page in pages:
        title, text = page.title.casefold(), plain(page.text)
        low = text.casefold()
        if all(word in title for word in words):
            titled.append(Hit(page))
        elif all(word in low or word in title for word in words):
            others.append((-sum(low.count(word) for word in words), page, text))
    others.sort(key=lambda entry: entry[0])
    return [*titled, *(Hit(page, _excerpt(text, words)) for _, page, text in others)]


def _excerpt(text: str, words: list[str]) -> str:
    low = text.casefold()
    at = min((place for word in words if (place := low.find(word)) >= 0), default=0)
    start = max(0, at - _AROUND)
    if start:
        start = text.find(" ", start, at) + 1 or at
    return ("…" if start else "") + text[start : start + 4 * _AROUND]


class _Regular:
    """Lines written so far, the indent of the list item they are in, and the fence that is open."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.offset = 0
        self.fence = ""
        self.verbatim = False

    def take(self, line: str, below: str) -> None:
        """Write one line; ``below`` is the next."""
        indent, blank = len(line) - len(line.lstrip()), not line.strip()
        cut = line[: self.offset] + line[self.offset + 4 :]
        if self.fence and (blank or indent >= self.offset + 4):
            self.out.append(cut)
            return
        self.close()
        apart = not self.out or not self.out[-1].strip()
        if line.lstrip().startswith("```"):
            self.verbatim = not self.verbatim
        elif not self.verbatim and not blank:
            if apart and indent >= self.offset + 4:
                self.fence = " " * self.offset + "```"
                self.out.extend((self.fence, cut))
                return
            self._prose(line, below, apart=apart)
        self.out.append(line)

    def _prose(self, line: str, below: str, *, apart: bool) -> None:
        item = _ITEM.match(line)
        if item:
            self.offset = len(item[0])
        elif apart and len(line) - len(line.lstrip()) < self.offset:
            self.offset = 0
        elif not apart and "|" in line and "|" in below and _RULE.match(below):
            self.out.append("")

    def close(self) -> None:
        """End an open fence before the blank lines that follow it."""
        if not self.fence:
            return
        at = len(self.out)
        while at and not self.out[at - 1].strip():
            at -= 1
        self.out.insert(at, self.fence)
        self.fence = ""


def regular(text: str) -> str:
    """The same Markdown with fenced code for indented, and a blank line before each table.

    Qt gives indented code no mark of its own and sees no table that follows a paragraph at once.
    """
    lines, written = text.splitlines(), _Regular()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        written.take(line, below)
    written.close()
    return "\n".join(written.out) + "\n"
