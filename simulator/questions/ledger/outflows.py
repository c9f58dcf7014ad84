"""Lines that take no money out: a ledger that loses nothing, costs without a minus, investments that pay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case import Case
from payback.simulator.case.declarations.declarations import LedgerLine
from payback.simulator.case.expressions.printer import negated
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Number, Unary
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
    """What a line brings in and takes out over the horizon at the points of a pilot, each of shape (points,).

    `share_in` is the share of the months in which it brings money in.
    """

    line: Line
    declared: LedgerLine
    money_in: Floats
    money_out: Floats
    share_in: Floats

    @property
    def only_in(self) -> bool:
        """Whether it brings money in at some point, and takes none out at any."""
        return bool((self.money_in > 0.0).any() and not (self.money_out > 0.0).any())


def line_sums(case: Case, coordinates: Mapping[str, Floats]) -> list[LineSums]:
    """Return the sums of every line of the ledger at the points of a pilot, in the order of the file."""
    nothing = Number(0.0)
    outputs: dict[str, Expression] = {}
    for k, line in enumerate(case.model.lines):
        amount = line.expression
        parts = (amount, Unary("-", amount))
        for name, signed in zip(("in", "out"), parts, strict=True):
            positive: Expression = Call("max", (signed, nothing))
            outputs[f"{name} {k}"] = positive if line.section == "upfront" else _summed(positive, case.horizon)
        share = Binary(">", amount, nothing)
        outputs[f"share {k}"] = share if line.section == "upfront" else Call("average", (share,))
    evaluated = values(case, outputs, coordinates)
    declared = {(line.section, line.label): line for line in case.declarations.lines}
    return [
        LineSums(
            line, declared[line.section, line.label], *(evaluated[f"{name} {k}"] for name in ("in", "out", "share"))
        )
        for k, line in enumerate(case.model.lines)
    ]


def _summed(amount: Expression, months: int) -> Expression:
    return Call("total", (amount, Number(1.0), Number(float(months))))


def outflow_notes(case: Case) -> Iterator[str]:
    """Yield notes on a ledger without money out, on costs without a minus, and on investments that also pay."""
    sums = line_sums(case, pilot(case, {}, few=True))
    doubtful = [line for line in sums if line.line.investment or (line.only_in and names_a_cost(line.declared))]
    if doubtful or not any((line.money_out > 0.0).any() for line in sums):
        sums = line_sums(case, pilot(case, {}))
    if any((line.money_in > 0.0).any() for line in sums) and not any((line.money_out > 0.0).any() for line in sums):
        yield (
            f"no money goes out within {case.horizon} month{'' if case.horizon == 1 else 's'}, so none can be lost: "
            "costs are written with a minus, as in `build: -cost`"
        )
    for line in sums:
        name = f"{line.line.section}.{line.line.label}"
        if line.only_in and names_a_cost(line.declared):
            yield f"{name} only brings money in: is it a cost? Then write `{negated(line.declared.expression)}`"
        elif line.line.investment and (line.money_in > 0.0).any():
            share = about(float(np.mean(line.share_in[-RANDOM:] > 0.0)))
            yield f"{name} brings money in, in {share}: `invested` counts its money out alone"


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
