"""``crisisdesk contact``: who is paged, by what, and whether it reaches them."""

from __future__ import annotations

import getpass
import json
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    AsJson,
    By,
    DataDir,
    commanding,
    fail,
    in_words,
    places_of,
    reading,
)
from crisisdesk.cli.words import plain, table
from crisisdesk.domain.contact import MAILS, MORE_FIELDS, PHONES, Contact, whole_card
from crisisdesk.domain.delivery import FINAL_STATUSES, REACHED_STATUSES, Delivery
from crisisdesk.domain.quiet_hours import EXAMPLE, quiet_from_words, quiet_words
from crisisdesk.domain.severity import Severity
from crisisdesk.store.queries import StationReader

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Who = Annotated[str, typer.Argument(help="The contact's id or whole name.", metavar="CONTACT")]
LOOK_S = 0.1


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List contacts and their methods; addresses are masked. Works without the engine too."""
    with reading(data_dir) as reader:
        contacts = reader.contacts()
    if as_json:
        for contact in contacts:
            print(json.dumps(asdict(contact), ensure_ascii=False))
        return
    if not contacts:
        print("No contact yet: nobody is paged. Add one with `contact add`.")
        return
    heads = ("ID", "NAME", "ROLE", "METHOD", "CHANNEL", "ADDRESS", "FROM", "USED", "QUIET")
    rows = []
    for c in contacts:
        for m in c.methods or [{}]:
            found = [str(m.get(k, "-")) for k in ("method_id", "channel", "masked", "min_severity")]
            used = "-" if not m else "yes" if c.enabled and m.get("enabled", True) else "no"
            rows.append((c.contact_id, c.name, c.role, *found, used, _quiet(c, m)))
    print("\n".join(table(heads, rows, {"ADDRESS": 50})))


def _quiet(contact: Contact, method: Mapping[str, Any]) -> str:
    """When a method rests: never, in its own quiet hours, or in the contact's."""
    if method.get("emergency"):
        return "any hour"
    quiet = method.get("quiet")
    quiet = contact.quiet if quiet is None else quiet
    return f"{quiet_words(quiet)} ({contact.zone})" if quiet else "-"


