"""Correlation groups: from the targets of a case to copulas, and the correlations that these achieve."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from payback.distributions import Distribution
from payback.distributions.copulas.calibration import achieved, parameter_for
from payback.distributions.copulas.correlation_matrix import nearest_correlation, require_correlation
from payback.simulator.case.declarations.declarations import Correlation, Declarations, Driver
from payback.simulator.case.source.source_text import Source
from payback.simulator.errors import CaseError, Problem
from payback.simulator.model import Draw, Group, Model

Marginals = Mapping[str, Distribution | None]
Pair = frozenset[str]
Rows = tuple[tuple[float, ...], ...]

_MOST_SHOWN = 12


@dataclass(frozen=True)
class Agreement:
    """A target of dependence between two inputs, or a driver and an input, and what the copula achieves.

    Parameters
    ----------
    between : tuple of str
    kind : str
        Of the correlation: "spearman", "kendall", "pearson" or "parameter".
    asked, parameter : float
        The target; the parameter of the copula in use.
    achieved : float or None
        The correlation of this kind that it makes; None where there is none, as with parameters that vary by trial.
    method : str
        How `achieved` was found: "exact" or "quadrature".
    why : str
    """

    between: tuple[str, str]
    kind: str
    asked: float
    parameter: float
    achieved: float | None
    method: str
    why: str = ""


def groups(declarations: Declarations, draws: Iterable[Draw]) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Return the groups of inputs that move together.

    A group is a connected component of the pairs; a pair that no target names has parameter 0. A driver with
    parameters a and b on two inputs gives the pair a * b, and several drivers add.

    Parameters
    ----------
    declarations : Declarations
    draws : iterable of Draw
        The inputs as they were checked.

    Returns
    -------
    (groups, notes) : tuple of Group and tuple of str
        In declaration order, and a note on each group whose targets were repaired.

    Raises
    ------
    payback.simulator.errors.CaseError
        Targets that cannot be reached, drivers that explain more than the whole variance of an input, and, unless the
        case asks for their repair, correlations that cannot hold together.
    """
    targets = _pair_targets(declarations, _marginals(draws))
    component = {declared.name: frozenset((declared.name,)) for declared in declarations.inputs}
    for pair in targets:
        joined = frozenset[str]().union(*(component[name] for name in pair))
        component.update(dict.fromkeys(joined, joined))
    copulas, notes = [], []
    for members in dict.fromkeys(component.values()):
        axes = tuple(declared.name for declared in declarations.inputs if declared.name in members)
        if len(axes) > 1:
            rows = tuple(tuple(1.0 if a == b else _target(targets, a, b) for b in axes) for a in axes)
            used = tuple(map(tuple, nearest_correlation(rows).tolist())) if declarations.repair else rows
            _require(axes, used, targets)
            copulas.append(Group(axes, used, declarations.degrees, repaired=used != rows))
            if used != rows:
                notes.append(_repaired(axes, rows, used))
    return tuple(copulas), tuple(notes)


def _target(targets: Mapping[Pair, tuple[float, Source]], a: str, b: str) -> float:
    """Return the parameter that a pair is given; 0 for a pair that is not named."""
    pair = frozenset((a, b))
    return targets[pair][0] if pair in targets else 0.0


def _repaired(axes: tuple[str, ...], before: Rows, after: Rows) -> str:
    moved = [
        (abs(after[i][j] - before[i][j]), f"{a} with {b} {before[i][j]:.4g} -> {after[i][j]:.4g}")
        for (i, a), (j, b) in combinations(enumerate(axes), 2)
    ]
    texts = [text for _, text in sorted(moved, key=lambda change: -change[0])]
    more = f", and {len(texts) - _MOST_SHOWN} more" if len(texts) > _MOST_SHOWN else ""
    return (
        "these targets cannot hold together and are repaired to the nearest that can, by parameters of the copula: "
        f"{', '.join(texts[:_MOST_SHOWN])}{more}"
    )


