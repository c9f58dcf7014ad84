"""Three classes answer one protocol: the same statistics of the same trials, whichever of them holds these."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from payback.simulator.cube.streams import uniforms
from payback.simulator.statistics import (
    CountedSample,
    Estimate,
    Grid,
    KeptSample,
    Sample,
    Sums,
    Tally,
    WeightedSample,
    cumulative,
    cvar,
    leaf_sums,
    mean,
    percentile,
    probability,
    sd,
    skew,
    top_share,
)

Floats = NDArray[np.float64]
CLASSES = (KeptSample, WeightedSample, CountedSample)
PRODUCT = Path(__file__).resolve().parents[4]
TRIALS = 2_048
EPS = float(np.finfo(np.float64).eps)

STATISTICS: dict[str, Callable[[Sample], Estimate]] = {
    "P25": lambda x: percentile(x, 25),
    "P50": lambda x: percentile(x, 50),
    "P75": lambda x: percentile(x, 75),
    "P": probability,
    "mean": mean,
    "sd": sd,
    "skew": skew,
    "top share": top_share,
    "CVaR10": lambda x: cvar(x, 10),
    "CVaR90": lambda x: cvar(x, 90),
}


def finite() -> Floats:
    """1,024 whole numbers, each twice, in random order: a longer tail above, and the skewness 0.9."""
    k = np.repeat(np.arange(TRIALS // 2), 2)
    return (k + 3.0 * np.maximum(k - 768, 0))[np.argsort(uniforms(5, "order", 0, TRIALS))]


def with_never_and_undefined() -> Floats:
    x = finite()
    edges = np.sort(x)[[TRIALS - 256, TRIALS - 512]]
    return np.where(x >= edges[0], np.nan, np.where(x >= edges[1], np.inf, x))


def samples(x: Floats, replicates: int | None) -> list[Sample]:
    """The trials `x` kept, with weights that are all 1, and counted."""
    grid = Grid.of(x)
    tally = Tally(grid, 16)
    tally.add(0, x)
    sums = Sums.of(0, leaf_sums(grid, x, 16))
    return [
        KeptSample(x, replicates),
        WeightedSample(x, replicates, weights=np.ones(x.size)),
        CountedSample.of_tally(tally, replicates, sums),
    ]


@pytest.mark.parametrize("sample_class", CLASSES)
def test_each_class_has_every_member_of_the_protocol_and_no_base(sample_class: type) -> None:
    members = {name for name in vars(Sample) if not name.startswith("_")}
    assert members <= set(dir(sample_class)) | set(sample_class.__dataclass_fields__)
    assert sample_class.__bases__ == (object,)
    assert sample_class.__final__


def test_only_their_room_asks_which_class_a_sample_is() -> None:
    names = {sample_class.__name__ for sample_class in CLASSES}
    files = set()
    for path in PRODUCT.glob("*/**/*.py"):
        file = path.relative_to(PRODUCT)
        if file.parts[0] not in {"simulator", "reports", "payback"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
                named = {name.id for name in ast.walk(node.args[1]) if isinstance(name, ast.Name)}
                if names & named:
                    files.add(file.as_posix())
    assert files == {"simulator/statistics/samples/conversion.py"}


@pytest.mark.parametrize("replicates", [None, 16])
@pytest.mark.parametrize("make", [finite, with_never_and_undefined])
def test_all_statistics_agree(make: Callable[[], Floats], replicates: int | None) -> None:
    """Counts are whole numbers and every value has a cell of its own, so percentiles have the same bits.

    Percentiles 25, 50 and 75 cut between pairs of equal trials: weights of 1 then know them as well as all trials do.
    A sum of n terms is right to n eps times the sum of the sizes of its terms. Here these sizes add up to at most 8
    times the result (2 for the third central moment), and a statistic is made of at most 8 sums.
    """
    x = make()
    plain, *others = samples(x, replicates)
    for other in others:
        assert (other.trials, other.defined, other.undefined, other.never) == (
            plain.trials,
            plain.defined,
            plain.undefined,
            plain.never,
        )
        for name, statistic in STATISTICS.items():
            expected, estimate = statistic(plain), statistic(other)
            assert (estimate.method, estimate.warning) == (expected.method, expected.warning), name
            bound = 0.0 if name in {"P25", "P50", "P75"} else 64 * TRIALS * EPS
            scale = max((abs(end) for end in ends(expected) if end is not None), default=0.0)
            for end, expected_end in zip(ends(estimate), ends(expected), strict=True):
                assert (end is None) == (expected_end is None), name
                assert end is None or expected_end is None or abs(end - expected_end) <= bound * scale, name
        for array, expected_array in zip(cumulative(other, x[:9]), cumulative(plain, x[:9]), strict=True):
            assert array == pytest.approx(expected_array, rel=TRIALS * EPS, nan_ok=True)


def ends(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high
