"""Statistics of trials, each with its simulation error. Numbers in, numbers out.

A trial may be "never" (``+inf``: it ranks last) or undefined (NaN). `replicates` says how trials were
drawn: None for independent ones, R when trial `i` belongs to the independent replicate ``i % R``. Several
statistics of the same trials put them in order once when they are given one `Sample`.
"""

from __future__ import annotations

from payback.simulator.statistics.differences import (
    cvar_difference,
    mean_difference,
    percentile_difference,
    probability_difference,
    sd_difference,
)
from payback.simulator.statistics.estimate import Estimate
from payback.simulator.statistics.grid import Grid
from payback.simulator.statistics.indices import Indices
from payback.simulator.statistics.means import cvar, mean, sd, skew, top_share
from payback.simulator.statistics.moments import LEAF, Moments
from payback.simulator.statistics.percentiles import percentile
from payback.simulator.statistics.probabilities import cumulative, probability
from payback.simulator.statistics.sample import GROUPS, Sample
from payback.simulator.statistics.streamed import Streamed
from payback.simulator.statistics.sums import AddLeaves, Sums, leaf_sums
from payback.simulator.statistics.tally import Count, Tally
from payback.simulator.statistics.weighted import Weighted

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
