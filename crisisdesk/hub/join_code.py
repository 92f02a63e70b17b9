"""The join code: all that another station needs to reach the hub, as one text to hand over.

Text of lines of 64: a prefix that names form and purpose, then base64 of a compressed JSON object
with a checksum before it. It is a secret: whoever has it can join.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, fields

PREFIX = "CDJOIN"
FORM = 1
_CHECK_BYTES = 8
_LINE = 64
_MOST_BYTES = 65_536


class BadJoinCode(ValueError):
    """The text is no join code that can be used; the message names what is wrong and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCode:
    """``url`` has no password in it. ``ca_pem`` is the certificate the hub's TLS is checked
    against, "" on loopback or for the system's own. ``fleet_key`` opens the vault's boxes."""

    url: str
    role: str
    password: str
    fleet_key: str
    ca_pem: str = ""

    def __repr__(self) -> str:
        return f"JoinCode(url={self.url!r}, role={self.role!r}, ...)"

    def text(self) -> str:
        """What is handed over."""
        packed = zlib.compress(json.dumps(asdict(self), sort_keys=True).encode(), 9)
        letters = base64.urlsafe_b64encode(_check(packed) + packed).decode("ascii").rstrip("=")
        whole = f"{PREFIX}{FORM}.{letters}.END"
        return "\n".join(whole[i : i + _LINE] for i in range(0, len(whole), _LINE))


def read_join_code(text: str) -> JoinCode:
    """The code in a text, wherever lines were broken; raises BadJoinCode."""
    bare = "".join(text.split())
    if not bare:
        raise BadJoinCode("join code: nothing was given; paste the whole code")
    head, dot, rest = bare.partition(".")
    if not head.startswith(PREFIX) or not dot:
        raise BadJoinCode(
            f"join code: the text does not begin with {PREFIX}; paste what "
            "`crisisdesk hub invite` has printed, from its first letter on"
        )
    if head != f"{PREFIX}{FORM}":
        raise BadJoinCode(
            f"join code: its form {head.removeprefix(PREFIX)[:8]} is unknown to this program; "
            "bring this station to the version of the one that made it"
        )
    letters, _dot, end = rest.partition(".")
    if end != "END":
        raise BadJoinCode("join code: its end is missing; copy all lines, up to .END")
    return _unpack(letters)


def _unpack(letters: str) -> JoinCode:
    damaged = "join code: it is damaged (its checksum differs); copy it once more"
    try:
        data = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadJoinCode(damaged) from error
    check, packed = data[:_CHECK_BYTES], data[_CHECK_BYTES:]
    if check != _check(packed):
        raise BadJoinCode(damaged)
    try:
        content = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
        names = {f.name for f in fields(JoinCode)}
        if not isinstance(content, dict) or content.keys() != names:
            raise ValueError("other fields")
        if not all(isinstance(value, str) for value in content.values()):
            raise ValueError("no text")
    except (ValueError, zlib.error) as error:
        raise BadJoinCode("join code: its content is of another form; make a new one") from error
    code = JoinCode(**content)
    for name in ("url", "role", "password", "fleet_key"):
        if not getattr(code, name):
            raise BadJoinCode(f"join code: its {name} is empty; make a new one")
    return code


def _check(packed: bytes) -> bytes:
    return hashlib.sha256(b"crisisdesk join code" + packed).digest()[:_CHECK_BYTES]
