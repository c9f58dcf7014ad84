"""Messages about formulas: units that do not fit, unknown names and functions, and the text to write instead."""

from __future__ import annotations

from payback.distributions import FAMILIES
from payback.simulator.case.expressions.folding import fold
from payback.simulator.case.expressions.keywords import BASE, LATER
from payback.simulator.case.expressions.printer import number_text, to_text
from payback.simulator.case.expressions.tokens import ExpressionError, cut
from payback.simulator.case.expressions.tree import Expression, Name
from payback.simulator.case.formulas.scope import HORIZON, Scope, Typed
from payback.simulator.case.language.functions import FUNCTIONS, STATISTICS, meaning
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.language.units import RATE, Unit, UnitError, singular
from payback.simulator.case.source.spelling import nearest

_SHOWN = 40


def shown(tree: Expression) -> str:
    """Return the text of `tree` in backquotes, cut when it is long."""
    text = to_text(tree).replace(BASE, "")
    return f"`{text}`" if len(text) <= _SHOWN else f"`{text[: _SHOWN - 3]}...`"


def unit_text(unit: Unit) -> str:
    """Return `unit` in words: "USD/month", or "a plain number"."""
    return str(unit) or "a plain number"


def stated(unit: Unit) -> str:
    """Return "in USD/month", or "a plain number"."""
    return unit_text(unit) if unit.plain else f"in {unit}"


def apart(left: Typed, right: Typed, nodes: tuple[Expression, Expression], operator: str, at: int) -> ExpressionError:
    """Return the error of two amounts whose units do not meet in `operator`."""
    given = f"{shown(nodes[0])} {operator} {shown(nodes[1])}: {unit_text(left.unit)} and {unit_text(right.unit)}"
    return ExpressionError(given, _remedy(left.unit, right.unit, nodes, operator), at=at)


def _remedy(left: Unit, right: Unit, nodes: tuple[Expression, Expression], operator: str) -> str:
    currencies = left.currencies, right.currencies
    if all(currencies) and currencies[0] != currencies[1]:
        rate = f"{min(currencies[0])}/{min(currencies[1])}"
        return f"one currency: no conversion rate is given (multiply by an input in {rate})"
    for unit, other, node, partner in ((left, right, nodes[0], nodes[1]), (right, left, nodes[1], nodes[0])):
        value = fold(node)
        if unit.plain and value is not None:
            if operator in "+-" and isinstance(partner, Name) and other.same_dimension(RATE):
                return f"`index({partner.id})` for growth by {partner.id}, or a plain share without a unit"
            rate = f"{100 * value:.12g} %{str(other)[1:]}" if other.same_dimension(RATE) else ""
            return f"its unit behind the number: `{rate or f'{number_text(value)} {other}'}`"
    if (
        left.others == right.others
        and sum(left.time.values()) - sum(right.time.values()) in (1, -1)
        and left.currencies
    ):
        return "both in one unit: `total(x)` sums months, `pulse(k) * x` dates a lump, `x / 12 month` spreads it"
    return "the same unit on both sides"


def misfit(typed: Typed, wanted: Unit, node: Expression, what: str) -> ExpressionError:
    """Return the error of a value that must be in `wanted`."""
    return ExpressionError(f"{shown(node)} is {stated(typed.unit)}", f"{what} in {unit_text(wanted)}"
                           if not wanted.plain else f"{what}: a number without a unit", at=node.at)  # fmt: skip


def unknown_name(name: Name, scope: Scope, owner: str) -> ExpressionError:
    """Return the error of a name that cannot be read where it stands."""
    word, at = cut(name.id), name.at
    if word == owner:
        return ExpressionError(
            f"`{word}` reads itself", f"`previous({word}, start)`: its value in the month before", at=at
        )
    if word in scope.later:
        line = f" (line {scope.later[word]})" if scope.later[word] else ""
        advice = (
            f"move the definition up, above `{owner}`" if owner else "an input reads inputs above it and no calculation"
        )
        return ExpressionError(
            f"`{word}` is read before it is defined{line}", f"formulas read top to bottom: {advice}", at=at
        )
    if word in scope.labels or "." in word:
        return ExpressionError(
            f"`{word}` is the label of a ledger line", "name its formula in `calculations` and read that", at=at
        )
    near = nearest(
        word, ("t", HORIZON), MEASURES, reversed(scope.names)
    )  # where capitals alone differ, the last defined
    return ExpressionError(_what(word) or f"`{word}` is not defined", _instead(word), near, at)


def _what(word: str) -> str:
    use = meaning(word)
    return f"`{word}` is {use}" if use else ""


def _instead(word: str) -> str:
    if word in FUNCTIONS:
        return f"its arguments in parentheses: `{FUNCTIONS[word].signature}`"
    if word.lower() in ("true", "false", "yes", "no"):
        return "1 or 0"
    try:
        if meaning(singular(word)) == "a unit":
            unit = singular(word)
            return f"a unit stands behind a number, without blanks: `2 {unit}`, `2 1/{unit}`, `5 request/{unit}`"
    except UnitError as error:
        return f"a unit stands behind a number: `2 {error.near}`"
    return "an input, a calculation above, `t`, `horizon` or a measure"


def unknown_function(name: str, at: int) -> ExpressionError:
    """Return the error of a function that formulas do not have."""
    if name in LATER:
        return ExpressionError(f"`{name}` is not yet in this version", "see the table of functions", at=at)
    if meaning(name) == "a distribution":
        return ExpressionError(
            f"`{name}` draws a value, which a formula does not", "an input of its own in `inputs`", at=at
        )
    if meaning(name) == "a statistic":
        allowed = "`expected(x)` of an input, `average(x)` over months; statistics of trials are for questions"
        return ExpressionError(f"`{name}` is a statistic over trials", allowed, at=at)
    given = f"unknown function `{cut(name)}`"
    return ExpressionError(given, f"one of {', '.join(FUNCTIONS)}", nearest(name, FUNCTIONS, FAMILIES, STATISTICS), at)
