"""The estimate of the remaining time, on work whose speed is made up here."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from payback.cli.remaining_time import MOST_POINTS, RemainingTime

WHOLE = 1_000
"""Seconds that all work below takes."""


def estimates(share_at: Callable[[float], float], reports: int = 500) -> Iterator[tuple[float, float]]:
    """Yield the time that is left and its estimate, wherever there is one."""
    record = RemainingTime()
    for k in range(reports):
        now = WHOLE * k / reports
        record.add(now, share_at(now))
        estimate = record.seconds()
        if estimate is not None:
            yield WHOLE - now, estimate


def by_speeds(*speeds: float) -> Callable[[float], float]:
    """Return the share done at a time, of work with these speeds in equal stretches of the time."""
    stretch = WHOLE / len(speeds)

    def share_at(now: float) -> float:
        done = sum(speed * min(max(now - k * stretch, 0.0), stretch) for k, speed in enumerate(speeds))
        return done / (stretch * sum(speeds))

    return share_at


def test_steady_work_is_estimated_exactly_from_a_tenth_on() -> None:
    shown = list(estimates(by_speeds(1.0)))
    assert [estimate for _, estimate in shown] == pytest.approx([left for left, _ in shown], rel=1e-9)
    assert shown[0][0] == pytest.approx(0.9 * WHOLE)


@pytest.mark.parametrize("seed", range(50))
def test_an_estimate_is_within_a_factor_of_two_at_any_speeds_that_differ_less(seed: int) -> None:
    rng = random.Random(seed)
    shown = list(estimates(by_speeds(*(rng.uniform(1.0, 2.0) for _ in range(20)))))
    assert shown
    assert all(left / 2 <= estimate <= 2 * left for left, estimate in shown)


def test_a_start_that_is_ten_times_as_fast_hides_the_estimate_until_it_no_longer_counts() -> None:
    shown = list(estimates(by_speeds(10.0, *[1.0] * 99)))
    assert shown
    assert all(left / 2 <= estimate <= 2 * left for left, estimate in shown)
    assert shown[0][0] < 0.6 * WHOLE


def test_a_start_that_is_slow_hides_it_too() -> None:
    shown = list(estimates(by_speeds(*[0.05] * 5, *[1.0] * 95)))
    assert shown
    assert all(left / 2 <= estimate <= 2 * left for left, estimate in shown)


def test_nothing_is_told_of_work_that_slows_down_all_the_time() -> None:
    assert not list(estimates(lambda now: 1 - 0.001 ** (now / WHOLE)))


def test_work_that_begins_at_a_checkpoint_is_judged_by_what_was_done_since() -> None:
    shown = list(estimates(lambda now: 0.6 + 0.4 * now / WHOLE))
    assert [estimate for _, estimate in shown] == pytest.approx([left for left, _ in shown], rel=1e-9)


def test_few_reports_or_none_that_differ_in_time_say_nothing() -> None:
    assert not list(estimates(by_speeds(1.0), reports=9))
    record = RemainingTime()
    for _ in range(20):
        record.add(5.0, 0.5)
    assert record.seconds() is None


def test_the_record_stays_short() -> None:
    record = RemainingTime()
    for k in range(10 * MOST_POINTS):
        record.add(k, k / (20 * MOST_POINTS))
    assert len(record._times) <= MOST_POINTS
    assert record.seconds() == pytest.approx(10 * MOST_POINTS, rel=0.01)
