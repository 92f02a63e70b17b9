"""Lines of logs are a ring: the newest are kept."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from crisisdesk.domain.detection.reading import Line
from crisisdesk.store.samples.file import open_for_writing
from crisisdesk.store.samples.lines import LINE_CHARS, LINES_SHARE, LineRing, cut

BUDGET = 1 << 20


def test_the_ring_keeps_the_newest_within_its_share(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", BUDGET)) as raw:
        ring = LineRing(raw, BUDGET)
        for number in range(2_000):
            ring.add([(number, "syslog", f"line {number} " + "é" * 200)])
        kept = [at for (at,) in raw.execute("SELECT at FROM line ORDER BY id")]
        again = LineRing(raw, BUDGET)
    assert kept == list(range(kept[0], 2_000))
    assert 100 < len(kept) < 2_000
    assert ring.bytes <= BUDGET // LINES_SHARE
    assert (again.count, again.bytes) == (ring.count, ring.bytes)


def test_more_at_once_than_there_is_room_for_leaves_the_last(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", BUDGET)) as raw:
        ring = LineRing(raw, BUDGET)
        raw.execute("BEGIN")
        ring.add((n, "syslog", "x" * 1000) for n in range(500))
        raw.execute("COMMIT")
        assert raw.execute("SELECT max(at) FROM line").fetchone() == (499,)
    assert 0 < ring.count < 500


def test_a_line_is_cut_and_always_is_text() -> None:
    assert cut(Line(at=1, name="a", text="x" * 9_999))[2] == "x" * LINE_CHARS
    assert cut(Line(at=1, name="a", text="a\udce9b"))[2] == "a\\udce9b"


def test_secrets_are_masked_also_where_the_cut_goes_through_them() -> None:
    assert cut(Line(at=1, name="a", text="token=abcdef failed"))[2] == "token=*** failed"
    behind = "x" * (LINE_CHARS - 9) + " token=abcdef0123456789"
    assert cut(Line(at=1, name="a", text=behind))[2].endswith(" token=**")


def test_a_loud_log_gives_way_before_a_quiet_one(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "s", BUDGET)) as raw:
        ring = LineRing(raw, BUDGET)
        ring.add((n, "quiet", "q" * 100) for n in range(50))
        for number in range(3_000):
            ring.add([(number, "loud", "l" * 200)])
        counts = dict(raw.execute("SELECT name, count(*) FROM line GROUP BY name"))
        (newest,) = raw.execute("SELECT max(at) FROM line WHERE name = 'loud'").fetchone()
        count, size = ring.count, ring.bytes
        again = LineRing(raw, BUDGET)
    assert counts["quiet"] == 50
    assert 100 < counts["loud"] < 3_000
    assert newest == 2_999
    assert (again.count, again.bytes) == (count, size)
