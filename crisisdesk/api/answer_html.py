"""The pages behind the links of a page: plain HTML for a telephone, nothing loaded, no scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root{color-scheme:light dark}
body{font:1.05rem/1.45 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:1.25rem}
h1{font-size:1.3rem;line-height:1.3;margin:.25rem 0 1rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem;margin:0 0 1.5rem}
dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
.severity{font-weight:700;letter-spacing:.04em;text-transform:uppercase}
button{font:inherit;font-weight:600;width:100%;min-height:3.2rem;margin:0 0 .8rem;padding:.6rem;
border:2px solid;border-radius:.5rem;background:none;color:inherit;cursor:pointer}
button.first{background:#1f5fbf;border-color:#1f5fbf;color:#fff}
button:focus-visible{outline:3px solid #e0a020;outline-offset:2px}
h2{font-size:1rem;font-weight:400;opacity:.75;margin:0 0 .35rem}
ul{padding-left:1.2rem;margin:0 0 1.5rem;overflow-wrap:anywhere}li{margin:0 0 .3rem}
p.foot{opacity:.7;font-size:.9rem}
"""
_ITEMS = "In the same message"
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    # The button of a push message is pressed from the page of its server; the token is the right.
    "Access-Control-Allow-Origin": "*",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page in words. ``facts`` are (name, value), ``items`` a list below them, ``buttons``
    (label, path to POST to); the first is the one the link was for."""

    head: str
    severity: str = ""
    text: str = ""
    facts: Sequence[tuple[str, str]] = ()
    items: Sequence[str] = ()
    buttons: Sequence[tuple[str, str]] = ()
    foot: str = ""


def html_of(page: Page) -> str:
    """The whole document; every word is escaped."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="robots" content="noindex, nofollow">',
        f"<title>{escape(page.head)}</title><style>{_STYLE}</style></head><body><main>",
    ]
    if page.severity:
        parts.append(f'<p class="severity">{escape(page.severity)}</p>')
    parts.append(f"<h1>{escape(page.head)}</h1>")
    if page.text:
        parts.append(f'<p role="status">{escape(page.text)}</p>')
    if page.facts:
        told = (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in page.facts)
        parts.append(f"<dl>{''.join(told)}</dl>")
    if page.items:
        parts.append(f"<h2>{_ITEMS}</h2>")
        parts.append(f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in page.items)}</ul>")
    for index, (label, path) in enumerate(page.buttons):
        first = "" if index else ' class="first"'
        parts.append(
            f'<form method="post" action="{escape(path)}">'
            f"<button{first}>{escape(label)}</button></form>"
        )
    if page.foot:
        parts.append(f'<p class="foot">{escape(page.foot)}</p>')
    return "\n".join([*parts, "</main></body></html>\n"])
