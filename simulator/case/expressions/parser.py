"""The parser: from tokens to a tree, by precedence climbing.

From weakest to strongest::

    or    and    not    < <= > >= == !=    to    + -    * /    -x    **    quantity

Comparisons and ``to`` do not chain; ``**`` binds to the right.
"""

from __future__ import annotations

from dataclasses import replace

from payback.simulator.case.expressions.keywords import LATER
from payback.simulator.case.expressions.tokens import ExpressionError, Token, cut, tokenize
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
    children,
)

DEEPEST = 100
LARGEST = 20_000

STRENGTH = {
    "or": 1, "and": 2, "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4, "to": 5,
    "+": 6, "-": 6, "*": 7, "/": 7, "**": 9,
}  # fmt: skip
"""How strongly a binary operator binds; ``not`` is 3, the sign is 8."""

COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_STARTS = "a number, a name, a function or ("

PAIRED = {
    "discrete": "{1: 30 %, 5: 70 %}",
    "histogram": "{0 to 10: 25, 10 to 50: 5}",
    "quantiles": "{5 %: 10, 50 %: 20, 95 %: 60}",
}
"""Calls that hold pairs in braces, with an example; their arguments are keys and values in turn."""

WEIGHED = "mixture"
"""The call that holds pairs without braces: weights and distributions."""

ENDED = frozenset({"quantiles"})
"""Those that take ``name=value`` behind the braces."""


def parse(text: str) -> Expression:
    """Return the tree of a formula or of a distribution line, as written, with units.

    Raises
    ------
    ExpressionError
        With the offset of the first character that does not fit.

    Examples
    --------
    >>> parse("2 * rate")
    Binary(operator='*', left=Number(value=2.0, at=0), right=Name(id='rate', at=4), at=2)
    """
    tree = _Parser(tokenize(text)).whole()
    check_size(tree)
    return tree


