"""``crisisdesk contact method``: by what a contact is paged: add, change, put first, remove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from crisisdesk.cli.contacts import Who, asked_address, find_contact
from crisisdesk.cli.station import USAGE, By, DataDir, commanding, fail, in_words, reading
from crisisdesk.domain.contact import Contact, kept_method, whole_card
from crisisdesk.domain.quiet_hours import EXAMPLE, quiet_from_words
from crisisdesk.domain.severity import Severity

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Which = Annotated[
    str, typer.Argument(help="The method's id, or its channel if it is the only one of it.")
]
Address = Annotated[
    str, typer.Option("--to", help="Address, such as twilio://…; - asks for it unseen.")
]
Label = Annotated[str | None, typer.Option(help="What people call it, such as Night phone.")]
MethodQuiet = Annotated[
    str | None,
    typer.Option(help=f"Quiet hours of its own: '{EXAMPLE}'; '' for the contact's again."),
]
AnyHour = Annotated[
    bool | None,
    typer.Option("--any-hour/--not-any-hour", help="Used in quiet hours too; or not."),
]
First = Annotated[bool, typer.Option("--first", help="Try it before the others.")]


@app.command()
def add(
    who: Who,
    to: Address,
    min_severity: Annotated[Severity, typer.Option(help="Page from here on.")] = Severity.HIGH,
    label: Label = None,
    quiet: MethodQuiet = None,
    any_hour: AnyHour = None,
    first: First = False,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Add one more way to page a contact; it is tried last unless --first. Prints its id."""
    contact = _contact(who, data_dir)
    told = {"url": asked_address() if to == "-" else to, "min_severity": min_severity.value}
    made = told | _changes(label=label, quiet=quiet, any_hour=any_hour)
    kept = [kept_method(method) for method in contact.methods]
    card = whole_card(contact, [made, *kept] if first else [*kept, made])
    with commanding(data_dir, operator) as client:
        saved = client.save_contact(card, contact.contact_id)
    known = {method["method_id"] for method in contact.methods}
    print(next(m["method_id"] for m in saved["methods"] if m["method_id"] not in known))


@app.command("set")
def set_(
    who: Who,
    which: Which,
    to: Annotated[str, typer.Option("--to", help="Another address; - asks for it unseen.")] = "",
    min_severity: Annotated[Severity | None, typer.Option(help="Page from here on.")] = None,
    label: Label = None,
    quiet: MethodQuiet = None,
    any_hour: AnyHour = None,
    enabled: Annotated[
        bool | None, typer.Option("--on/--off", help="Page by it; or by the others only.")
    ] = None,
    first: First = False,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Change what is given of one method and keep the rest, its address too."""
    contact = _contact(who, data_dir)
    place = _place(contact, which)
    methods = [kept_method(method) for method in contact.methods]
    changes = _changes(label=label, quiet=quiet, any_hour=any_hour)
    changes |= {"url": asked_address() if to == "-" else to} if to else {}
    changes |= {} if min_severity is None else {"min_severity": min_severity.value}
    changes |= {} if enabled is None else {"enabled": enabled}
    changed = methods.pop(place) | changes
    methods.insert(0 if first else place, changed)
    _save(contact, methods, data_dir, operator)
    print(f"{changed['method_id']} saved")


@app.command()
def remove(who: Who, which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Page by it no more and forget its address; what was sent stays in the history."""
    contact = _contact(who, data_dir)
    gone = contact.methods[_place(contact, which)]["method_id"]
    methods = [kept_method(m) for m in contact.methods if m["method_id"] != gone]
    _save(contact, methods, data_dir, operator)
    print(f"{gone} removed")


def _contact(who: str, data_dir: Any) -> Contact:
    with reading(data_dir) as reader:
        return find_contact(reader, who)


def _place(contact: Contact, which: str) -> int:
    """Where the method stands; ends with a sentence when there is none, or several."""
    known = [(str(m["method_id"]), str(m["channel"])) for m in contact.methods]
    found = [i for i, (name, _) in enumerate(known) if name == which]
    found = found or [i for i, (_, channel) in enumerate(known) if channel == which]
    if len(found) != 1:
        there = ", ".join(f"{name} ({channel})" for name, channel in known) or "none"
        fail(USAGE, f"{contact.name} has {len(found)} methods {which!r}; name one of: {there}")
    return found[0]


def _changes(*, label: str | None, quiet: str | None, any_hour: bool | None) -> dict[str, Any]:
    changes: dict[str, Any] = {} if label is None else {"label": label}
    if quiet is not None:
        with in_words():
            changes["quiet"] = quiet_from_words(quiet, "quiet") or None
    return changes | ({} if any_hour is None else {"emergency": any_hour})


def _save(
    contact: Contact, methods: Sequence[dict[str, Any]], data_dir: Any, operator: str
) -> None:
    with commanding(data_dir, operator) as client:
        client.save_contact(whole_card(contact, methods), contact.contact_id)
