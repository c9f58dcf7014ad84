"""What formulas date after the horizon, so that no figure holds it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from payback.simulator import number_text
from payback.simulator.case import Case
from payback.simulator.case.expressions.decimals import EQUAL
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.keywords import BASE
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, exchanged, walk
from payback.simulator.case.expressions.tree import names as names_in
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.model import Formula, Model
from payback.simulator.questions.ledger.pilot import RANDOM, Floats, about, pilot, values

MONTHLY = frozenset("step pulse series season ramp s_curve index lag cumulative previous".split())
"""Functions with a value for each month."""

MIRRORED = {">": "<", ">=": "<=", "==": "==", "<": ">", "<=": ">="}

SAME = 1e-9
"""Amounts that differ by less than this share of the largest are one amount."""


MOST = 12
"""What is dated after the horizon beyond so many is counted, not listed: each amount takes three runs of the ledger."""


@dataclass(frozen=True)
class Dated:
    """A part of a formula that is 0 before a month.

    Parameters
    ----------
    owner : str
        The calculation or the line that it stands in.
    node : Expression
        The part.
    start : Expression
        A plain number of months, one value a trial.
    first : callable
        The first month that counts, from the value of `start`.
    verb : str
        What happens then: "falls", "begins".
    """

    owner: str
    node: Expression
    start: Expression
    first: Callable[[Floats], Floats]
    verb: str = "begins"


def horizon_notes(case: Case, bands: Mapping[str, tuple[float, float]]) -> dict[Hashable, str]:
    """Return a note on each part of a formula that is dated after the horizon where all inputs are at their medians.

    Parameters
    ----------
    case : Case
    bands : mapping of str to (float, float)
        By draw, the shares of its distribution between which a stress holds it.

    Returns
    -------
    dict of key to str
        The key of a note is the same in another case where the same is lost.
    """
    owners = _owners(case)
    after = f"after the horizon of {case.horizon} month{'' if case.horizon == 1 else 's'}"
    notes: dict[Hashable, str] = {}
    late = list(_late(case, list(_dated(case.model, owners)), bands))
    for dated, first in late[:MOST]:
        formula = to_text(dated.node)
        text = f"{dated.owner}: `{formula}` {dated.verb} in month {first[0]:,.0f}"
        if (first == first[0]).all():
            text += f", {after}: {_missing(case, dated)} in no figure"
        else:
            share = about(float(np.mean(first[-RANDOM:] > case.horizon)))
            text += f" at the medians of the inputs, {after}: in {share} it is in no figure"
        notes[dated.owner, formula] = text
    notes |= _elements(case, owners)
    if len(late) > MOST:
        notes[len(late)] = f"{len(late) - MOST} more parts of formulas begin {after}: they are in no figure"
    return notes


def _late(
    case: Case, parts: Sequence[Dated], bands: Mapping[str, tuple[float, float]]
) -> Iterator[tuple[Dated, Floats]]:
    """Yield the parts that begin after the horizon at the first point of the pilot, with their months, (points,)."""
    certain = {k: value for k, dated in enumerate(parts) if (value := fold(dated.start)) is not None}
    outputs = {str(k): dated.start for k, dated in enumerate(parts) if k not in certain}
    few = values(case, outputs, pilot(case, bands, few=True)) if outputs else {}
    late = {name: outputs[name] for name, starts in few.items() if parts[int(name)].first(starts)[0] > case.horizon}
    starts = values(case, late, pilot(case, bands)) if late else {}
    for k, dated in enumerate(parts):
        start = np.array([certain[k]]) if k in certain else starts.get(str(k))
        if start is not None and (first := dated.first(start))[0] > case.horizon:
            yield dated, first


def _owners(case: Case) -> dict[str, Expression]:
    """Return what the case states: its calculations and lines, without hidden parts of processes."""
    stated = {calculation.name for calculation in case.declarations.calculations}
    formulas = {
        d.name.removesuffix(BASE): d.expression
        for d in case.model.definitions
        if isinstance(d, Formula) and d.name in stated
    }
    return formulas | {f"{line.section}.{line.label}": line.expression for line in case.model.lines}


def _dated(model: Model, owners: Mapping[str, Expression]) -> Iterator[Dated]:
    by_month = {d.name for d in model.definitions if d.monthly} | {m.name for m in MEASURES.values()} | {"t"}
    for owner, tree in owners.items():
        for node in walk(tree):
            dated = _part(owner, node)
            if dated is not None and _once(dated.start, by_month):
                yield dated


def _once(start: Expression, by_month: set[str]) -> bool:
    """Return whether a formula has one value a trial that is known before the ledger."""
    calls = {node.function for node in walk(start) if isinstance(node, Call)}
    return names_in(start).isdisjoint(by_month) and calls.isdisjoint(MONTHLY)


def _part(owner: str, node: Expression) -> Dated | None:
    match node:
        case Call(function="pulse", arguments=(start, *_)):
            return Dated(owner, node, start, _ceil, "falls")
        case Call(function="step", arguments=(start,)):
            return Dated(owner, node, start, _ceil)
        case Call(function="ramp", arguments=(start, _)):
            return Dated(owner, node, start, _next)
        case Call(function="lag", arguments=(_, late, *_)):
            return Dated(owner, node, late, _next)
        case Binary(operator=operator, left=left, right=right) if operator in MIRRORED:
            if _is_month(right):
                left, operator, right = right, MIRRORED[operator], left
            if _is_month(left) and operator in (">", ">=", "=="):
                return Dated(owner, node, right, _next if operator == ">" else _ceil, "holds first")
    return None


def _is_month(node: Expression) -> bool:
    return isinstance(node, Name) and node.id == "t"


def _ceil(month: Floats) -> Floats:
    """Return the first whole month from `month` on."""
    return np.ceil(month - EQUAL * np.abs(month))


def _next(month: Floats) -> Floats:
    """Return the first whole month after `month`."""
    return np.floor(month + EQUAL * np.abs(month)) + 1.0


def _elements(case: Case, owners: Mapping[str, Expression]) -> dict[Hashable, str]:
    """Return a note on each series with elements after the horizon."""
    notes: dict[Hashable, str] = {}
    for owner, tree in owners.items():
        for node in walk(tree):
            if isinstance(node, Call) and node.function == "series":
                named = dict(node.keywords)
                first, every = (fold(named[key]) or 1.0 for key in ("first", "every"))
                months = (first + k * every for k in range(len(node.arguments)))
                late = sum(
                    month > case.horizon and fold(value) != 0.0
                    for month, value in zip(months, node.arguments, strict=True)
                )
                if late:
                    lies = "lies beyond month {}: it is" if late == 1 else "lie beyond month {}: they are"
                    notes[owner, to_text(node), late] = (
                        f"{owner}: {late} of {len(node.arguments)} elements of `series` {lies.format(case.horizon)} "
                        "in no figure"
                    )
    return notes


def _missing(case: Case, dated: Dated) -> str:
    """Return "its 50,000 USD are" where a lump of one certain amount is missing, else "it is"."""
    amount = _lump(case, dated)
    return "it is" if amount is None else f"its {number_text.quantity(amount, case.currency)} are"


def _lump(case: Case, dated: Dated) -> float | None:
    """Return what a `pulse` within the horizon would add to the gain; None unless it is always the same."""
    late = dated.node
    if not isinstance(late, Call) or late.function != "pulse" or len(late.arguments) != 1:
        return None
    gain: dict[str, Expression] = {"": Name("gain")}
    coordinates = pilot(case, {}, few=True)
    base = values(case, gain, coordinates)[""]
    moved = []
    for month in (1.0, float(case.horizon)):
        within = replace(late, arguments=(Number(month),))
        model = _with(case.model, dated.owner, late, within)
        changed = replace(case, checked=replace(case.checked, model=model))
        moved.append(values(changed, gain, coordinates)[""] - base)
    amounts = np.concatenate(moved)
    size = float(np.abs(base).max(initial=0.0)) + float(np.abs(amounts).max())
    if not math.isfinite(size) or float(np.ptp(amounts)) > SAME * size or abs(amounts[0]) <= SAME * size:
        return None
    return float(f"{amounts[0]:.9g}")


def _with(model: Model, owner: str, old: Expression, new: Expression) -> Model:
    """Return `model` with a part of the formula of `owner` replaced."""
    definitions = tuple(
        replace(d, expression=exchanged(d.expression, old, new)) if isinstance(d, Formula) and d.name == owner else d
        for d in model.definitions
    )
    lines = tuple(
        replace(line, expression=exchanged(line.expression, old, new))
        if f"{line.section}.{line.label}" == owner
        else line
        for line in model.lines
    )
    return replace(model, definitions=definitions, lines=lines)
