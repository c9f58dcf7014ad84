"""The benchmark of workers compares the same work, and counts the time of every process."""

from __future__ import annotations

import pytest

from benchmarks import cluster


def test_a_table_has_a_row_for_every_pair_and_the_medians_of_ratios() -> None:
    costs = [(cluster.Cost(2.0, 4.0), cluster.Cost(2.2, 5.0)), (cluster.Cost(2.0, 4.0), cluster.Cost(2.0, 4.4))]
    *_, first, second, last = cluster.table([cluster.Pair(*pair, same=True) for pair in costs]).splitlines()
    assert first == "| 1 | 2.0 | 2.2 | 1.10 | 4.0 | 5.0 | 1.25 | yes |"
    assert second == "| 2 | 2.0 | 2.0 | 1.00 | 4.0 | 4.4 | 1.10 | yes |"
    assert last == "| median | | | 1.05 | | | 1.18 | |"


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_both_sides_count_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WARM", 2**12)
    (pair,) = cluster.measure(2**18, 1)
    assert pair.same
    assert min(pair.threads.cpu, pair.workers.cpu, pair.threads.wall, pair.workers.wall) > 0
