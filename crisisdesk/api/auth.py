"""Who may ask for what: bearer tokens, their scopes, and the operator who acts."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from urllib.parse import unquote

from crisisdesk.api.answers import Refused
from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import Malformed

OPERATOR_HEADER = "X-CrisisDesk-Operator"
OPERATOR_LIMIT = 150
CHALLENGE = (b"www-authenticate", b'Bearer realm="CrisisDesk"')
_MACHINES = ("engine", "system")
_SOURCE_PREFIX = "source:"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Grant(StrEnum):
    """What a token opens: everything, or the intake routes alone."""

    DESK = "desk"
    INTAKE = "intake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """The tokens of this station. Empty tokens open nothing."""

    desk_token: str = field(repr=False)
    intake_tokens: tuple[str, ...] = field(default=(), repr=False)

    def grant(self, authorization: bytes | None) -> Grant | None:
        """What an ``Authorization`` opens: ``Bearer TOKEN``, or Basic with it as password."""
        if authorization is None:
            return None
        scheme, _, rest = authorization.partition(b" ")
        word = scheme.lower()
        if word == b"bearer":
            return self._of(rest.strip())
        if word != b"basic":
            return None
        try:
            pair = base64.b64decode(rest.strip(), validate=True)
        except (binascii.Error, ValueError):
            return None
        return self._of(pair.partition(b":")[2])

    def grant_of_token(self, token: str) -> Grant | None:
        """What a bare token opens, for protocols that carry it in the body."""
        return self._of(token.encode("utf-8", "surrogatepass"))

    def _of(self, token: bytes) -> Grant | None:
        """Compares with every token, so that the time taken tells nothing about them."""
        found: Grant | None = None
        for known in self.intake_tokens:
            if compare_digest(token, known.encode()) and known:
                found = Grant.INTAKE
        if compare_digest(token, self.desk_token.encode()) and self.desk_token:
            found = Grant.DESK
        return found


def unauthorized() -> Refused:
    """The answer to a request without a token that is known here."""
    return Refused(
        401,
        "Authorization",
        "brings no token that this station knows",
        'send "Authorization: Bearer TOKEN"',
        CHALLENGE,
    )


def forbidden() -> Refused:
    """The answer to a token that does not open this route."""
    return Refused(
        403,
        "Authorization",
        "is an intake token, which opens only the intake routes",
        "use the desk's token",
    )


def operator_name(header: str | None) -> str:
    """The operator who acts, out of the header's percent-encoded UTF-8; raises Refused 400."""
    if not header:
        raise Refused(
            400,
            OPERATOR_HEADER,
            "is missing",
            "name who acts, percent-encoded UTF-8",
        )
    if not header.isascii() or _BAD_ESCAPE.search(header):
        raise _bad("is not percent-encoded")
    try:
        name: str = tidy(unquote(header, errors="strict"), field=OPERATOR_HEADER).strip()
    except UnicodeDecodeError:
        raise _bad("is not UTF-8") from None
    except Malformed as error:
        raise _bad(error.problem) from None
    if not name or len(name) > OPERATOR_LIMIT:
        raise _bad(f"must have 1 to {OPERATOR_LIMIT} characters")
    if not name.isprintable():
        raise _bad("holds a control character")
    lowered = name.casefold()
    if lowered in _MACHINES or lowered.startswith(_SOURCE_PREFIX):
        raise _bad("is a name that only the station's own parts bear")
    return name


def _bad(problem: str) -> Refused:
    return Refused(400, OPERATOR_HEADER, problem, "name the person who acts, percent-encoded UTF-8")
