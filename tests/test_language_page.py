"""docs/language.md: every example loads, every table holds what the program knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from payback.simulator.case.declarations.schema import CASE
from payback.simulator.case.expressions.keywords import LATER
from payback.simulator.case.language.distribution_words import DISTRIBUTION_WORDS
from payback.simulator.case.language.functions import FUNCTIONS
from payback.simulator.case.language.measures import MEASURES
from payback.simulator.case.load import loads

PAGE = (Path(__file__).parent.parent / "docs" / "language.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FILLED_IN = {
    "horizon": "horizon: 12 months\n",
    "inputs": "inputs: {saved: 1 to 3 USD/month}\n",
    "cash_flows": "cash_flows: {upfront: {build: -9 USD}}\n",
}


def function_rows() -> list[str]:
    return [f"| `{function.signature}` | {function.text} |" for function in FUNCTIONS.values()]


def measure_rows() -> list[str]:
    return [
        f"| `{m.name}`{', monthly' if m.monthly else ''} | {m.unit or 'a number'} | {m.text} |"
        for m in MEASURES.values()
    ]


def key_rows() -> list[str]:
    return [f"| `{key.name}`{', required' if key.required else ''} | {key.text} |" for key in CASE]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n")[0][:40])
def test_every_example_loads(example: str) -> None:
    missing = [text for key, text in FILLED_IN.items() if not re.search(rf"^{key}:", example, re.MULTILINE)]
    case = loads(example + "".join(missing))
    assert case.model.definitions


@pytest.mark.parametrize("row", [*function_rows(), *measure_rows(), *key_rows()])
def test_every_row_stands_on_the_page(row: str) -> None:
    assert row in PAGE


def test_every_distribution_and_every_later_word_stands_on_the_page() -> None:
    written = set(re.findall(r"`(\w+)\(", PAGE))
    assert set(DISTRIBUTION_WORDS) <= written
    assert set(LATER) <= set(re.findall(r"`(\w+)`", PAGE))
