"""Every distribution says in its docstring what it is: in symbols, with a source, units and an example."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields

import pytest

from payback import distributions
from payback.distributions import Distribution
from tests.laws.members import MEMBERS

CLASSES = sorted({type(d) for d in MEMBERS}, key=lambda kind: kind.__name__)
BY_DEFINITION = {"scaled", "shifted"}
"""What needs no source."""


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_distribution_is_stated_in_symbols_with_a_source_and_an_example(kind: type[Distribution]) -> None:
    text = inspect.getdoc(kind) or ""
    statement = text.partition("\nParameters\n")[0]
    assert re.search("density|mass|distribution function|quantile function", statement, re.IGNORECASE)
    for section in ("Parameters", "Examples", *(() if kind.name in BY_DEFINITION else ("References",))):
        assert f"\n{section}\n{'-' * len(section)}\n" in text, section
    assert f"float({kind.__name__}" in text


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_parameter_of_a_distribution_is_explained(kind: type[Distribution]) -> None:
    entries = re.findall(r"^(\w+(?:, \w+)*) : ", inspect.getdoc(kind) or "", re.MULTILINE)
    assert [name for entry in entries for name in entry.split(", ")] == [f.name for f in fields(kind)]


def test_every_exported_distribution_has_a_law_row() -> None:
    exported = {
        value
        for name in distributions.__all__
        if inspect.isclass(value := getattr(distributions, name)) and issubclass(value, Distribution)
    }
    assert exported - {Distribution} == set(CLASSES)
