"""A document as JSON, so that the program that has it can hand it to the one that can draw it."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.papers.document import Block, Document, Facts, Heading, Image, Table, Text

_BLOCKS: dict[str, type[Any]] = {cls.__name__: cls for cls in (Heading, Text, Facts, Table, Image)}


def document_json(document: Document) -> str:
    """One JSON object; ``document_of`` reads it."""
    told: dict[str, Any] = {f.name: getattr(document, f.name) for f in fields(Document)}
    told["blocks"] = [
        {"block": type(block).__name__} | {f.name: getattr(block, f.name) for f in fields(block)}
        for block in document.blocks
    ]
    return json.dumps(told, ensure_ascii=False)


def document_of(text: str) -> Document:
    """The document again; raises Malformed for anything else."""
    try:
        told = json.loads(text)
        blocks = [_block_of(dict(block)) for block in told.pop("blocks")]
        return Document(**told, blocks=blocks)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Malformed("document", "is none", "hand on what `document_json` gave") from error


def _block_of(told: dict[str, Any]) -> Block:
    cls = _BLOCKS[told.pop("block")]
    block: Block = cls(**told)
    return block
