"""Options of a case file: named ways to act, each a set of changes with the inputs that it alone reads."""

from __future__ import annotations

from payback.simulator.case.declarations.declarations import Change, Declarations, Input, Option
from payback.simulator.case.declarations.input_section import read_inputs
from payback.simulator.case.declarations.reader import Reader
from payback.simulator.case.declarations.scenarios_and_claims import named_sets, read_set, set_entries
from payback.simulator.case.declarations.schema import OPTION_INPUTS
from payback.simulator.case.source.spelling import quoted
from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode
from payback.simulator.errors import Problem

AS_IT_IS = "as it is"
"""The name of the case itself among its options."""

_ONE_FRAME = ("horizon", "discount_rate")
"""What options may not change: money of different months, or discounted otherwise, is not comparable."""


def read_options(reader: Reader, node: Node | None, declarations: Declarations) -> tuple[Option, ...]:
    """Read ``options:``; targets and units are checked with the case."""
    options = []
    for key, value in named_sets(reader, node, "options", "name: {target: formula}"):
        path = f"options.{key.text}"
        _name(reader, key, path, declarations)
        entries = set_entries(reader, value, path, "a change: `{traffic: traffic * 0.5}`")
        own = [entry for word, entry in entries if word.text == OPTION_INPUTS and isinstance(entry, MappingNode)]
        inputs = tuple(line for entry in own for line in read_inputs(reader, entry, f"{path}.{OPTION_INPUTS}"))
        changes = read_set(reader, [entry for entry in entries if entry[1] not in own], path)
        _require_new(reader, inputs, declarations)
        _require_comparable(reader, changes)
        options.append(Option(key.text, changes, key.source(path), inputs))
    return tuple(options)


def _name(reader: Reader, key: ScalarNode, path: str, declarations: Declarations) -> None:
    """Report the name of an option that already means something else."""
    meanings = {AS_IT_IS: "the case itself"}
    meanings |= {stress.name: "a stress of the case" for stress in declarations.stress}
    meanings |= {what_if.name: "a what-if of the case" for what_if in declarations.what_if}
    if key.text in meanings:
        reader.add(key, path, f"{quoted(key.text)} is {meanings[key.text]}", "a name of its own")


def _require_new(reader: Reader, inputs: tuple[Input, ...], declarations: Declarations) -> None:
    """Report new inputs under names that the case has."""
    names = [declared.name for declared in declarations.inputs]
    names += [declared.name for declared in declarations.calculations]
    known = {name.casefold(): name for name in names}
    for declared in inputs:
        if (name := known.get(declared.name.casefold())) is not None:
            given = f"`{declared.name}` is no new input: the case has `{name}`"
            allowed = f"another name, or `{name}: ...` beside `{OPTION_INPUTS}:` to change it"
            reader.problems.append(Problem(given, allowed, declared.source.path, at=declared.source.at))


def _require_comparable(reader: Reader, changes: tuple[Change, ...]) -> None:
    """Report changes of what all options share."""
    for change in changes:
        if change.target in _ONE_FRAME:
            given = f"an option with a `{change.target}` of its own"
            allowed = f"options are compared over one horizon at one discount rate: `{change.target}` under `what_if:`"
            reader.problems.append(Problem(given, allowed, change.source.path, at=change.source.at))
