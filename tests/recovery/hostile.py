"""Arguments that want to be more than text: a fixed list, and put together as many as wanted."""

from __future__ import annotations

import random

WORDS = (
    "; reboot",
    "$(reboot)",
    "`reboot`",
    "&& rm -rf /",
    "| sh",
    "\n/bin/sh -c id",
    "' OR '1'='1",
    "'; DROP TABLE orders; --",
    '" --exec=/bin/sh',
    "--help",
    "-rf",
    "../../etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc",
    "{target}",
    "{{7*7}}",
    "${HOME}",
    "$IFS",
    "%(target)s",
    "%n%n%n%s",
    "\x00",
    "\x1b[2J",
    "\u202egnp.exe",
    "\ufeff",
    "\u200b",
    "*",
    "~root",
    "\\\\host\\share",
    "http://evil.example/",
    "@evil.example",
    "#fragment",
    "?a=b&c=d",
    "#!/bin/sh",
    "<!--#exec cmd='id' -->",
    "\ud800",
    "é" * 80,
    "a" * 300,
    " ",
    "",
    "\t",
    "\r\nX-Injected: 1",
    "=cmd|' /C calc'!A0",
    "//evil.example/x",
    "127.0.0.1 evil",
    "null",
    "true",
    "LD_PRELOAD=/tmp/x.so",
)


def arguments(count: int, seed: int = 6) -> list[str]:
    """So many of them, the same each time."""
    pick = random.Random(seed)
    made = list(WORDS)
    while len(made) < count:
        parts = [pick.choice(WORDS) for _ in range(pick.randint(1, 3))]
        made.append(pick.choice(("", "db2", "a ")).join(["", *parts]) + pick.choice(("", "x")))
    return made[:count]
