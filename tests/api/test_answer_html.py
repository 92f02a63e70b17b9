"""The pages behind links: every word escaped, nothing loaded, nothing run."""

from __future__ import annotations

import base64
import hashlib
import re

from crisisdesk.api.answer_html import HEADERS, Page, html_of

NASTY = "<script>alert(1)</script>\"'&"


def test_every_word_is_escaped() -> None:
    page = Page(
        head=NASTY,
        severity=NASTY,
        text=NASTY,
        facts=[(NASTY, NASTY)],
        items=[NASTY],
        buttons=[(NASTY, NASTY)],
        foot=NASTY,
    )
    text = html_of(page)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 10
    assert "\"'&" not in text


def test_the_policy_lets_nothing_in_but_its_own_style() -> None:
    (style,) = re.findall("<style>(.*?)</style>", html_of(Page(head="x")), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = HEADERS["Content-Security-Policy"]
    assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert HEADERS["Cache-Control"] == "no-store"


def test_it_loads_nothing_and_fits_a_telephone() -> None:
    text = html_of(Page(head="x", buttons=[("I have it", "t1"), ("Not me, next", "t2")]))
    assert not re.search(r"(?:src|href)=|url\(|@import|https?://", text)
    assert "width=device-width" in text
    assert text.count('<form method="post"') == 2
    assert text.index("I have it") < text.index("Not me, next")
    assert text.count('class="first"') == 1
