"""How alike two are: stated points, bounded work, the newest first among equals."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.context.similar import ENOUGH, Past, most_similar, trait


def past(number: int, service: str, title: str, **labels: str) -> Past:
    return Past(
        subject_id=f"A-{number}",
        title=title,
        trait=trait([service], title, labels),
        began_at=number,
        span_ms=5,
    )


def test_service_words_and_labels_give_points_and_figures_do_not_count() -> None:
    present = trait(["DB"], "Disk 91 % full on db-3", {"host": "h"})
    [same] = most_similar(present, [past(1, "db", "Disk 97 % full on db-1", host="h")])
    assert (same.points, same.because) == (100, "same service, title alike, labels alike")
    [words] = most_similar(present, [past(1, "db", "Disk is full", host="x")])
    assert words.points == 40 + 40 * 2 // 5
    assert words.because == "same service"
    assert most_similar(present, [past(1, "db", "Queue long")]) == []
    assert most_similar(present, [past(1, "else", "Disk full on db")]) == []


def test_the_most_alike_come_first_and_of_equals_the_newest() -> None:
    present = trait(["db"], "Disk full", {})
    many = [past(n, "db", "Disk full") for n in range(5)]
    close = past(9, "db", "Disk full soon")
    told = [one.past.began_at for one in most_similar(present, [close, *many], most=4)]
    assert told == [4, 3, 2, 1]


@given(st.text(max_size=400), st.text(max_size=400), st.dictionaries(st.text(), st.text()))
def test_points_are_the_same_seen_from_either_and_never_more_than_a_hundred(
    one: str, other: str, labels: dict[str, str]
) -> None:
    a = past(1, "db", one)
    b = Past(subject_id="B", title=other, trait=trait(["db"], other, labels), began_at=1, span_ms=1)
    forth, back = most_similar(a.trait, [b]), most_similar(b.trait, [a])
    assert [s.points for s in forth] == [s.points for s in back]
    assert all(ENOUGH <= s.points <= 100 for s in forth)


def test_a_title_of_a_million_words_is_looked_at_only_so_far() -> None:
    assert len(trait([], "word " * 1_000_000, {}).words) == 1
    assert (
        len(
            trait(
                [], " ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(500)), {}
            ).words
        )
        <= 40
    )
    assert len(trait([], "", {str(n): "x" for n in range(999)}).labels) == 64
