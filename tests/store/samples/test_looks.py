"""When each source was last found up or down: of what has arrived, of what is in order."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from crisisdesk.domain.detection.series import UP, Sample, series
from crisisdesk.domain.service_board.watching import LastLook
from crisisdesk.store.samples.looks import LookQuestions
from crisisdesk.store.samples.writing import SampleFile

from tests.store.samples.bench import HOUR, MINUTE, NOW

MIB = 1 << 20


def looked(source: str, *of: tuple[int, float]) -> list[Sample]:
    return [Sample(series(source, UP), at, value) for at, value in of]


def questions(file: SampleFile) -> LookQuestions:
    return LookQuestions(lambda sql, of: file.raw.execute(sql, of).fetchall(), file.questions)


def test_the_newest_of_what_has_just_come_in_counts(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        file.write_out(looked("SRC-1", (NOW, 1.0), (NOW + 10, 0.0)), [], NOW)
        file.write_out(looked("SRC-2", (NOW + 5, 1.0)), [], NOW)
        other = Sample(series("SRC-3", UP, {"job": "node"}), NOW, 1.0)
        file.write_out([other, Sample(series("SRC-4", "m"), NOW, 1.0)], [], NOW)
        assert questions(file).last() == {
            "SRC-1": LastLook(NOW + 10, False),
            "SRC-2": LastLook(NOW + 5, True),
        }


def test_what_was_put_in_order_is_not_forgotten(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        ask = questions(file)
        assert ask.last() == {}
        file.write_out(looked("SRC-1", (NOW, 1.0)), [], NOW)
        file.keep_house(NOW)
        assert ask.last() == {"SRC-1": LastLook(NOW, True)}
        file.write_out(looked("SRC-1", (NOW + 10, 0.0)), [], NOW)
        file.keep_house(NOW + 10)
        assert ask.last() == {"SRC-1": LastLook(NOW + 10, False)}
        file.write_out(looked("SRC-1", (NOW + 2 * HOUR, 1.0)), [], NOW + 2 * HOUR)
        file.keep_house(NOW + 2 * HOUR)
        assert ask.last() == {"SRC-1": LastLook(NOW + 2 * HOUR, True)}


def test_what_was_looked_at_days_ago_is_still_known(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        file.write_out(looked("SRC-1", (NOW, 1.0), (NOW + 5, 0.0)), [], NOW)
        for day in range(4):
            file.keep_house(NOW + day * 24 * HOUR)
        (look,) = questions(file).last().values()
        assert (look.at // MINUTE, look.is_up) == (NOW // MINUTE, False)


def test_a_torn_hour_is_left_out(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", MIB)) as file:
        file.write_out([*looked("SRC-1", (NOW, 1.0)), *looked("SRC-2", (NOW, 1.0))], [], NOW)
        file.keep_house(NOW)
        ((key,),) = file.raw.execute("SELECT min(key) FROM hour").fetchall()
        file.raw.execute("UPDATE hour SET data = x'00' WHERE key = ?", (key,))
        assert len(questions(file).last()) == 1


def test_many_are_found_at_once_and_a_new_file_begins_anew(tmp_path: Path) -> None:
    with closing(SampleFile(tmp_path / "s", 8 * MIB)) as file:
        many = [f"SRC-{n}" for n in range(1_200)]
        file.write_out([s for one in many for s in looked(one, (NOW, 1.0))], [], NOW)
        file.keep_house(NOW)
        ask = questions(file)
        assert set(ask.last()) == set(many)
        ask.forget()
        assert set(ask.last()) == set(many)
