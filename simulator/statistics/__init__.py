"""Statistics of trials, each with its simulation error. Numbers in, numbers out.

A trial may be "never" (``+inf``: it ranks last) or undefined (NaN). `replicates` says how trials were
drawn: None for independent ones, R when trial `i` belongs to the independent replicate ``i % R``. Several
statistics of the same trials put them in order once when they are given one `Sample`.
"""

from __future__ import annotations

from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.estimators.means import cvar, mean, sd, skew, top_share
from payback.simulator.statistics.estimators.paired_differences import (
    cvar_difference,
    mean_difference,
    percentile_difference,
    probability_difference,
    sd_difference,
)
from payback.simulator.statistics.estimators.percentiles import percentile
from payback.simulator.statistics.estimators.probabilities import cumulative, probability
from payback.simulator.statistics.estimators.sobol_indices import Indices
from payback.simulator.statistics.leaf_moments import LEAF, Moments
from payback.simulator.statistics.samples.cell_grid import Grid
from payback.simulator.statistics.samples.counted import Streamed
from payback.simulator.statistics.samples.kept import GROUPS, Sample
from payback.simulator.statistics.samples.power_sums import AddLeaves, Sums, leaf_sums
from payback.simulator.statistics.samples.tally import Count, Tally
from payback.simulator.statistics.samples.weighted import Weighted

__all__ = [
    "GROUPS",
    "LEAF",
    "AddLeaves",
    "Count",
    "Estimate",
    "Grid",
    "Indices",
    "Moments",
    "Sample",
    "Streamed",
    "Sums",
    "Tally",
    "Weighted",
    "cumulative",
    "cvar",
    "cvar_difference",
    "leaf_sums",
    "mean",
    "mean_difference",
    "percentile",
    "percentile_difference",
    "probability",
    "probability_difference",
    "sd",
    "sd_difference",
    "skew",
    "top_share",
]
