"""Counts, money and spans in the words that operators read and type."""

from __future__ import annotations

from crisisdesk.domain.errors import Malformed

# A narrow gap would vanish at 11 px; a plain blank would break the line inside a number.
GAP = "\u00a0"
_GROUP_MARKS = (" ", GAP, "\u202f", "\u2009", "'", "’", "_")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_CENTS_DIGITS = 2


def count_words(count: int) -> str:
    """18400 as ``18 400``."""
    return f"{count:,}".replace(",", GAP)


def money_words(cents: int | None) -> str:
    """4020050 cents as ``40 200.50``; "" when nobody has said."""
    if cents is None:
        return ""
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{count_words(whole // 100)}.{whole % 100:02d}"


def span_words(span_ms: int) -> str:
    """Milliseconds as ``58 s``, ``4 min``, ``1 h 51 min`` or ``2 d 3 h``, rounded down."""
    seconds = max(0, span_ms) // 1000
    for index, (size, unit) in enumerate(_UNITS):
        if seconds >= size:
            count, rest = divmod(seconds, size)
            if unit in ("d", "h"):
                smaller, word = _UNITS[index + 1]
                return (
                    f"{count} {unit} {rest // smaller} {word}"
                    if rest >= smaller
                    else f"{count} {unit}"
                )
            return f"{count} {unit}"
    return "0 s"


def _plain(text: str) -> str:
    for mark in _GROUP_MARKS:
        text = text.replace(mark, "")
    return text


def parse_count(text: str, field: str) -> int:
    """``18 400`` or ``18,400`` as 18400; blank is 0. Raises Malformed for anything else."""
    plain = _plain(text).replace(",", "")
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit()):
        raise Malformed(
            field, f"{text.strip()!r} is no whole number", "write digits, such as 18 400"
        )
    return int(plain)


def parse_money(text: str, field: str) -> int | None:
    """``40 200``, ``40 200.5`` or ``40,200.50`` as cents; blank is None (nobody has said).

    A comma with exactly two digits after it and no dot in sight is taken as a decimal mark.
    """
    plain = _plain(text)
    if not plain:
        return None
    if "." not in plain and plain.count(",") == 1 and len(plain.partition(",")[2]) == _CENTS_DIGITS:
        plain = plain.replace(",", ".")
    whole, dot, cents = plain.replace(",", "").partition(".")
    fits = len(cents) <= _CENTS_DIGITS and (whole or cents)
    if not fits or not (whole + cents).isascii() or not (whole + cents).isdigit():
        raise Malformed(field, f"{text.strip()!r} is no amount", "write it as 40 200.00")
    if dot and not cents:
        raise Malformed(field, f"{text.strip()!r} ends in a dot", "write it as 40 200.00")
    return int(whole or 0) * 100 + int(cents.ljust(_CENTS_DIGITS, "0"))
