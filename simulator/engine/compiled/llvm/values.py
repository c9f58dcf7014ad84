"""Values of code on vectors of trials: names of results, and the operators that make more of them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from payback.simulator.engine.compiled.llvm.builder import Function

DOUBLE, WHOLE, POINTER, TRUTH = "double", "i64", "ptr", "i1"

_FLOAT_OPS = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}


def literal(value: float, kind: str) -> str:
    """Return a number as a constant of the type `kind`, a vector's lanes all alike."""
    if kind.startswith("<"):
        lanes, element = parts(kind)
        return "<" + ", ".join([f"{element} {literal(value, element)}"] * lanes) + ">"
    if kind == DOUBLE:
        return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"
    return str(int(value))


def parts(kind: str) -> tuple[int, str]:
    """Return how many lanes a vector's type has, and of which type."""
    lanes, _, element = kind[1:-1].partition(" x ")
    return int(lanes), element


def _element(kind: str) -> str:
    return parts(kind)[1] if kind.startswith("<") else kind


@dataclass(frozen=True, eq=False)
class Value:
    """A value of a function: `text` is its name or a constant, `kind` its type."""

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
        """Shift without a sign."""
        return self._plain("lshr", other)

    def __neg__(self) -> Value:
        return self.function.value(f"fneg {self.kind} {self.text}", self.kind)

    def shift_signed(self, by: Value | int) -> Value:
        """Return the number shifted right, its sign kept."""
        return self._plain("ashr", by)

    def compare(self, relation: str, other: Value | float) -> Value:
        """Return the truth of a relation: ``olt``, ``oeq``, ``une``, ``uno`` ... of floats, ``slt``, ``eq`` ... of
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
        """Return the value as another type: ``bitcast``, ``sitofp``, ``zext`` ..."""
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
        mask = ", ".join(f"i32 {place}" for place in order)
        kind = f"<{len(order)} x {_element(self.kind)}>"
        return self.function.value(
            f"shufflevector {self.kind} {self.text}, {other.kind} {other.text}, <{len(order)} x i32> <{mask}>", kind
        )

    def any(self) -> Value:
        """Return whether a truth value holds in any lane."""
        return self.function.intrinsic("vector.reduce.or", TRUTH, self)

    def like(self, number: Value | float) -> Value:
        """Return a number as a constant of this value's type."""
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
