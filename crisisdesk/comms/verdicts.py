"""From what went over the wire to how the attempt ended, with each provider's own false yes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from crisisdesk.comms.evidence import Evidence, Exchange
from crisisdesk.comms.http_lines import Answer
from crisisdesk.domain.redaction import redact, shapes_of
from crisisdesk.engine.ports import Outcome

WORDS_LIMIT = 300
RETRY_AFTER_LIMIT_S = 3600.0
TOO_MANY = 429
TRY_AGAIN_CODES = frozenset({408, 409, 423, 425, 429})

# Vonage SMS API: 1 throttled, 5 internal error, 8 and 10 too many at once.
VONAGE_TRY_AGAIN = frozenset({"1", "5", "8", "10"})
SLACK_TRY_AGAIN = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error"})

Check = Callable[[Any, str], Outcome | None]


def words_of(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Text in one line of at most 300 characters, without these secrets and their like."""
    shapes = tuple(shape for secret in secrets for shape in shapes_of(secret))
    line = " ".join(redact(text, shapes).split())
    return line if len(line) <= WORDS_LIMIT else line[: WORDS_LIMIT - 1] + "…"


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The wish in Retry-After (RFC 9110, 10.2.3): seconds, or a date against the own Date."""
    raw = headers.get("retry-after", "").strip()
    if not raw:
        return None
    try:
        wish = float(raw)
    except ValueError:
        try:
            until = parsedate_to_datetime(raw)
            wish = (until - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(wish, RETRY_AFTER_LIMIT_S) if wish >= 0 else None


def code_is_retryable(code: int) -> bool:
    """True for the HTTP answers after which the same request may succeed."""
    return code in TRY_AGAIN_CODES or code >= 500


def verdict(
    scheme: str, evidence: Evidence, *, said_yes: bool, complaint: str, secrets: tuple[str, ...]
) -> Outcome:
    """How the attempt ended, judged by the wire first and the library's word second.

    ``said_yes`` is the library's word, ``complaint`` its last warning, ``secrets`` parts of the
    address that must not be seen.
    """
    if not evidence.exchanges:
        if evidence.errors:
            return Outcome(ok=False, words=words_of(evidence.errors[-1], secrets))
        reason = f": {complaint}" if complaint else ""
        return Outcome(
            ok=False,
            words=words_of(f"nothing was sent; check the address{reason}", secrets),
            retryable=False,
        )
    worst = next((one for one in evidence.exchanges if not 200 <= one.code < 300), None)
    if worst is not None:
        return _refused(worst, secrets)
    if evidence.errors:
        return Outcome(ok=False, words=words_of(evidence.errors[-1], secrets))
    last = evidence.exchanges[-1]
    text = last.body.decode("utf-8", "replace")
    checked = _CHECKS.get(scheme, _no_check)(_json(text), text)
    if checked is not None:
        return Outcome(
            ok=checked.ok,
            words=words_of(checked.words or _plain(last, text), secrets),
            retryable=checked.retryable,
            provider_id=checked.provider_id[:200],
        )
    if not said_yes:
        return Outcome(ok=False, words=words_of(complaint or _plain(last, text), secrets))
    return Outcome(ok=True, words=words_of(_plain(last, text), secrets))


def _refused(exchange: Exchange, secrets: tuple[str, ...]) -> Outcome:
    text = exchange.body.decode("utf-8", "replace")
    return Outcome(
        ok=False,
        words=words_of(_plain(exchange, text), secrets),
        retryable=code_is_retryable(exchange.code),
        retry_after_s=retry_after_s(exchange.headers) or _retry_after_told(_json(text)),
    )


def _retry_after_told(data: Any) -> float | None:
    """Telegram says in the body of its 429 how many seconds to wait, and in no header."""
    parameters = data.get("parameters") if isinstance(data, dict) else None
    wish = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return min(float(wish), RETRY_AFTER_LIMIT_S) if type(wish) is int and wish > 0 else None


def refusal(answer: Answer, secrets: tuple[str, ...] = (), more: str = "") -> Outcome:
    """The outcome of an answer that is no yes, judged by its code; ``more`` follows its words."""
    words = f"{said(answer)}{more}"
    if 300 <= answer.code < 400:
        words = f"{words} (redirects are not followed; enter the final address)"
    return Outcome(
        ok=False,
        words=words_of(words, secrets),
        retryable=code_is_retryable(answer.code),
        retry_after_s=retry_after_s(answer.headers),
    )


def said(answer: Answer) -> str:
    """An answer in words."""
    return plain_words(answer.code, answer.reason, answer.text)


def plain_words(code: int, reason: str, text: str) -> str:
    """An answer in words: code, reason and what its body says."""
    said = _said(_json(text)) or re.sub(r"<[^>]+>", " ", text)[:400]
    return f"{code} {reason}{': ' if said.strip() else ''}{said.strip()}"


def _plain(exchange: Exchange, text: str) -> str:
    return plain_words(exchange.code, exchange.reason, text)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _said(data: Any) -> str:
    """What a JSON answer says to people, in the fields that providers use for it."""
    if not isinstance(data, dict):
        return ""
    parts: list[str] = []
    for key in (
        *("message", "error", "errors", "error-text", "errorDescription", "description"),
        *("detail", "result", "status"),
    ):
        value = data.get(key)
        if isinstance(value, list):
            value = "; ".join(str(item) for item in value)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value):
            parts.append(str(value))
    return " / ".join(parts)


def _no_check(_data: Any, _text: str) -> Outcome | None:
    return None


def _vonage(data: Any, _text: str) -> Outcome | None:
    messages = data.get("messages") if isinstance(data, dict) else None
    if not isinstance(messages, list) or not messages:
        return Outcome(ok=False, words="answer without message status")
    for message in messages:
        status = str(message.get("status", "")) if isinstance(message, dict) else ""
        if status != "0":
            words = f"status {status}: {message.get('error-text', '')}" if status else "no status"
            return Outcome(ok=False, words=words, retryable=status in VONAGE_TRY_AGAIN)
    return Outcome(ok=True, words="status 0", provider_id=str(messages[0].get("message-id", "")))


def _pushover(data: Any, _text: str) -> Outcome | None:
    if not isinstance(data, dict) or data.get("status") != 1:
        return Outcome(ok=False, words=_said(data) or "status is not 1", retryable=False)
    return Outcome(ok=True, words="", provider_id=str(data.get("request", "")))


def _gotify(data: Any, _text: str) -> Outcome | None:
    # The answer holds the whole message again: only its number is of use.
    number = data.get("id") if isinstance(data, dict) else None
    if type(number) is not int:
        return Outcome(ok=False, words="answer without message id")
    return Outcome(ok=True, words=f"message {number}", provider_id=str(number))


def _telegram(data: Any, _text: str) -> Outcome | None:
    result = data.get("result") if isinstance(data, dict) else None
    number = result.get("message_id") if isinstance(result, dict) else None
    if not isinstance(data, dict) or data.get("ok") is not True or type(number) is not int:
        return Outcome(ok=False, words=_said(data) or "answer without message id")
    return Outcome(ok=True, words=f"message {number}", provider_id=str(number))


def _slack(data: Any, text: str) -> Outcome | None:
    if isinstance(data, dict) and "ok" in data:
        if data["ok"] is not True:
            error = str(data.get("error", "refused"))
            return Outcome(ok=False, words=error, retryable=error in SLACK_TRY_AGAIN)
        return Outcome(ok=True, words="ok", provider_id=str(data.get("ts", "")))
    if text.strip() != "ok":
        return Outcome(ok=False, words=text or "empty answer", retryable=False)
    return Outcome(ok=True, words="ok")


def _request_id(data: Any, _text: str) -> Outcome | None:
    if not isinstance(data, dict) or not data.get("requestId"):
        return Outcome(ok=False, words=_said(data) or "answer without request id")
    return Outcome(ok=True, words=str(data.get("result", "")), provider_id=str(data["requestId"]))


def _splunk(data: Any, _text: str) -> Outcome | None:
    if not isinstance(data, dict) or data.get("result") != "success":
        return Outcome(ok=False, words=_said(data) or "answer without result", retryable=False)
    return Outcome(ok=True, words="success", provider_id=str(data.get("entity_id", "")))


def _sns(_data: Any, text: str) -> Outcome | None:
    found = re.search(r"<MessageId>([^<]+)</MessageId>", text)
    if not found:
        return Outcome(ok=False, words="answer without message id")
    return Outcome(ok=True, words="", provider_id=found.group(1))


def _teams(_data: Any, text: str) -> Outcome | None:
    if "delivery failed" in text.lower():
        return Outcome(ok=False, words=text, retryable=str(TOO_MANY) in text)
    return None


_CHECKS: dict[str, Check] = {
    "vonage": _vonage,
    "nexmo": _vonage,
    "pover": _pushover,
    "gotify": _gotify,
    "gotifys": _gotify,
    "tgram": _telegram,
    "slack": _slack,
    "jira": _request_id,
    "splunk": _splunk,
    "victorops": _splunk,
    "sns": _sns,
    "workflow": _teams,
    "workflows": _teams,
}
