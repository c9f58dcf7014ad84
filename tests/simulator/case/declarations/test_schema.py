"""The JSON Schema accepts what the loader accepts, key by key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from payback.simulator.case.declarations.schema import (
    CASE,
    CASH_FLOWS,
    CLAIM,
    DEPENDENCE,
    HURDLES,
    INPUT,
    LINE,
    Key,
    json_schema,
)

ROOT = Path(__file__).resolve().parents[4]
CASES = sorted([*(ROOT / "configs").glob("*.yaml"), *(ROOT / "tests" / "golden").glob("*.yaml")])
EXAMPLE = ROOT / "tests" / "simulator" / "case" / "every_key.yaml"


def read(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", [*CASES, EXAMPLE], ids=lambda path: path.stem)
def test_every_case_that_we_ship_fits(path: Path) -> None:
    Draft202012Validator(json_schema()).validate(read(path))


def test_the_example_holds_every_key() -> None:
    tables: tuple[tuple[Key, ...], ...] = (CASE, CASH_FLOWS, INPUT, LINE, DEPENDENCE, CLAIM)
    known = {key.name for keys in tables for key in keys} | {"confidence"}
    assert known <= keys_of(read(EXAMPLE))
    assert {key.name for key in HURDLES} & set(read(EXAMPLE)["hurdles"])


@pytest.mark.parametrize(
    "case",
    [
        [],
        {},
        {"horizon": 12, "inputs": {}, "cash_flows": {}},
        {"horizon": 12, "inputs": {"a": 1}, "cash_flows": {}, "inptus": 1},
        {"horizon": 12, "inputs": {"a": {"unit": "USD"}}, "cash_flows": {}},
        {"horizon": 12, "inputs": {"a": 1}, "cash_flows": {"weekly": {}}},
        {"horizon": 12, "inputs": {"a": 1}, "cash_flows": {}, "options": {"a": {}}},
    ],
)
def test_what_the_loader_refuses_for_its_keys_does_not_fit(case: Any) -> None:
    assert not Draft202012Validator(json_schema()).is_valid(case)
