"""``dependence:`` of a case: pairs of inputs, their copula parameters, and the groups they form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from distributions.correlations import require_correlation
from distributions.targets import parameter_for
from simulator.case.declarations import Correlation, Declarations, Input, Source
from simulator.case.keys import DEPENDENCE, KINDS
from simulator.case.literals import constant
from simulator.case.model import Group
from simulator.case.reading import Reader, kind, near, shown
from simulator.case.sets import uncertain_input
from simulator.case.source import MappingNode, Node, ScalarNode
from simulator.errors import CaseError, Problem


def read_dependence(reader: Reader, fields: Mapping[str, Node], declarations: Declarations) -> tuple[Correlation, ...]:
    """Read ``copula:``, ``repair:`` and ``dependence:``."""
    _word(reader, fields.get("copula"), "copula", "gaussian", ("t", "the t copula"))
    _word(reader, fields.get("repair"), "repair", "refuse", ("nearest", "repairing a matrix"))
    node = fields.get("dependence")
    items = reader.items(node, "dependence", "`- {between: [a, b], spearman: 0.5}`") if node is not None else ()
    found = [_correlation(reader, item, f"dependence[{index}]", declarations) for index, item in enumerate(items)]
    targets = tuple(one for one in found if one is not None)
    _once(reader, targets)
    return targets


def _word(reader: Reader, node: Node | None, path: str, only: str, later: tuple[str, str]) -> None:
    """Read a key that knows one word so far."""
    text = reader.text(node, path)
    if node is None or not text or text == only:
        return
    if text.split("(")[0].strip() == later[0]:
        reader.add(node, path, f"{shown(text)}: {later[1]} is not yet in this version", f"`{only}`")
    else:
        reader.add(node, path, f"{shown(text)} is given", f"`{only}`", near(text, (only, later[0])))


def _correlation(reader: Reader, node: Node, path: str, declarations: Declarations) -> Correlation | None:
    fields = reader.fields(node, path, DEPENDENCE)
    if not isinstance(node, MappingNode):
        return None
    why = reader.text(fields.get("why"), f"{path}.why")
    key = _exactly_one(reader, (node, path), fields, ("between", "among"), "which inputs move together")
    axes = _axes(reader, fields[key], f"{path}.{key}", key, declarations) if key else None
    waiting = any(entry[0].text == "pearson" for entry in node.entries)
    target = "" if waiting else _exactly_one(reader, (node, path), fields, KINDS[:3], "how strongly")
    value = _target(reader, fields[target], f"{path}.{target}") if target else None
    if axes is None or value is None:
        return None
    return Correlation(axes, target, value, why, Source(path, node.at))


def _exactly_one(
    reader: Reader, place: tuple[Node, str], fields: Mapping[str, Node], keys: tuple[str, ...], says: str
) -> str:
    given = [key for key in keys if key in fields]
    if len(given) == 1:
        return given[0]
    what = f"`{given[0]}` and `{given[1]}` are both given" if given else f"nothing says {says}"
    reader.add(*place, what, f"one of {', '.join(keys)}")
    return ""


def _axes(reader: Reader, node: Node, path: str, key: str, declarations: Declarations) -> tuple[str, ...] | None:
    items = reader.items(node, path, "names of inputs: `[traffic, price]`")
    if not items:
        return None
    if len(items) < 2 or (key == "between" and len(items) > 2):
        reader.add(node, path, f"{len(items)} names", "two inputs" if key == "between" else "two inputs or more")
        return None
    known: list[Input] = []
    for index, item in enumerate(items):
        place = f"{path}[{index}]"
        if not isinstance(item, ScalarNode):
            reader.add(item, place, f"{kind(item)} is given", "the name of an input")
        elif item.text in [one.name for one in known]:
            reader.add(item, place, f"`{item.text}` is paired with itself", "each input once")
        else:
            found = uncertain_input(reader, item, place, declarations)
            known += [found] if found is not None else []
    if len(known) < len(items):
        return None
    if len({one.monthly for one in known}) > 1:
        monthly = next(one.name for one in known if one.monthly)
        reader.add(
            node,
            path,
            f"`{monthly}` is drawn each month, another of these inputs once",
            "inputs that are all drawn once, or all each month",
        )
        return None
    return tuple(one.name for one in known)


def _target(reader: Reader, node: Node, path: str) -> float | None:
    expression = reader.expression(node, path, "a number from -1 to 1")
    if expression is None:
        return None
    value = constant(expression)
    if value is None or value[1] or not -1 <= value[0] <= 1:
        reader.add(node, path, f"{kind(node)} is no correlation", "a number in [-1, 1]")
        return None
    return value[0]


def _once(reader: Reader, targets: tuple[Correlation, ...]) -> None:
    """Tell of pairs that are given twice."""
    seen: dict[frozenset[str], Correlation] = {}
    for one in targets:
        for pair in combinations(one.axes, 2):
            first = seen.setdefault(frozenset(pair), one)
            if first is not one:
                lines = f"in line {first.source.at.line} and in line {one.source.at.line}"
                reader.add(
                    one.source.at,
                    one.source.path,
                    f"`{pair[0]}` and `{pair[1]}` are paired twice, {lines}",
                    "each pair once",
                )


def groups(declarations: Declarations) -> tuple[Group, ...]:
    """Return the groups of inputs that move together, in declaration order.

    A group is a connected component of the pairs; a pair that no target names has parameter 0.
    The parameter of a Gaussian copula is 2 sin(pi r / 6) for Spearman's r and sin(pi tau / 2) for
    Kendall's tau [1]_.

    Raises
    ------
    simulator.errors.CaseError
        Correlations that cannot hold together.

    References
    ----------
    .. [1] Kruskal, W. H. (1958). Ordinal measures of association. Journal of the American
       Statistical Association, 53(284), 814-861. :doi:`10.1080/01621459.1958.10501481`
    """
    parameters: dict[frozenset[str], tuple[float, Correlation]] = {}
    component = {one.name: frozenset((one.name,)) for one in declarations.inputs}
    for target in declarations.dependence:
        for pair in combinations(target.axes, 2):
            parameters[frozenset(pair)] = parameter_for(target.kind, target.value), target
            joined = component[pair[0]] | component[pair[1]]
            component.update(dict.fromkeys(joined, joined))
    found = []
    for members in dict.fromkeys(component.values()):
        axes = tuple(one.name for one in declarations.inputs if one.name in members)
        if len(axes) > 1:
            found.append(_group(axes, parameters))
    return tuple(found)


def _group(axes: tuple[str, ...], parameters: Mapping[frozenset[str], tuple[float, Correlation]]) -> Group:
    rows = tuple(tuple(1.0 if a == b else parameters.get(frozenset((a, b)), (0.0,))[0] for b in axes) for a in axes)
    try:
        require_correlation(rows)
    except ValueError as error:
        own = [target for pair, (_, target) in parameters.items() if pair <= set(axes)]
        last = max(own, key=lambda target: target.source.at.line)
        named = re.sub(
            r"\((\d+), (\d+)\)", lambda found: " with ".join(axes[int(k)] for k in found.groups()), str(error)
        )
        allowed = "weaker targets (a pair that is not named counts as 0); `repair: nearest` is not yet in this version"
        raise CaseError(Problem(named, allowed, "dependence", at=last.source.at)) from None
    return Group(axes, rows)
