"""Anomalies: how strange the newest value of a series is, by all that the series did before. Pure.

numpy is imported with the first detector, not with this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crisisdesk.domain.anomaly.detector import Detector

# The score from which an alert is worth its noise; resources/help/anomalies.md says what it costs.
ALERT_AT = 0.6


def new_detector(low: float | None, high: float | None) -> Detector:
    """A detector for one series, whose bounds are both known or both None; raises Malformed."""
    if low is None or high is None:
        return learning_detector()
    return streaming_detector(low, high)


def streaming_detector(min_value: float, max_value: float) -> Detector:
    """A detector for one series whose values are known to lie between the two, both included.

    Raises Malformed where the two are no range. Values outside are taken, and are strange.
    """
    from crisisdesk.domain.anomaly.detector import Detector
    from crisisdesk.domain.anomaly.ranges import known_range

    return Detector(known_range(min_value, max_value))


def learning_detector() -> Detector:
    """A detector for one series of which nothing is known: it learns the range from the values."""
    from crisisdesk.domain.anomaly.detector import Detector

    return Detector(None)
