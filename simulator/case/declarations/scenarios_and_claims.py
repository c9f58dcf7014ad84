"""Scenarios and claims of a case: what-ifs, stresses, held values, the ladder, claims and hurdles."""

from __future__ import annotations

import re
from collections.abc import Iterable

from payback.simulator.case.declarations.declarations import (
    Band,
    Change,
    Claim,
    Declarations,
    Hurdles,
    Input,
    Stress,
    WhatIf,
)
from payback.simulator.case.declarations.reader import Reader, kind
from payback.simulator.case.declarations.schema import CLAIM, HURDLES
from payback.simulator.case.expressions.folding import constant, is_certain
from payback.simulator.case.source.spelling import nearest, quoted
from payback.simulator.case.source.yaml_nodes import MappingNode, Node, ScalarNode

NAME_LENGTH = 200
CONFIDENCE = 0.8

_PERCENT = r"(\d+(?:\.\d*)?|\.\d+) *%"
_BAND = re.compile(rf"(?:(below|above|at) +{_PERCENT}|{_PERCENT} +to +{_PERCENT})(?: +alone)?")
BANDS = "`below 10 %`, `above 90 %`, `10 % to 30 %` or `at 80 %` of the input's distribution; `alone` if others stay"


def read_claims(reader: Reader, node: Node | None) -> tuple[Claim, ...]:
    """Read ``claims:``; what `check` says is checked with the case."""
    claims = []
    items = reader.items(node, "claims", "`- {says: ..., check: ...}`") if node is not None else ()
    for index, item in enumerate(items):
        path = f"claims[{index}]"
        fields = reader.fields(item, path, CLAIM)
        says = reader.text(fields.get("says"), f"{path}.says")
        check = reader.text(fields.get("check"), f"{path}.check")
        source = reader.text(fields.get("source"), f"{path}.source")
        check_node = fields.get("check")
        if says and check and isinstance(check_node, ScalarNode):
            claims.append(Claim(says, check, source, check_node.source(f"{path}.check")))
    return tuple(claims)


def read_hurdles(reader: Reader, node: Node | None) -> Hurdles:
    """Read ``hurdles:``; each limit is checked with the case."""
    if node is None:
        return Hurdles()
    fields = reader.fields(node, "hurdles", HURDLES)
    confidence = _confidence(reader, fields.pop("confidence", None))
    if not fields and isinstance(node, MappingNode) and not node.entries:
        reader.add(node, "hurdles", "no hurdle is given", "a measure and its limit: `payback: 12 months`")
    limits = []
    for name, value in fields.items():
        path = f"hurdles.{name}"
        if reader.expression(value, path, "a limit: `12 months`") is not None and isinstance(value, ScalarNode):
            limits.append((name, value.text, value.source(path)))
    sources = {name: source for name, _, source in limits}
    return Hurdles(tuple((name, text) for name, text, _ in limits), confidence, sources=sources)


def _confidence(reader: Reader, node: Node | None) -> float:
    expression = reader.expression(node, "hurdles.confidence", "`80 %`") if node is not None else None
    if node is None or expression is None:
        return CONFIDENCE
    value = constant(expression)
    if value is not None and not value[1] and 0 < value[0] < 1:
        return value[0]
    meant = f"{value[0]:g} %" if value is not None and 1 < value[0] < 100 else ""
    reader.add(node, "hurdles.confidence", f"{kind(node)} is no share", "above 0 % and below 100 %", meant)
    return CONFIDENCE


def read_what_if(reader: Reader, node: Node | None) -> tuple[WhatIf, ...]:
    """Read ``what_if:``; targets and units are checked with the case."""
    sets = []
    for key, value in named_sets(reader, node, "what_if", "name: {target: formula}"):
        path = f"what_if.{key.text}"
        entries = set_entries(reader, value, path, "a change: `{traffic: traffic * 0.5}`")
        sets.append(WhatIf(key.text, read_set(reader, entries, path), key.source(path)))
    return tuple(sets)


def read_set(reader: Reader, entries: Iterable[tuple[ScalarNode, Node]], path: str) -> tuple[Change, ...]:
    """Read what a set changes, from the entries of its mapping."""
    changes = []
    for target, formula in entries:
        change_path = f"{path}.{target.text}"
        expression = reader.expression(formula, change_path)
        if expression is not None and isinstance(formula, ScalarNode):
            changes.append(Change(target.text, expression, formula.source(change_path)))
    return tuple(changes)


def read_stress(reader: Reader, node: Node | None, declarations: Declarations) -> tuple[Stress, ...]:
    """Read ``stress:``, bands of uncertain inputs."""
    sets = []
    for key, value in named_sets(reader, node, "stress", "name: {input: band}"):
        path = f"stress.{key.text}"
        bands = []
        for target, text in set_entries(reader, value, path, "a band: `{traffic: below 10 %}`"):
            band_path = f"{path}.{target.text}"
            known = uncertain_input(reader, target, band_path, declarations)
            band = _band(reader, text, band_path)
            if known and band is not None and isinstance(text, ScalarNode):
                bands.append(Band(target.text, *band, text.source(band_path), stands_alone(text.text)))
        sets.append(Stress(key.text, tuple(bands), key.source(path)))
    return tuple(sets)


