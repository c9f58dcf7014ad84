"""Every member as a line of a case: written, read, and printed, it is the same distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from payback.distributions import (
    FAMILIES,
    Certain,
    Compound,
    Discrete,
    Distribution,
    Empirical,
    Highest,
    Histogram,
    Lowest,
    Metalog,
    Mixture,
    Quantiles,
    Smoothed,
    Truncated,
)
from payback.simulator.case import loads
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS
from tests.laws.members import MEMBERS
from tests.laws.test_distributions import label

SHARES = {"p5": 0.05, "p20": 0.2, "p50": 0.5, "p80": 0.8, "p95": 0.95}


def ends(d: Any) -> str:
    return "".join(f", {name}={getattr(d, name)!r}" for name in ("low", "high") if np.isfinite(getattr(d, name)))


def listed(d: Any) -> str:
    return ", ".join(map(line, d.distributions))


WRITERS: dict[type[Distribution], Callable[[Any], str]] = {
    Certain: lambda d: repr(d.value),
    Compound: lambda d: f"compound({line(d.frequency)}, {line(d.severity)})",
    Discrete: lambda d: f"discrete({{{', '.join(f'{x!r}: {w!r}' for x, w in zip(d.values, d.weights, strict=True))}}})",
    Highest: lambda d: f"highest_of({listed(d)})",
    Histogram: lambda d: f"histogram({{{', '.join(map(_bin, pairwise(d.edges), d.counts))}}})",
    Lowest: lambda d: f"lowest_of({listed(d)})",
    Metalog: lambda d: f"metalog({', '.join(f'{n}={float(d.ppf(u))!r}' for n, u in _shares(d))}{ends(d)})",
    Mixture: lambda d: (
        f"mixture({', '.join(f'{w!r}: {line(each)}' for w, each in zip(d.weights, d.distributions, strict=True))})"
    ),
    Quantiles: lambda d: (
        f"quantiles({{{', '.join(f'{u!r}: {x!r}' for u, x in zip(d.shares, d.values, strict=True))}}}{ends(d)})"
    ),
    Truncated: lambda d: f"truncated({line(d.distribution)}{ends(d)})",
}


def _bin(ends: tuple[float, float], count: float) -> str:
    return f"{ends[0]!r} to {ends[1]!r}: {count!r}"


def _shares(d: Metalog) -> list[tuple[str, float]]:
    chosen = {2: ("p5", "p95"), 3: ("p5", "p50", "p95"), 4: ("p5", "p20", "p50", "p95"), 5: tuple(SHARES)}
    return [(name, SHARES[name]) for name in chosen[len(d.coefficients)]]


def line(d: Distribution) -> str:
    """Return the distribution line of `d`."""
    if type(d) in WRITERS:
        return WRITERS[type(d)](d)
    values = [getattr(d, f.name) for f in fields(d)]
    return f"{d.name}({', '.join(line(value) if isinstance(value, Distribution) else repr(value) for value in values)})"


def of_data(d: Distribution) -> bool:
    inner = (*getattr(d, "distributions", ()), *(x for x in [getattr(d, "distribution", None)] if x is not None))
    return isinstance(d, Empirical | Smoothed) or any(map(of_data, inner))


def read(text: str) -> Distribution:
    draws = loads(f"horizon: 1 month\ninputs: {{x: '{text}'}}\ncash_flows: {{upfront: {{none: 0}}}}\n").model.draws
    # A certain value is no draw.
    d = draws[0].distribution if draws else Certain(float(text))
    assert d is not None
    return d


LINES = tuple(d for d in MEMBERS if not of_data(d))


@pytest.mark.parametrize("d", LINES, ids=label)
def test_a_line_is_read_as_what_it_is_written_from(d: Distribution) -> None:
    text = line(d)
    again = read(text)
    if isinstance(d, Metalog):
        u = np.linspace(0.001, 0.999, 41)
        assert np.allclose(again.ppf(u), d.ppf(u), rtol=1e-9)
    else:
        assert again == d
    printed = to_text(parse(text))
    assert read(printed) == again
    assert to_text(parse(printed)) == printed


def test_every_word_has_a_line() -> None:
    """Data come from files: tests/simulator/case/inputs/test_from_data.py."""
    written = " ".join(map(line, LINES))
    assert [word for word in DISTRIBUTION_WORDS if word != "empirical" and f"{word}(" not in written] == []


BAD = {"nan": float("nan"), "text": "a", "truth": True, "infinite": float("inf")}


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
@pytest.mark.parametrize("family", FAMILIES)
def test_parameters_are_validated_by_name(family: str, value: Any) -> None:
    """The message names the family, the field, the rule and the value: `Normal(sd=...)` must be ..., got ..."""
    good = next(d for d in MEMBERS if d.name == family)
    kind = type(good)
    given = {f.name: getattr(good, f.name) for f in fields(good)}
    for name in given:
        if value == float("inf") and name in kind.may_be_infinite:
            continue
        with pytest.raises(ValueError, match=rf"^`{kind.__name__}\({name}=\.\.\.\)` must be a (finite )?number, got "):
            kind(**(given | {name: value}))
