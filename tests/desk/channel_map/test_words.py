"""The words of columns and rows, without any screen."""

from __future__ import annotations

from crisisdesk.desk.channel_map.words import (
    NOTHING,
    column_words,
    face_of,
    needing,
    outage_words,
    row_words,
    spoken_column,
    spoken_row,
    supposing_words,
)
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.survivability import ChannelMap, MapColumn

from tests.domain.test_survivability import BAD, DNS, NOW, mapped


def column(found: ChannelMap, name: str = "dns") -> MapColumn:
    one = found.column(name)
    assert one is not None
    return one


def test_each_standing_has_its_word_and_mark() -> None:
    assert face_of(column(mapped())) == NOTHING
    assert face_of(column(mapped(DNS))).word == "out"
    assert face_of(column(mapped({}, "dns"))).word == "supposed out"
    suspected = column(mapped(email=BAD, slack=BAD))
    assert face_of(suspected).word == "suspected"
    assert len({face_of(column(m)).mark for m in (mapped(DNS), mapped({}, "dns"))}) == 2
    assert face_of(column(mapped(DNS, "dns"))).word == "out", "what is out needs no supposing"


def test_why_it_stands_so() -> None:
    said = TakenOut(dependency="dns", said=True, by="Ann", reason="cut", since=NOW - 120_000)
    assert column_words(MapColumn(dependency="dns", taken=said), NOW) == (
        "Out for 2 min, said by Ann: cut."
    )
    ends = TakenOut(dependency="dns", said=True, by="Ann", since=NOW, until=NOW + 60_000)
    assert column_words(MapColumn(dependency="dns", taken=ends), NOW).endswith(
        "Over by itself in 1 min."
    )
    named = TakenOut(
        dependency="dns",
        said=False,
        reason="affected service: Names gone",
        incident_id="INC-1",
        since=NOW,
    )
    assert column_words(MapColumn(dependency="dns", taken=named), NOW) == (
        "Out for 0 s, because INC-1 names it (affected service: Names gone). Over with INC-1."
    )
    assert column_words(column(mapped(email=BAD, slack=BAD)), NOW).startswith(
        "May be out: mail and Slack fail, and nothing that needs it works."
    )
    assert "Nothing was changed" in column_words(column(mapped({}, "dns")), NOW)
    assert column_words(column(mapped()), NOW) == "Counts as there."


def test_who_needs_it_and_whom_a_channel_reaches() -> None:
    found = mapped(DNS)
    assert needing(found, "dns") == "Mail and Slack need it."
    assert needing(found, "carrier") == "SMS needs it."
    assert needing(found, "fax") == "No channel in use needs it."
    rows = {row.channel: row_words(row) for row in found.rows}
    assert rows == {
        "email": "2 contacts, 1 with no other way",
        "slack": "2 contacts, 2 with no other way",
        "sms": "2 contacts",
    }


def test_a_screen_reader_hears_all_of_it() -> None:
    found = mapped(DNS)
    [mail] = [row for row in found.rows if row.channel == "email"]
    assert spoken_row(mail, found.columns) == (
        "mail, does not arrive without dns, not used lately, 2 contacts, 1 with no other way, "
        "needs dns, internet and mail-relay"
    )
    assert spoken_column(column(found), found) == "dns, out. Mail and Slack need it."


def test_what_is_only_supposed_is_named() -> None:
    assert outage_words(mapped({}, "aws")) == ""
    assert outage_words(mapped(DNS, "aws")) == "dns is out, said by Ann: cut"
    assert supposing_words(mapped(DNS)) == ""
    assert supposing_words(mapped(DNS, "dns", "aws")) == "Supposing that aws is out"
    assert supposing_words(mapped({}, "dns", "aws")) == "Supposing that dns and aws are out"
