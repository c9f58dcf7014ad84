"""Strategies: trees as the parser makes them, and plain trees that any checker would pass."""

from __future__ import annotations

from hypothesis import strategies as st

from simulator.case.nodes import Binary, Call, Expression, Name, Number, Quantity, Range, Text, Unary
from simulator.case.parser import COMPARISONS

NUMBERS = st.floats(0, 1e300, allow_nan=False).map(Number)
UNITS = st.sampled_from(["USD", "USD/request", "1/month", "%/year", "hour", "request/month/GPU"])
WORDS = st.sampled_from(["x", "price", "t", "volume_2", "_a", "monthly.fee", "e"])
OPERATORS = ["+", "-", "*", "/", "**", "and", "or"]


def _call(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    arguments = st.lists(inner, max_size=3).map(tuple)
    keywords = st.lists(inner, max_size=2).map(lambda found: tuple(zip(("low", "high"), found, strict=False)))
    plain = st.builds(Call, st.sampled_from(["max", "pert", "if", "P99.5"]), arguments, keywords)
    pairs = st.lists(st.tuples(inner, inner), min_size=1, max_size=2)
    return plain | st.builds(
        Call, st.just("discrete"), pairs.map(lambda found: tuple(x for pair in found for x in pair))
    )


def _range(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Ranges as they are read: a unit behind a number belongs to the whole."""
    literal = NUMBERS | NUMBERS.map(lambda number: Unary("-", number))
    numbers = st.builds(Range, literal, literal)
    names = st.builds(Range, WORDS.map(Name), WORDS.map(Name))
    both = st.builds(Range, st.builds(Quantity, NUMBERS, UNITS), st.builds(Quantity, NUMBERS, UNITS))
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
