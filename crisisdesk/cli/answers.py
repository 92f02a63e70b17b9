"""``crisisdesk answers``: which ways back from a page are open, and trying them."""

from __future__ import annotations

import sys
import threading
import time
import urllib.error
import urllib.request
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crisisdesk.api.client import ApiRefused, Client, EngineAway
from crisisdesk.cli.contacts import find_contact
from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    By,
    DataDir,
    commanding,
    fail,
    in_words,
    places_of,
    read_door,
    reading,
)
from crisisdesk.cli.words import plain, table
from crisisdesk.domain.answer_ways import AnswerFacts, WayLine, way_lines
from crisisdesk.domain.delivery import Delivery
from crisisdesk.store.queries import StationReader

if TYPE_CHECKING:
    from crisisdesk.settings.model import Settings

# The name under which the engine looks for the mailbox's password.
PASSWORD_NAME = "answers:mail-password"
PROBE = "0" * 40
# What the page of a link says that no station made.
NOT_KNOWN = "This link is not known here"
PROBE_S, LOOK_S = 10.0, 0.25

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("show")
def show(data_dir: DataDir = None) -> None:
    """Say which ways are open and what is missing; works without the engine too."""
    for line in _lines(data_dir):
        print(line)
    for problem in _problems(data_dir):
        print(f"Problem: {plain(problem)}")


@app.command("test")
def try_out(
    who: Annotated[str, typer.Argument(help="Whom to send a test page to.", metavar="WHO")] = "",
    wait_s: Annotated[float, typer.Option("--wait", help="Seconds to wait for answers.")] = 120.0,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Open the links' address from here, look for problems; with WHO, wait for a real answer.

    Ends with 1 when anything is wrong, or no answer came.
    """
    told = _settings(data_dir).answers
    good = True
    if told.url:
        why = _leads_here(told.url)
        good = not why
        print(f"link: {why or f'{told.url} leads to this station, or to one like it'}")
    for problem in _problems(data_dir):
        good = False
        print(f"Problem: {plain(problem)}")
    if who:
        good &= _answered(who, wait_s, data_dir, operator)
    elif not told.url:
        print("No links are set up; name a contact to try text messages and mails.")
    if not good:
        raise typer.Exit(REFUSED)


@app.command("password")
def password(data_dir: DataDir = None) -> None:
    """Keep the mailbox's password, read from the terminal or stdin, among the secrets."""
    given = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline()
    given = given.strip("\r\n")
    if not given:
        fail(USAGE, "password: is empty; give that of the mailbox, or of an app for it")
    with in_words():
        from crisisdesk.settings.secrets import open_secrets

        open_secrets(places_of(data_dir)).set(PASSWORD_NAME, given)
    print("kept; the mailbox is read with it from the next look on")


@app.command("newkey")
def newkey(data_dir: DataDir = None, operator: By = "") -> None:
    """Seal links with a new key; those of the last key stay good until their time is over."""
    with commanding(data_dir, operator) as client:
        told = client.change_answer_key()
    last = ", the last one stays good" if told["good_keys"] > 1 else ""
    print(f"links and mail codes have a new key{last}")


def _settings(data_dir: DataDir) -> Settings:
    with in_words():
        from crisisdesk.settings.file import load_settings

        return load_settings(places_of(data_dir).settings)


def _lines(data_dir: DataDir) -> list[str]:
    settings = _settings(data_dir)
    told = settings.answers
    facts = AnswerFacts(
        sealed=settings.sealed,
        url=told.url,
        sms=told.sms,
        mail_to=told.mail.answer_to,
        has_password=_has_password(data_dir) if told.mail.host else None,
    )
    with reading(data_dir) as reader:
        lines = way_lines(facts, reader.contacts())
    return table(("WAY", "OPEN", ""), [_row(line) for line in lines], {"": 120})


def _row(line: WayLine) -> tuple[str, str, str]:
    return line.way, "yes" if line.is_open else "no", line.words


def _has_password(data_dir: DataDir) -> bool:
    with in_words():
        from crisisdesk.settings.secrets import open_secrets

        return open_secrets(places_of(data_dir)).get(PASSWORD_NAME) is not None


def _problems(data_dir: DataDir) -> list[str]:
    """What the running engine says of answers; nothing where none runs."""
    try:
        url, token = read_door(places_of(data_dir))
        with Client(url, token, "") as client:
            engine: dict[str, Any] = client.dashboard()["engine"]
    except EngineAway:
        return ["no engine runs here: nothing is answered until it does"]
    except ApiRefused as error:
        return [str(error)]
    words = ("answer", "Twilio does not tell")
    return [p for p in engine["problems"] if any(word in p for word in words)]


def _leads_here(url: str) -> str:
    """Why the links' address does not lead to a station; empty when it does."""
    address = f"{url}/a/{PROBE}"
    try:
        with urllib.request.urlopen(address, timeout=PROBE_S) as answer:  # noqa: S310 - checked
            return f"{url} answers {answer.status} to a wrong link; something else is there"
    except urllib.error.HTTPError as error:
        with error:
            page = error.read(65_536).decode("utf-8", "replace")
        if error.code in (404, 429) and (NOT_KNOWN in page or "Too many wrong links" in page):
            return ""
        if error.code == 403 and "takes no answers by link" in page:
            return "a station is there that takes no answers by link: start the engine anew"
        return f"{url} answers {error.code}: no station; let the proxy pass /a/ on to this one"
    except (OSError, ValueError) as error:
        return f"{url} cannot be reached from here ({getattr(error, 'reason', error)})"


def _answered(who: str, wait_s: float, data_dir: DataDir, operator: str) -> bool:
    """Whether somebody answered one of the test pages in time; says by what."""
    with reading(data_dir) as reader:
        contact = find_contact(reader, who)
    if not contact.methods:
        fail(USAGE, f"{contact.name} has no contact method to try")
    with commanding(data_dir, operator) as client:
        sent = [client.send_test_page(contact.contact_id, m["method_id"]) for m in contact.methods]
    print(f"{len(sent)} test page(s) on the way to {plain(contact.name)}: answer one of them")
    with reading(data_dir) as reader:
        found = _wait(reader, sent, wait_s)
    if found is None:
        print(f"no answer within {wait_s:g} s")
        return False
    print(f"{plain(found.answered_by)} answered by {found.answered_way}: this way works")
    return True


def _wait(reader: StationReader, sent: list[str], wait_s: float) -> Delivery | None:
    until, pause = time.monotonic() + wait_s, threading.Event()
    while True:
        for delivery in reader.board().some(sent):
            if delivery.answered_at is not None:
                return delivery
        if time.monotonic() >= until:
            return None
        pause.wait(LOOK_S)
