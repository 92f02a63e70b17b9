"""``crisisdesk catalogue`` against a real engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects

DRAFT = """
name: Cat
services:
  cat-db: {owner: Kim, runbook: "https://wiki.example/db"}
  cat-shop: {depends_on: [cat-db], users: 9000, money_per_minute: 120.5, regions: [eu]}
"""


def test_a_document_is_checked_published_shown_and_taken_back(cli: Cli, tmp_path: Path) -> None:
    draft = tmp_path / "cat.yaml"
    draft.write_text(DRAFT)
    checked = cli("catalogue", "check", str(draft))
    assert (checked.code, checked.lines[0]) == (0, "catalogue Cat can be published: 2 services")
    assert "warning: owner: cat-shop has neither owner nor team" in checked.out
    published = cli("catalogue", "publish", str(draft))
    assert published.code == 0, published.err
    try:
        table = cli("catalogue", "show", "cat-shop").lines
        assert table[1].split() == ["cat-shop", "cat-db", "9000", "eu", "120.50"]
        assert "cat-shop depends on cat-db" in cli("catalogue", "show", "cat-db").out
        shown = {one["name"]: one for one in objects(cli("catalogue", "show", "--json"))}
        assert shown["cat-db"]["owner"] == "Kim"
        assert cli("catalogue", "show", "nowhere").code == 1
    finally:
        assert cli("policy", "withdraw", "Cat").code == 0
    assert "No service is published" in cli("catalogue", "show").out


def test_csv_is_looked_at_and_taken_in(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "hosts.csv"
    table.write_text("value,service\nh1,cat-db\n")
    words = ("catalogue", "import", str(table), "--label", "host", "--name", "Hosts")
    assert cli(*words, "--dry-run").out == "Holds 0 services and 1 rows of tables.\n"
    services = tmp_path / "services.csv"
    services.write_text("service,owner\ncat-csv,Ann\n")
    made = cli("catalogue", "import", str(services))
    assert made.code == 0, made.err
    try:
        assert "cat-csv" in cli("catalogue", "show").out
    finally:
        cli("policy", "withdraw", "services")


def test_what_cannot_be_read_is_told_in_words(cli: Cli, tmp_path: Path) -> None:
    for text, words in (
        ("{", "is no YAML"),
        ("- a", "must hold name and services"),
        ("name: X\nservices: {a: {users: many}}", "services.a.users"),
        ("name: X\nservices: {a: {colour: red}}", "services.a.colour"),
    ):
        draft = tmp_path / "bad.yaml"
        draft.write_text(text)
        said = cli("catalogue", "check", str(draft))
        assert said.code == 2
        assert words in said.err
    assert cli("catalogue", "check", str(tmp_path / "none.yaml")).code == 2
