"""Questions to the file of samples: what has just arrived counts, torn hours are gaps."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.store.samples.reading import labels_text, series_of
from crisisdesk.store.samples.writing import SampleFile

from tests.store.samples.bench import HOUR, MINUTE, NOW, a_series, samples, single

MIB = 1 << 20
START = NOW // HOUR * HOUR


def test_a_series_comes_back_as_it_was_written() -> None:
    for one in (
        series("SRC-1", "up"),
        series("SRC-1", "a:b.c", {"path": 'C:\\x "y"\n', "name": "žluťoučký", "z": "0"}),
    ):
        assert series_of(one.source_id, one.metric, labels_text(one)) == one


def test_what_has_arrived_replaces_what_is_in_order(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        file.write_out(samples(a_series(), [(NOW, 1.0), (NOW + 5, 2.0)]), [], NOW)
        file.keep_house(NOW)
        file.write_out(samples(a_series(), [(NOW + 5, 7.0), (NOW + 3, 3.0)]), [], NOW)
        ask = file.questions
        wanted = [single(NOW, 1.0), single(NOW + 3, 3.0), single(NOW + 5, 7.0)]
        assert ask.between(a_series(), NOW, NOW + 6) == wanted
        (hour,) = ask.between(a_series(), START, START + HOUR, HOUR)
        assert (hour.low, hour.high, hour.last, hour.count) == (1.0, 7.0, 7.0, 3)


def test_a_part_of_an_hour_is_not_the_whole_hour(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        of = [(START + n * MINUTE, float(n)) for n in range(180)]
        file.write_out(samples(a_series(), of), [], START + 3 * HOUR)
        file.keep_house(START + 3 * HOUR)
        found = file.questions.between(a_series(), START + 30 * MINUTE, START + 150 * MINUTE, HOUR)
        assert [(b.at, b.low, b.high, b.count) for b in found] == [
            (START, 30.0, 59.0, 30),
            (START + HOUR, 60.0, 119.0, 60),
            (START + 2 * HOUR, 120.0, 149.0, 30),
        ]


def test_a_torn_hour_is_a_gap_and_its_whole_is_still_told(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        of = [(START + n * HOUR, float(n)) for n in range(4)]
        file.write_out(samples(a_series(), of), [], START + 4 * HOUR)
        file.keep_house(START + 4 * HOUR)
        file.raw.execute("UPDATE hour SET data = x'00' WHERE last = 2.0")
        ask = file.questions
        assert [b.last for b in ask.between(a_series(), START, START + 4 * HOUR)] == [0, 1, 3]
        whole = ask.between(a_series(), START, START + 4 * HOUR, HOUR)
        assert [b.last for b in whole] == [0, 1, 2, 3]


def test_the_newest_of_each_series(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        a, b, none = a_series(1), a_series(2), a_series(3)
        file.write_out([Sample(a, START + 5, 1.0), Sample(b, START + 6, 2.0)], [], NOW)
        file.keep_house(NOW)
        file.write_out([Sample(a, START - HOUR, 9.0), Sample(b, START + 7, 3.0)], [], NOW)
        found = file.questions.newest([a, b, none])
        assert found == {a: (START + 5, 1.0), b: (START + 7, 3.0)}


def test_unknown_series_and_empty_spans_have_nothing(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        assert file.questions.between(a_series(), 0, 1 << 60) == []
        file.write_out(samples(a_series(), [(NOW, 1.0)]), [], NOW)
        assert file.questions.between(a_series(), NOW, NOW) == []
        assert file.questions.between(a_series(), NOW + 1, NOW - 1) == []
        assert file.questions.between(Series("SRC-9", "up"), 0, 1 << 60) == []


def test_what_arrived_is_read_once_and_forgotten_when_in_order(tmp_path: Path) -> None:
    asked: list[str] = []
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        rows = file.questions.arrived._rows

        def counted(sql, values):
            asked.append(sql)
            return rows(sql, values)

        arrived = type(file.questions.arrived)(counted)
        file.write_out(samples(a_series(), [(NOW, 1.0)]), [], NOW)
        assert arrived.all().at.tolist() == [NOW]
        assert arrived.all() is arrived.all()
        file.write_out(samples(a_series(), [(NOW + 1, 1.0)]), [], NOW)
        assert arrived.all().at.tolist() == [NOW, NOW + 1]
        file.keep_house(NOW)
        assert arrived.all().at.tolist() == []
        arrived.forget()
        assert arrived.all().at.tolist() == []
