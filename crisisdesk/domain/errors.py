"""What can be wrong with a request, as the domain sees it.

    DomainError            a request that was refused; nothing changed
    +-- Malformed          a field's value cannot be used
    +-- NotFound           what the request names does not exist
    +-- Conflict           the thing is not in a state that allows this

Every one names the field, the problem and the remedy, in words an operator can act on.
"""

from __future__ import annotations


class DomainError(Exception):
    """A refused request; the message is made of field, problem and remedy."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem}; {remedy}")
        self.field = field
        self.problem = problem
        self.remedy = remedy


class Malformed(DomainError):
    """A field's value cannot be used."""


class NotFound(DomainError):
    """What the request names does not exist here."""


class Conflict(DomainError):
    """The thing is not in a state that allows this."""