Zone = Annotated[str | None, typer.Option(help="Whose clock they live by, such as Europe/Prague.")]
Locale = Annotated[str | None, typer.Option(help="Their language, such as cs or en-GB.")]
Quiet = Annotated[str | None, typer.Option(help=f"When only the worst comes: '{EXAMPLE}'.")]
Groups = Annotated[list[str] | None, typer.Option("--group", help="One they belong to.")]
Notes = Annotated[str | None, typer.Option(help="What whoever calls should know.")]
Phones = Annotated[list[str] | None, typer.Option("--phone", help="Number to call by hand.")]
Mails = Annotated[list[str] | None, typer.Option("--mail", help="E-mail to write to by hand.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="A person or a shared address.")],
    method: Annotated[
        list[str] | None,
        typer.Option(help="Address, such as mailtos://… or webhooks://…; - asks for it unseen."),
    ] = None,
    role: Annotated[str, typer.Option(help="What they do.")] = "",
    min_severity: Annotated[Severity, typer.Option(help="Page from here on.")] = Severity.HIGH,
    zone: Zone = None,
    locale: Locale = None,
    quiet: Quiet = None,
    group: Groups = None,
    notes: Notes = None,
    phone: Phones = None,
    mail: Mails = None,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Add a contact; its addresses go to the secrets store. Methods are tried in their order."""
    if not (method or phone or mail):
        fail(USAGE, "name a way to reach them: --method, --phone or --mail")
    blank = Contact(contact_id="", name=name)
    texts = {"zone": zone, "locale": locale, "notes": notes}
    more = _more(blank, texts, quiet=quiet, groups=group, reach={PHONES: phone, MAILS: mail})
    urls = [asked_address() if url == "-" else url for url in method or ()]
    methods = [{"url": url, "min_severity": min_severity.value} for url in urls]
    with commanding(data_dir, operator) as client:
        saved = client.save_contact({"name": name, "role": role, "methods": methods, **more})
    print(saved["contact_id"])


def _more(
    contact: Contact,
    texts: Mapping[str, str | None],
    *,
    quiet: str | None,
    groups: list[str] | None,
    reach: Mapping[str, list[str] | None],
) -> dict[str, Any]:
    """The optional fields of a card: those of the contact, and over them what was given."""
    more = {name: getattr(contact, name) for name in MORE_FIELDS}
    more |= {name: text for name, text in texts.items() if text is not None}
    if quiet is not None:
        with in_words():
            more["quiet"] = quiet_from_words(quiet, "quiet")
    if groups is not None:
        more["groups"] = _filled(groups)
    told = {name: _filled(given) for name, given in reach.items() if given is not None}
    return more | {"emergency": more["emergency"] | told}


def _filled(texts: list[str]) -> list[str]:
    """What was given without blanks; one empty text takes all of them off."""
    return [text.strip() for text in texts if text.strip()]


@app.command("set")
def set_(
    who: Who,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    role: Annotated[str | None, typer.Option(help="What they do.")] = None,
    enabled: Annotated[
        bool | None, typer.Option("--on/--off", help="Page them; or by no method at all.")
    ] = None,
    zone: Zone = None,
    locale: Locale = None,
    quiet: Quiet = None,
    group: Groups = None,
    notes: Notes = None,
    phone: Phones = None,
    mail: Mails = None,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Change what is given and keep the rest; an empty text ('') takes it off."""
    with reading(data_dir) as reader:
        contact = find_contact(reader, who)
    texts = {"zone": zone, "locale": locale, "notes": notes}
    card = whole_card(contact)
    card |= {} if name is None else {"name": name}
    card |= {} if role is None else {"role": role}
    card |= {} if enabled is None else {"enabled": enabled}
    card |= _more(contact, texts, quiet=quiet, groups=group, reach={PHONES: phone, MAILS: mail})
    with commanding(data_dir, operator) as client:
        client.save_contact(card, contact.contact_id)
    print(f"{contact.contact_id} saved")


def asked_address() -> str:
    """An address from the terminal without an echo, or from a pipe: not in the shell's history."""
    url = getpass.getpass("Address: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not url.strip():
        fail(USAGE, "no address was given")
    return url.strip()


@app.command()
def remove(who: Who, data_dir: DataDir = None, operator: By = "") -> None:
    """Take a contact out of the list; what was sent to it stays in the history."""
    with reading(data_dir) as reader:
        contact = find_contact(reader, who)
    with commanding(data_dir, operator) as client:
        client.remove_contact(contact.contact_id)
    print(f"{contact.contact_id} removed")


@app.command("test")
def send_test(
    who: Who,
    method: Annotated[str, typer.Option(help="One method's id; else all of them.")] = "",
    wait_s: Annotated[float, typer.Option("--wait", help="Seconds to wait for the end.")] = 60.0,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Send a test page and say how it ended; 1 when any did not get through."""
    with reading(data_dir) as reader:
        contact = find_contact(reader, who)
    methods = [m["method_id"] for m in contact.methods if method in ("", m["method_id"])]
    if not methods:
        fail(USAGE, f"{contact.name} has no method {method!r}" if method else "has no method")
    with commanding(data_dir, operator) as client:
        queued = [client.send_test_page(contact.contact_id, m) for m in methods]
    store = StationReader(places_of(data_dir).store)
    try:
        with in_words():
            ended = [_ended(store, delivery_id, wait_s) for delivery_id in queued]
    finally:
        store.close()
    for delivery in ended:
        print(f"{delivery.channel} {delivery.masked}: {delivery.status} {plain(delivery.words)}")
    if any(d.status not in REACHED_STATUSES for d in ended):
        raise typer.Exit(REFUSED)


def _ended(reader: StationReader, delivery_id: str, wait_s: float) -> Delivery:
    """The delivery once it has ended; as it stands when the time is up."""
    until = time.monotonic() + wait_s
    pause = threading.Event()
    while True:
        delivery = next(d for d in reader.deliveries(500) if d.delivery_id == delivery_id)
        if delivery.status in FINAL_STATUSES or time.monotonic() >= until:
            return delivery
        pause.wait(LOOK_S)


def find_contact(reader: StationReader, who: str) -> Contact:
    """The one with this id or name; ends with a sentence when there is none, or several."""
    contacts = reader.contacts()
    found = [c for c in contacts if c.contact_id == who] or [c for c in contacts if c.name == who]
    if not found:
        fail(REFUSED, f"no contact {who!r} on this station; `contact list` has them")
    if len(found) > 1:
        ids = ", ".join(c.contact_id for c in found)
        fail(USAGE, f"{len(found)} contacts are called {who!r}; name one by its id: {ids}")
    return found[0]
