"""A list model that becomes any other list by single steps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from crisisdesk.desk.frame.patched_list import PatchedList

Row = tuple[str, int]
rows = st.lists(
    st.tuples(st.sampled_from("abcdefghij"), st.integers(0, 2)), unique_by=lambda r: r[0]
)


def model() -> PatchedList[Row]:
    return PatchedList(lambda row: row[0], lambda row: f"{row[0]} is {row[1]}")


@given(st.lists(rows, min_size=2, max_size=6))
def test_it_becomes_each_list_without_a_reset(states: list[list[Row]]):
    made = model()
    tester = QAbstractItemModelTester(
        made, QAbstractItemModelTester.FailureReportingMode.Warning, made
    )
    resets: list[bool] = []
    made.modelReset.connect(lambda: resets.append(True))
    for state in states:
        held = {row[0]: QPersistentModelIndex(made.index_of(row[0])) for row in made.rows()}
        made.show_rows(state)
        assert list(made.rows()) == state
        kept = {row[0] for row in state}
        for key, index in held.items():
            assert index.isValid() == (key in kept)
            if index.isValid():
                assert made.row(index.row())[0] == key
    assert resets == []
    del tester


def test_only_what_changed_is_said_to_have_changed():
    made = model()
    made.show_rows([("a", 0), ("b", 0)])
    changed: list[int] = []
    made.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    made.show_rows([("a", 0), ("b", 1)])
    assert changed == [1]


def test_a_row_is_read_aloud():
    made = model()
    made.show_rows([("a", 1)])
    assert made.data(made.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "a is 1"
    assert made.data(made.index(0, 0), Qt.ItemDataRole.DecorationRole) is None
    assert not made.index_of("z").isValid()
