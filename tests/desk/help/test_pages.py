"""The pages as text: order, links, search, and Markdown made regular."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crisisdesk.desk.help.pages import (
    HelpPage,
    file_below,
    help_root,
    links,
    load_pages,
    plain,
    read_page,
    regular,
    resolve,
    search,
    slug,
)

PAGES = load_pages(help_root())


def test_the_first_page_leads_and_names_the_order_of_the_others() -> None:
    names = [page.name for page in PAGES]
    assert names[:3] == ["index", "first-steps", "alerts"]
    assert sorted(names) == sorted(path.stem for path in help_root().glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_every_page_leads_somewhere(page: HelpPage) -> None:
    for address in links(page):
        if address.endswith(".png"):
            assert (help_root() / address).is_file(), f"{page.name} shows {address}"
            continue
        target = resolve(help_root(), page.name, address)
        assert target.kind != "nowhere", f"{page.name} links {address}"
        if target.kind == "page" and target.fragment:
            text = read_page(help_root(), target.page).text
            heads = [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]
            assert target.fragment in [slug(head) for head in heads]


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "help"
    root.mkdir()
    (root / "index.md").write_text("# Help\n")
    (tmp_path / "secret.md").write_text("# Secret\n")
    (root / "sly.md").symlink_to(tmp_path / "secret.md")
    for address in (
        "../secret.md",
        "%2e%2e/secret.md",
        "sly.md",
        f"{tmp_path}/secret.md",
        f"file://{tmp_path}/secret.md",
        "//host/index.md",
        "javascript:alert(1)",
    ):
        assert resolve(root, "index", address).kind == "nowhere", address
        assert file_below(root, "index", address) is None, address
    assert resolve(root, "index", "index.md#help").fragment == "help"
    assert resolve(root, "index", "https://example.org/").kind == "outside"


def test_links_are_read_from_the_page_they_stand_on(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "index.md").write_text("# Help\n[in](deep/one.md)\n")
    (tmp_path / "deep" / "one.md").write_text("# One\n[back](../index.md)\n")
    assert resolve(tmp_path, "index", "deep/one.md").page == "deep/one"
    assert resolve(tmp_path, "deep/one", "../index.md").page == "index"
    assert resolve(tmp_path, "deep/one", "index.md").kind == "nowhere"


def test_search_finds_titles_first_then_texts_with_the_words_around() -> None:
    assert [hit.page.name for hit in search(PAGES, "  ")] == [page.name for page in PAGES]
    hits = search(PAGES, "paging")
    assert hits[0].page.name == "paging"
    assert hits[0].excerpt == ""
    assert len(hits) > 1
    assert all("paging" in plain(hit.page.text).casefold() for hit in hits[1:])
    [hit] = search(PAGES, "group_wait")
    assert hit.page.name == "connect-alertmanager"
    assert "group_wait" in hit.excerpt
    assert search(PAGES, "Fingerprint GROUPS")[0].page.name == "connect-alertmanager"
    assert search(PAGES, "fingerprint zebra") == []


def test_plain_text_has_no_marks() -> None:
    text = "# Title\n\n**Bold** and `code`, [a link](x.md).\n\n| | |\n|---|---|\n| one | two |\n"
    assert plain(text) == "Bold and code, a link. one two"


def test_indented_code_is_fenced_where_it_stands() -> None:
    text = "1. Do\n\n       a:\n\n         b\n\n2. Then\n\nEnd\n\n    c\n"
    assert regular(text) == (
        "1. Do\n\n   ```\n   a:\n\n     b\n   ```\n\n2. Then\n\nEnd\n\n```\nc\n```\n"
    )


def test_fenced_code_stays_and_a_table_gets_its_blank_line() -> None:
    fenced = "```\n\n    kept | as\n    --- | it is\n```\n"
    assert regular(fenced) == fenced
    assert regular("Words\n| a | b |\n|---|---|\n") == "Words\n\n| a | b |\n|---|---|\n"


def test_a_folder_without_pages_has_none(tmp_path: Path) -> None:
    assert load_pages(tmp_path) == ()
    shutil.copy(help_root() / "keys.md", tmp_path / "keys.md")
    load_pages.cache_clear()
    assert [page.title for page in load_pages(tmp_path)] == ["Keys"]
