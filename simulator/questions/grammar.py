"""The grammar of a question: arithmetic of statistics of the trials, the changed case it is about, and a limit.

::

    question  := answer [ "in" what-if or stress ] [ comparison quantity ]
    answer    := arithmetic of statistics and constants
    statistic := P(condition) | P<q>(x) | mean(x) | sd(x) | CVaR<q>(x) | skew(x)
               | first_order(x, input) | total_order(x, input) | best("option")

A condition alone (``roi >= 10``) asks for its probability. Claims, hurdles and the command line
share this grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from payback.simulator.case.checker import is_condition
from payback.simulator.case.expressions.parser import COMPARISONS, parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.expressions.tree import (
    Binary,
    Call,
    Expression,
    Name,
    Number,
    Quantity,
    Text,
    Unary,
    children,
    walk,
)
from payback.simulator.case.language.functions import FUNCTIONS, meaning
from payback.simulator.case.source.source_text import Source, question_source
from payback.simulator.case.source.spelling import quoted
from payback.simulator.errors import CaseError, Problem
from payback.simulator.questions.case_statistics import CASE_STATISTICS
from payback.simulator.questions.statistic_kinds import (
    EXAMPLE,
    INDICES,
    nearest_statistic,
    no_statistic,
    statistic_kind,
)

CONSTANTS = ("expected", "quantile", "sd_of")
"""Functions of an input's distribution: constants, although they hold names."""

_WHERE = re.compile(r"""\bin\s+(?:"([^"]*)"|'([^']*)'|([^"'<>=!]+))""")


@dataclass(frozen=True)
class Statistic:
    """One statistic of the trials.

    Parameters
    ----------
    kind : str
        "P", "percentile", "mean", "sd", "CVaR", "skew", "first_order", "total_order", or a key of `CASE_STATISTICS`.
    formula : Expression
        The formula that the statistic summarises; the name ``#k`` in it stands for statistic `k` of the question. A
        statistic of the whole case has none: 0.
    q : float
        The percentile, 0 to 100, for "percentile" and "CVaR".
    input : str
        The input whose share of the variance is computed, for "first_order" and "total_order".
    names : tuple of str
        The names that a statistic of the whole case is about.
    """

    kind: str
    formula: Expression
    q: float = 0.0
    input: str = ""
    names: tuple[str, ...] = ()

    @property
    def of_case(self) -> bool:
        """Whether it is a statistic of the whole case."""
        return self.kind in CASE_STATISTICS

    @property
    def sampled(self) -> bool:
        """Whether it summarises the values of its formula, trial by trial."""
        return not self.input and not self.of_case


@dataclass(frozen=True)
class Question:
    """A question, read but not yet checked against a case.

    Parameters
    ----------
    text : str
        The question as written.
    tree : Expression
        The answer, in which the name ``#k`` stands for ``statistics[k]``.
    statistics : tuple of Statistic
        Inner ones before those that read them.
    where : str
        Name of a what-if or a stress of the case; empty for the case as it is.
    comparison : str
        ``<``, ``<=``, ``>`` or ``>=`` when the question asks for a verdict.
    limit : Expression or None
        The limit that the answer is compared with.
    source : Source
        The place of the text, for messages.
    """

    text: str
    tree: Expression
    statistics: tuple[Statistic, ...]
    where: str = ""
    comparison: str = ""
    limit: Expression | None = None
    source: Source = Source()

    @property
    def single(self) -> Statistic | None:
        """The one statistic that is the answer; None when the answer is arithmetic."""
        index = statistic_index(self.tree)
        return None if index is None else self.statistics[index]


def statistic_index(node: Expression) -> int | None:
    """Return the index of the statistic that `node` stands for, None if it is not a statistic."""
    return int(node.id[1:]) if isinstance(node, Name) and node.id.startswith("#") else None


def parse_question(text: str, source: Source | None = None) -> Question:
    """Read a question.

    Parameters
    ----------
    text : str
    source : Source, optional
        The place of the text, for messages.

    Raises
    ------
    CaseError
        With the place of the text that does not fit the grammar.

    Examples
    --------
    >>> question = parse_question("P90(payback) in 'volume halves' <= 12 months")
    >>> question.statistics[0].kind, question.statistics[0].q, question.where, question.comparison
    ('percentile', 90.0, 'volume halves', '<=')
    """
    source = source or question_source(text)
    try:
        return _read(text, source)
    except ExpressionError as error:
        raise CaseError(error.problem(source)) from None


