"""A document of headings, texts, tables and images, and how it is written as Markdown and HTML.

Everything in it is text that people typed or machines sent: nothing of it is ever taken for markup.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; ``number`` is that of a form's box, "" for none."""

    text: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph; line breaks in it stand."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Words with what is known of them."""

    pairs: Sequence[Pair]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under heads; ``shares`` are the columns' parts of the width."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image with words below it; ``name`` is that of its file, ``data`` its bytes in base64, ""
    where they are not here. Sizes are pixels."""

    caption: str
    name: str
    media: str = ""
    width: int = 0
    height: int = 0
    data: str = ""


Block = Heading | Text | Facts | Table | Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """``under`` stands below the title, ``mark`` opposite to it, ``foot`` at the end of a page."""

    title: str
    under: str
    mark: str = ""
    foot: str = ""
    blocks: Sequence[Block] = ()


# ------------------------------------------------------------------------------------- Markdown

# What means something to a Markdown reader wherever it stands in a line.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
# What means something only where a line begins.
_BEGINNING = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def image_files(document: Document) -> dict[str, bytes]:
    """The images of a document by the names of their files, for what cannot hold them itself."""
    images = (b for b in document.blocks if isinstance(b, Image) and b.data)
    return {image.name: base64.b64decode(image.data) for image in images}


def markdown(document: Document, folder: str = "images") -> str:
    """The document as Markdown (CommonMark, with the usual tables); ends with a line break.

    It names its images as files of a ``folder`` beside it; `image_files` gives them.
    """
    parts = [f"# {_inline(document.title)}", _inline(document.under)]
    parts += [_block_markdown(block, folder) for block in document.blocks]
    if document.foot:
        parts.append(_inline(document.foot))
    return "\n\n".join(part for part in parts if part) + "\n"


def _block_markdown(block: Block, folder: str) -> str:
    if isinstance(block, Heading):
        number = f"{block.number}. " if block.number else ""
        return f"## {number}{_inline(block.text)}"
    if isinstance(block, Text):
        # Two blanks at its end keep a line break.
        return "  \n".join(_escaped(line) for line in block.text.splitlines())
    if isinstance(block, Facts):
        return "\n".join(f"- **{_inline(w)}**: {_cell(t)}" for w, t in block.pairs)
    if isinstance(block, Image):
        said = _inline(block.caption)
        place = f"{quote(folder, safe='')}/{quote(block.name, safe='')}"
        return f"![{said}]({place})\n\n{said}" if block.data else said
    lines = [
        _row(block.heads),
        _row(["---"] * len(block.heads), raw=True),
        *(_row(row) for row in block.rows),
    ]
    return "\n".join(lines)


def _row(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(_cell, cells))} |"


def _cell(text: str) -> str:
    return "<br>".join(_inline(line) for line in text.splitlines())


def _inline(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    clean = "".join(c if c.isprintable() else " " for c in text)
    return _BEGINNING.sub(r"\1\\\2", _MARKS.sub(r"\\\1", clean))


# ----------------------------------------------------------------------------------------- HTML

_STYLE = (
    "body{font:11pt/1.45 sans-serif;color:#000;background:#fff;max-width:52em;margin:2em auto;"
    "padding:0 1em}h1{font-size:18pt;margin:0}h2{font-size:13pt;margin:1.4em 0 .3em;"
    "border-bottom:1px solid #000}p{white-space:pre-wrap;margin:.4em 0}.under{margin:.2em 0 1em}"
    "dl{display:grid;grid-template-columns:10em 1fr;gap:.15em .8em;margin:.3em 0}"
    "dt{font-weight:bold}dd{margin:0;white-space:pre-wrap}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.25em .6em .25em 0;white-space:pre-wrap;"
    "border-bottom:1px solid #999}tr{break-inside:avoid}.mark{float:right;font-weight:bold}"
    "figure{margin:.6em 0;break-inside:avoid}img{max-width:100%;max-height:60em;height:auto}"
)


def page(document: Document) -> str:
    """The document as one HTML page without anything from elsewhere and without scripts."""
    body = "\n".join(_block_html(block) for block in document.blocks)
    mark = f'<div class="mark">{html.escape(document.mark)}</div>' if document.mark else ""
    foot = f"<p>{html.escape(document.foot)}</p>" if document.foot else ""
    title = html.escape(document.title)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n{mark}<h1>{title}</h1>\n"
        f'<p class="under">{html.escape(document.under)}</p>\n{body}\n{foot}</body></html>\n'
    )


def _block_html(block: Block) -> str:
    if isinstance(block, Heading):
        number = f"{html.escape(block.number)}. " if block.number else ""
        return f"<h2>{number}{html.escape(block.text)}</h2>"
    if isinstance(block, Text):
        return f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Facts):
        pairs = "".join(
            f"<dt>{html.escape(word)}</dt><dd>{html.escape(text)}</dd>"
            for word, text in block.pairs
        )
        return f"<dl>{pairs}</dl>"
    if isinstance(block, Image):
        return _image_html(block)
    widths = "".join(f'<col style="width:{share}%">' for share in _percent(block.shares))
    heads = "".join(f"<th>{html.escape(head)}</th>" for head in block.heads)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in block.rows
    )
    return (
        f"<table><colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _image_html(image: Image) -> str:
    """The image itself stands in the page: nothing is loaded for it."""
    said = html.escape(image.caption)
    if not image.data:
        return f"<p>{said}</p>"
    source = f"data:{html.escape(image.media)};base64,{html.escape(image.data)}"
    size = f'width="{image.width}" height="{image.height}"'
    return (
        f'<figure><img src="{source}" {size} alt="{said}"><figcaption>{said}</figcaption></figure>'
    )


def _percent(shares: Sequence[int]) -> list[int]:
    whole = sum(shares)
    return [round(100 * share / whole) for share in shares]
