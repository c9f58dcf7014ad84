"""The case: a checked case file as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b

from payback.distributions import Certain
from payback.simulator.case.checker import Checked, check, check_formula
from payback.simulator.case.correlation_groups import Agreement, agreements, groups
from payback.simulator.case.declarations.change_text import read_changes
from payback.simulator.case.declarations.declarations import (
    Change,
    Claim,
    Declarations,
    Hurdles,
    Option,
    Stress,
    WhatIf,
)
from payback.simulator.case.declarations.shocks import with_shocks
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.inputs.input_facts import InputFacts, input_facts
from payback.simulator.case.overrides import change
from payback.simulator.case.scenario_checks import ChangedCase, remarks, scenario_problems, with_changes
from payback.simulator.case.source.source_text import Source
from payback.simulator.errors import CaseError, Location, Problem
from payback.simulator.model import Formula, Model


@dataclass(frozen=True)
class Case:
    """A checked case: what its file declares, and the model that the engine compiles.

    `payback.simulator.case.load` and `loads` make one; `change` gives another. Two cases are equal when they
    declare the same.
    """

    declarations: Declarations
    checked: Checked = field(compare=False, repr=False)
    repaired: tuple[str, ...] = field(default=(), compare=False, repr=False)
    checked_changes: Mapping[str, ChangedCase] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name of the case; without one, the name of its file."""
        return self.declarations.name or self.file

    @property
    def reference(self) -> str:
        """The reference of the case: where it comes from (`source:` of the file)."""
        return self.declarations.reference

    @property
    def currency(self) -> str:
        """The currency, a code of three capitals."""
        return self.declarations.currency

    @property
    def horizon(self) -> int:
        """The number of months that the case covers."""
        return self.checked.model.horizon

    @property
    def file(self) -> str:
        """The name of the file as it was given, or ``<case>``."""
        return self.declarations.file

    @property
    def digest(self) -> str:
        """BLAKE2b of the content of the file, of the data it reads, and of every change made since; 32 hex digits."""
        data = sorted({f"\n{column.file} {column.digest}" for column in self.checked.scope.columns.values()})
        return _digest(self.declarations.digest + "".join(data)) if data else self.declarations.digest

    @property
    def model(self) -> Model:
        """The model that the engine compiles."""
        return self.checked.model

    @property
    def units(self) -> Mapping[str, str]:
        """The displayed unit of every input, calculation and line."""
        return self.checked.units

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for the reader on how the case was read."""
        return (*self.repaired, *self.checked.notes)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that somebody made, to be checked."""
        return self.declarations.claims

    @property
    def what_if(self) -> tuple[WhatIf, ...]:
        """The what-ifs: named sets of changes."""
        return self.declarations.what_if

    @property
    def options(self) -> tuple[Option, ...]:
        """The ways to act besides the case as it is: named sets of changes, with inputs of their own."""
        return self.declarations.options

    @property
    def decide_by(self) -> str:
        """The statistic by which options are ranked; empty where the case gives none."""
        return self.declarations.decide_by

    @property
    def stress(self) -> tuple[Stress, ...]:
        """The stresses: named sets of bands."""
        return self.declarations.stress

    @property
    def hurdles(self) -> Hurdles:
        """The limits that the case must meet."""
        return self.declarations.hurdles

    @property
    def hold(self) -> Mapping[str, float]:
        """Values at which a tornado holds inputs instead of their medians; certain inputs are left out."""
        certain = {draw.name for draw in self.model.draws if isinstance(draw.distribution, Certain)}
        return {name: value for name, value in self.declarations.hold if name not in certain}

    @property
    def ladder(self) -> tuple[str, ...]:
        """The ladder: names of what-ifs, each nearer to the whole case."""
        return self.declarations.ladder

    @cached_property
    def assumptions(self) -> tuple[InputFacts, ...]:
        """The assumption register: the facts of each input, in the order of the file."""
        draws = {draw.name: draw for draw in self.model.draws}
        return tuple(input_facts(declared, draws[declared.name]) for declared in self.declarations.inputs)

    @cached_property
    def agreements(self) -> tuple[Agreement, ...]:
        """The stated and the achieved value of every target of dependence, in the order of the file, drivers last."""
        return agreements(self.declarations, self.model)

    def input(self, name: str) -> InputFacts:
        """Return the facts of input `name`.

        Raises
        ------
        KeyError
            When the case has no such input.
        """
        return {line.name: line for line in self.assumptions}[name]

    def formula(self, text: str, source: Source | None = None) -> Formula:
        """Return a scalar formula over inputs, calculations and measures, checked and in plain floats.

        Parameters
        ----------
        text : str
            The formula: ``at(cumulative_net, 12)``, ``npv < 0``.
        source : Source, optional
            Where it is written, for messages.

        Raises
        ------
        CaseError
            A formula that does not make sense in this case.
        """
        source = source or Source("", Location("<formula>", 1, 1), text)
        try:
            tree = parse(text)
        except ExpressionError as error:
            raise CaseError(error.problem(source)) from None
        return check_formula(self.checked.scope, tree, source)

    def change(self, changes: str | Mapping[str, str | float] | Iterable[Change]) -> Case:
        """Return the case after interventions; what they do not name keeps its draws.

        Parameters
        ----------
        changes : str, mapping or iterable of Change
            ``"traffic * 0.5; horizon = 24 months"``, the name of a what-if of the case, or
            ``{"traffic": "traffic * 0.5"}``. In a formula the name itself means its base value.

        Raises
        ------
        CaseError
            A target that the case does not have, a formula that does not make sense in it.
        """
        made = read_changes(changes, self.declarations)
        known = self.checked_changes.get(changes) if isinstance(changes, str) else None
        return self._after(made, known or (change(self.declarations, made), None))

    def option(self, name: str) -> Case:
        """Return the case after the changes of one of its options; inputs of both keep their draws.

        Raises
        ------
        KeyError
            When the case has no such option.
        CaseError
            If it does not fit a case that was changed before.
        """
        option = {option.name: option for option in self.options}[name]
        known = self.checked_changes.get(name) or (with_changes(self.declarations, option), None)
        return self._after(option.changes, known)

    def _after(self, made: Iterable[Change], changed: tuple[Declarations, Checked | None]) -> Case:
        """Return the case of the `changed` declarations and their check, after the changes `made`."""
        text = "".join(f"\n{override.target} = {to_text(override.expression)}" for override in made)
        return _case(replace(changed[0], digest=_digest(self.digest + text)), self, changed[1])