def agreements(declarations: Declarations, model: Model) -> tuple[Agreement, ...]:
    """Return the stated and the achieved value of every target, in the order of the case, drivers last."""
    marginals, degrees = _marginals(model.draws), declarations.degrees
    used = {
        frozenset((a, b)): group.correlation[i][j]
        for group in model.dependence
        for (i, a), (j, b) in combinations(enumerate(group.axes), 2)
    }
    reached = []
    for target in declarations.dependence:
        for pair in combinations(target.axes, 2):
            at = used[frozenset(pair)]
            reached.append(_agreement(pair, target, target.value, at, degrees, marginals))
    for driver in declarations.drivers:
        for name, strength in driver.strengths:
            at = parameter_for(driver.kind, strength, degrees=degrees)
            reached.append(_agreement((driver.name, name), driver, strength, at, degrees, marginals))
    return tuple(reached)


def _agreement(
    pair: tuple[str, str],
    target: Correlation | Driver,
    target_value: float,
    parameter: float,
    degrees: float | None,
    marginals: Marginals,
) -> Agreement:
    first, second = (marginals.get(name) for name in pair)
    try:
        result = achieved(target.kind, parameter, first, second, degrees)
    except ValueError:
        return Agreement(pair, target.kind, target_value, parameter, None, "", target.why)
    return Agreement(pair, target.kind, target_value, parameter, result.value, result.method, target.why)


def _marginals(draws: Iterable[Draw]) -> Marginals:
    return {draw.name: draw.distribution for draw in draws}


def _pair_targets(declarations: Declarations, marginals: Marginals) -> dict[Pair, tuple[float, Source]]:
    """Return the copula parameter of every pair that has a target, and where that is written."""
    targets: dict[Pair, tuple[float, Source]] = {}
    for target in declarations.dependence:
        for a, b in combinations(target.axes, 2):
            parameter = _parameter(target, marginals.get(a), marginals.get(b), declarations)
            targets[frozenset((a, b))] = parameter, target.source
    explained: dict[str, float] = {}
    for driver in declarations.drivers:
        loads = _loads(driver, declarations.degrees)
        for (a, first), (b, second) in combinations(loads.items(), 2):
            targets[frozenset((a, b))] = _target(targets, a, b) + first * second, driver.source
        for name, load in loads.items():
            explained[name] = explained.get(name, 0.0) + load * load
            if explained[name] > 1.0 + 1e-12:
                given = f"the drivers of `{name}` explain more than all of it: the squares sum to {explained[name]:.3g}"
                raise CaseError(Problem(given, "weaker drivers", driver.source.path, at=driver.source.at))
    return targets


def _loads(driver: Driver, degrees: float | None) -> dict[str, float]:
    return {name: parameter_for(driver.kind, value, degrees=degrees) for name, value in driver.strengths}


def _parameter(
    target: Correlation, first: Distribution | None, second: Distribution | None, declarations: Declarations
) -> float:
    try:
        return parameter_for(target.kind, target.value, first, second, declarations.degrees)
    except ValueError as error:
        allowed = "a target within reach, or `spearman`"
        raise CaseError(Problem(str(error), allowed, target.source.path, at=target.source.at)) from None


def _require(axes: tuple[str, ...], rows: Rows, targets: Mapping[Pair, tuple[float, Source]]) -> None:
    try:
        require_correlation(rows)
    except ValueError as error:
        sources = [source for pair, (_, source) in targets.items() if pair <= set(axes)]
        last = max(sources, key=lambda source: source.at.line)
        named = re.sub(
            r"\((\d+), (\d+)\)", lambda match: " with ".join(axes[int(k)] for k in match.groups()), str(error)
        )
        allowed = "weaker targets (a pair that is not named counts as 0), or `repair: nearest`"
        raise CaseError(Problem(named, allowed, "dependence", at=last.at)) from None
