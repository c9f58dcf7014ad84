"""Renewal processes: the number of independent gaps, one after the other, that end in each month.

The state of the chain is when the next renewal is due. A month takes as many gaps from its axes as renewals fall
in it, so each gap is drawn once, independent of all that came before, and the counts are those of the renewal
process [1]_, not of an approximation by months. The first gap is conditioned on what has passed of it already.

References
----------
.. [1] Cox (1962), Renewal Theory, Methuen, chapters 2 (first gap of another law) and 3 (number of renewals).
.. [2] Chernoff (1952), A measure of asymptotic efficiency for tests of a hypothesis based on the sum of
   observations, Annals of Mathematical Statistics 23(4), doi:10.1214/aoms/1177729330.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from payback.distributions import Distribution, Shifted, Truncated
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import Call, Expression, Number
from payback.simulator.case.formulas.formula_checker import FormulaChecker, Rule
from payback.simulator.case.formulas.messages import shown
from payback.simulator.case.formulas.monthly import whole
from payback.simulator.case.formulas.scope import Typed
from payback.simulator.case.inputs.recipe import Recipe, constant_or_formula, make, typical
from payback.simulator.case.language.units import DURATION, RATE
from payback.simulator.case.processes.process import Process, read_law

MOST = 32
"""Renewals that can be told apart in one month, at most."""

MOST_BY_TRIAL = 4
"""Renewals in one month where the law of the gaps differs by trial, and the case does not say."""

RARE = 1e-9
"""More renewals in a month than are told apart are rarer than this, in one month of one trial."""


def renewals_a_month(gap: Distribution) -> int | None:
    """Return the least n so that more than n renewals in a month are rarer than `RARE`; None beyond `MOST`.

    After the first renewal in a month, n more gaps must fit into what is left of it. The probability of that is
    at most exp(s) E[exp(-s gap)]^n for every s > 0 [2]_; the expectation is bounded from above by a sum over
    cells of the quantile function, each at its lower end.
    """
    if not gap.cdf(np.nextafter(1.0, 0.0)) > 0:
        return 1
    edges = np.concatenate([[0.0], np.geomspace(1e-18, 1.0, 2001)])
    s, x = np.geomspace(0.1, 1e4, 101), gap.ppf(edges[:-1])
    with np.errstate(under="ignore"):
        transform = np.log(np.exp(-np.outer(s, x - x[0])) @ np.diff(edges)) - s * x[0]
    bounds = (float(np.min(s + n * transform)) for n in range(1, MOST + 1))
    return next((n for n, bound in enumerate(bounds, 1) if bound < np.log(RARE)), None)


def _residual(gap: Distribution, age: Any, *, checked: bool) -> Distribution:
    """Return the distribution of the remaining time of a gap that has lasted longer than `age`."""
    beyond = gap.around(np.where(age >= 0, age, np.nan))[2]
    longer = Truncated(gap, float(beyond) if checked else beyond, checked=checked)  # type: ignore[arg-type]  # by trial
    return Shifted(longer, -age, checked=checked)


def _renewal(
    checker: FormulaChecker, node: Call, arguments: list[Expression], keywords: Mapping[str, Expression]
) -> Typed:
    gap, marginals = read_law(checker, arguments[0], DURATION)
    law = typical(gap)
    if marginals.monthly:
        raise ExpressionError("a gap that differs by month", "one value a trial: at(x, k)", at=arguments[0].at)
    if law.support[0] < 0:
        raise ExpressionError(f"{shown(arguments[0])}: a gap below 0", "a distribution above 0", at=arguments[0].at)
    age = checker.months(arguments[1], "`age`") if len(arguments) > 1 else Typed(Number(0.0, node.at))
    most = _most(checker, gap, keywords.get("most"), arguments[0])
    process = Process(checker, node)
    draws = [process.draw(gap, f".gap{n}" if n > 1 else "", unit=DURATION) for n in range(1, most + 1)]
    left = _first(process, gap, age, arguments[-1])
    if np.isnan(law.support[0]):
        signed = "gap + 0 * sqrt(gap)"
        draws = [process.formula(signed, {"gap": g}, DURATION, f".signed{n}") for n, g in enumerate(draws, 1)]
    return _counted(process, draws, left, by_trial=bool(gap.parameters) or "most" in keywords)


def _most(checker: FormulaChecker, gap: Recipe, given: Expression | None, node: Expression) -> int:
    if given is not None:
        most = whole(checker.number(given, "`most`").tree, 1, "`most`")
        if most > MOST:
            raise ExpressionError(f"`most` is {shown(given)}", f"at most {MOST}", at=given.at)
        return most
    if gap.parameters:
        return MOST_BY_TRIAL
    enough = renewals_a_month(gap())
    if enough is None:
        advice = f"longer gaps, `most={MOST}` for what is told apart at most, or `events(rate)`"
        raise ExpressionError(f"{shown(node)}: gaps so short that a month may hold over {MOST}", advice, at=node.at)
    return enough


def _first(process: Process, gap: Recipe, age: Typed, node: Expression) -> Typed:
    """Add the time to the first renewal, drawn once per trial."""
    passed = constant_or_formula(age.tree)
    if age.after:
        raise process.misplaced()
    if isinstance(passed, float) and passed < 0:
        raise ExpressionError(f"`age` is {shown(node)}", "0 or more", at=node.at)
    try:
        recipe = make(_residual, (gap, passed), node.at)
    except ExpressionError:
        given = f"no gap lasts longer than the `age` of {shown(node)}"
        raise ExpressionError(given, "an age that a gap may reach", at=node.at) from None
    return process.draw(recipe, ".first", monthly=False, unit=DURATION)


def _counted(process: Process, draws: list[Typed], left: Typed, *, by_trial: bool) -> Typed:
    """Add the state of the chain, and return the number of renewals in the month.

    A month's renewal n + 1 is due `sum` n gaps after its first: as no gap is negative, the first ones are those
    due by t. Further renewals, where they may happen, are dated a month late; a trial in which one would be later
    still has no value.
    """
    sums = draws[:1]
    for n, draw in enumerate(draws[1:-1], 2):
        sums.append(process.formula("before + gap", {"before": sums[-1], "gap": draw}, DURATION, f".sum{n}"))
    parts = {f"sum{n}": typed for n, typed in enumerate(sums, 1)} | {f"gap{n}": typed for n, typed in enumerate(draws)}
    times = ["due", *(f"due + sum{n}" for n in range(1, len(draws)))]
    elapsed = " + ".join(f"gap{n} * ({time} <= t)" for n, time in enumerate(times))
    text = f"due + {elapsed}".replace("due", "previous(own, left)")
    due = process.formula(text, parts | {"left": left}, DURATION, ".due")
    lag = Call("lag", (due.tree, Number(1.0), left.tree))
    parts = parts | {"due": Typed(lag, DURATION, monthly=True)}
    count = " + ".join(f"({time} <= t)" for time in times)
    text = f"if(due > t - 2, {count}, log(-1))" if by_trial else count
    return process.formula(text, parts, RATE, ".count")


RULES: Mapping[str, Rule] = {"renewal": _renewal}
