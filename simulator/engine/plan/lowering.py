"""The graph of a model and its output expressions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from payback.distributions import Certain
from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.tree import Binary, Call, Expression, Name, Number, Unary
from payback.simulator.case.formulas.bounds import bounds, model_bounds
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.engine.plan import ledger_measures, lumps, tolerances
from payback.simulator.engine.plan.function_steps import FUNCTIONS
from payback.simulator.engine.plan.graph import Graph, Kind, Node
from payback.simulator.engine.plan.ledger_measures import Ledger
from payback.simulator.engine.plan.rounding_errors import RoundingErrors, of_process
from payback.simulator.engine.plan.undefined_values import compared, may_be_never, may_lack_value, without_value
from payback.simulator.model import Draw, Formula, Model

OPERATORS = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "**": "power",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "!=": "not_equal",
    "and": "logical_and",
    "or": "logical_or",
}
ELEMENTWISE = {
    "abs": "absolute",
    "exp": "exp",
    "log": "log",
    "sqrt": "sqrt",
}
WHOLE = {"ceil": tolerances.ceil, "floor": tolerances.floor, "round": tolerances.nearest}


@dataclass(frozen=True)
class Lowered:
    """The graph of a model, the node of every output, and the nodes that must be finite."""

    graph: Graph
    outputs: Mapping[str, Node]
    checks: Mapping[str, Node]


def lower(
    model: Model, outputs: Mapping[str, Expression], free: Collection[str] = (), *, diagnose: bool = False
) -> Lowered:
    """Return the graph of `outputs` over `model`.

    Parameters
    ----------
    model : Model
    outputs : mapping of str to Expression
        Plain scalar expressions over inputs, calculations and measures.
    free : collection of str
        Certain inputs that are to be read as values at run time, not folded.
    diagnose : bool
        Whether to check every formula and line by name, not the outputs alone.
    """
    scope = _Scope(model, frozenset(free))
    nodes = {name: scope.output(expression) for name, expression in outputs.items()}
    return Lowered(scope.graph, nodes, scope.formulas() if diagnose else scope.checks(nodes))


def named_nodes(model: Model) -> dict[str, Node]:
    """Return the node of every input, calculation and line of `model`, lines as ``section.label``, in reading order."""
    return _Scope(model, frozenset()).named()


class _Scope:
    def __init__(self, model: Model, free: Collection[str]) -> None:
        self.graph = Graph(model.horizon)
        self.names: dict[str, Node] = {"t": self.graph.t}
        self._model = model
        self._free = free
        self._ledger: Ledger | None = None
        self._errors = RoundingErrors(self.graph, model, self, lambda: self.ledger)
        self._measures: set[int] = set()
        self._current = ""
        self._spread: dict[str, Node] = {}
        self._without_lumps = False
        for definition in model.definitions:
            if isinstance(definition, Draw):
                self.names[definition.name] = self._draw(definition)
            elif not definition.after_ledger:
                self._define(definition)
        for definition in model.definitions:
            if isinstance(definition, Formula) and definition.after_ledger:
                self._define(definition)

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            lines = [(line, self(line.expression)) for line in self._model.lines]
            self._ledger = Ledger(
                self.graph,
                [node for line, node in lines if line.section == "upfront"],
                [node for line, node in lines if line.section == "monthly"],
                [node for line, node in lines if line.section == "monthly" and line.investment],
                self(self._model.discount_rate),
                self._spread_lines,
                self._signs,
            )
        return self._ledger

    def _signs(self) -> list[int]:
        """Return the sign of each monthly line, 0 where it is not known: free inputs may take any value."""
        monthly = [line.expression for line in self._model.lines if line.section == "monthly"]
        if self._free:
            return [0] * len(monthly)
        known = model_bounds(self._model)
        ends = [bounds(expression, known) for expression in monthly]
        return [1 if low >= 0 else -1 if high <= 0 else 0 for low, high in ends]

    def _spread_lines(self) -> list[Node]:
        """Return the monthly lines with every lump, `lumps`, set to 0."""
        lumpy = lumps.definitions(self._model)
        self._without_lumps = True
        for definition in self._model.definitions:
            if isinstance(definition, Formula) and definition.name in lumpy and not definition.after_ledger:
                self._spread[definition.name] = self(definition.expression)
        lines = [self(line.expression) for line in self._model.lines if line.section == "monthly"]
        self._without_lumps = False
        return lines

    def output(self, expression: Expression) -> Node:
        """Return the node of a scalar output, undefined where it has no value; a condition where what it reads is."""
        g, node = self.graph, self(expression)
        if not node.boolean:
            if node.kind > Kind.CALENDAR and may_lack_value(node, self._measures):
                node = ledger_measures.undefined_where(g, without_value(g, node), node)
            return node
        missing = [g.elementwise("isnan", origin) for origin in _origins(node)]
        lacking = (number for number in compared(node) if may_lack_value(number, self._measures))
        for condition in dict.fromkeys([*missing, *(without_value(g, number) for number in lacking)]):
            node = ledger_measures.undefined_where(g, condition, node)
        return g.as_float(node)

    def checks(self, outputs: Mapping[str, Node]) -> dict[str, Node]:
        """Return the nodes that must be finite: outputs, what they compare, and the last balance if one is partial."""
        checks: dict[str, Node] = {}
        stack = list(outputs.items())
        while stack:
            name, node = stack.pop()
            if node.op in ("isnan", "isinf"):
                checks["the ledger"] = self.ledger.gain
            elif node.boolean or node.op == "as_float":
                stack.extend((f"{name} {i}", arg) for i, arg in enumerate(node.args))
            elif node.partial:
                checks["the ledger"] = self.ledger.end
            else:
                checks[name] = node
        return checks

    def formulas(self) -> dict[str, Node]:
        """Return every calculation and line, a monthly one as its sum, in reading order."""
        formulas = {name: node for name, node in self.named().items() if not (node.partial and name in self.names)}
        return {
            name: ledger_measures.total(self.graph, self.graph.as_float(node), 1, None)
            for name, node in formulas.items()
        }

    def named(self) -> dict[str, Node]:
        """Return every input, calculation and line, in reading order."""
        lines = {f"{line.section}.{line.label}": self(line.expression) for line in self._model.lines}
        return {d.name: self.names[d.name] for d in self._model.definitions} | lines

    def __call__(self, expression: Expression) -> Node:
        g = self.graph
        match expression:
            case Number(value=value):
                return g.constant(value)
            case Name(id=name):
                return self._name(name)
            case Unary(operator="-", operand=operand):
                return g.elementwise("negative", self(operand))
            case Unary(operand=operand):
                return g.elementwise("logical_not", self(operand))
            case Binary(operator=operator, left=left, right=right) if operator in COMPARISONS:
                error = None if of_process(self._current) else self._errors.of_difference(left, right)
                return tolerances.compare(g, OPERATORS[operator], self(left), self(right), error)
            case Binary(operator=operator, left=left, right=right):
                return g.elementwise(OPERATORS[operator], self(left), self(right))
            case Call(function=function, arguments=arguments, keywords=keywords):
                return self._call(function, arguments, dict(keywords))
        raise TypeError(f"not a plain tree: {expression!r}")

    def _name(self, name: str) -> Node:
        if self._without_lumps and name in self._spread:
            return self._spread[name]
        if name in self.names:
            return self.names[name]
        if name in MEASURES:
            measure = self.ledger.measure(name)
            self._measures.add(id(measure))
            return measure
        raise KeyError(name)

    def _draw(self, draw: Draw) -> Node:
        kind = Kind.MONTHLY if draw.monthly else Kind.SCALAR
        if isinstance(draw.distribution, Certain) and draw.name not in self._free:
            node = self.graph.constant(draw.distribution.value)
        else:
            node = self.graph.node("draw", tuple(map(self, draw.parameters)), (draw.name, draw.monthly), kind)
        if draw.change is None:
            return node
        self.names[draw.name] = node
        return self(draw.change)

    def _define(self, formula: Formula) -> None:
        self._current = formula.name
        node = self(formula.expression)
        if formula.name in self.graph.updates:
            self.graph.update(formula.name, self.graph.updates[formula.name][0], node)
        self.names[formula.name] = node
        self._current = ""

    def _call(self, function: str, arguments: tuple[Expression, ...], keywords: Mapping[str, Expression]) -> Node:
        g = self.graph
        if self._without_lumps and lumps.is_lump(function, keywords):
            return g.constant(0)
        if self._without_lumps and function in lumps.WHOLE:
            self._without_lumps = False
            whole = self._call(function, arguments, keywords)
            self._without_lumps = True
            return whole
        if function == "undefined":
            return without_value(g, self(arguments[0]))
        if function == "never":
            x = self(arguments[0])
            return g.elementwise("isinf", x) if may_be_never(x) else g.constant(0)
        if function in ELEMENTWISE:
            return g.elementwise(ELEMENTWISE[function], self(arguments[0]))
        if function in WHOLE:
            return WHOLE[function](g, self(arguments[0]), self._errors.of(arguments[0]))
        if function in ledger_measures.REDUCTIONS:
            return ledger_measures.REDUCTIONS[function](g, self(arguments[0]))
        if function == "previous":
            start = self(arguments[-1])
            g.update(self._current, start, start)
            return g.state(self._current)
        nodes = list(map(self, arguments))
        named = {key: self(value) for key, value in keywords.items()}
        if function == "present":
            rate = named.get("rate") or self(self._model.discount_rate)
            return ledger_measures.total(g, g.elementwise("multiply", nodes[0], ledger_measures.discount(g, rate)))
        return FUNCTIONS[function](g, *nodes, **named)


def _origins(node: Node) -> list[Node]:
    """Return the steps that `node` depends on and that may be undefined."""
    origins: list[Node] = []
    stack, seen = [node], set()
    while stack:
        node = stack.pop()
        if id(node) not in seen and node.partial:
            seen.add(id(node))
            stack.extend(node.args)
            if node.data == ledger_measures.UNDEFINED:
                origins.append(node)
    return origins
