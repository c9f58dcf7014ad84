"""A builder of code on vectors of trials, which it writes as the text of LLVM's intermediate representation.

Vectors are explicit, so speed does not depend on what an optimiser can prove, and no instruction may be reordered or
contracted: ``+ - * /`` and square roots have the bits of numpy's.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

WIDEST = 512
"""Bits of the widest vector registers of any processor."""

DOUBLE, WHOLE, POINTER, TRUTH = "double", "i64", "ptr", "i1"

_FLOAT_OPS = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}


def literal(value: float, kind: str) -> str:
    """Return the text of a constant of type `kind`; a vector has the number in all lanes."""
    if kind.startswith("<"):
        lanes, element = parts(kind)
        return "<" + ", ".join([f"{element} {literal(value, element)}"] * lanes) + ">"
    if kind == DOUBLE:
        return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"
    return str(int(value))


def parts(kind: str) -> tuple[int, str]:
    """Return the number of lanes of a vector type, and the type of a lane."""
    lanes, _, element = kind[1:-1].partition(" x ")
    return int(lanes), element


def _element(kind: str) -> str:
    return parts(kind)[1] if kind.startswith("<") else kind


@dataclass(frozen=True, eq=False)
class Value:
    """A value in a function under construction: `text` is its name or a constant, `kind` its type in LLVM."""

    function: Function
    text: str
    kind: str

    def __add__(self, other: Value | float) -> Value:
        return self._binary("add", other)

    def __radd__(self, other: float) -> Value:
        return self.like(other)._binary("add", self)

    def __sub__(self, other: Value | float) -> Value:
        return self._binary("sub", other)

    def __rsub__(self, other: float) -> Value:
        return self.like(other)._binary("sub", self)

    def __mul__(self, other: Value | float) -> Value:
        return self._binary("mul", other)

    def __rmul__(self, other: float) -> Value:
        return self.like(other)._binary("mul", self)

    def __truediv__(self, other: Value | float) -> Value:
        return self._binary("div", other)

    def __rtruediv__(self, other: float) -> Value:
        return self.like(other)._binary("div", self)

    def __and__(self, other: Value | int) -> Value:
        return self._plain("and", other)

    def __or__(self, other: Value | int) -> Value:
        return self._plain("or", other)

    def __xor__(self, other: Value | int) -> Value:
        return self._plain("xor", other)

    def __lshift__(self, other: Value | int) -> Value:
        return self._plain("shl", other)

    def __rshift__(self, other: Value | int) -> Value:
        """Return the number shifted right, filled with zeros."""
        return self._plain("lshr", other)

    def __neg__(self) -> Value:
        return self.function.value(f"fneg {self.kind} {self.text}", self.kind)

    def shift_signed(self, by: Value | int) -> Value:
        """Return the number shifted right, filled with its sign."""
        return self._plain("ashr", by)

    def compare(self, relation: str, other: Value | float) -> Value:
        """Return whether a relation holds: ``olt``, ``oeq``, ``une``, ``uno`` ... of floats, ``slt``, ``eq`` ... of
        whole numbers.
        """
        other = self.like(other)
        name = "fcmp" if _element(self.kind) == DOUBLE else "icmp"
        kind = f"<{parts(self.kind)[0]} x i1>" if self.kind.startswith("<") else TRUTH
        return self.function.value(f"{name} {relation} {self.kind} {self.text}, {other.text}", kind)

    def choose(self, yes: Value, no: Value | float) -> Value:
        """Return `yes` where this truth value holds, else `no`."""
        no = yes.like(no)
        return self.function.value(
            f"select {self.kind} {self.text}, {yes.kind} {yes.text}, {no.kind} {no.text}", yes.kind
        )

    def cast(self, how: str, kind: str) -> Value:
        """Return the value converted to `kind` by ``bitcast``, ``sitofp``, ``zext`` ..."""
        return self.function.value(f"{how} {self.kind} {self.text} to {kind}", kind)

    def lane(self, index: int) -> Value:
        """Return one lane of a vector."""
        return self.function.value(f"extractelement {self.kind} {self.text}, i64 {index}", _element(self.kind))

    def splat(self, lanes: int) -> Value:
        """Return a vector with this number in all lanes."""
        kind = f"<{lanes} x {self.kind}>"
        first = self.function.value(f"insertelement {kind} poison, {self.kind} {self.text}, i64 0", kind)
        return self.function.value(
            f"shufflevector {kind} {first.text}, {kind} poison, <{lanes} x i32> zeroinitializer", kind
        )

    def shuffle(self, other: Value, order: Sequence[int]) -> Value:
        """Return the lanes `order` of this vector followed by `other`."""
        mask = ", ".join(f"i32 {lane}" for lane in order)
        kind = f"<{len(order)} x {_element(self.kind)}>"
        return self.function.value(
            f"shufflevector {self.kind} {self.text}, {other.kind} {other.text}, <{len(order)} x i32> <{mask}>", kind
        )

    def any(self) -> Value:
        """Return whether a truth value holds in any lane."""
        return self.function.intrinsic("vector.reduce.or", TRUTH, self)

    def like(self, number: Value | float) -> Value:
        """Return `number` as a constant of the type of this value, unless it is a value already."""
        if isinstance(number, Value):
            return number
        return Value(self.function, literal(number, self.kind), self.kind)

    def _binary(self, op: str, other: Value | float) -> Value:
        if _element(self.kind) == DOUBLE:
            op = _FLOAT_OPS[op]
        return self._plain(op, other)

    def _plain(self, op: str, other: Value | float) -> Value:
        other = self.like(other)
        return self.function.value(f"{op} {self.kind} {self.text}, {other.text}", self.kind)


class Local:
    """A variable of a function, which LLVM turns into a register."""

    def __init__(self, function: Function, kind: str) -> None:
        self._function = function
        self._kind = kind
        self._place = function.reserve(kind)

    def get(self) -> Value:
        """Return the value of the variable."""
        return self._function.value(f"load {self._kind}, ptr {self._place}", self._kind)

    def set(self, value: Value | float) -> None:
        """Assign to the variable."""
        text = value.text if isinstance(value, Value) else literal(value, self._kind)
        self._function.line(f"store {self._kind} {text}, ptr {self._place}")


class Function:
    """A function under construction, as the text of its instructions.

    Parameters
    ----------
    module : Module
    name : str
    parameters : sequence of (str, str)
        Type and name.
    result : str
        Type.
    """

    def __init__(
        self, module: Module, name: str, parameters: Sequence[tuple[str, str]], result: str = "void", linkage: str = ""
    ) -> None:
        self.module = module
        self.name = name
        self.parameters = {p: Value(self, f"%{p}", kind) for kind, p in parameters}
        self._head = f"define {linkage} {result} @{name}({', '.join(f'{k} %{p}' for k, p in parameters)}) #0 {{"
        self._entry: list[str] = []
        self._lines: list[str] = []
        self._count = 0
        self._block = "begin"

    def text(self) -> str:
        """Return the text of the function."""
        return "\n".join([self._head, "entry:", *self._entry, "br label %begin", "begin:", *self._lines, "}"])

    def line(self, text: str) -> None:
        """Add an instruction without a result."""
        self._lines.append(text)

    def value(self, text: str, kind: str) -> Value:
        """Add an instruction and return its result."""
        name = self._name("v")
        self._lines.append(f"%{name} = {text}")
        return Value(self, f"%{name}", kind)

    def constant(self, value: float, kind: str) -> Value:
        """Return a constant."""
        return Value(self, literal(value, kind), kind)

    def reserve(self, kind: str) -> str:
        """Return the address of new memory for a value of type `kind`, as text."""
        name = self._name("p")
        self._entry.append(f"%{name} = alloca {kind}")
        return f"%{name}"

    def local(self, kind: str, value: Value | float | None = None) -> Local:
        """Return a new variable, which begins with `value` if it is not None."""
        made = Local(self, kind)
        if value is not None:
            made.set(value)
        return made

    def array_of(self, vector: Value) -> Value:
        """Return the address of a new array that holds the lanes of a vector."""
        address = Value(self, self.reserve(vector.kind), POINTER)
        self.store(vector, address)
        return address

    def array(self, kind: str, size: int) -> Value:
        """Return the address of a new array of `size` values of type `kind`, not initialised."""
        return Value(self, self.reserve(f"[{size} x {kind}]"), POINTER)

    def at(self, base: Value, index: Value | int, kind: str = DOUBLE) -> Value:
        """Return the address of element `index` of an array of `kind`."""
        offset = index.text if isinstance(index, Value) else str(index)
        return self.value(f"getelementptr {kind}, ptr {base.text}, i64 {offset}", POINTER)

    def load(self, address: Value, kind: str = DOUBLE, align: int = 8, *, fixed: bool = False) -> Value:
        """Return the value at an address; `fixed` promises that it does not change while the code runs."""
        note = ", !invariant.load !0" if fixed else ""
        return self.value(f"load {kind}, ptr {address.text}, align {align}{note}", kind)

    def store(self, value: Value, address: Value, align: int = 8) -> None:
        """Write to an address."""
        self.line(f"store {value.kind} {value.text}, ptr {address.text}, align {align}")

    def vector(self, numbers: Sequence[Value]) -> Value:
        """Return a vector with these numbers as its lanes."""
        element = numbers[0].kind
        vector = Value(self, "poison", f"<{len(numbers)} x {element}>")
        for lane, number in enumerate(numbers):
            text = f"insertelement {vector.kind} {vector.text}, {element} {number.text}, i64 {lane}"
            vector = self.value(text, vector.kind)
        return vector

    def intrinsic(self, name: str, kind: str, *arguments: Value) -> Value:
        """Return the result of an intrinsic function of LLVM: ``sqrt``, ``floor``, ``fma`` ..."""
        first = arguments[0].kind
        mangled = first if not first.startswith("<") else "v{}{}".format(*parts(first))
        mangled = mangled.replace("double", "f64").replace("ptr", "p0")
        return self.call(f"llvm.{name}.{mangled}", kind, *arguments, declared=True)

    def call(self, name: str, kind: str, *arguments: Value, declared: bool = False) -> Value:
        """Return the result of a function; `declared` if it stands outside the module."""
        if declared:
            self.module.declare(f"declare {kind} @{name}({', '.join(a.kind for a in arguments)})")
        text = f"call {kind} @{name}({', '.join(f'{a.kind} {a.text}' for a in arguments)})"
        if kind != "void":
            return self.value(text, kind)
        self.line(text)
        return Value(self, "", "void")

    def call_at(self, address: Value, *arguments: Value) -> None:
        """Call a function without a result by its address."""
        self.line(f"call void {address.text}({', '.join(f'{a.kind} {a.text}' for a in arguments)})")

    def ret(self, value: Value | None = None) -> None:
        """Return from the function."""
        self.line(f"ret {value.kind} {value.text}" if value else "ret void")

    @contextmanager
    def loop(
        self, stop: Value | int, start: Value | int = 0, step: Value | int = 1, among: Local | None = None
    ) -> Iterator[Value]:
        """Repeat the block for each index from `start` below `stop`, while `among`, if given, holds in any lane."""
        head, body, latch, done = (self._name("b") for _ in range(4))
        first, last, by = (v.text if isinstance(v, Value) else str(v) for v in (start, stop, step))
        index = Value(self, f"%{self._name('v')}", WHOLE)
        following = f"%{self._name('v')}"
        self.line(f"br label %{head}")
        self.line(f"{head}:")
        self.line(f"{index.text} = phi i64 [ {first}, %{self._block} ], [ {following}, %{latch} ]")
        more = self.value(f"icmp slt i64 {index.text}, {last}", TRUTH)
        more = more & among.get().any() if among else more
        self.line(f"br i1 {more.text}, label %{body}, label %{done}")
        self._begin(body)
        yield index
        self.line(f"br label %{latch}")
        self.line(f"{latch}:")
        self.line(f"{following} = add nsw i64 {index.text}, {by}")
        self.line(f"br label %{head}")
        self._begin(done)

    @contextmanager
    def when(self, condition: Value) -> Iterator[None]:
        """Run the block if a scalar truth value holds."""
        yes, done = self._name("b"), self._name("b")
        self.line(f"br i1 {condition.text}, label %{yes}, label %{done}")
        self._begin(yes)
        yield
        self.line(f"br label %{done}")
        self._begin(done)

    def _begin(self, block: str) -> None:
        self.line(f"{block}:")
        self._block = block

    def _name(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"


class Module:
    """Functions that are compiled together, on vectors of `lanes` trials."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.floats = f"<{lanes} x double>"
        self.wholes = f"<{lanes} x i64>"
        self.truths = f"<{lanes} x i1>"
        self._functions: dict[str, Function] = {}
        self._declared: dict[str, None] = {}

    def function(
        self, name: str, parameters: Sequence[tuple[str, str]], result: str = "void", *, public: bool = False
    ) -> Function:
        """Return a new function."""
        made = Function(self, name, parameters, result, "" if public else "internal")
        self._functions[name] = made
        return made

    def has(self, name: str) -> bool:
        """Whether there is a function of this name."""
        return name in self._functions

    def declare(self, line: str) -> None:
        """Declare a function that stands outside the module."""
        self._declared[line] = None

    def text(self) -> str:
        """Return the text of the module."""
        functions = [f.text() for f in self._functions.values()]
        width = min(64 * self.lanes, WIDEST)
        attributes = f'nounwind "min-legal-vector-width"="{width}" "prefer-vector-width"="{width}"'
        return "\n".join([*self._declared, *functions, f"attributes #0 = {{ {attributes} }}", "!0 = !{}", ""])
