"""Starting values of a fit, and the conversion of its free parameters to those of the family.

A function named `..._start` maps data to free parameters; its partner maps these to the parameters
of the family. Free parameters are chosen so that they hardly depend on each other.
"""

from __future__ import annotations

import math

import numpy as np

from payback.distributions.discrete.binomial import Binomial
from payback.distributions.fitting.maximum_likelihood import Parameters, log_likelihood
from payback.distributions.fitting.observations import Observations

_EULER = 0.5772156649015329


def normal(data: Observations) -> Parameters:
    """Return the fit: mean and standard deviation."""
    return data.mean, data.sd


def lognormal(data: Observations) -> Parameters:
    """Return the fit: median and sigma."""
    return math.exp(float(np.mean(data.logs))), float(np.std(data.logs))


def inverse_gaussian(data: Observations) -> Parameters:
    """Return the fit: mean and shape (Tweedie 1957, doi:10.1214/aoms/1177706964)."""
    # The mean of 1 / x - 1 / mean, without its cancellation.
    return data.mean, data.mean**2 / float(np.mean((data.values - data.mean) ** 2 / data.values))


def half_normal(data: Observations) -> Parameters:
    """Return the fit: the scale."""
    return (math.hypot(data.mean, data.sd),)


def laplace(data: Observations) -> Parameters:
    """Return the fit: the median, and the mean distance from it."""
    median = float(np.median(data.values))
    return median, float(np.mean(np.abs(data.values - median)))


def logistic_start(data: Observations) -> Parameters:
    """Return mean and scale by moments."""
    return data.mean, data.sd * math.sqrt(3.0) / math.pi


def gumbel_start(data: Observations) -> Parameters:
    """Return mode and scale by moments."""
    scale = data.sd * math.sqrt(6.0) / math.pi
    return data.mean - _EULER * scale, scale


def student_t_start(data: Observations) -> Parameters:
    """Return degrees of freedom, location and scale: somewhat heavy tails, and the middle half of the data."""
    low, median, high = np.quantile(data.values, [0.25, 0.5, 0.75])
    return 5.0, float(median), float(high - low) / 1.45 or data.spread


def skew_normal_start(data: Observations) -> Parameters:
    """Return shape, location and scale by moments (Azzalini 1985), skewness kept inside its range."""
    skewness = float(np.mean(((data.values - data.mean) / data.sd) ** 3))
    lean = math.copysign(min(max(abs(skewness), 0.05), 0.9), skewness)
    root = (2.0 * abs(lean) / (4.0 - math.pi)) ** (2.0 / 3.0)
    delta = math.copysign(math.sqrt(0.5 * math.pi * root / (1.0 + root)), lean)
    scale = data.sd / math.sqrt(1.0 - 2.0 * delta**2 / math.pi)
    return delta / math.sqrt(1.0 - delta**2), data.mean - scale * delta * math.sqrt(2.0 / math.pi), scale


def johnson_su_start(data: Observations) -> Parameters:
    """Return a symmetric curve with somewhat heavy tails in the middle of the data."""
    return 0.0, 1.5, float(np.median(data.values)), 1.25 * data.spread


def gamma_start(data: Observations) -> Parameters:
    """Return shape and mean; Minka (2002), "Estimating a gamma distribution", for the shape."""
    beyond = (data.values - data.mean) / data.mean
    s = float(np.mean(beyond - np.log1p(beyond)))
    return (3.0 - s + math.sqrt((s - 3.0) ** 2 + 24.0 * s)) / (12.0 * s), data.mean


def gamma(free: Parameters, _: Observations) -> Parameters:
    """Return shape and scale from shape and mean."""
    return free[0], free[1] / free[0]


def weibull_start(data: Observations) -> Parameters:
    """Return shape and scale from the moments of the logarithms."""
    shape = math.pi / (math.sqrt(6.0) * float(np.std(data.logs)))
    return shape, math.exp(float(np.mean(data.logs)) + _EULER / shape)


def loglogistic_start(data: Observations) -> Parameters:
    """Return median and shape from the moments of the logarithms."""
    logs = data.logs
    return math.exp(float(np.mean(logs))), math.pi / (math.sqrt(3.0) * float(np.std(logs)))


def lomax_start(data: Observations) -> Parameters:
    """Return the shape, and the scale divided by it."""
    return 3.0, 2.0 * data.mean / 3.0


def lomax(free: Parameters, _: Observations) -> Parameters:
    """Return shape and scale."""
    return free[0], free[0] * free[1]


