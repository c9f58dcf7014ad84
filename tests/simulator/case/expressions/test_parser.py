from __future__ import annotations

import sys

import pytest

from payback.simulator.case.expressions.parser import DEEPEST, parse
from payback.simulator.case.expressions.tokens import LONGEST, ExpressionError
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


def refused(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1_000", 1000), (".5", 0.5), ("2.", 2), ("1e3", 1000), ("1.5E-2", 0.015), ("80 %", 0.8), ("80%", 0.8)],
)
def test_numbers(text: str, value: float) -> None:
    assert parse(text) == Number(value)


def test_a_quantity_is_a_number_a_blank_and_a_unit_without_blanks() -> None:
    assert parse("2 USD/hour") == Quantity(Number(2), "USD/hour")
    assert parse("2 USD / hour") == Binary("/", Quantity(Number(2), "USD"), Name("hour"))
    assert parse("pert(1, 2, 3) USD") == Quantity(Call("pert", (Number(1), Number(2), Number(3))), "USD")
    assert parse("10 %/year") == Quantity(Number(10), "%/year")
    assert parse("3 1/month") == Quantity(Number(3), "1/month")
    assert parse("(a + b) and c") == Binary("and", Binary("+", Name("a"), Name("b")), Name("c"))


def test_a_range_takes_the_unit_behind_it() -> None:
    assert parse("8.3 to 30 hour/run") == Quantity(Range(Number(8.3), Number(30)), "hour/run")
    assert parse("-5 to -2 USD") == Quantity(Range(Unary("-", Number(5)), Unary("-", Number(2))), "USD")
    assert parse("2 to 5 %") == parse("2 % to 5 %") == Range(Number(0.02), Number(0.05))
    assert parse("2 to 5 %/month") == Quantity(Range(Number(2), Number(5)), "%/month")


def test_operators_bind_as_in_arithmetic() -> None:
    assert parse("-x ** 2") == Unary("-", Binary("**", Name("x"), Number(2)))
    assert parse("2 ** -x") == Binary("**", Number(2), Unary("-", Name("x")))
    assert parse("2 ** 3 ** 2") == parse("2 ** (3 ** 2)")
    assert parse("a - b - c") == parse("(a - b) - c")
    assert parse("not a < b and c") == parse("(not (a < b)) and c")
    assert parse("-2 USD * 3") == parse("(-(2 USD)) * 3")


def test_words_of_questions_are_functions() -> None:
    tree = parse("P99.5(npv) >= 80 %")
    assert tree == Binary(">=", Call("P99.5", (Name("npv"),)), Number(0.8))


def test_places_count_characters_from_0() -> None:
    places = {node.id: node.at for node in walk(parse("alpha * (beta + gamma)")) if isinstance(node, Name)}
    assert places == {"alpha": 0, "beta": 9, "gamma": 16}


