"""What stands in a file of contacts with its secrets is never shown."""

from __future__ import annotations

from crisisdesk.engine.contact_file import FilePerson


def test_an_address_does_not_show_in_a_log() -> None:
    person = FilePerson(row=1, card={"name": "Ana"}, addresses=["mailtos://a:hunter22@x.org"])
    assert "hunter22" not in repr(person)
    assert "Ana" in repr(person)
