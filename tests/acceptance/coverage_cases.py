"""Five cases whose statistics are known: of one input, heavy, with atoms, with rare losses, and REF-1."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
from scipy import stats

from payback.simulator.case import Case, load, loads

ROOT = Path(__file__).parents[2]
TRUTH = Path(__file__).with_name("coverage_truth.json")
TAIL = "horizon: 1 month\ncash_flows: {monthly: {net: 1 USD/month}}\n"


class Law(Protocol):
    """The distribution of a formula."""

    def ppf(self, p: float) -> float: ...
    def mean(self) -> float: ...
    def std(self) -> float: ...
    def skew(self) -> float: ...
    def upper(self, p: float) -> float:
        """Mean of the values above the `p`-quantile, an atom there in part, times ``1 - p``."""


@dataclass(frozen=True)
class Scipy:
    """A frozen distribution of scipy."""

    law: object

    def ppf(self, p: float) -> float:
        return float(self.law.ppf(p))

    def mean(self) -> float:
        return float(self.law.mean())

    def std(self) -> float:
        return float(self.law.std())

    def skew(self) -> float:
        return float(self.law.stats("s"))

    def upper(self, p: float) -> float:
        # v = (1 - s)**4 makes the integrand of the quantile function smooth at its end
        nodes, weights = np.polynomial.legendre.leggauss(400)
        s = 0.5 * (nodes + 1.0)
        return float(np.sum(0.5 * weights * 4.0 * s**3 * self.law.isf((1.0 - p) * s**4)) * (1.0 - p))


@dataclass(frozen=True)
class Discrete:
    """Values with their probabilities, in rising order."""

    values: Sequence[float]
    weights: Sequence[float]

    def ppf(self, p: float) -> float:
        return float(self.values[int(np.searchsorted(np.cumsum(self.weights), p))])

    def mean(self) -> float:
        return float(np.dot(self.values, self.weights))

    def _central(self, power: int) -> float:
        return float(np.dot((np.asarray(self.values) - self.mean()) ** power, self.weights))

    def std(self) -> float:
        return math.sqrt(self._central(2))

    def skew(self) -> float:
        return self._central(3) / self._central(2) ** 1.5

    def upper(self, p: float) -> float:
        edge = self.ppf(p)
        return float(np.dot(np.maximum(np.asarray(self.values) - edge, 0.0), self.weights)) + edge * (1.0 - p)


@dataclass(frozen=True)
class RareLognormal:
    """0, or with the chance `rate` a lognormal of median `median` and width `sigma`."""

    rate: float
    median: float
    sigma: float

    def _moment(self, power: int) -> float:
        return self.rate * self.median**power * math.exp(0.5 * (power * self.sigma) ** 2)

    def ppf(self, p: float) -> float:
        beyond = (1.0 - p) / self.rate
        return self.median * math.exp(self.sigma * float(stats.norm.isf(beyond))) if beyond < 1.0 else 0.0

    def mean(self) -> float:
        return self._moment(1)

    def std(self) -> float:
        return math.sqrt(self._moment(2) - self._moment(1) ** 2)

    def skew(self) -> float:
        one, two, three = map(self._moment, (1, 2, 3))
        return (three - 3.0 * two * one + 2.0 * one**3) / self.std() ** 3

    def upper(self, p: float) -> float:
        beyond = (1.0 - p) / self.rate
        if beyond >= 1.0:
            return self._moment(1)
        return self._moment(1) * float(stats.norm.cdf(self.sigma - stats.norm.isf(beyond)))


@dataclass(frozen=True)
class KnownCase:
    """A case, the questions that are asked of it, and what is true of it.

    Parameters
    ----------
    text : str
        YAML; empty for REF-1.
    laws : mapping of str to Law
        By formula.
    chances : mapping of str to float
        Probabilities, and statistics that have others inside, by their text.
    questions : tuple of str
        Single statistics, their arithmetic, and statistics inside others.
    change : str
        A what-if.
    differences : mapping of str to float
        Statistics that are compared, and what the what-if adds to them.
    """

    text: str
    laws: Mapping[str, Law]
    chances: Mapping[str, float]
    questions: tuple[str, ...]
    change: str
    differences: Mapping[str, float]


def statistic_of(law: Law, kind: str, q: float = 0.0) -> float:
    """Return a statistic of `law` by its name in the grammar."""
    match kind:
        case "percentile":
            return law.ppf(q / 100.0)
        case "mean":
            return law.mean()
        case "sd":
            return law.std()
        case "skew":
            return law.skew()
    p = q / 100.0
    return law.upper(p) / (1.0 - p) if q > 50.0 else (law.mean() - law.upper(p)) / p


NORMAL = Scipy(stats.norm(10.0, 2.0))
SUM = Scipy(stats.norm(10.0, math.sqrt(4.01)))
MORE = Scipy(stats.norm(12.0, math.sqrt(4.0 * 1.44 + 0.01)))
LOGNORMAL = Scipy(stats.lognorm(1.0))
EXPONENTIAL = Scipy(stats.expon())
STUDENT = Scipy(stats.t(3.0, 10.0))
COUNTS = Discrete(range(60), stats.poisson(3.0).pmf(range(60)).tolist())
RARE = RareLognormal(0.01, 100.0, 1.0)


def _differences(before: Law, after: Law, *kinds: tuple[str, str, float]) -> dict[str, float]:
    return {text: statistic_of(after, kind, q) - statistic_of(before, kind, q) for text, kind, q in kinds}


def _usual(name: str) -> tuple[tuple[str, str, float], ...]:
    return (
        (f"mean({name})", "mean", 0.0),
        (f"sd({name})", "sd", 0.0),
        (f"P90({name})", "percentile", 90.0),
        (f"P99({name})", "percentile", 99.0),
        (f"CVaR5({name})", "CVaR", 5.0),
    )


def _one() -> KnownCase:
    normal, more = stats.norm(10.0, math.sqrt(4.01)), stats.norm(12.0, math.sqrt(5.77))
    return KnownCase(
        text="case: one input dominates\ninputs:\n  n: normal(10, 2) USD\n  m: normal(0, 0.1) USD\n"
        "calculations:\n  y: n + m\n" + TAIL,
        laws={"n": NORMAL, "y": SUM},
        chances={
            "P(n > 12 USD)": float(stats.norm.sf(1.0)),
            "P(y > 12 USD)": float(normal.sf(12.0)),
            "P(n < 9 USD)": float(stats.norm.cdf(-0.5)),
            "P(n > mean(n))": 0.5,
            "P(y > mean(y))": 0.5,
            "P(y > P90(n))": float(normal.sf(NORMAL.ppf(0.9))),
            "P(y > mean(y) + sd(y))": float(stats.norm.sf(1.0)),
            "mean(max(n - mean(n), 0 USD))": 2.0 / math.sqrt(2.0 * math.pi),
        },
        questions=(
            *("P90(n)", "P(n > 12 USD)", "mean(n)", "sd(n)", "CVaR5(n)", "CVaR95(n)", "skew(n)"),
            *("P90(y)", "P(y > 12 USD)", "mean(y)", "sd(y)", "CVaR5(y)", "CVaR95(y)", "skew(y)"),
            *("P90(n) - P10(n)", "P90(y) - P10(y)", "P99(y) / P50(y)", "sd(n) / mean(n)", "CVaR95(y) - mean(y)"),
            *("P(n > 12 USD) - P(n < 9 USD)", "mean(y) * P(y > 12 USD)", "max(mean(y), P50(y)) / sd(y)"),
            *("P(n > mean(n))", "P(y > mean(y))", "P(y > P90(n))", "P(y > mean(y) + sd(y))"),
            "mean(max(n - mean(n), 0 USD))",
        ),
        change="n * 1.2",
        differences=_differences(SUM, MORE, *_usual("y"), ("skew(y)", "skew", 0.0))
        | {"P(y > 12 USD)": float(more.sf(12.0) - normal.sf(12.0))},
    )


def _heavy() -> KnownCase:
    wide = stats.lognorm(math.sqrt(1.09))
    return KnownCase(
        text="case: heavy tails\ninputs:\n  x: lognormal(median=1, sigma=1)\n  v: lognormal(median=1, sigma=0.3)\n"
        "  ex: exponential(1)\n  st: student_t(3, 10, 1)\ncalculations:\n  w: x * v\n" + TAIL,
        laws={"x": LOGNORMAL, "w": Scipy(wide), "ex": EXPONENTIAL, "st": STUDENT},
        chances={
            "P(x > mean(x))": float(stats.norm.sf(0.5)),
            "P(w > mean(w))": float(wide.sf(wide.mean())),
            "P(ex > 3)": math.exp(-3.0),
            "mean(max(w - mean(w), 0))": float(wide.mean() * (2.0 * stats.norm.cdf(0.5 * math.sqrt(1.09)) - 1.0)),
            "P(x > 2 * P50(w))": float(stats.norm.sf(math.log(2.0))),
        },
        questions=(
            *("mean(x)", "sd(x)", "P90(x)", "P99(x)", "CVaR5(x)", "CVaR95(x)", "mean(w)", "sd(w)", "CVaR95(w)"),
            *(
                "mean(ex)",
                "sd(ex)",
                "skew(ex)",
                "CVaR95(ex)",
                "P(ex > 3)",
                "mean(st)",
                "sd(st)",
                "CVaR5(st)",
                "skew(x)",
            ),
            *("P90(x) - P10(x)", "P99(x) / P50(x)", "P99(w) / P50(w)", "sd(x) / mean(x)", "sd(w) / mean(w)"),
            *("sd(ex) / mean(ex)", "mean(w) - P50(w)", "CVaR95(ex) - P95(ex)", "mean(ex) * P(ex > 3)"),
            *("P(x > mean(x))", "P(w > mean(w))", "mean(max(w - mean(w), 0))", "P(x > 2 * P50(w))"),
        ),
        change="x * 1.2",
        differences=_differences(Scipy(wide), Scipy(stats.lognorm(math.sqrt(1.09), scale=1.2)), *_usual("w"))
        | {"P(w > 5)": float(stats.norm.sf(math.log(5.0 / 1.2) / math.sqrt(1.09)) - wide.sf(5.0))},
    )


def _atoms() -> KnownCase:
    k = COUNTS
    served = Discrete(range(0, 120, 2), k.weights)
    excess = float(np.dot(np.maximum(np.arange(60) - 3.0, 0.0), k.weights))
    return KnownCase(
        text="case: atoms\ninputs:\n  k: poisson(3)\n  r: normal(0, 1)\n  f: {distribution: bernoulli(50 %)}\n"
        "calculations:\n  d: k + if(r > 0, 1, 0)\n" + TAIL,
        laws={"k": k, "d": Discrete(range(61), _shifted(k.weights)), "f": Discrete((0, 1), (0.5, 0.5))},
        chances={
            "P(k == 0)": math.exp(-3.0),
            "P(k > 5)": float(stats.poisson.sf(5, 3.0)),
            "P(k > P50(k))": float(stats.poisson.sf(3, 3.0)),
            "mean(max(k - mean(k), 0))": excess,
        },
        questions=(
            *("P90(k)", "P99(k)", "mean(k)", "sd(k)", "skew(k)", "CVaR5(d)", "CVaR95(k)", "P(k == 0)", "P50(f)"),
            *("P90(k) - P10(k)", "P99(d) / P50(d)", "P90(d) - P50(k)", "sd(k) / mean(k)", "mean(k) - P50(k)"),
            *("P(k == 0) / P(k > 5)", "P90(k) * mean(d)", "P50(f) + mean(k)"),
            *("P(k > P50(k))", "mean(max(k - mean(k), 0))"),
        ),
        change="k * 2",
        differences=_differences(k, served, *_usual("k"))
        | {"P(k > 5)": float(stats.poisson.sf(2, 3.0) - stats.poisson.sf(5, 3.0))},
    )


def _shifted(weights: Sequence[float]) -> list[float]:
    return (0.5 * (np.append(weights, 0.0) + np.append(0.0, weights))).tolist()


def _rare() -> KnownCase:
    changed = RareLognormal(0.01, 120.0, 1.0)
    return KnownCase(
        text="case: rare losses\ninputs:\n  hit: bernoulli(1 %)\n  severity: lognormal(median=100, sigma=1) USD\n"
        "  a: bernoulli(0.0001)\n  b: bernoulli(0.00015)\n  n: normal(10, 2) USD\n"
        "calculations:\n  loss: hit * severity\n" + TAIL,
        laws={
            "loss": RARE,
            "severity": Scipy(stats.lognorm(1.0, scale=100.0)),
            "n": NORMAL,
            "a": Discrete((0, 1), (0.9999, 0.0001)),
        },
        chances={
            "P(a == 1)": 1e-4,
            "P(b == 1)": 1.5e-4,
            "P(hit == 1)": 0.01,
            "P(loss > 500 USD)": 0.01 * float(stats.norm.sf(math.log(5.0))),
            "P(loss > mean(loss))": 0.01 * float(stats.norm.sf(math.log(math.exp(0.5) / 100.0))),
            "P(loss > mean(n) * 30)": 0.01 * float(stats.norm.sf(math.log(3.0))),
        },
        questions=(
            *("mean(loss)", "sd(loss)", "CVaR95(loss)", "P99(loss)", "P99.9(loss)", "P(a == 1)", "P(loss > 500 USD)"),
            *("mean(a)", "sd(a)", "mean(loss) + mean(n)", "P(a == 1) - P(b == 1)", "P(a == 1) * mean(severity)"),
            *("P(hit == 1) * mean(severity)", "P(a == 1) / P(hit == 1)", "mean(a) * mean(severity)"),
            *("P99.9(loss) - P99(loss)", "sd(loss) / mean(loss)", "P(loss > mean(loss))", "P(loss > mean(n) * 30)"),
        ),
        change="severity * 1.2",
        differences=_differences(RARE, changed, *_usual("loss"))
        | {"P(loss > 500 USD)": 0.01 * float(stats.norm.sf(math.log(500 / 120)) - stats.norm.sf(math.log(5.0)))},
    )


REF1_QUESTIONS = (
    *("P10(npv)", "P50(npv)", "P90(npv)", "P99(npv)", "P(npv < 0)", "P(npv < -20_000 USD)", "mean(npv)", "sd(npv)"),
    *("CVaR5(npv)", "CVaR95(npv)", "skew(npv)", "P50(payback)", "P10(roi)", "mean(gain)"),
    *("P90(npv) - P10(npv)", "sd(npv) / mean(npv)", "P90(npv) / P50(npv)", "mean(npv) - P50(npv)"),
    *("mean(npv) - mean(gain)", "P(npv < 0) * mean(npv)", "P(npv > mean(npv))", "P(gain > P50(npv))"),
)
REF1_DIFFERENCES = (
    *("mean(npv)", "sd(npv)", "P10(npv)", "P90(npv)", "P99(npv)", "CVaR5(npv)", "CVaR95(npv)", "P(npv < 0)"),
)
REF1_CHANGE = "volume * 0.5"


def _ref1() -> KnownCase:
    known = json.loads(TRUTH.read_text(encoding="utf-8"))
    return KnownCase("", {}, known["questions"], REF1_QUESTIONS, REF1_CHANGE, known["differences"])


CASES: Mapping[str, Callable[[], KnownCase]] = MappingProxyType(
    {"one": _one, "heavy": _heavy, "atoms": _atoms, "rare": _rare, "ref1": _ref1}
)


@cache
def known_case(name: str) -> KnownCase:
    """Return a case with what is true of it."""
    return CASES[name]()


@cache
def case(name: str) -> Case:
    """Return a case as the engine reads it."""
    return load(ROOT / "configs" / "ref1.yaml") if name == "ref1" else loads(known_case(name).text)