def check_size(tree: Expression) -> None:
    """Refuse a tree deeper than `DEEPEST` or with more than `LARGEST` nodes.

    Raises
    ------
    ExpressionError
        With the limit that it passes.
    """
    level, depth, size = [tree], 0, 0
    while level:
        depth, size = depth + 1, size + len(level)
        if depth > DEEPEST:
            raise ExpressionError(
                f"a formula nested deeper than {DEEPEST} (or more than {DEEPEST} operators in one chain)",
                "name its parts in `calculations`",
                at=level[0].at,
            )
        if size > LARGEST:
            raise ExpressionError("a formula that is too large", f"at most {LARGEST:_} parts")
        level = [child for node in level for child in children(node)]


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._index = 0
        self._depth = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        self._index += 1
        return self._tokens[self._index - 1]

    def _sees(self, text: str) -> bool:
        return self._token.kind == "operator" and self._token.text == text

    def _expect(self, text: str, where: str) -> None:
        if not self._sees(text):
            raise self._misfit(f"`{text}` {where}")
        self._take()

    def _misfit(self, allowed: str) -> ExpressionError:
        token = self._token
        if token.kind == "end":
            return ExpressionError("the formula ends too early", allowed, at=token.at)
        if token.text == "%":
            allowed = "a percent behind a number (80 %); there is no remainder operator"
        elif token.text == "=" and self._index == 0:
            return ExpressionError("a leading `=`", "the formula alone: it needs no `=`", at=token.at)
        elif token.text == "=":
            allowed = "`==` to compare; a formula assigns nothing"
        elif token.text == ",":
            allowed = "no comma inside a number: write 1_000"
        return ExpressionError(f"`{cut(token.text)}` does not fit here", allowed, at=token.at)

    def whole(self) -> Expression:
        if self._token.kind == "end":
            raise ExpressionError("an empty formula", _STARTS)
        tree = self._climb(0)
        if self._token.kind != "end":
            raise self._misfit("an operator, or the end of the formula")
        return tree

    def _climb(self, weakest: int) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(
                f"parts nested deeper than {DEEPEST}", "name them in `calculations`", at=self._token.at
            )
        first = self._index
        left, previous = self._operand(), 0
        while self._token.kind == "operator" and (strength := STRENGTH.get(self._token.text, 0)) > weakest:
            operator = self._take()
            if strength == previous == STRENGTH["<"]:
                raise ExpressionError("comparisons in a chain", "`a < b and b < c`", at=operator.at)
            if strength == previous == STRENGTH["to"]:
                raise ExpressionError("a range of more than two ends", "`low to high`", at=operator.at)
            ends = self._tokens[first], self._tokens[self._index - 2], self._token
            right = self._climb(strength - (operator.text == "**"))
            if operator.text == "to":
                left = self._with_share(self._range(left, right, operator, ends))
            else:
                left = Binary(operator.text, left, right, operator.at)
            previous = strength
        self._depth -= 1
        return left

    def _range(
        self, low: Expression, high: Expression, operator: Token, ends: tuple[Token, Token, Token]
    ) -> Expression:
        start, last_of_low, start_of_high = ends
        last = self._tokens[self._index - 1]
        if last.kind not in ("unit", "percent") or last_of_low.kind == last.kind:
            return Range(low, high, operator.at)
        plain = start.kind == last_of_low.kind == "number" or start.text == "-"
        if last_of_low.kind in ("unit", "percent") or not plain:
            raise ExpressionError(
                "two ends with different units", "both in one unit: `8 to 30 hour`, `2 % to 5 %`", at=operator.at
            )
        if last.kind == "percent":
            return Range(_percent(low), high, operator.at)
        match high:
            case Quantity(value=value, unit=unit):
                return Quantity(Range(low, value, operator.at), unit, operator.at)
            case Unary(operator="-", operand=Quantity(value=value, unit=unit)):
                return Quantity(Range(low, Unary("-", value, high.at), operator.at), unit, operator.at)
        raise ExpressionError("a range without parentheses", "`(low to high) unit`", at=start_of_high.at)

    def _with_share(self, tree: Expression) -> Expression:
        """Read ``(80 %)`` behind a range, and a unit behind that."""
        if not self._sees("("):
            return tree
        at = self._take().at
        share = self._climb(0)
        self._expect(")", "to close the share of the range")
        if not isinstance(share, Number) or not 0.0 < share.value < 1.0:
            raise ExpressionError("the share of a range", "a percent between 0 % and 100 %: `8 to 30 (80 %)`", at=at)
        match tree:
            case Range():
                return self._with_unit(replace(tree, share=share.value))
            case Quantity(value=Range() as inner):
                return replace(tree, value=replace(inner, share=share.value))
        raise ExpressionError("a share behind what is no range", "`8 to 30 (80 %)`", at=at)

    def _operand(self) -> Expression:
        token = self._take()
        node: Expression
        if token.kind == "number":
            if self._token.kind == "percent":
                self._take()
                return Number(token.value / 100, token.at)
            return self._with_unit(Number(token.value, token.at))
        if token.kind == "name":
            if self._sees("("):
                return self._with_unit(self._call(token))
            return Name(token.text, token.at)
        if token.kind == "text":
            return Text(token.text, token.at)
        if token.text == "(":
            node = self._climb(0)
            self._expect(")", "to close the parenthesis")
            return self._with_unit(node)
        if token.text == "-":
            return Unary("-", self._climb(STRENGTH["*"]), token.at)
        if token.text == "+":
            return self._climb(STRENGTH["*"])
        if token.text == "not":
            return Unary("not", self._climb(STRENGTH["and"] + 1), token.at)
        self._index -= 1
        raise self._misfit(_STARTS)

    def _with_unit(self, node: Expression) -> Expression:
        if self._token.kind in ("unit", "percent"):
            return Quantity(node, self._take().text, node.at)
        return node

    def _call(self, name: Token) -> Expression:
        self._take()
        if name.text in LATER:
            raise ExpressionError(f"`{name.text}` is not yet in this version", "the functions of the table", at=name.at)
        if name.text == WEIGHED:
            return Call(name.text, self._weighed(name.text), (), name.at)
        if name.text in PAIRED:
            return Call(name.text, self._pairs(name.text), self._ends(name.text), name.at)
        arguments: list[Expression] = []
        keywords: list[tuple[str, Expression]] = []
        while not self._sees(")"):
            follows = self._tokens[min(self._index + 1, len(self._tokens) - 1)]
            if self._token.kind == "name" and follows.kind == "operator" and follows.text == "=":
                keyword = self._take()
                self._take()
                if keyword.text in dict(keywords):
                    raise ExpressionError(f"`{keyword.text}` given twice", "once", at=keyword.at)
                keywords.append((keyword.text, self._climb(0)))
            elif keywords:
                raise ExpressionError(
                    "an argument without a name behind one with a name",
                    f"`{keywords[-1][0]}=` and the like stand last",
                    at=self._token.at,
                )
            else:
                arguments.append(self._climb(0))
            if not self._sees(")"):
                self._expect(",", f"or `)` in {name.text}(...)")
        self._take()
        return Call(name.text, tuple(arguments), tuple(keywords), name.at)

    def _pairs(self, name: str) -> tuple[Expression, ...]:
        self._expect("{", f"as in {name}({PAIRED[name]})")
        return self._until("}", "between a value and its weight", f"or `}}` in {name}({{...}})")

    def _weighed(self, name: str) -> tuple[Expression, ...]:
        return self._until(
            ")", f"between a weight and its distribution, as in {name}(0.3: d, 0.7: d)", f"or `)` in {name}(...)"
        )

    def _until(self, end: str, colon: str, comma: str) -> tuple[Expression, ...]:
        expressions: list[Expression] = []
        while not self._sees(end):
            expressions.append(self._climb(0))
            if self._sees(","):
                raise ExpressionError("a comma", f"`:` {colon}", at=self._token.at)
            self._expect(":", colon)
            expressions.append(self._climb(0))
            if not self._sees(end):
                self._expect(",", comma)
        self._take()
        return tuple(expressions)

    def _ends(self, name: str) -> tuple[tuple[str, Expression], ...]:
        """Read ``, low=0, high=9)`` behind the pairs of a call that may have such."""
        ends: dict[str, Expression] = {}
        while name in ENDED and self._sees(","):
            self._take()
            word = self._take()
            if word.kind != "name" or word.text in ends or not self._sees("="):
                raise ExpressionError(f"`{cut(word.text)}` behind the pairs", "`low=` and `high=`, once", at=word.at)
            self._take()
            ends[word.text] = self._climb(0)
        self._expect(")", f"to close {name}(")
        return tuple(ends.items())


def _percent(node: Expression) -> Expression:
    match node:
        case Number(value=value, at=at):
            return Number(value / 100, at)
        case Unary(operator="-", operand=operand, at=at):
            return Unary("-", _percent(operand), at)
    raise ExpressionError("a low end without %", "both ends in percent: `2 % to 5 %`", at=node.at)