def build(declarations: Declarations | None, problems: Iterable[Problem], text: str) -> Case:
    """Return the case of checked `declarations`, with its what-ifs, options, claims and hurdles.

    Parameters
    ----------
    declarations : Declarations or None
        The sections that were read; None when they are too few to check.
    problems : iterable of Problem
        Problems that reading the file has collected.
    text : str
        The content, for the digest.

    Raises
    ------
    CaseError
        With `problems` and those that the check finds, in the order of the file.
    """
    all_problems = list(problems)
    case = None
    if declarations is not None:
        try:
            case = _case(replace(declarations, digest=_digest(text)))
        except CaseError as error:
            all_problems += error.problems
        problems_of_scenarios, changed_cases = scenario_problems(declarations, case.checked if case else None)
        all_problems += problems_of_scenarios
    if all_problems or case is None:
        raise CaseError(sorted(all_problems, key=lambda problem: (problem.at.line, problem.at.column)))
    return replace(case, checked_changes=changed_cases)


def _case(declarations: Declarations, base: Case | None = None, checked: Checked | None = None) -> Case:
    checked = checked or check(declarations, base.checked if base else None)
    # an intervention leaves the dependence of the draws alone, also where it changes a distribution
    coupled = (base.model.dependence, base.repaired) if base else groups(with_shocks(declarations), checked.model.draws)
    model = replace(checked.model, dependence=coupled[0])
    checked = replace(checked, model=model, notes=(*remarks(declarations, model), *checked.notes))
    return Case(declarations, checked, coupled[1])


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