def parse_questions(texts: Sequence[str]) -> tuple[Question, ...]:
    """Read several questions; messages number them.

    Raises
    ------
    CaseError
        With every question that does not fit the grammar.
    """
    questions: list[Question] = []
    problems: list[Problem] = []
    for number, text in enumerate(texts, 1):
        try:
            questions.append(parse_question(text, question_source(text, number if len(texts) > 1 else 0)))
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return tuple(questions)


def _read(text: str, source: Source) -> Question:
    formula, where = _split_where(text)
    finder = _Finder()
    tree = finder.replaced(parse(formula))
    statistics = finder.statistics
    _refuse_unknown(tree)
    question = Question(text, tree, tuple(statistics), where, source=source)
    outside = next(_names_outside(tree), None)
    if outside is not None and is_condition(tree):
        return replace(question, tree=Name(f"#{len(statistics)}"), statistics=(*statistics, Statistic("P", tree)))
    if outside is not None:
        raise _of_each_trial(tree, outside)
    if isinstance(tree, Binary) and tree.operator in COMPARISONS:
        if tree.operator in ("==", "!="):
            raise ExpressionError("a statistic with an error is never equal to a number", "< <= > >=", at=tree.at)
        question = _with_limit(question, tree)
    if not statistics:
        near = nearest_statistic(tree.function) if isinstance(tree, Call) else ""
        raise ExpressionError("no statistic is asked for", EXAMPLE, near)
    _require_arithmetic(question.tree)
    if where:
        _refuse_itself(question.tree)
    return question


def _refuse_unknown(tree: Expression) -> None:
    """Refuse a function outside statistics that is neither a statistic nor a function of formulas, by its own name."""
    for node in walk(tree):
        if isinstance(node, Call) and node.function not in FUNCTIONS:
            if meaning(node.function) == "a distribution":
                allowed = f"an input of its own; statistics: {EXAMPLE}"
                raise ExpressionError(f"`{node.function}` is a distribution", allowed, at=node.at)
            raise no_statistic(node.function, node.at, nearest_statistic(node.function))


def _of_each_trial(tree: Expression, outside: Name) -> ExpressionError:
    """Return the error of what has a value in each trial: the call around a name, or the name alone."""
    for node in walk(tree):
        if isinstance(node, Call) and outside in _names_outside(node):
            given = f"`{node.function}(...)` has a value in each trial, no statistic"
            near = nearest_statistic(node.function) if len(node.arguments) == 1 else ""
            return ExpressionError(given, f"ask for a statistic of it: {EXAMPLE}", near, node.at)
    given = f"`{outside.id}` has a value in each trial"
    return ExpressionError(given, f"ask for a statistic of it: {EXAMPLE}", at=outside.at)


def _refuse_itself(tree: Expression) -> None:
    """Refuse a statistic minus or over itself: behind `in`, both stand in the changed case."""
    for node in walk(tree):
        if not isinstance(node, Binary) or node.operator not in "-/":
            continue
        if statistic_index(node.left) is not None and node.left == node.right:
            allowed = "the change of every statistic by `payback what-if`, or each case by a question of its own"
            raise ExpressionError("a statistic beside itself: `in` is about the whole question", allowed, at=node.at)


def _with_limit(question: Question, tree: Binary) -> Question:
    left, right, comparison = tree.left, tree.right, tree.operator
    if _has_statistic(right):
        if _has_statistic(left):
            allowed = "their difference against a number: mean(npv) - P50(npv) > 0"
            raise ExpressionError("statistics on both sides of a comparison", allowed, at=tree.at)
        turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        left, right, comparison = right, left, turned[comparison]
    if not _has_statistic(left):
        raise ExpressionError("no statistic is asked for", EXAMPLE, at=tree.at)
    return replace(question, tree=left, comparison=comparison, limit=right)


