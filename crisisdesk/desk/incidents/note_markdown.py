"""Notes in Markdown as styled words: what CommonMark says of them, and nothing that is fetched.

Strong words and headings are strong, code is mono, items of lists stand behind a bullet or their
number, links show where they lead. HTML and images stay the text that they are (those of the notes
themselves were taken out before, see `image_reference`). Lines break where their author broke them.
Source: CommonMark 0.31, read by markdown-it-py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from crisisdesk.domain.told import Segment, SegmentStyle, plain

_SIGNS = re.compile(r"[*_`\\&\[<]")
_BLOCKS = re.compile(r"^ {0,3}(?:[-+*>#=~`_]|\d{1,9}[.)])|^(?: {4}|\t)", re.MULTILINE)
_BULLET, _INDENT, _QUOTE, _RULE = "\u2022 ", "  ", "\u2502 ", "\u2014\u2014\u2014"
Piece = tuple[str, SegmentStyle]


@cache
def _reader() -> MarkdownIt:
    # An image is shown by its own sign alone; one of the web must not become a mere link either.
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def marked_line(text: str) -> tuple[Segment, ...]:
    """One line, such as a title: strong words and code only."""
    if not _SIGNS.search(text):
        return (plain(text),)
    [token] = _reader().parseInline(text)
    return _joined(_inline(token))


def marked(text: str) -> tuple[Segment, ...]:
    """A whole note, with line breaks in it."""
    if not (_SIGNS.search(text) or _BLOCKS.search(text)):
        return (plain(text),) if text else ()
    return _joined(_blocks(_reader().parse(text)))


def _joined(pieces: Iterator[Piece]) -> tuple[Segment, ...]:
    """Neighbours of one style as one; no blank line at the end."""
    runs = groupby(pieces, key=lambda piece: piece[1])
    found = [("".join(text for text, _ in run), style) for style, run in runs]
    if found:
        found[-1] = (found[-1][0].rstrip("\n"), found[-1][1])
    return tuple(Segment(text=text, style=style) for text, style in found if text)


def _blocks(tokens: list[Token]) -> Iterator[Piece]:
    lists: list[int | None] = []
    quotes, lead, strong = 0, "", False
    for token in tokens:
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrGet("start") or 1) if kind[0] == "o" else None)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            if not lists:
                yield "\n", "plain"
        elif kind == "list_item_open":
            number = lists[-1]
            lead = _INDENT * (len(lists) - 1) + (_BULLET if number is None else f"{number}. ")
            lists[-1] = None if number is None else number + 1
        elif kind in {"blockquote_open", "blockquote_close"}:
            quotes += 1 if kind.endswith("open") else -1
        elif kind in {"heading_open", "heading_close"}:
            strong = kind.endswith("open")
        elif kind in {"inline", "fence", "code_block", "hr"}:
            margin = _QUOTE * quotes + (lead or _INDENT * len(lists))
            lead = ""
            yield from _led(token, margin, strong=strong)
            yield ("\n" if lists or strong else "\n\n"), "plain"


def _led(token: Token, margin: str, *, strong: bool) -> Iterator[Piece]:
    """What a block says behind its margin, which later lines keep as blanks."""
    if margin:
        yield margin, "plain"
    if token.type == "hr":
        yield _RULE, "plain"
    elif token.type == "inline":
        later = "\n" + "".join(c if c == _QUOTE[0] else " " for c in margin)
        for text, style in _inline(token):
            yield text.replace("\n", later), ("strong" if strong else style)
    else:
        yield token.content.rstrip("\n"), "mono"


def _inline(token: Token) -> Iterator[Piece]:
    depth, link = 0, ""
    for child in token.children or ():
        if child.type in {"strong_open", "strong_close"}:
            depth += child.nesting
        elif child.type == "link_open":
            link = str(child.attrGet("href") or "")
        elif child.type == "link_close":
            yield f" ({link})", "mono"
        elif child.type in {"softbreak", "hardbreak"}:
            yield "\n", "plain"
        elif child.content:
            style: SegmentStyle = "mono" if child.type == "code_inline" else "plain"
            yield child.content, ("strong" if depth and style == "plain" else style)
