"""Taking secrets out of text that people or files will see: logs, provider answers, reports.

Deliberately greedy: a masked harmless word costs nothing, a leaked token costs a pager account.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

MASK = "***"
EXACT_LIMIT = 4

_SECRET_NAME = (
    r"password|passwd|passphrase|passcode|secret|token|api[_-]?key|access[_-]?key|"
    r"(?:routing|integration|service|signing|private|account|auth|user|vault)[_-]?key|"
    r"credential|authorization|set-cookie|session[_-]?id|signature|"
    r"x-[\w-]{0,40}(?:key|token|secret|auth)|"
    r"(?<![a-z])(?:pass|pwd|sig|dsn|cookie|session|bearer)"
)
_SECRET_KEY = re.compile(
    rf"(?:^|[_.-])(?:{_SECRET_NAME}|phone(?:_?number)?|msisdn|mobile)s?$", re.IGNORECASE
)
_CHANNEL_SCHEMES = (
    "mailtos?|twilio|vonage|nexmo|slack|workflows?|pagerduty|opsgenie|ntfys?|gotifys?|pover|discord|"
    "splunk|victorops|jira|jsons?|sns|fcm|tgram|msteams|gchat|pushbullet|signals?|whatsapp|webhooks?"
)
_HOSTED_TOKENS = (
    r"hooks\.slack\.com/(?:services|workflows|triggers)|"
    r"(?:discord|discordapp)\.com/api(?:/v\d+)?/webhooks|"
    r"[\w.-]{0,80}webhook\.office\.com|[\w.-]{0,80}logic\.azure\.com|[\w.-]{0,80}powerplatform\.com|"
    r"hooks\.zapier\.com/hooks|maker\.ifttt\.com/trigger|api\.telegram\.org|"
    r"alert\.victorops\.com/integrations|api\.twilio\.com/[\w-]+/Accounts|"
    r"chat\.googleapis\.com|ntfy\.sh|api\.pushover\.net"
)

_PLAIN_PARAMETERS = frozenset(
    {"to", "from", "cc", "bcc", "name", "smtp", "mode", "format", "reply"}
)

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_RULES: tuple[Rule, ...] = (
    # Links and mail codes by which pages are answered.
    (re.compile(r"((?:/a/|\bcd\.))[A-Za-z0-9_-]{40}(?![A-Za-z0-9_-])"), rf"\1{MASK}"),
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*KEY-----|\Z)", re.DOTALL
        ),
        MASK,
    ),
    (re.compile(rf"\b({_CHANNEL_SCHEMES})://[^\s\"'<>]+", re.IGNORECASE), rf"\1://{MASK}"),
    (re.compile(rf"\b({_HOSTED_TOKENS})[^\s\"'<>]*", re.IGNORECASE), rf"\1/{MASK}"),
    (re.compile(r"(?<=://)[^\s/?#\"'<>]*@"), f"{MASK}@"),
    (re.compile(r"(/(?:services|webhooks)/)[\w-]{5,}/[\w/-]+"), rf"\1{MASK}"),
    (
        re.compile(
            r"((?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{0,40}(?:key|token|secret|auth))"
            r"(\\?[\"']?\s*[:=,]\s*b?\\?[\"']?)(?:[^\r\n\"'\\]|\\(?![\"'rn]))+",
            re.IGNORECASE,
        ),
        rf"\1\2{MASK}",
    ),
    (
        re.compile(
            r"\b(bearer|basic|geniekey|apikey|digest|token)\s+(?=[^\s]*[\d=._-])[\w.~+/=:-]{8,}",
            re.IGNORECASE,
        ),
        rf"\1 {MASK}",
    ),
    (
        re.compile(
            rf"((?:{_SECRET_NAME})s?)"
            r"(\\?[\"']?\s*(?:=>|:=|=|:)\s*b?)"
            r"(?:\\?\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s&,;}\])\"']+)",
            re.IGNORECASE,
        ),
        rf"\1\2{MASK}",
    ),
    (
        re.compile(
            rf"((?<![\w-])--?(?:[\w-]{{0,40}}-)?(?:{_SECRET_NAME}))\s+(?!-)\S+", re.IGNORECASE
        ),
        rf"\1 {MASK}",
    ),
    # Providers quote what they reject in brackets.
    (re.compile(r"\([^()\n]{1,300}\)(?= (?:was|is) (?:specified|provided|invalid))"), f"({MASK})"),
    (
        re.compile(r"([?&;](?:key|code|sig|auth|t|k|pw|u)=)[^&\s\"'#<>]+", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    (
        re.compile(
            r"\b(?:xox[a-z]-[\w-]+|xapp-[\w-]+|SG\.[\w-]{10,}\.[\w-]{10,}|A[KS]IA[0-9A-Z]{12,}|"
            r"gh[a-z]_\w{20,}|github_pat_\w+|glpat-[\w-]{10,}|(?:AC|SK)[0-9a-f]{32}|"
            r"eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?|sk-[\w-]{16,}|tk_[a-z0-9]{20,}|"
            r"\d{8,10}:[\w-]{35})(?![\w])"
        ),
        MASK,
    ),
    (re.compile(r"(?:(?<![\w.:])\+|\b00|%2B|tel:)\d[\d ().-]{5,18}\d", re.IGNORECASE), MASK),
    (re.compile(r"(?<![\w.-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w.-])"), MASK),
    (
        re.compile(r"\b(to|from|phone|msisdn|mobile|number)(\W{1,4})\d{8,15}\b", re.IGNORECASE),
        rf"\1\2{MASK}",
    ),
)


def redact(text: str, exact: Iterable[str] = ()) -> str:
    """The text with known secrets (``exact``) and everything that looks like one masked.

    Known are: userinfo and token parameters of URLs, whole channel addresses, credential headers,
    bearer tokens, named passwords and keys (DSN, JSON, command line), provider tokens, private key
    blocks and telephone numbers.
    """
    for secret in exact:
        text = text.replace(secret, MASK)
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact_value(value: object, exact: Iterable[str] = (), depth: int = 8) -> object:
    """The same for a JSON-like value: masks by key name too; what is not JSON becomes its repr.

    Deeper than ``depth`` levels the rest is written as text.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return redact(value, exact)
    if isinstance(value, (bytes, bytearray)):
        return redact(bytes(value).decode("utf-8", "backslashreplace"), exact)
    if depth > 0 and isinstance(value, Mapping):
        return {
            redact(str(key), exact): MASK
            if _SECRET_KEY.search(str(key)) and item is not None
            else redact_value(item, exact, depth - 1)
            for key, item in value.items()
        }
    if depth > 0 and isinstance(value, (list, tuple, set, frozenset)):
        return [redact_value(item, exact, depth - 1) for item in value]
    return redact(repr(value), exact)


