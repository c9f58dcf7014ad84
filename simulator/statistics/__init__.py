"""Statistics of trials, each with its simulation error. Numbers in, numbers out.

A trial may be "never" (``+inf``: it ranks last) or undefined (NaN). `replicates` says how trials were
drawn: None for independent ones, R when trial `i` belongs to the independent replicate ``i % R``. Several
statistics of the same trials share one sort when they are given one `Sample`.
"""

from __future__ import annotations

from simulator.statistics.differences import cvar_difference as cvar_difference
from simulator.statistics.differences import mean_difference as mean_difference
from simulator.statistics.differences import percentile_difference as percentile_difference
from simulator.statistics.differences import probability_difference as probability_difference
from simulator.statistics.differences import sd_difference as sd_difference
from simulator.statistics.estimate import Estimate as Estimate
from simulator.statistics.means import cvar as cvar
from simulator.statistics.means import mean as mean
from simulator.statistics.means import sd as sd
from simulator.statistics.means import skew as skew
from simulator.statistics.means import top_share as top_share
from simulator.statistics.moments import Moments as Moments
from simulator.statistics.percentiles import percentile as percentile
from simulator.statistics.probabilities import cumulative as cumulative
from simulator.statistics.probabilities import probability as probability
from simulator.statistics.sample import Sample as Sample
