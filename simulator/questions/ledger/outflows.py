"""Lines that take no money out: a ledger that loses nothing, costs without a minus, investments that pay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case import Case
from payback.simulator.case.declarations.declarations import LedgerLine
from payback.simulator.case.expressions.printer import negated
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary
from payback.simulator.case.expressions.tree import names as names_in
from payback.simulator.model import Line
from payback.simulator.questions.ledger.pilot import RANDOM, about, pilot, values

Floats = NDArray[np.float64]

COSTS = frozenset(
    """bill bills capex cost costs expense expenses fine fines freight hire hiring labor labour opex overhead overheads
    payroll penalty penalties postage purchase purchases repair repairs salaries salary spend staff tax taxes upkeep
    utilities wage wages""".split()
)
"""Words of labels that name a cost."""

SOLD_TOO = frozenset(
    """build fee fees hosting installation insurance interest lease leasing licence licences license licenses licensing
    maintenance migration onboarding payment payments rent rental running serving setup shipping storage subscription
    subscriptions support training""".split()
)
"""Words of what one side of a market pays and the other earns."""

MONEY_IN = frozenset(
    """avoided avoidance back benefit benefits claimed collected credit credits earned earnings fewer freed gain gains
    grant grants income inflow less lower margin proceeds reclaimed received recovered reduced reduction refund refunded
    refunds released relief replaced rebate rebates resale revenue revenues sale sales saved saves saving savings
    salvage sold subsidy turnover""".split()
)
"""Words beside them that say why such a line may bring money in."""


@dataclass(frozen=True)
class LineSums:
    """What a line brings in and takes out over the horizon at the points of a pilot, each of shape (points,)."""

    line: Line
    declared: LedgerLine
    money_in: Floats
    money_out: Floats

    @property
    def only_in(self) -> bool:
        """Whether it brings money in at some point, and takes none out at any."""
        return bool((self.money_in > 0.0).any() and not (self.money_out > 0.0).any())


def outflow_notes(case: Case) -> Iterator[str]:
    """Yield notes on a ledger without money out, on costs without a minus, and on investments that also pay."""
    if not _moves(case, ("upfront", "total_cost")) and _moves(case, ("total_in",)):
        yield (
            f"no money goes out within {case.horizon} month{'' if case.horizon == 1 else 's'}, so none can be lost: "
            "costs are written with a minus, as in `build: -cost`"
        )
    for line in _doubtful(case):
        name = f"{line.line.section}.{line.line.label}"
        if line.only_in and names_a_cost(line.declared):
            yield f"{name} only brings money in: is it a cost? Then write `{negated(line.declared.expression)}`"
        elif line.line.investment and (line.money_in > 0.0).any():
            share = about(float(np.mean(line.money_in[-RANDOM:] > 0.0)))
            yield f"{name} brings money in, in {share}: `invested` counts its money out alone"


def _moves(case: Case, measures: Sequence[str]) -> bool:
    """Return whether any of `measures` is above 0 at some point; what costs less to know is asked first."""
    money_in = Binary("+", Name("net_0"), _summed(Name("inflow"), case.horizon))
    for few in (True, False):
        coordinates = pilot(case, {}, few=few)
        for measure in measures:
            formula = money_in if measure == "total_in" else Name(measure)
            if (values(case, {measure: formula}, coordinates)[measure] > 0.0).any():
                return True
    return False


def _doubtful(case: Case) -> list[LineSums]:
    """Return the sums of investments and of lines that name a cost, where a few points leave it open what they do."""
    declared = {(line.section, line.label): line for line in case.declarations.lines}
    named = [(line, declared[line.section, line.label]) for line in case.model.lines]
    chosen = [(line, text) for line, text in named if line.investment or names_a_cost(text)]
    few = line_sums(case, chosen, pilot(case, {}, few=True)) if chosen else []
    chosen = [(line.line, line.declared) for line in few if line.line.investment or line.only_in]
    return line_sums(case, chosen, pilot(case, {})) if chosen else []


def line_sums(
    case: Case, lines: Sequence[tuple[Line, LedgerLine]], coordinates: Mapping[str, Floats]
) -> list[LineSums]:
    """Return the sums of `lines`, each as in the model and as declared, at the points of a pilot."""
    nothing = Number(0.0)
    outputs: dict[str, Expression] = {}
    for k, (line, _) in enumerate(lines):
        for name, signed in (("in", line.expression), ("out", Unary("-", line.expression))):
            positive: Expression = Call("max", (signed, nothing))
            outputs[f"{name} {k}"] = positive if line.section == "upfront" else _summed(positive, case.horizon)
    evaluated = values(case, outputs, coordinates)
    return [LineSums(*pair, evaluated[f"in {k}"], evaluated[f"out {k}"]) for k, pair in enumerate(lines)]


def _summed(amount: Expression, months: int) -> Expression:
    return Call("total", (amount, Number(1.0), Number(float(months))))


def names_a_cost(line: LedgerLine) -> bool:
    """Return whether the words of a line name a cost, and none says why it may bring money in.

    What the formula reads counts beside the label: `training: hours_saved * rate` is a saving. What may be sold as well
    as bought, such as a licence, is a cost only where the formula is no product of quantities, or reads a cost.
    """
    read = names_in(line.expression)
    label, beside = _words(line.label), set().union(*map(_words, read))
    if not MONEY_IN.isdisjoint(label | beside):
        return False
    reads_cost, single = not COSTS.isdisjoint(beside), len(read) <= 1
    if not SOLD_TOO.isdisjoint(label) and (single or reads_cost):
        return True
    return not COSTS.isdisjoint(label) or (single and reads_cost)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))
