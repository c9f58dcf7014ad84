"""Units that a case declares by using them: whether it has any, and whether a name is also one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from payback.simulator.case.declarations.declarations import Calculation, Declarations, Input
from payback.simulator.case.expressions.tree import Expression, Quantity, walk
from payback.simulator.case.language.units import Unit, UnitError, parse_unit
from payback.simulator.errors import Problem

_CALENDAR = frozenset({"month", "year"})


def united(declarations: Declarations) -> bool:
    """Return whether anything in the case carries a unit.

    Months and years in formulas do not count: a case of plain numbers has a horizon too. Units in an override do not
    count either.
    """
    bases = [declared.replaces or declared for declared in declarations.inputs]
    inputs = any(not unit.plain for declared in bases for _, unit in _units(declared.expression, declared.unit))
    formulas = [declared.expression for declared in declarations.calculations if not declared.replaces]
    formulas += [line.expression for line in declarations.lines]
    return inputs or any(
        noun not in _CALENDAR for tree in formulas for _, unit in _units(tree) for noun, _ in unit.powers
    )


def noun_problems(declarations: Declarations, inputs: Iterable[Input]) -> dict[str, Problem]:
    """Return a problem for each name of the case that is also a unit of one of `inputs`, by name."""
    both: tuple[Input | Calculation, ...] = (*declarations.inputs, *declarations.calculations)
    sources = {declared.name: declared.source for declared in both}
    problems: dict[str, Problem] = {}
    for text, unit in (written for declared in inputs for written in _units(declared.expression, declared.unit)):
        for noun, _ in unit.powers:
            if noun in sources:
                source = sources[noun]
                near = f"{noun}s"
                problems.setdefault(noun, Problem(
                    f"`{noun}` is a name here and a unit in `{text}`",
                    "another name",
                    source.path, near, source.at,
                ))  # fmt: skip
    return problems


def _units(tree: Expression, beside: str = "") -> Iterator[tuple[str, Unit]]:
    """Yield the units in `tree` and the one `beside` it, as text and as unit; a text that is not a unit is skipped."""
    written = [node.unit for node in walk(tree) if isinstance(node, Quantity)]
    if beside:
        written.append(beside)
    for text in written:
        try:
            yield text, parse_unit(text)[1]
        except UnitError:
            continue
