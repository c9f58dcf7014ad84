"""Factors of a sensitivity: an uncertain input, or a group of inputs that move together."""

from __future__ import annotations

from dataclasses import dataclass

from payback.distributions import Certain
from payback.simulator.case import Case
from payback.simulator.case.source.spelling import listed, nearest
from payback.simulator.errors import CaseError, Problem
from payback.simulator.model import Draw
from payback.simulator.questions.grammar import Question, Statistic


@dataclass(frozen=True)
class Factor:
    """An input, or several that move together, independent of all others.

    Parameters
    ----------
    names : tuple of str
        Names for the reader: inputs, and processes by their leading axis.
    draws : tuple of str
        Names of their draws.
    """

    names: tuple[str, ...]
    draws: tuple[str, ...]


def factors(case: Case) -> tuple[Factor, ...]:
    """Return the factors of `case` in reading order: draws of one process, and dependent inputs, are one factor."""
    coupled = {axis: group.axes for group in case.model.dependence for axis in group.axes}
    uncertain = [d for d in case.model.draws if not isinstance(d.distribution, Certain)]
    sets: list[list[Draw]] = []
    for draw in uncertain:
        joined = [group for group in sets if any(_together(draw, other, coupled) for other in group)]
        sets = [group for group in sets if group not in joined]
        sets.append([*(other for group in joined for other in group), draw])
    groups = [sorted(group, key=uncertain.index) for group in sets]
    return tuple(
        Factor(tuple(dict.fromkeys(map(reader_name, group))), tuple(draw.name for draw in group))
        for group in sorted(groups, key=lambda group: uncertain.index(group[0]))
    )


def reader_name(draw: Draw) -> str:
    """Return the name of a draw in the case: its process, or itself."""
    return draw.process or draw.name


def factor_of(case: Case, statistic: Statistic, question: Question) -> Factor:
    """Return the factor that `statistic`, a Sobol' index, is about.

    Raises
    ------
    CaseError
        If its input is not uncertain, or moves together with others.
    """
    known = factors(case)
    single = {factor.names[0]: factor for factor in known if len(factor.names) == 1}
    if statistic.input in single:
        return single[statistic.input]
    for factor in known:
        if statistic.input in factor.names:
            given = f"{listed(factor.names)} move together, so they have one share"
            allowed = "`payback variance` shows that of the group"
            raise CaseError(Problem(given, allowed, question.source.path, at=question.source.at))
    given = f"`{statistic.input}` is no uncertain input"
    allowed = f"one of {listed(single)}" if single else "nothing in the case is uncertain"
    near = nearest(statistic.input, single, likeness=0.5, same_case=True)
    raise CaseError(Problem(given, allowed, question.source.path, near=near, at=question.source.at))


def _together(draw: Draw, other: Draw, coupled: dict[str, tuple[str, ...]]) -> bool:
    """Return whether two draws are of one process, on one axis, or of one dependent group."""
    same = bool(draw.process) and draw.process == other.process
    return same or draw.axis == other.axis or other.axis in coupled.get(draw.axis, ())
