"""Statistics of trials, each with its simulation error. Numbers in, numbers out."""

from __future__ import annotations

from simulator.statistics.estimate import Estimate as Estimate
from simulator.statistics.means import mean as mean
from simulator.statistics.moments import Moments as Moments
from simulator.statistics.percentiles import percentile as percentile
from simulator.statistics.probabilities import probability as probability
from simulator.statistics.sample import Sample as Sample
