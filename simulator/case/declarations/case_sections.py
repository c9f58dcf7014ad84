"""The main sections of a case file: the top level, inputs, calculations and cash flows.

Each reader returns what it could read and leaves what it could not to the `Reader`, so that one
mistake hides no other.
"""

from __future__ import annotations

from dataclasses import replace

from payback.simulator.case.declarations import scenarios_and_claims
from payback.simulator.case.declarations.declarations import Calculation, Declarations, Input, LedgerLine
from payback.simulator.case.declarations.dependence import read_dependence
from payback.simulator.case.declarations.input_section import read_inputs, valid_name
from payback.simulator.case.declarations.options import read_options
from payback.simulator.case.declarations.reader import Reader, kind
from payback.simulator.case.declarations.schema import CASE, CASH_FLOWS, HORIZON, LINE, VERSIONS
from payback.simulator.case.declarations.shocks import with_shocks
from payback.simulator.case.expressions.folding import constant
from payback.simulator.case.expressions.tree import Expression
from payback.simulator.case.language.units import CURRENCIES
from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.spelling import nearest, quoted
from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode
from payback.simulator.errors import Location, Problem

SMALLEST = "{horizon: 12, inputs: {saved: 1 to 3}, cash_flows: {upfront: {cost: -20}, monthly: {saved: saved}}}"
"""A case in one line, shown to whoever gives an empty file."""

_MONTHS = {"": 1, "month": 1, "months": 1, "year": 12, "years": 12}


def read_case(tree: Node | None, file: str, reader: Reader) -> Declarations | None:
    """Read a case.

    Parameters
    ----------
    tree : Node or None
        The root node of the file; None when the file is empty.
    file : str
        Its name, as messages show it.
    reader : Reader
        Collects the problems.

    Returns
    -------
    Declarations or None
        None when too little could be read for a check to make sense.
    """
    if tree is None:
        reader.add(Location(file), "", "the case is empty", f"the smallest case is {SMALLEST}")
        return None
    if not isinstance(tree, MappingNode):
        reader.entries(tree, "", "`inputs:`, `cash_flows:`, `horizon:`, ...")
        return None
    fields = reader.fields(tree, "", CASE)
    _version(reader, fields.get("payback_case"))
    inputs = read_inputs(reader, fields["inputs"]) if "inputs" in fields else ()
    calculations = _calculations(reader, fields["calculations"]) if "calculations" in fields else ()
    lines = _cash_flows(reader, fields["cash_flows"]) if "cash_flows" in fields else ()
    _names(reader, (*inputs, *calculations))
    declarations = Declarations(
        name=reader.text(fields.get("case"), "case"),
        reference=reader.text(fields.get("source"), "source"),
        currency=_currency(reader, fields.get("currency")),
        horizon=_horizon(reader, fields.get("horizon")),
        discount_rate=_discount_rate(reader, fields.get("discount_rate")),
        inputs=inputs,
        calculations=calculations,
        lines=lines,
        file=file,
        source={key: _source(key, node) for key, node in fields.items()},
    )
    declarations = replace(
        replace(read_dependence(reader, fields, with_shocks(declarations)), inputs=declarations.inputs),
        hold=scenarios_and_claims.read_hold(reader, fields.get("hold"), declarations),
        claims=scenarios_and_claims.read_claims(reader, fields.get("claims")),
        what_if=scenarios_and_claims.read_what_if(reader, fields.get("what_if")),
        decide_by=reader.text(fields.get("decide_by"), "decide_by"),
        stress=scenarios_and_claims.read_stress(reader, fields.get("stress"), declarations),
        hurdles=scenarios_and_claims.read_hurdles(reader, fields.get("hurdles")),
    )
    declarations = replace(
        declarations,
        ladder=scenarios_and_claims.read_ladder(reader, fields.get("ladder"), declarations),
        options=read_options(reader, fields.get("options"), declarations),
    )
    readable = isinstance(fields.get("inputs"), MappingNode) and isinstance(fields.get("cash_flows"), MappingNode)
    readable = readable and isinstance(fields.get("calculations", tree), MappingNode)
    return replace(declarations, broken=frozenset(reader.broken)) if readable else None


def _source(path: str, node: Node) -> Source:
    return node.source(path) if isinstance(node, ScalarNode) else Source(path, node.at)


def _version(reader: Reader, node: Node | None) -> None:
    text = reader.text(node, "payback_case")
    if node is not None and text and text not in map(str, VERSIONS):
        versions = ", ".join(map(str, VERSIONS))
        reader.add(
            node, "payback_case", f"version {quoted(text)} of the case language", f"this payback reads {versions}"
        )


