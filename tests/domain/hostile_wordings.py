"""Texts that want to be more than words: those of a dozen languages of templates, and mixtures."""

from __future__ import annotations

import random

FRAGMENTS = (
    "{title.__class__.__mro__}",
    "{title.__init__.__globals__[SECRET]}",
    "{title[0]}",
    "{title!r}",
    "{title:>99999999}",
    "{title:{severity}}",
    "{0}",
    "{}",
    "{ title }",
    "{TITLE}",
    "{title\n}",
    "{__import__('os').system('id')}",
    "{{{{{{7*7}}}}}}",
    "{{7*7}}",
    "{{ config.items() }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{# comment #}",
    "${7*7}",
    "${jndi:ldap://127.0.0.1/a}",
    "$HOME $(id) `id`",
    "%(title)s %s %n %c",
    "#{7*7}",
    "*{T(java.lang.Runtime).getRuntime().exec('id')}",
    "<%= File.read('/etc/passwd') %>",
    "<?php system('id'); ?>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](file:///etc/passwd)",
    "[x](javascript:alert(1))",
    "@import url(file:///etc/passwd)",
    "{title",
    "title}",
    "}{",
    "{{title}",
    "{title}}",
    "{title}{severity}",
    "{{title}} and {title}",
    "\\{title\\}",
    "{\u200btitle}",
    "{titl\u0435}",
    "\x00{title}\x1b]0;x\x07",
    "\ud7ff\ufffe{title}",
    "{" * 300,
    "{title}" * 60,
)


def wordings(count: int, seed: int = 64) -> list[str]:
    """So many different ones, the same each time."""
    pick = random.Random(seed)
    made = dict.fromkeys(FRAGMENTS)
    while len(made) < count:
        parts = [pick.choice(FRAGMENTS) for _ in range(pick.randint(2, 3))]
        made[pick.choice(("", " ", "\n")).join(parts)] = None
    return list(made)[:count]
