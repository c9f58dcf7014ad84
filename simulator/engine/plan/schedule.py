"""The plan: the steps of a graph in the order of their execution, each with its buffer.

A plan is a list of regions. Region 0 works once a block; each further one is a loop over the
months, followed by the steps that need its reductions. A scalar that needs a whole series (``highest(x)``)
is ready after the loop that makes the series, so a monthly step that reads it runs in the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from payback.simulator.engine.plan.graph import ELEMENTWISE, Graph, Kind, Node

FOLDS = ("total", "at", "at_own", "extreme", "first_month", "crossing")
"""Steps that gather one value a trial month by month."""

SOLVERS = ("irr_rate", "irr_count")
"""Steps that read a whole series once it is complete."""

REDUCTIONS = FOLDS + SOLVERS


@dataclass(frozen=True)
class Register:
    """A row of the workspace; truth values have rows of their own."""

    index: int
    boolean: bool


@dataclass(frozen=True)
class Row:
    """The current month of a series that is kept whole for the block."""

    series: int


@dataclass(frozen=True)
class Instruction:
    """One step: the operands that it reads and the register that it fills."""

    op: str
    data: Any
    args: tuple[Any, ...]
    out: Register | None


@dataclass
class Region:
    """A part of a plan: `begin` runs once, `body` and `end` each month (once in region 0), `after` once."""

    begin: list[Instruction] = field(default_factory=list)
    body: list[Instruction] = field(default_factory=list)
    end: list[Instruction] = field(default_factory=list)
    after: list[Instruction] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """The regions of a plan and the sizes of its workspace, as a back end reads them."""

    months: int
    regions: tuple[Region, ...]
    floats: int
    booleans: int
    series: int
    outputs: Mapping[str, Any]


def schedule(graph: Graph, outputs: Mapping[str, Node]) -> Plan:
    """Return the plan that computes `outputs`, without the steps that none of them needs."""
    return _Scheduler(graph, outputs).plan()


class _Scheduler:
    def __init__(self, graph: Graph, outputs: Mapping[str, Node]) -> None:
        self.graph = graph
        self.outputs = outputs
        self.nodes = _freeing(needed(graph, outputs.values()))
        self.level = _levels(graph, self.nodes)
        self.readers: dict[Node, list[Node]] = {node: [] for node in self.nodes}
        for node in self.nodes:
            for arg in node.args:
                self.readers[arg].append(node)
        self.kept = {node: i for i, node in enumerate(n for n in self.nodes if self._keep(n))}
        self.aliases = self._aliases()

    def plan(self) -> Plan:
        count = 1 + max(self.level.values(), default=0)
        regions = [_Order() for _ in range(count)]
        for node in self.nodes:
            self._place(node, regions[self.level[node]])
        rows = _Rows(self, regions)
        built = tuple(self._region(order, rows) for order in regions)
        outputs = {name: rows.operand(node, None) for name, node in self.outputs.items()}
        return Plan(self.graph.months, built, rows.count(False), rows.count(True), len(self.kept), outputs)

    def _keep(self, node: Node) -> bool:
        if node.kind != Kind.MONTHLY:
            return False
        for reader in self.readers[node]:
            if (reader.op == "lag" and reader.args[0] is node) or reader.op in SOLVERS:
                return True
            if self.level[reader] > self.level[node] and (reader.kind == Kind.MONTHLY or reader.op in REDUCTIONS):
                return True
        states = (name for name, (_, value) in self.graph.updates.items() if value is node)
        return any(
            self.level[s] > self.level[node]
            for name in states
            for s in self.nodes
            if s.op == "state" and s.data == name
        )

    def _aliases(self) -> dict[Node, Node]:
        """Map each series to the state it may be written over: a plain step, and its only reader."""
        aliases = {}
        for node in self.nodes:
            if node.op != "state":
                continue
            value = self.graph.updates[node.data][1]
            if value.op in ELEMENTWISE and node in value.args and set(self.readers[node]) == {value}:
                aliases[value] = node
        return aliases

    def _place(self, node: Node, order: _Order) -> None:
        if node.kind <= Kind.CALENDAR:
            return
        if node.op in ("state", "recurrence"):
            order.begin.append(node)
        elif node.op in FOLDS:
            order.begin.append(node)
            order.body.append(node)
        elif node.kind == Kind.MONTHLY:
            order.body.append(node)
        else:
            order.after.append(node)

    def _region(self, order: _Order, rows: _Rows) -> Region:
        region = Region()
        for node in order.begin:
            first = self.graph.updates[node.data][:1] if node.op == "state" else node.args
            region.begin.append(self._instruction(f"begin_{node.op}", node, first, rows))
        for node in order.begin:
            if node in self.kept:
                region.body.append(Instruction("keep", self.kept[node], (rows.operand(node, None),), None))
        for node in order.body:
            region.body.append(self._instruction(node.op, node, node.args, rows))
            if node in self.kept:
                region.body.append(Instruction("keep", self.kept[node], (rows.operand(node, None),), None))
        for node in order.begin:
            if node.op == "recurrence":
                region.end.append(self._instruction("multiply", node, (node, node.args[1]), rows))
            elif node.op == "state":
                value = self.graph.updates[node.data][1]
                if self.aliases.get(value) is not node:
                    region.end.append(self._instruction("copy", node, (value,), rows))
        region.after.extend(self._instruction(node.op, node, node.args, rows) for node in order.after)
        return region

    def _instruction(self, op: str, node: Node, args: Iterable[Node], rows: _Rows) -> Instruction:
        args = tuple(args)
        data = node.data
        if op == "lag" or op in SOLVERS:
            data = self.kept.get(args[0 if op == "lag" else 1])
        return Instruction(op, data, tuple(rows.operand(a, node) for a in args), rows.of(node))


class _Order:
    def __init__(self) -> None:
        self.begin: list[Node] = []
        self.body: list[Node] = []
        self.after: list[Node] = []


class _Rows:
    """The allocation of rows of the workspace: a row is free again after the last reader of its value."""

    def __init__(self, scheduler: _Scheduler, regions: list[_Order]) -> None:
        self.scheduler = scheduler
        self._of: dict[Node, Register] = {}
        self._free: dict[bool, list[int]] = {False: [], True: []}
        self._count = {False: 0, True: 0}
        spans = self._spans(regions)
        ends: dict[int, list[Node]] = {}
        for node, (first, last) in sorted(spans.items(), key=lambda item: item[1][0]):
            for time in sorted(t for t in ends if t < first):
                for done in ends.pop(time):
                    register = self._of[done]
                    self._free[register.boolean].append(register.index)
            self._of[node] = self._take(node.boolean)
            ends.setdefault(last, []).append(node)
        for value, state in scheduler.aliases.items():
            self._of[value] = self._of[state]

    def of(self, node: Node) -> Register | None:
        return self._of.get(node)

    def count(self, boolean: bool) -> int:
        return self._count[boolean]

    def operand(self, node: Node, reader: Node | None) -> Any:
        """Return the operand by which `reader` reads `node`: a number, the months, a register, or a kept row."""
        if node.kind <= Kind.CALENDAR:
            return node.data
        level = self.scheduler.level
        if node.kind == Kind.MONTHLY and reader is not None and level[reader] > level[node]:
            return Row(self.scheduler.kept[node])
        return self._of[node]

    def _take(self, boolean: bool) -> Register:
        if self._free[boolean]:
            return Register(self._free[boolean].pop(), boolean)
        self._count[boolean] += 1
        return Register(self._count[boolean] - 1, boolean)

    def _spans(self, regions: list[_Order]) -> dict[Node, tuple[int, int]]:
        scheduler = self.scheduler
        made: dict[Node, int] = {}
        used: dict[Node, int] = {}
        clock = 0
        for order in regions:
            begin = clock
            body = {node: begin + 2 + i for i, node in enumerate(order.body)}
            end = begin + 2 + len(order.body)
            for node in order.begin:
                made[node] = begin
                used[node] = end
            for node, time in body.items():
                made.setdefault(node, time)
            for i, node in enumerate(order.after):
                made[node] = end + 1 + i
            for node, time in [*body.items(), *((n, made[n]) for n in (*order.begin, *order.after))]:
                for arg in self._reads(node):
                    inside = arg in body and arg not in order.begin
                    last = time if inside or time > end else end
                    used[arg] = max(used.get(arg, 0), last)
            for node in order.begin:
                if node.op == "state":
                    value = scheduler.graph.updates[node.data][1]
                    used[value] = max(used.get(value, 0), end)
            clock = end + 2 + len(order.after)
        for node in scheduler.outputs.values():
            used[node] = clock
        for value, state in scheduler.aliases.items():
            used[state] = max(used[state], used.get(value, 0))
            made.pop(value, None)
        return {node: (first, used.get(node, first)) for node, first in made.items()}

    def _reads(self, node: Node) -> tuple[Node, ...]:
        if node.op == "state":
            return self.scheduler.graph.updates[node.data]
        return node.args


def needed(graph: Graph, roots: Iterable[Node]) -> list[Node]:
    """Return every node under `roots`, arguments first."""
    order: list[Node] = []
    done: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in roots]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            stack.extend((arg, False) for arg in reversed(node.args))
            if node.op == "state":
                stack[:0] = [(of_state, False) for of_state in graph.updates[node.data]]
    return order


def _freeing(order: list[Node]) -> list[Node]:
    """Return `order` with each step moved ahead to where it frees the row of a value that it alone still reads."""
    waiting: dict[Node, set[Node]] = {node: set() for node in order}
    for node in order:
        for arg in node.args:
            waiting[arg].add(node)
    result: dict[Node, None] = {}
    for step in order:
        ahead = [step]
        while ahead:
            node = ahead.pop()
            if node in result or not all(arg in result for arg in node.args):
                continue
            result[node] = None
            for arg in node.args:
                waiting[arg].discard(node)
            ahead += [next(iter(waiting[a])) for a in (node, *node.args) if len(waiting[a]) == 1]
    return list(result)


def _levels(graph: Graph, nodes: list[Node]) -> dict[Node, int]:
    """Return the region in which each node is computed; see the module's docstring."""
    level: dict[Node, int] = {}
    states = {node.data: 1 for node in nodes if node.op == "state"}
    while True:
        for node in nodes:
            before = [level[a] + (1 if a.kind == Kind.SCALAR and node.op in REDUCTIONS else 0) for a in node.args]
            if node.kind == Kind.MONTHLY:
                before = [level[a] + (a.kind == Kind.SCALAR) for a in node.args]
                before.append(states[node.data] if node.op == "state" else 1)
            level[node] = max(before, default=0) if node.op not in REDUCTIONS else max(1, *before)
        later = {}
        for name in states:
            start, value = graph.updates[name]
            later[name] = max(level[value], level[start] + (start.kind == Kind.SCALAR), 1)
        if later == states:
            return level
        states = later
