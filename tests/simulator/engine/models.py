"""Small models written as text, for tests of the engine."""

from __future__ import annotations

from collections.abc import Mapping

from payback.distributions import Distribution
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.model import Draw, Formula, Line, Model

MONTHLY = ("t", "net", "inflow", "outflow", "cumulative_net")


def model(
    draws: Mapping[str, Distribution],
    formulas: Mapping[str, str],
    upfront: Mapping[str, str],
    monthly: Mapping[str, str],
    *,
    horizon: int = 12,
    rate: str = "0.1",
    each_month: tuple[str, ...] = (),
    investment: tuple[str, ...] = (),
) -> Model:
    """Return a model; a formula whose name begins with "m_" is monthly, with "after_" reads measures."""
    definitions = [Draw(name, name, law, monthly=name in each_month) for name, law in draws.items()]
    named = [
        Formula(name, parse(text), monthly=name.startswith("m_"), after_ledger="after_" in name)
        for name, text in formulas.items()
    ]
    lines = [Line("upfront", label, parse(text)) for label, text in upfront.items()]
    lines += [Line("monthly", label, parse(text), label in investment) for label, text in monthly.items()]
    return Model((*definitions, *named), tuple(lines), horizon, parse(rate))


def outputs(*texts: str) -> dict[str, Expression]:
    """Return expressions by their own text."""
    return {text: parse(text) for text in texts}