def _band(reader: Reader, node: Node, path: str) -> tuple[float, float] | None:
    ends = band_ends(node.text) if isinstance(node, ScalarNode) else None
    if ends is None:
        reader.add(node, path, f"{kind(node)} is no band", BANDS)
        return None
    if not is_band(*ends):
        reader.add(node, path, f"{kind(node)} holds no part of a distribution", f"0 % to 100 %, low to high: {BANDS}")
        return None
    return ends


def band_ends(text: str) -> tuple[float, float] | None:
    """Return the ends of a band of a distribution, as shares, equal for one quantile; None if `text` is not a band.

    Examples
    --------
    >>> band_ends("below 10 %"), band_ends("at 80 %"), band_ends("low")
    ((0.0, 0.1), (0.8, 0.8), None)
    """
    match = _BAND.fullmatch(text.strip())
    if match is None:
        return None
    word, *shares = match.groups()
    end, low, high = (float(share) / 100 if share is not None else 0.0 for share in shares)
    return {"below": (0.0, end), "above": (end, 1.0), "at": (end, end), None: (low, high)}[word]


def stands_alone(text: str) -> bool:
    """Return whether the inputs that depend on a band stay as they are: ``below 10 % alone``."""
    return text.split()[-1:] == ["alone"]


def is_band(low: float, high: float) -> bool:
    """Return whether [low, high] holds a part of a distribution: low to high inside 0 to 1, or one point inside."""
    return 0 <= low < high <= 1 or 0 < low == high < 1


def read_hold(reader: Reader, node: Node | None, declarations: Declarations) -> tuple[tuple[str, float], ...]:
    """Read ``hold:``, the values at which a tornado holds inputs in place of their medians."""
    held = []
    entries = reader.entries(node, "hold", "input: value") if node is not None else ()
    for key, value in entries:
        path = f"hold.{key.text}"
        known = uncertain_input(reader, key, path, declarations)
        expression = reader.expression(value, path, "a number in the unit of the input")
        number = constant(expression) if expression is not None else None
        if expression is not None and (number is None or number[1]):
            reader.add(value, path, f"{kind(value)} is no plain number", "a number in the unit of the input")
        elif known and number is not None:
            held.append((key.text, number[0]))
    return tuple(held)


def read_ladder(reader: Reader, node: Node | None, declarations: Declarations) -> tuple[str, ...]:
    """Read ``ladder:``, names of what-ifs in order."""
    names = [what_if.name for what_if in declarations.what_if]
    steps: list[str] = []
    items = reader.items(node, "ladder", "names of what-ifs") if node is not None else ()
    for index, item in enumerate(items):
        path = f"ladder[{index}]"
        name = reader.text(item, path)
        if name and name not in names:
            reader.add(
                item,
                path,
                f"{quoted(name)} is no what-if of this case",
                _one_of(names, "what-if"),
                nearest(name, names),
            )
        elif name in steps:
            reader.add(item, path, f"{quoted(name)} is on the ladder twice", "each step once")
        elif name:
            steps.append(name)
    return tuple(steps)


def uncertain_input(reader: Reader, node: ScalarNode, path: str, declarations: Declarations) -> Input | None:
    """Return the uncertain input that `node` names; an unknown or certain one is a problem."""
    inputs = {declared.name: declared for declared in declarations.inputs}
    chosen = inputs.get(node.text)
    if node.text.split(".")[0] in reader.broken:
        return None
    if chosen is None:
        uncertain = [name for name, declared in inputs.items() if not is_certain(declared.expression)]
        given = f"{quoted(node.text)} is no input"
        if node.text in {declared.name for declared in declarations.calculations}:
            given += " but a calculation"
        reader.add(node, path, given, _one_of(uncertain, "uncertain input"), nearest(node.text, uncertain))
        return None
    if is_certain(chosen.expression):
        reader.add(node, path, f"`{chosen.name}` is certain", "an input with a distribution")
        return None
    return chosen


def _one_of(names: Iterable[str], what: str) -> str:
    listed = list(names)
    if not listed:
        return f"the case has no {what}"
    return f"one of {', '.join(listed[:12])}{', ...' if len(listed) > 12 else ''}"


def named_sets(reader: Reader, node: Node | None, path: str, holds: str) -> list[tuple[ScalarNode, Node]]:
    """Return the named sets of a section; a name that cannot be one is a problem, and its set is left out."""
    sets = []
    for key, value in reader.entries(node, path, holds) if node is not None else ():
        if not key.text.strip() or len(key.text) > NAME_LENGTH or ";" in key.text:
            given = f"{quoted(key.text)} is no name"
            reader.add(key, path, given, f"1 to {NAME_LENGTH} characters, without `;`")
        else:
            sets.append((key, value))
    return sets


def set_entries(reader: Reader, node: Node, path: str, holds: str) -> tuple[tuple[ScalarNode, Node], ...]:
    """Return the entries of a set; one without any is a problem."""
    entries = reader.entries(node, path, holds)
    if isinstance(node, MappingNode) and not entries:
        reader.add(node, path, "an empty set", holds)
    return entries