def _currency(reader: Reader, node: Node | None) -> str:
    text = reader.text(node, "currency")
    if node is None or not text:
        return "USD"
    if text not in CURRENCIES:
        code = text.upper() if text.upper() in CURRENCIES else nearest(text, CURRENCIES)
        reader.add(node, "currency", f"{quoted(text)} is no currency", "a code of ISO 4217: USD, EUR", code)
        return "USD"
    return text


def _horizon(reader: Reader, node: Node | None) -> int:
    allowed = f"a whole number of months, 1 to {HORIZON:,}: `36 months`"
    expression = reader.expression(node, "horizon", allowed) if node is not None else None
    if node is None or expression is None:
        return Declarations.horizon
    given = quoted(node.text) if isinstance(node, ScalarNode) else ""
    value, unit = constant(expression) or (0.0, "?")
    if unit not in _MONTHS:
        reader.add(node, "horizon", f"{given} is no constant number of months", allowed)
        return Declarations.horizon
    months = value * _MONTHS[unit]
    if months != round(months) if abs(months) < 1e15 else False:
        reader.add(node, "horizon", f"{given} is not whole", allowed, f"{max(1, round(months))} months")
    elif not 1 <= months <= HORIZON:
        reader.add(node, "horizon", f"{given} is {'below 1' if months < 1 else 'too long'}", allowed)
    else:
        return int(months)
    return Declarations.horizon


def _discount_rate(reader: Reader, node: Node | None) -> Expression | None:
    rate = reader.expression(node, "discount_rate", "a rate a year: `10 %/year`") if node is not None else None
    value = constant(rate) if rate is not None else None
    if node is not None and value and value[0] <= -1:
        reader.add(node, "discount_rate", f"{kind(node)} loses all in a year", "a rate above -100 %: `10 %/year`")
        return None
    return rate


def _calculations(reader: Reader, node: Node) -> tuple[Calculation, ...]:
    calculations = []
    for key, value in reader.entries(node, "calculations", "name: formula"):
        path = f"calculations.{key.text}"
        valid = valid_name(reader, key, path)
        expression = reader.expression(value, path, "a formula")
        if valid and expression is not None and isinstance(value, ScalarNode):
            calculations.append(Calculation(key.text, expression, value.source(path)))
        else:
            reader.broken.add(key.text)
    return tuple(calculations)


def _cash_flows(reader: Reader, node: Node) -> tuple[LedgerLine, ...]:
    lines = []
    sections = reader.fields(node, "cash_flows", CASH_FLOWS)
    for section, entries in sections.items():
        for key, value in reader.entries(entries, f"cash_flows.{section}", "label: formula"):
            line = _line(reader, section, key, value)
            if line is None:
                reader.broken.add(f"{section}.{key.text}")
            else:
                lines.append(line)
    if isinstance(node, MappingNode) and not lines and not reader.broken:
        reader.add(node, "cash_flows", "no line is given", "at least one line under `upfront:` or `monthly:`")
    return tuple(lines)


def _line(reader: Reader, section: str, key: ScalarNode, node: Node) -> LedgerLine | None:
    path = f"cash_flows.{section}.{key.text}"
    if not key.text.strip():
        reader.add(key, path, "a line without a label", "`label: formula`")
    fields: dict[str, Node] = {}
    value: Node | None = node
    if isinstance(node, MappingNode):
        fields = reader.fields(node, path, LINE)
        value = fields.get("amount")
    investment = reader.choice(fields.get("investment"), f"{path}.investment", ("true", "false")) == "true"
    if section == "upfront" and "investment" in fields:
        reader.add(fields["investment"], f"{path}.investment", "an upfront line is invested as it is", "remove the key")
    expression = reader.expression(value, path, "a formula") if value is not None else None
    if expression is None or not isinstance(value, ScalarNode):
        return None
    why = reader.text(fields.get("why"), f"{path}.why")
    return LedgerLine(section, key.text, expression, investment, why, value.source(path))


def _names(reader: Reader, declared: tuple[Input | Calculation, ...]) -> None:
    """Report names that stand for two things, or differ only in capitals."""
    seen: dict[str, Input | Calculation] = {}
    for second in declared:
        first = seen.setdefault(second.name.casefold(), second)
        if first is second:
            continue
        lines = f"in line {first.source.at.line} and in line {second.source.at.line}"
        if first.name == second.name:
            reader.broken.add(second.name)
            given = f"`{second.name}` is given twice, {lines}"
        else:
            given = f"`{first.name}` and `{second.name}` differ in capitals alone, {lines}"
        reader.problems.append(Problem(given, "one name for one thing", second.source.path, at=second.source.at))
