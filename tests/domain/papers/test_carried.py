"""What is handed on as a document is one, or is refused."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.papers.carried import document_json, document_of
from crisisdesk.domain.papers.document import Block, Document, Heading, Table


def test_it_comes_back_as_it_was():
    blocks: list[Block] = [
        Heading(text="A", number="1"),
        Table(heads=["x"], rows=[["1"]], shares=[1]),
    ]
    document = Document(title="t", under="u", mark="m", foot="f", blocks=blocks)
    assert document_of(document_json(document)) == document


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"title": "t", "under": "u", "blocks": [{"block": "Document"}]}',
     '{"title": "t", "under": "u", "blocks": [], "more": 1}'],
)  # fmt: skip
def test_anything_else_is_refused(text: str):
    with pytest.raises(Malformed, match="document"):
        document_of(text)