@pytest.mark.parametrize(
    ("text", "at", "given", "allowed"),
    [
        ("2 *", 3, "ends too early", "a number"),
        ("=A1+B1", 0, "a leading `=`", "no `=`"),
        ("x^2", 1, "`^`", "`**`"),
        ("3x", 0, "`3x`", "`3 * x`"),
        ("100k", 0, "suffix", "100_000"),
        ("5M", 0, "suffix", "100_000"),
        ("1 < x < 3", 6, "in a chain", "`a < b and b < c`"),
        ("a = b", 2, "`=`", "`==`"),
        ("(x := 3)", 3, "`:=`", "calculation"),
        ("a % 3", 2, "`%`", "no remainder operator"),
        ("10 % 3", 5, "`3`", "an operator"),
        ("1,000", 2, "begins with 0", "1_000"),
        ("012", 0, "begins with 0", "no leading zeros"),
        ("2024-02-30", 5, "begins with 0", "no leading zeros"),
        ("12:30", 2, "`:`", "an operator"),
        ("1__0", 0, "is not a number", "100_000"),
        ("1e999", 0, "too large", "1e60"),
        ("2 * 1e-61", 4, "too small", "1e-60"),
        ("x & y", 2, "`&`", "`and`"),
        ("!x", 0, "`!`", "`not`"),
        ("x[3]", 1, "`[`", "at(x, k)"),
        ("$100", 0, "`$`", "100 USD"),
        ("3 min(a, b)", 2, "without an operator", "* min"),
        ("(a + b)c", 7, "without an operator", "* c"),
        ("f(x, a=1, 2)", 10, "without a name", "stand last"),
        ("f(a=1, a=2)", 7, "given twice", "once"),
        ("x if y else z", 2, "`if`", "an operator"),
        ("1 to 2 to 3", 7, "more than two ends", "low to high"),
        ("2 % to 5 %/month", 4, "different units", "both in one unit"),
        ("8 to 30 (120 %)", 8, "the share of a range", "`8 to 30 (80 %)`"),
        ("8 to 30 (x)", 8, "the share of a range", "between 0 % and 100 %"),
        ("8 to 30 (80 %", 13, "ends too early", "to close the share"),
        ("quantiles({5 %: 1}, 3)", 20, "`3` behind the pairs", "`low=` and `high=`"),
        ("", 0, "empty", "a number"),
        ("(a", 2, "ends too early", "to close"),
        ("a)", 1, "`)`", "the end"),
        ("discrete(1, 2)", 9, "`1`", "discrete({"),
        ("multinomial(1, 2, 3)", 0, "not yet", "table"),
        ("gev(0.7, 1)", 0, "not yet", "table"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place_and_the_way_out(text: str, at: int, given: str, allowed: str) -> None:
    error = refused(text)
    assert (error.at, given in error.given, allowed in error.allowed) == (at, True, True), error


PAYLOADS = (
    """
().__class__ | ().__class__.__bases__[0].__subclasses__() | ''.__class__.__mro__[1] | "".__reduce__() | x.__dict__
(1).__class__ | max.__globals__ | max.__call__(1) | t.real | price.__init__ | (lambda: 1)() | lambda x: x
[x for x in (1, 2)] | {1: 2} | {x for x in y} | [1, 2] | x[0] | x[1:2] | (x, y) | *x | **x | x; y | x\ny := 3
(y := 3) | f'{x}' | f"{().__class__}" | rb'x' | 'a' 'b' | 'abc'.upper() | """
    "x"
    """ | `id` | $(id) | ${x} | #{x}
x if y else z | print 1 | import os | from os import system | yield x | await x | del x | global x | assert x
return 1 | raise x | with x | try: | class A: | def f(): | x @ y | x // y | x << 2 | x >> 2 | x & y | x | y
~x | x -> y | x <- y | ...  | Ellipsis.x | x!r | %s | {{7*7}} | {% x %} | <script>alert(1)</script> | x\\ny | \\x41
ｅval(1) | еval(1) | 𝒙 + 1 | pr\u0456ce | x\u200b | x\u00a0+ 1 | x \u2212 1 | \x1b]0;x | \u202eabc | \x00 | x\x7f
""".replace("\n", " | ")
)


WATCHED = ("open", "exec", "compile", "import", "socket", "subprocess", "os")
"""Audited events that reading a formula has no business with."""


def test_code_is_refused_before_anything_is_evaluated() -> None:
    payloads = [text.strip(" ") for text in PAYLOADS.split(" | ") if text.strip(" ")]
    assert len(payloads) >= 60
    seen: list[str] = []
    watching: list[bool] = []

    def watch(event: str, _: tuple[object, ...]) -> None:
        if watching and event.split(".", maxsplit=1)[0] in WATCHED:
            seen.append(event)

    refused("é")  # loads the names of characters
    sys.addaudithook(watch)
    watching.append(True)
    trees = [tree for tree in map(read, payloads) if tree is not None]
    watching.clear()
    assert seen == []
    assert {type(node) for tree in trees for node in walk(tree)} <= {Binary, Call, Name, Number, Unary, Text}
    assert len(trees) <= 5


def read(text: str) -> Expression | None:
    try:
        return parse(text)
    except ExpressionError:
        return None


@pytest.mark.parametrize("call", ["__import__('os')", "open('/etc/hostname')", "eval(1)", "exec(1)", "getattr(x, y)"])
def test_calls_of_python_are_trees_that_no_table_knows(call: str) -> None:
    tree = parse(call)
    assert isinstance(tree, Call)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("1+" * 60_000 + "1", f"a formula of {120_001} characters"),
        ("(" * 5_000 + "1", f"nested deeper than {DEEPEST}"),
        ("-" * 5_000 + "1", f"nested deeper than {DEEPEST}"),
        ("2**" * 3_000 + "1", f"nested deeper than {DEEPEST}"),
        ("f(" * 4_000, f"nested deeper than {DEEPEST}"),
        ("1" + "+1" * 4_000, f"more than {DEEPEST} operators"),
        ("not " * 2_000 + "1", f"nested deeper than {DEEPEST}"),
        ("1" * LONGEST, "too large"),
        ("a" * (LONGEST + 1), "characters"),
        ("'" + "a" * 9_000, "never closed"),
        ("1_" * 4_999 + "x", "1_"),
        ("((((" * 2_000 + "))))" * 500, f"nested deeper than {DEEPEST}"),
        ("x" + " " * 9_990 + "y", "`y`"),
        ("1 a/" * 2_000, "ends too early"),
    ],
)
def test_bombs_are_answered(text: str, given: str) -> None:
    error = refused(text)
    assert given in error.given
    assert len(str(error)) < 300


def test_powers_of_powers_are_a_tree_not_an_integer() -> None:
    assert parse("9**9**9") == Binary("**", Number(9), Binary("**", Number(9), Number(9)))


def test_a_chain_of_a_hundred_terms_is_not_too_long() -> None:
    assert parse(" + ".join(f"x{i}" for i in range(DEEPEST)))