def shapes_of(secret: str) -> tuple[str, ...]:
    """The ways one secret is written in logs: plain, URL-quoted, escaped, base64; longest first.

    Secrets shorter than 4 characters give nothing: masking them would shred every text.
    """
    if len(secret) < EXACT_LIMIT:
        return ()
    raw = secret.encode("utf-8", "surrogatepass")
    shapes = {
        secret,
        quote(raw, safe=""),
        quote(raw, safe="/"),
        quote_plus(raw),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        base64.b64encode(raw).decode("ascii"),
        base64.urlsafe_b64encode(raw).decode("ascii"),
    }
    return tuple(sorted(shapes, key=len, reverse=True))


def secrets_in_url(url: str) -> tuple[str, ...]:
    """The parts of a channel address that are secrets or may be: passwords, tokens, long segments.

    An address that cannot be taken apart is given back whole.
    """
    try:
        parts = urlsplit(url)
        host, user, password = parts.hostname or "", parts.username or "", parts.password or ""
    except ValueError:
        return (url,)
    mail = parts.scheme.lower().startswith("mailto")
    found = {url, password}
    if not mail:
        found.add(user)
    # urlsplit lowers the host, but a token standing there is case-sensitive.
    authority = parts.netloc.rpartition("@")[2]
    if "." not in host and host != "localhost":
        found.update({authority, authority.partition(":")[0]})
    segments = [part for part in f"{parts.path}/{parts.fragment}".split("/") if part]
    values = [
        value for key, value in parse_qsl(parts.query) if key.lower() not in _PLAIN_PARAMETERS
    ]
    found.update(part for part in [*segments, *values] if len(part) >= 8)
    found.update(unquote(part) for part in tuple(found))
    return tuple(
        sorted((part for part in found if len(part) >= EXACT_LIMIT), key=len, reverse=True)
    )
