"""Places lie inside the map, and labels never on each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.world.projection import fit, place_labels

spots = st.lists(st.tuples(st.floats(-50, 70), st.floats(-175, 175)), min_size=1, max_size=12)
sizes = st.tuples(st.integers(150, 2000), st.integers(80, 900))


@given(spots, sizes)
def test_every_place_lies_inside(places: list[tuple[float, float]], size: tuple[int, int]):
    projection = fit(places, *size)
    for latitude, longitude in places:
        x, y = projection.point(latitude, longitude)
        assert -1e-6 <= x <= size[0] + 1e-6
        assert -1e-6 <= y <= size[1] + 1e-6


def test_north_is_up_and_east_is_right():
    projection = fit([(50.0, 8.0), (52.0, 5.0)], 300, 150)
    south, north = projection.point(50.0, 8.0), projection.point(52.0, 5.0)
    assert south[1] > north[1]
    assert south[0] > north[0]


def test_one_place_is_in_the_middle_and_none_shows_the_world():
    x, y = fit([(50.0, 8.0)], 300, 150).point(50.0, 8.0)
    assert abs(x - 150) < 1
    assert abs(y - 75) < 1
    world = fit([], 720, 300)
    assert world.point(0.0, -170.0)[0] < 60
    assert world.point(0.0, 170.0)[0] > 660


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 150), st.floats(5, 120)), max_size=15))
def test_labels_lie_inside_and_apart(points: list[tuple[float, float, float]]):
    room = (0.0, 0.0, 300.0, 150.0)
    boxes = place_labels(points, 14.0, 8.0, room)
    assert len(boxes) == len(points)
    placed = [box for box in boxes if box is not None]
    for at, (left, top, width, height) in enumerate(placed):
        assert left >= 0
        assert top >= 0
        assert left + width <= 300
        assert top + height <= 150
        for other in placed[at + 1 :]:
            apart = (
                left >= other[0] + other[2]
                or other[0] >= left + width
                or top >= other[1] + other[3]
                or other[1] >= top + height
            )
            assert apart


def test_the_first_place_gets_its_label():
    [box] = place_labels([(100.0, 50.0, 40.0)], 14.0, 8.0, (0.0, 0.0, 300.0, 150.0))
    assert box == (110.0, 43.0, 40.0, 14.0)
