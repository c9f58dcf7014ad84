"""Short ways to declare a case, for tests of the language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from payback.simulator.case.checker import Checked, check
from payback.simulator.case.declarations.declarations import Calculation, Change, Declarations, Input, LedgerLine
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.case.source.source_text import Source
from payback.simulator.errors import CaseError, Location
from payback.simulator.model import Draw, Formula

Texts = Mapping[str, str]

INPUTS: Texts = {
    "volume": "lognormal(1_000, 1) request/month",
    "price": "pert(1, 2, 3) USD/request",
    "growth": "2 %/month",
    "launch": "uniform(1, 3) month",
    "delay": "2 week",
    "share": "beta(2, 2)",
}
"""What tests of formulas read: line 1 to 6 of a case that is called c.yaml."""


def declare(
    inputs: Texts = INPUTS,
    calculations: Texts | None = None,
    upfront: Texts | None = None,
    monthly: Texts | None = None,
    horizon: int = 12,
    rate: str = "10 %/year",
    **others: Any,
) -> Declarations:
    """Return a case with one line of text for each declaration, each beginning in column 10."""
    lines = {
        "inputs": inputs, "calculations": calculations or {}, "upfront": upfront or {}, "monthly": monthly or {},
    }  # fmt: skip
    keys = [(section, name) for section, texts in lines.items() for name in texts]

    def source(section: str, name: str) -> Source:
        location = Location("c.yaml", keys.index((section, name)) + 1, 10)
        return Source(f"{section}.{name}", location, lines[section][name])

    def put(section: str) -> list[tuple[str, str, Source]]:
        return [(name, text, source(section, name)) for name, text in lines[section].items()]

    return Declarations(
        inputs=tuple(_input(*declaration) for declaration in put("inputs")),
        calculations=tuple(Calculation(name, parse(text), where) for name, text, where in put("calculations")),
        lines=tuple(
            LedgerLine(section, name, parse(text), source=where)
            for section in ("upfront", "monthly")
            for name, text, where in put(section)
        ),
        horizon=horizon,
        discount_rate=parse(rate),
        file="c.yaml",
        **others,
    )


def _input(name: str, text: str, source: Source) -> Input:
    """``text | unit`` gives the unit beside the distribution; ``each `` in front draws by month."""
    text, _, unit = text.partition(" | ")
    monthly = text.startswith("each ")
    return Input(name, parse(text.removeprefix("each ")), unit, monthly, source=source)


def formula(text: str, **others: Any) -> Formula:
    """Return the calculation `text`, checked among `INPUTS`."""
    definition = check(declare(calculations={"it": text}, **others)).model.definitions[-1]
    assert isinstance(definition, Formula)
    return definition


def plain(text: str, **others: Any) -> str:
    """Return the plain tree of the calculation `text`, printed."""
    return to_text(formula(text, **others).expression)


def draw(text: str, **others: Any) -> Draw:
    """Return the input `text`, checked behind `INPUTS`."""
    definition = checked_input(text, **others).model.definitions[-1]
    assert isinstance(definition, Draw)
    return definition


def checked_input(text: str, **others: Any) -> Checked:
    return check(declare(inputs={**INPUTS, "it": text}, **others))


def refusal(declarations: Declarations) -> str:
    """Return the message that `declarations` are refused with."""
    with pytest.raises(CaseError) as caught:
        check(declarations)
    return str(caught.value)


def changes(**texts: str) -> tuple[Change, ...]:
    """Return overrides; ``monthly__fee`` stands for ``monthly.fee``."""
    return tuple(
        Change(name.replace("__", "."), parse(text), Source(f"what_if.{name}", Location("c.yaml", 99, 10), text))
        for name, text in texts.items()
    )


def definitions(text: str) -> list[Draw | Formula]:
    """Return what the calculation ``it`` adds to the model."""
    return [
        definition
        for definition in check(declare(calculations={"it": text})).model.definitions
        if definition.name.startswith("it")
    ]


def trees(text: str) -> dict[str, str]:
    """Return the formulas that the calculation ``it`` adds to the model, printed."""
    return {
        definition.name: to_text(definition.expression)
        for definition in definitions(text)
        if isinstance(definition, Formula)
    }


def require_refusal(text: str, column: int, given: str, allowed: str) -> None:
    """Require that the calculation ``it`` is refused at `column`, in these words."""
    location, _, message = refusal(declare(calculations={"it": text})).partition(" ")
    assert location == f"c.yaml:7:{column}:"
    assert given in message.split(" -> ")[0]
    assert allowed in message.split(" -> ")[1]