def _require_arithmetic(node: Expression) -> None:
    """Raise an error for anything done to statistics other than arithmetic: no interval would follow from it."""
    if statistic_index(node) is not None or not _has_statistic(node):
        return
    match node:
        case Binary(operator="+" | "-" | "*" | "/") | Unary(operator="-") | Call(function="min" | "max") | Quantity():
            for child in children(node):
                _require_arithmetic(child)
        case Binary(operator=given) | Unary(operator=given) | Call(function=given):
            allowed = "+ - * / min max of statistics; conditions stand inside: P(npv < 0 and roi < 1)"
            raise ExpressionError(f"`{given}` of statistics", allowed, at=node.at)


def _split_where(text: str) -> tuple[str, str]:
    """Return the text with its ``in NAME`` blanked, so that places stay, and the name."""
    depth = 0
    for match in re.finditer(r"[()]|\bin\b", text):
        if match.group() != "in":
            depth += 1 if match.group() == "(" else -1
        elif depth == 0:
            where = _WHERE.match(text, match.start())
            if not where:
                allowed = "the name of a what-if or stress of the case"
                raise ExpressionError("no name behind `in`", allowed, at=match.end())
            name = next(group for group in where.groups() if group is not None).strip()
            rest = text[where.end() :].lstrip()
            if rest and not rest.startswith(("<", ">", "=", "!")):
                allowed = "`in NAME` once, behind the answer and before a limit; two cases are compared by `what-if`"
                raise ExpressionError(
                    f"{quoted(rest)} behind `in {where.group()[2:].strip()}`", allowed, at=len(text) - len(rest)
                )
            return text[: where.start()] + " " * len(where.group()) + text[where.end() :], name
    return text, ""


class _Finder:
    """Takes the statistics out of a tree and numbers them, equal ones once."""

    def __init__(self) -> None:
        self.statistics: list[Statistic] = []

    def replaced(self, node: Expression) -> Expression:
        """Return `node` with every statistic replaced by its name."""
        match node:
            case Call(function=function, at=at) if (read := statistic_kind(function, at)) is not None:
                if function in CASE_STATISTICS:
                    statistic = _case_statistic(node)
                else:
                    statistic = self._index(node) if function in INDICES else self._plain(node, *read)
                if statistic not in self.statistics:
                    self.statistics.append(statistic)
                return Name(f"#{self.statistics.index(statistic)}", at)
            case Call(function=function, arguments=arguments, keywords=keywords):
                return replace(
                    node,
                    arguments=tuple(map(self.replaced, arguments)),
                    keywords=tuple((name, self.replaced(value)) for name, value in keywords),
                )
            case Binary(left=left, right=right):
                return replace(node, left=self.replaced(left), right=self.replaced(right))
            case Unary(operand=operand):
                return replace(node, operand=self.replaced(operand))
            case Quantity(value=value):
                return replace(node, value=self.replaced(value))
        return node

    def _plain(self, node: Call, kind: str, q: float) -> Statistic:
        if len(node.arguments) != 1 or node.keywords:
            raise ExpressionError(f"`{node.function}` takes one formula", f"{node.function}(npv)", at=node.at)
        return Statistic(kind, self.replaced(node.arguments[0]), q)

    def _index(self, node: Call) -> Statistic:
        match node.arguments:
            case (formula, Name(id=name)) if not node.keywords:
                return Statistic(node.function, self.replaced(formula), input=name)
        allowed = f"{node.function}(npv, volume)"
        raise ExpressionError(f"`{node.function}` takes a formula and the name of an input", allowed, at=node.at)


def _case_statistic(node: Call) -> Statistic:
    form = CASE_STATISTICS[node.function]
    names = tuple(
        argument.id if isinstance(argument, Name) else argument.value
        for argument in node.arguments
        if isinstance(argument, Name | Text)
    )
    if len(names) != len(node.arguments) or node.keywords or not form.least <= len(names) <= form.most:
        raise ExpressionError(f"`{node.function}` takes names", form.example, at=node.at)
    return Statistic(node.function, Number(0.0, node.at), names=names)


def _names_outside(node: Expression) -> Iterator[Name]:
    """Yield the names that vary by trial, statistics and constants of an input left out."""
    if isinstance(node, Name) and statistic_index(node) is None:
        yield node
    if isinstance(node, Call) and node.function in CONSTANTS:
        return
    for child in children(node):
        yield from _names_outside(child)


def _has_statistic(node: Expression) -> bool:
    return statistic_index(node) is not None or any(map(_has_statistic, children(node)))
