"""Inputs of a case file: a line, or a mapping with unit and provenance, for each name."""

from __future__ import annotations

from payback.simulator.case.declarations.declarations import GRADES, Input
from payback.simulator.case.declarations.reader import Reader
from payback.simulator.case.declarations.schema import INPUT
from payback.simulator.case.expressions.tree import Number
from payback.simulator.case.language.functions import name_problem
from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode


def read_inputs(reader: Reader, node: Node, path: str = "inputs") -> tuple[Input, ...]:
    """Read a mapping of names to inputs; those with a problem are left out, and their names are broken."""
    entries = reader.entries(node, path, "name: distribution")
    if isinstance(node, MappingNode) and not entries:
        reader.add(node, path, "no input is given", "at least one: `price: 0.004 to 0.006 USD/request`")
    inputs = [_input(reader, key, value, f"{path}.{key.text}") for key, value in entries]
    return tuple(declared for declared in inputs if declared is not None)


def _input(reader: Reader, key: ScalarNode, node: Node, path: str) -> Input | None:
    valid = valid_name(reader, key, path)
    fields: dict[str, Node] = {}
    value: Node | None = node
    line = path
    if isinstance(node, MappingNode):
        fields = reader.fields(node, path, INPUT)
        value = fields.get("distribution")
        line = f"{path}.distribution"
    expression = reader.expression(value, line, INPUT[0].text) if value is not None else None
    details = Input(
        key.text,
        expression or Number(0.0),
        unit=reader.text(fields.get("unit"), f"{path}.unit"),
        monthly=reader.choice(fields.get("each"), f"{path}.each", ("month",)) == "month",
        grade=reader.choice(fields.get("grade"), f"{path}.grade", GRADES),
        why=reader.text(fields.get("why"), f"{path}.why"),
        reference=reader.text(fields.get("source"), f"{path}.source"),
        source=value.source(line) if isinstance(value, ScalarNode) else Source(line, key.at),
    )
    if expression is None or not valid:
        reader.broken.add(key.text)
        return None
    return details


def valid_name(reader: Reader, key: ScalarNode, path: str) -> bool:
    """Return whether `key` may name an input or a calculation; a name that may not is a problem."""
    problem = None if key.broken else name_problem(key.text)
    if problem is not None:
        reader.add(key, path, problem.given, problem.allowed, problem.near)
    return problem is None and not key.broken