def pareto(data: Observations) -> Parameters:
    """Return the fit: the shape, and the lowest value less its bias (Rytgaard 1990, doi:10.2143/AST.20.2.2005443)."""
    first = float(data.values[0])
    shape = 1.0 / float(np.mean(np.log(data.values / first)))
    return shape, first * (1.0 - 1.0 / (data.size * shape))


def beta_start(data: Observations) -> Parameters:
    """Return the mean share and the sum of the shapes, by moments."""
    low, high = data.bounds or (0.0, 1.0)
    mean, variance = (data.mean - low) / (high - low), (data.sd / (high - low)) ** 2
    return mean, max(mean * (1.0 - mean) / variance - 1.0, 0.1)


def beta(free: Parameters, data: Observations) -> Parameters:
    """Return the shapes, and the bounds where they are known."""
    shapes = free[0] * free[1], (1.0 - free[0]) * free[1]
    return (*shapes, *data.bounds) if data.bounds else shapes


def _extended(low: float, high: float, size: int) -> tuple[float, float]:
    """Return the ends of a uniform distribution without bias, a little beyond the data.

    Ends of largest likelihood are those of the data, and nothing beyond could ever happen.
    Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, section 26.4.
    """
    gap = (high - low) / (size - 1)
    return low - gap, high + gap


def uniform(data: Observations) -> Parameters:
    """Return the fit: the ends, inside known bounds, and not below 0 if no value is."""
    first, last = float(data.values[0]), float(data.values[-1])
    low, high = data.bounds or (0.0 if first >= 0.0 else -math.inf, math.inf)
    ends = _extended(first, last, data.size)
    return max(ends[0], low), min(ends[1], high)


def loguniform(data: Observations) -> Parameters:
    """Return the fit: the ends."""
    low, high = _extended(float(data.logs[0]), float(data.logs[-1]), data.size)
    return math.exp(low), math.exp(high)


def integers(data: Observations) -> Parameters:
    """Return the fit: the ends, whole and not below 0."""
    low, high = _extended(float(data.values[0]), float(data.values[-1]), data.size)
    return max(round(low), 0), round(high)


def peaked_start(data: Observations) -> Parameters:
    """Return the gap below the data, the position of the mode between the ends (0 to 1), and the gap above."""
    low, high = float(data.values[0]), float(data.values[-1])
    gap = 0.03 * (high - low)
    mode = 3.0 * data.mean - low - high  # of a triangle with this mean
    return gap, min(max((mode - low) / (high - low), 0.1), 0.9), gap


def peaked(free: Parameters, data: Observations) -> Parameters:
    """Return low, mode and high."""
    first, last = float(data.values[0]), float(data.values[-1])
    low, high = first - free[0], last + free[2]
    return low, low + free[1] * (high - low), high


def mean(data: Observations) -> Parameters:
    """Return the fit of a family whose parameter is its mean."""
    return (data.mean,)


def inflated_start(data: Observations) -> Parameters:
    """Return the probability of an added 0 and the mean of the rest (Lambert 1992, doi:10.2307/1269547)."""
    rest = float(np.mean(data.values[data.values > 0.0]))
    share = float(np.mean(data.values == 0.0))
    return max((share - math.exp(-rest)) / (1.0 - math.exp(-rest)), 0.01), rest


def geometric(data: Observations) -> Parameters:
    """Return the fit: the chance of a success."""
    return (1.0 / data.mean,)


def negative_binomial_start(data: Observations) -> Parameters:
    """Return the size by moments."""
    return (data.mean**2 / (data.sd**2 - data.mean),)


def negative_binomial(free: Parameters, data: Observations) -> Parameters:
    """Return size and chance; the mean of the fit is that of the data."""
    return free[0], free[0] / (free[0] + data.mean)


def binomial(data: Observations) -> Parameters:
    """Return the fit: the number of trials of largest likelihood, with p = mean / trials."""
    most = float(data.values[-1])
    trials = max(most, round(data.mean**2 / max(data.mean - data.sd**2, 1e-3 * data.mean)))

    def likelihood(n: float) -> float:
        return log_likelihood(Binomial(n, data.mean / n), data).total

    step = max(1.0, 2.0 ** math.floor(math.log2(max(trials / 8.0, 1.0))))
    best = likelihood(trials)
    while step >= 1.0:
        for candidate in (trials - step, trials + step):
            if candidate >= most and (value := likelihood(candidate)) > best:
                trials, best = candidate, value
                break
        else:
            step /= 2.0
    return trials, data.mean / trials
