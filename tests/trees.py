"""Strategies: trees as the parser makes them, and formulas without units that make sense."""

from __future__ import annotations

from hypothesis import strategies as st

from payback.simulator.case.expressions.parser import COMPARISONS
from payback.simulator.case.expressions.tree import (
    Binary,
    Call,
    Expression,
    Name,
    Number,
    Quantity,
    Range,
    Text,
    Unary,
    walk,
)

NUMBERS = st.one_of(st.just(0.0), st.floats(1e-60, 1e60)).map(Number)
UNITS = st.sampled_from(["USD", "USD/request", "1/month", "%/year", "hour", "request/month/GPU"])
WORDS = st.sampled_from(["x", "price", "t", "volume_2", "_a", "monthly.fee", "e"])
OPERATORS = ["+", "-", "*", "/", "**", "and", "or"]


def _call(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    arguments = st.lists(inner, max_size=3).map(tuple)
    keywords = st.lists(inner, max_size=2).map(lambda values: tuple(zip(("low", "high"), values, strict=False)))
    plain = st.builds(Call, st.sampled_from(["max", "pert", "if", "P99.5"]), arguments, keywords)
    pairs = st.lists(st.tuples(inner, inner), min_size=1, max_size=2)
    return plain | st.builds(Call, st.just("discrete"), pairs.map(lambda rows: tuple(x for pair in rows for x in pair)))


def _range(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Ranges as they are read: a unit behind a number belongs to the whole."""
    literal = NUMBERS | NUMBERS.map(lambda number: Unary("-", number))
    share = st.sampled_from([0.9, 0.8, 0.5, 1 / 3])
    numbers = st.builds(Range, literal, literal, share=share)
    names = st.builds(Range, WORDS.map(Name), WORDS.map(Name), share=share)
    both = st.builds(Range, st.builds(Quantity, NUMBERS, UNITS), st.builds(Quantity, NUMBERS, UNITS), share=share)
    return names | both | numbers | st.builds(Quantity, numbers, UNITS)


def _extended(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return (
        st.builds(Unary, st.sampled_from(["-", "not"]), inner)
        | st.builds(Binary, st.sampled_from(OPERATORS), inner, inner)
        | st.builds(Binary, st.sampled_from(sorted(COMPARISONS)), inner, inner)
        | st.builds(Quantity, inner, UNITS)
        | _call(inner)
        | _range(inner)
    )


WRITTEN: st.SearchStrategy[Expression] = st.recursive(
    NUMBERS | WORDS.map(Name) | st.builds(Text, st.text("abc .csv'", max_size=5)), _extended, max_leaves=12
)
"""Trees as the parser makes them, whether they make sense or not."""


_SMALL = st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0, 7.0]).map(Number)
_SCALAR_LEAVES = _SMALL | st.sampled_from(["x", "y", "z"]).map(Name)
_MONTHLY_LEAVES = _SCALAR_LEAVES | st.just(Name("t"))
_ARITHMETIC = st.sampled_from(["+", "-", "*", "/", "**", "<", "<=", "==", "and", "or"])


def _function(name: str, *arguments: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.tuples(*arguments).map(lambda values: Call(name, values))


def _elementwise(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    divisors = inner.filter(lambda node: node != Number(0))
    return st.one_of(
        st.builds(Binary, _ARITHMETIC, inner, divisors),
        st.builds(Unary, st.sampled_from(["-", "not"]), inner),
        *(_function(name, inner) for name in ("abs", "exp", "log", "sqrt", "ceil", "floor", "round")),
        *(_function(name, inner, inner) for name in ("min", "max")),
        *(_function(name, inner, inner, inner) for name in ("if", "pick")),
    )


def _monthly(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    late = st.sampled_from(["x", "y"]).map(Name) | st.sampled_from([0.0, 1.0, 2.0]).map(Number)
    return st.one_of(
        _elementwise(inner),
        _function("step", late),
        _function("pulse", late, st.sampled_from([1.0, 3.0]).map(Number)),
        _function("ramp", late, _SCALAR_LEAVES),
        _function("s_curve", inner, _SCALAR_LEAVES, _SMALL),
        _function("lag", inner, late, _SMALL),
        _function("cumulative", inner),
        _function("previous", st.just(Name("it")), st.just(Number(2.0))),
    )


def _scalar(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    months = st.sampled_from([Name("x"), Name("y"), Number(1.0), Number(3.0)])
    words = ("total", "lowest", "highest", "average", "first_month")
    reductions = (_function(word, MONTHLY_FORMULAS) for word in words)
    return st.one_of(_elementwise(inner), *reductions, _function("at", MONTHLY_FORMULAS, months))


def _without_past(tree: Expression) -> bool:
    return not any(isinstance(node, Call) and node.function == "previous" for node in walk(tree))


STATEFUL_FORMULAS: st.SearchStrategy[Expression] = st.recursive(_MONTHLY_LEAVES, _monthly, max_leaves=8)
"""Formulas of the calculation ``it`` over inputs x, y, z, with its own month before."""

MONTHLY_FORMULAS = STATEFUL_FORMULAS.filter(_without_past)
"""The same without the month before."""

SCALAR_FORMULAS: st.SearchStrategy[Expression] = st.recursive(_SCALAR_LEAVES, _scalar, max_leaves=6)
"""Formulas over inputs x, y, z with one value a trial."""
