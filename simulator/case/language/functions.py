"""The functions of the language, and the words that are taken as names.

How each is checked stands in `payback.simulator.case.function_rules`; this table gives names, arguments, and the
line that documentation prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from payback.simulator.case.expressions.keywords import KEYWORDS, LATER
from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.language.units import CURRENCIES, TIME
from payback.simulator.errors import Problem

NAME_LENGTH = 60


@dataclass(frozen=True)
class Function:
    """A function.

    Parameters
    ----------
    name, group, text : str
        `group` is "months" (gives one value per month), "reduction" (months to one value), "constant"
        (of the distribution of an input), "elementwise" or "logic".
    parameters : tuple of str
        In order; the names serve as keywords.
    required : int
        How many of them must be given.
    more : str
        The further arguments in words; empty when there are none.
    keywords : tuple of str
        Given by name only.
    """

    name: str
    group: str
    parameters: tuple[str, ...]
    required: int
    text: str
    more: str = ""
    keywords: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """As documentation writes it: ``lag(x, k, before=)``."""
        parts = [name if i < self.required else f"{name}=" for i, name in enumerate(self.parameters)]
        if self.more:
            parts.append(self.more)
        parts += [f"{name}=" for name in self.keywords]
        return f"{self.name}({', '.join(parts)})"


def _row(
    name: str, group: str, parameters: str, required: int, text: str, more: str = "", keywords: str = ""
) -> Function:
    return Function(name, group, tuple(parameters.split()), required, text, more, tuple(keywords.split()))


_TABLE = (
    _row("step", "months", "k", 1, "1 from month k on, 0 before"),
    _row("pulse", "months", "k every", 1, "1 in month ceil(k), then again each `every` months; unit 1/month"),
    _row(
        "series", "months", "", 0, "a in month `first`, b `every` months later, ...; 0 elsewhere; money with every > 1 "
        "or lump=yes is money a month", "a, b, ...", "first every lump",
    ),
    _row(
        "season", "months", "", 0, "a, b, ... in turn, each for `every` months (1), over and over; month 1 is month "
        "`first` (1) of the cycle", "a, b, ...", "every first",
    ),
    _row("ramp", "months", "start end", 1, "ramp(n) is min(1, t / n); ramp(start, end) rises from 0 to 1 between them"),
    _row(
        "s_curve", "months", "x half width", 3,
        "0 for x <= 0, else 1 / (1 + 81 ** ((half - x) / width)): half in month `half`, 10 % to 90 % in `width` months",
    ),
    _row("index", "months", "rate", 1, "(1 + rate) ** ((t - 1) / m), m the months of the rate's unit: 1 in month 1"),
    _row("lag", "months", "x k before", 2, "x of month t - round(k); `before` (0) in the months up to k"),
    _row("cumulative", "months", "x", 1, "sum of x over months 1 to t; unit x * month"),
    _row("gbm", "months", "start drift volatility", 3, "geometric Brownian motion, start at t = 0; both rates a year"),
    _row(
        "ar1", "months", "start mean phi sd", 4,
        "mean + phi * (month before - mean) + a normal shock of sd each month; start at t = 0",
    ),
    _row("random_walk", "months", "start drift sd", 3, "month before + drift + a normal shock of sd; start at t = 0"),
    _row(
        "jumps", "months", "start rate log_size", 3,
        "month before * exp(sum of the log sizes of the month's jumps), Poisson of mean rate * month; start at t = 0",
    ),
    _row(
        "events", "months", "rate size", 1,
        "number of events in the month, Poisson of mean rate * month; with a distribution `size`, the sum of their "
        "sizes; unit 1/month, or that of a size a month",
    ),
    _row(
        "renewal", "months", "gap age", 1,
        "number of times in the month that a gap ends and the next begins, the first one `age` old (0) at t = 0; "
        "unit 1/month", "", "most",
    ),
    _row(
        "history", "months", "file column", 1,
        "a column of a data file, a row a month; with `block`, that many consecutive rows at a time, each from a row "
        "drawn anew", "", "sheet block",
    ),
    _row("previous", "months", "x start", 2, "the calculation itself in the month before; `start` at t = 0"),
    _row("total", "reduction", "x first last", 1, "sum of x over months `first` to `last`, or all; unit x * month"),
    _row("at", "reduction", "x k", 2, "x in month round(k)"),
    _row("lowest", "reduction", "x", 1, "smallest x of all months"),
    _row("highest", "reduction", "x", 1, "largest x of all months"),
    _row("average", "reduction", "x", 1, "mean of x over all months"),
    _row("first_month", "reduction", "condition", 1, "first month in which the condition holds, or never; unit month"),
    _row("present", "reduction", "x rate", 1, "sum of x / (1 + rate) ** (t / 12); the discount rate if none is given"),
    _row("expected", "constant", "x", 1, "mean of the distribution of input x"),
    _row("quantile", "constant", "x share", 2, "value below which the share of the distribution of input x lies"),
    _row("sd_of", "constant", "x", 1, "standard deviation of the distribution of input x"),
    _row("min", "elementwise", "a b", 2, "the smallest", "..."),
    _row("max", "elementwise", "a b", 2, "the largest", "..."),
    _row("abs", "elementwise", "x", 1, "x without its sign"),
    _row("exp", "elementwise", "x", 1, "e ** x"),
    _row("log", "elementwise", "x", 1, "natural logarithm"),
    _row("sqrt", "elementwise", "x", 1, "square root"),
    _row("ceil", "elementwise", "x", 1, "the next whole number, upwards"),
    _row("floor", "elementwise", "x", 1, "the next whole number, downwards"),
    _row("round", "elementwise", "x", 1, "the nearest whole number; of two the even one"),
    _row("pick", "elementwise", "k a b", 3, "a for k = 1, b for k = 2, ...; undefined for other k", "..."),
    _row("if", "logic", "condition yes no", 3, "yes where the condition holds, else no"),
    _row("never", "logic", "x", 1, "1 where x is never reached within the horizon"),
    _row("undefined", "logic", "x", 1, "1 where x has no value"),
)  # fmt: skip

FUNCTIONS = {function.name: function for function in _TABLE}
"""Every function of formulas, by name."""

STATISTICS = frozenset(
    """P mean sd skew CVaR spearman kendall pearson first_order total_order shapley evpi evppi swing best""".split()
)
"""Words of questions: over trials, not within one."""

_RESERVED = {
    "t": "the month",
    "e": "read as part of a number (write exp(1))",
    "pi": "kept for the number",
    "inf": "kept for infinity",
    "nan": "kept for what is not a number",
    "sum": "kept for a sum (over months: total(x))",
    "horizon": "the number of months",
    "discount_rate": "the discount rate",
    "true": "a truth value (write 1)",
    "false": "a truth value (write 0)",
    "yes": "a truth value (write 1)",
    "no": "a truth value (write 0)",
}
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def meaning(word: str) -> str:
    """Return what `word` means in the language, empty if it is free to be a name."""
    tables = (
        (KEYWORDS, "a word of the grammar"), (FUNCTIONS, "a function"), (MEASURES, "a measure"),
        (DISTRIBUTION_WORDS, "a distribution"),
        (LATER, "a function of a later version"), (STATISTICS, "a statistic"), (TIME, "a unit"), (CURRENCIES, "a unit"),
    )  # fmt: skip
    if re.fullmatch(r"(P|CVaR)\d+", word):
        return "a statistic"
    return _RESERVED.get(word) or next((text for words, text in tables if word in words), "")


def name_problem(name: str) -> Problem | None:
    """Return what is wrong with `name` as the name of an input or a calculation, None if nothing is."""
    if len(name) > NAME_LENGTH:
        return Problem(f"a name of {len(name)} characters", f"at most {NAME_LENGTH}")
    if not _IDENTIFIER.fullmatch(name):
        words = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
        near = words if _IDENTIFIER.fullmatch(words) else re.sub(r"^[\d_]+", "", words)
        near = near if name.isascii() and _IDENTIFIER.fullmatch(near) else ""
        return Problem(f"`{name}` is no name", "a letter a-z or A-Z, then letters, digits and _", near=near)
    use = meaning(name)
    if not use:
        return None
    near = f"{name}s" if use == "a unit" and name in TIME else ""
    allowed = "a name that is no function, measure, statistic, distribution or unit of the language, and not one of "
    return Problem(f"`{name}` is taken: {use}", allowed + ", ".join(_RESERVED), near=near)
