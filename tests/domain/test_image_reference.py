"""How notes name images; everything else that looks like one stays text."""

from __future__ import annotations

import pytest

from crisisdesk.domain.image_reference import (
    SHOWN_LIMIT,
    Reference,
    reference_to,
    references,
    with_references,
    without_references,
)

ONE, TWO = "IMG-" + "0" * 20, "IMG-" + "Z" * 20


def test_images_are_found_in_their_order_and_each_once() -> None:
    text = f"Seen:\n![the rack](image:{ONE}) and ![](image:{TWO})\n![again](image:{ONE})"
    assert references(text) == (Reference(ONE, "the rack"), Reference(TWO, ""))
    assert [r.words for r in references(text)] == ["image: the rack", "image"]
    many = "".join(reference_to(f"IMG-{n:020d}") for n in range(SHOWN_LIMIT + 5))
    assert len(references(many)) == SHOWN_LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://203.0.113.9/p.png)",
        "![x](https://example.org/p.png)",
        "![x](file:///etc/passwd)",
        "![x](data:image/png;base64,iVBORw0KGgo=)",
        "![x](IMG-00000000000000000000)",
        "![x](image:../../etc/passwd)",
        "![x](image:IMG-0000000000000000000)",
        "![x](image:IMG-0000000000000000000I)",
        "<img src='http://203.0.113.9/p.png'>",
        "[x](image:IMG-00000000000000000000)",
    ],
)
def test_nothing_else_is_an_image_and_its_text_stays(text: str) -> None:
    assert references(text) == ()
    assert without_references(text) == text


def test_the_text_beside_images_stays_and_lines_of_images_go() -> None:
    text = f"Before\n\n![a](image:{ONE})\n![b](image:{TWO}) \n\nAfter ![c](image:{ONE}), end"
    assert without_references(text) == "Before\n\nAfter [image: c], end"
    assert without_references(f"![a](image:{ONE})") == ""
    assert without_references("plain\n\n\n\ntext") == "plain\n\n\n\ntext"


def test_what_is_written_is_read_again() -> None:
    caption = "  a [rack]\n" + "x" * 300
    text = with_references("Words", [(ONE, caption), (TWO, "")])
    assert text.startswith("Words\n\n![a (rack) xxx")
    assert [r.image_id for r in references(text)] == [ONE, TWO]
    assert references(text)[0].caption == f"a (rack) {'x' * 191}"
    assert without_references(text) == "Words"
    assert with_references("", [(TWO, "")]) == f"![](image:{TWO})"
