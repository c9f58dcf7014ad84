"""Fits of families to data by maximum likelihood, and their ranking by Akaike's criterion."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from payback.distributions.core.distribution import Distribution
from payback.distributions.fitting.estimators import FITTERS
from payback.distributions.fitting.maximum_likelihood import Parameters, log_likelihood, search
from payback.distributions.fitting.observations import Observations


@dataclass(frozen=True)
class Fitted:
    """A family fitted to data.

    Parameters
    ----------
    family : str
        Its name in `FITTERS`.
    distribution : Distribution
        The member of the family with the largest likelihood.
    parameters : tuple of (str, float)
        Its parameters, named as in the first form of the family, without those at their defaults.
    zeros : float
        Probability of an added 0.
    free : tuple of float
        Free parameters from which a search for the fit to similar data starts.
    chosen : int
        Number of parameters estimated from the data.
    log_likelihood, aicc : float
        Natural logarithm; and Akaike's criterion, corrected for small samples.
    """

    family: str
    distribution: Distribution
    parameters: tuple[tuple[str, float], ...]
    zeros: float
    free: Parameters
    chosen: int
    log_likelihood: float
    aicc: float


@dataclass(frozen=True)
class Ranking:
    """Fitted families, the best first, and the reasons why others were left out.

    Parameters
    ----------
    fitted : tuple of Fitted
        Best first.
    left_out : tuple of (str, str)
        Family and reason.
    """

    fitted: tuple[Fitted, ...]
    left_out: tuple[tuple[str, str], ...]


def fit(family: str, data: Observations, near: Parameters | None = None) -> Fitted:
    """Return the distribution of `family` under which `data` are most likely.

    Ends that would be those of the data (uniform, loguniform, integers, Pareto) are corrected for bias.

    Parameters
    ----------
    family : str
        A family of `FITTERS`.
    data : Observations
    near : tuple of float, optional
        Where the search starts (`Fitted.free` of similar data).

    Raises
    ------
    ValueError
        If the family does not apply to the data, or its density is 0 at a value; the message says why.
    """
    fitter = FITTERS[family]
    reason = fitter.domain(data)
    if reason:
        raise ValueError(reason)
    free = fitter.start(data)
    if fitter.links and not (fitter.exact and data.censored is None):
        free = search(partial(fitter.build, data=data), near or free, fitter.links, data, smooth=fitter.smooth)
    distribution = fitter.build(*free, data=data)
    likelihood = log_likelihood(distribution, data)
    if not (likelihood.reached and math.isfinite(likelihood.total)):
        raise ValueError("a value lies so far out that the fitted density is 0 there")
    zeros, *values = fitter.parameters(free, data) if fitter.inflated else (0.0, *fitter.parameters(free, data))
    names = [parameter.name for parameter in fitter.family.forms()[0].parameters]
    return Fitted(
        family,
        distribution,
        tuple(zip(names, values, strict=False)),
        zeros,
        free,
        fitter.chosen,
        likelihood.total,
        criterion(likelihood.total, fitter.chosen, data.size),
    )


def rank(data: Observations, families: Iterable[str] = FITTERS) -> Ranking:
    """Return every family that applies to `data`, by Akaike's criterion.

    Parameters
    ----------
    data : Observations
    families : iterable of str
        All of `FITTERS` if not given.
    """
    fitted, left_out = [], []
    for family in families:
        try:
            fitted.append(fit(family, data))
        except ValueError as error:
            left_out.append((family, str(error)))
    return Ranking(tuple(sorted(fitted, key=lambda candidate: candidate.aicc)), tuple(left_out))


def criterion(log_likelihood: float, chosen: int, size: int) -> float:
    """Return AICc: ``-2 L + 2 k + 2 k (k + 1) / (n - k - 1)`` [1]_. Less is better.

    Parameters
    ----------
    log_likelihood : float
        L, the natural logarithm of the likelihood.
    chosen : int
        k, the number of parameters estimated from the data.
    size : int
        n, the number of observations; more than k + 1.

    References
    ----------
    .. [1] Hurvich & Tsai (1989), Regression and time series model selection in small samples,
       Biometrika 76(2), doi:10.1093/biomet/76.2.297
    """
    return -2.0 * log_likelihood + 2.0 * chosen + 2.0 * chosen * (chosen + 1) / (size - chosen - 1)


def weights(ranking: Ranking) -> tuple[float, ...]:
    """Return Akaike weights: the share of the evidence that speaks for each fitted family [1]_.

    References
    ----------
    .. [1] Burnham & Anderson (2002), Model Selection and Multimodel Inference, section 2.9,
       doi:10.1007/b97636
    """
    relative = [math.exp(-0.5 * (fitted.aicc - ranking.fitted[0].aicc)) for fitted in ranking.fitted]
    return tuple(share / sum(relative) for share in relative)
