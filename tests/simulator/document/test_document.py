from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from payback.simulator.document.core.estimate import Estimate
from payback.simulator.document.core.record import json_schema, to_json
from payback.simulator.document.document import Document, from_json
from payback.simulator.errors import UsageError
from tests.reports.edges import EDGES, hostile
from tests.reports.sample import sample


@pytest.mark.parametrize("name", EDGES)
def test_a_document_survives_the_round_trip(name: str) -> None:
    document = EDGES[name]()
    text = to_json(document)
    assert from_json(text) == document
    again = to_json(from_json(text))  # whole numbers may have been given as int
    assert to_json(from_json(again)) == again


@pytest.mark.parametrize("name", EDGES)
def test_every_document_keeps_to_its_json_schema(name: str) -> None:
    jsonschema.validate(json.loads(to_json(EDGES[name]())), json_schema(Document))


def test_the_keys_that_programs_rely_on() -> None:
    raw = json.loads(to_json(sample()))
    assert raw["schema"] == "payback-result/2"
    assert raw["measures"]["npv"]["percentiles"]["P50"].keys() >= {"value", "low", "high", "text"}
    assert raw["measures"]["npv"]["mean"].keys() >= {"value", "low", "high", "warning"}
    assert 0 < raw["measures"]["payback"]["never"] < 1
    assert raw["measures"]["payback"]["percentiles"]["P90"]["value"] is None
    assert raw["claims"][0].keys() >= {"says", "check", "source", "question", "value", "verdict", "percentile_of_claim"}
    assert raw["provenance"].keys() >= {"seed", "sampler", "trials", "replicates", "level", "versions", "command"}


def test_the_text_is_ascii_so_that_no_control_character_reaches_a_terminal() -> None:
    text = to_json(hostile("\x1b]0;title\x07 \u202e\u2028 ü"))
    assert text.isascii()
    assert "\x1b" not in text
    assert from_json(text) == hostile("\x1b]0;title\x07 \u202e\u2028 ü")


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_numbers_that_are_not_finite_are_refused(value: float) -> None:
    document = replace(sample(), claims=(replace(sample().claims[0], value=value),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(document)


@pytest.mark.parametrize("schema", ["payback-result/1", "payback-result/3", "", None, 1])
def test_other_versions_are_refused(schema: object) -> None:
    raw = json.loads(to_json(sample())) | {"schema": schema}
    with pytest.raises(UsageError, match=r"last\.json .*'payback-result/2'"):
        from_json(json.dumps(raw), "last.json")


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '"payback-result/2"', "{}", b"\xff\xfe{"])
def test_what_is_no_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(UsageError, match=r"last\.json"):
        from_json(text, "last.json")


@pytest.mark.parametrize(
    ("key", "value", "address"),
    [
        ("seed", "1", r"provenance\.seed"),
        ("seed", 1.5, r"provenance\.seed"),
        ("extra", 1, r"provenance\.extra"),
        ("versions", {"numpy": 2}, r"provenance\.versions\.numpy"),
    ],
)
def test_a_key_of_the_wrong_type_is_named(key: str, value: object, address: str) -> None:
    raw = json.loads(to_json(sample()))
    raw["provenance"][key] = value
    with pytest.raises(UsageError, match=address):
        from_json(json.dumps(raw))


def test_a_missing_key_is_named() -> None:
    raw = json.loads(to_json(sample()))
    del raw["case"]["horizon"]
    with pytest.raises(UsageError, match=r"case\.horizon"):
        from_json(json.dumps(raw))


def test_whole_numbers_are_read_as_floats() -> None:
    document = replace(sample(), measures={"npv": replace(sample().measures["npv"], mean=Estimate(value=1))})
    read = from_json(to_json(document))
    assert isinstance(read, Document)
    assert type(read.measures["npv"].mean.value) is float  # type: ignore[union-attr]  # given above
