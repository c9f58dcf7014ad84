"""Statistics of trials, each with its simulation error. There is no money, no month and no file in this room.

A trial may be "never" (``+inf``: it ranks last) or undefined (NaN). `replicates` says how trials were drawn: None for
independent ones, R when trial `i` belongs to the independent replicate ``i % R``. Every statistic takes an array or a
`Sample`; several statistics of one `Sample` put its trials in order once.

Arithmetic of moments and intervals stands in the modules of this folder; above it `samples` (trials as they are
stored), and above that `estimators` (the statistics). Imports go down in this order.
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
    skew_difference,
)
from payback.simulator.statistics.estimators.percentiles import percentile
from payback.simulator.statistics.estimators.probabilities import cumulative, probability
from payback.simulator.statistics.estimators.sobol_indices import Indices
from payback.simulator.statistics.estimators.variance_recovery import (
    Component,
    component_of_groups,
    component_of_mean,
    component_of_percentile,
    component_of_share,
    component_of_tail,
    ends_of,
)
from payback.simulator.statistics.leaf_moments import LEAF, Moments
from payback.simulator.statistics.samples.cell_grid import Grid
from payback.simulator.statistics.samples.counted import CountedSample
from payback.simulator.statistics.samples.kept import KeptSample
from payback.simulator.statistics.samples.power_sums import AddLeaves, Sums, leaf_sums
from payback.simulator.statistics.samples.replicates import FEW_EFFECTIVE, GROUPS, TOO_FEW
from payback.simulator.statistics.samples.sample_protocol import Sample
from payback.simulator.statistics.samples.tally import Tally, TrialCounter
from payback.simulator.statistics.samples.weighted import WeightedSample

__all__ = [
    "FEW_EFFECTIVE",
    "GROUPS",
    "LEAF",
    "TOO_FEW",
    "AddLeaves",
    "Component",
    "CountedSample",
    "Estimate",
    "Grid",
    "Indices",
    "KeptSample",
    "Moments",
    "Sample",
    "Sums",
    "Tally",
    "TrialCounter",
    "WeightedSample",
    "component_of_groups",
    "component_of_mean",
    "component_of_percentile",
    "component_of_share",
    "component_of_tail",
    "cumulative",
    "cvar",
    "cvar_difference",
    "ends_of",
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
    "skew_difference",
    "top_share",
]
