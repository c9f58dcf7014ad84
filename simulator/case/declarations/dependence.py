"""``copula:``, ``repair:`` and ``dependence:`` of a case: which inputs move together, and how strongly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations

from payback.distributions.copulas.scores import StudentScores
from payback.simulator.case.declarations.declarations import Correlation, Declarations, Driver, Input
from payback.simulator.case.declarations.reader import Reader, kind
from payback.simulator.case.declarations.scenarios_and_claims import uncertain_input
from payback.simulator.case.declarations.schema import DEPENDENCE, KINDS
from payback.simulator.case.expressions.folding import constant
from payback.simulator.case.source.source_text import Source
from payback.simulator.case.source.spelling import nearest, quoted
from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode

_T = re.compile(r"t\(\s*(?:degrees\s*=\s*)?([-+]?[\d_]*\.?\d+)\s*\)")
_COPULAS = "`gaussian`, or `t(4)`: degrees of freedom of 1 or more"
_RANKS = tuple(name for name in KINDS if name != "pearson")


def read_dependence(reader: Reader, fields: Mapping[str, Node], declarations: Declarations) -> Declarations:
    """Return `declarations` with the sections ``copula:``, ``repair:`` and ``dependence:`` read into them."""
    repair = reader.choice(fields.get("repair"), "repair", ("refuse", "nearest")) == "nearest"
    node = fields.get("dependence")
    items = reader.items(node, "dependence", "`- {between: [a, b], spearman: 0.5}`") if node is not None else ()
    entries = [_entry(reader, item, f"dependence[{index}]", declarations) for index, item in enumerate(items)]
    targets = tuple(entry for entry in entries if isinstance(entry, Correlation))
    drivers = tuple(entry for entry in entries if isinstance(entry, Driver))
    _once(reader, targets, drivers)
    degrees = _degrees(reader, fields.get("copula"))
    return replace(declarations, dependence=targets, drivers=drivers, degrees=degrees, repair=repair)


def _degrees(reader: Reader, node: Node | None) -> float | None:
    """Return the degrees of freedom of a t copula; None is the Gaussian copula."""
    text = reader.text(node, "copula").strip()
    if node is None or text in ("", "gaussian"):
        return None
    form = _T.fullmatch(text)
    if form is None:
        reader.add(node, "copula", f"{quoted(text)} is given", _COPULAS, nearest(text, ("gaussian", "t(4)")))
        return None
    try:
        return StudentScores(float(form[1])).degrees
    except ValueError:
        reader.add(node, "copula", f"{quoted(text)} has too few degrees of freedom", _COPULAS)
        return None


def _entry(reader: Reader, node: Node, path: str, declarations: Declarations) -> Correlation | Driver | None:
    fields = reader.fields(node, path, DEPENDENCE)
    if not isinstance(node, MappingNode):
        return None
    why = reader.text(fields.get("why"), f"{path}.why")
    who = _exactly_one(reader, (node, path), fields, ("between", "among", "driver"), "which inputs move together")
    if who == "driver":
        target = _exactly_one(reader, (node, path), fields, _RANKS, "how strongly")
        name = _driver(reader, fields["driver"], f"{path}.driver", declarations)
        strengths = _strengths(reader, fields[target], f"{path}.{target}", declarations) if target else None
        return Driver(name, target, strengths, why, Source(path, node.at)) if name and strengths else None
    axes = _axes(reader, fields[who], f"{path}.{who}", who, declarations) if who else None
    target = _exactly_one(reader, (node, path), fields, KINDS, "how strongly")
    value = _target(reader, fields[target], f"{path}.{target}") if target else None
    return Correlation(axes, target, value, why, Source(path, node.at)) if axes and value is not None else None


def _exactly_one(
    reader: Reader, where: tuple[Node, str], fields: Mapping[str, Node], keys: tuple[str, ...], says: str
) -> str:
    given = [key for key in keys if key in fields]
    if len(given) == 1:
        return given[0]
    what = f"`{given[0]}` and `{given[1]}` are both given" if given else f"nothing says {says}"
    reader.add(*where, what, f"one of {', '.join(keys)}")
    return ""


def _driver(reader: Reader, node: Node, path: str, declarations: Declarations) -> str:
    name = reader.text(node, path).strip()
    if name in {declared.name for declared in declarations.inputs}:
        reader.add(node, path, f"`{name}` is an input", "a cause that is none; inputs are paired by `between`")
        return ""
    return name


def _strengths(
    reader: Reader, node: Node, path: str, declarations: Declarations
) -> tuple[tuple[str, float], ...] | None:
    entries = reader.entries(node, path, "two inputs or more, each with its dependence on the driver")
    if isinstance(node, MappingNode) and len(entries) < 2:
        reader.add(node, path, f"{len(entries)} names", "two inputs or more")
    inputs = [uncertain_input(reader, key, f"{path}.{key.text}", declarations) for key, _ in entries]
    values = [_target(reader, value, f"{path}.{key.text}") for key, value in entries]
    if len(entries) < 2 or None in inputs or None in values or not _together(reader, node, path, inputs):
        return None
    return tuple((key.text, value) for (key, _), value in zip(entries, values, strict=True) if value is not None)


def _axes(reader: Reader, node: Node, path: str, key: str, declarations: Declarations) -> tuple[str, ...] | None:
    items = reader.items(node, path, "names of inputs: `[traffic, price]`")
    if not items:
        return None
    if len(items) < 2 or (key == "between" and len(items) > 2):
        reader.add(node, path, f"{len(items)} names", "two inputs" if key == "between" else "two inputs or more")
        return None
    known: list[Input] = []
    for index, item in enumerate(items):
        item_path = f"{path}[{index}]"
        if not isinstance(item, ScalarNode):
            reader.add(item, item_path, f"{kind(item)} is given", "the name of an input")
        elif item.text in [declared.name for declared in known]:
            reader.add(item, item_path, f"`{item.text}` is paired with itself", "each input once")
        else:
            uncertain = uncertain_input(reader, item, item_path, declarations)
            if uncertain is not None:
                known.append(uncertain)
    if len(known) < len(items) or not _together(reader, node, path, known):
        return None
    return tuple(declared.name for declared in known)


def _together(reader: Reader, node: Node, path: str, inputs: Iterable[Input | None]) -> bool:
    """Return whether all inputs are drawn once, or all each month; a mixture is a problem."""
    monthly = [declared.name for declared in inputs if declared is not None and declared.monthly]
    once = [declared.name for declared in inputs if declared is not None and not declared.monthly]
    if monthly and once:
        given = f"`{monthly[0]}` is drawn each month, another of these inputs once"
        reader.add(node, path, given, "inputs that are all drawn once, or all each month")
    return not (monthly and once)


def _target(reader: Reader, node: Node, path: str) -> float | None:
    expression = reader.expression(node, path, "a number from -1 to 1")
    if expression is None:
        return None
    value = constant(expression)
    if value is None or value[1] or not -1 <= value[0] <= 1:
        reader.add(node, path, f"{kind(node)} is no correlation", "a number in [-1, 1]")
        return None
    return value[0]


def _once(reader: Reader, targets: Iterable[Correlation], drivers: Iterable[Driver]) -> None:
    """Report pairs that are given twice; several drivers may move a pair, but two targets may not."""
    pairs = [(target.source, pair, True) for target in targets for pair in combinations(target.axes, 2)]
    pairs += [(target.source, pair, False) for target in drivers for pair in combinations(dict(target.strengths), 2)]
    seen: dict[frozenset[str], tuple[Source, bool]] = {}
    for source, pair, alone in pairs:
        first, was_alone = seen.setdefault(frozenset(pair), (source, alone))
        if first is not source and (alone or was_alone):
            lines = f"in line {first.at.line} and in line {source.at.line}"
            given = f"`{pair[0]}` and `{pair[1]}` are paired twice, {lines}"
            reader.add(source.at, source.path, given, "each pair once")
