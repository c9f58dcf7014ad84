"""What a command prints with ``--json`` keeps to the schema that ``payback schema`` prints."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from payback.simulator.document.registered_questions import QUESTIONS, RegisteredQuestion, at
from payback.simulator.document.schemas import PRINTED, published
from tests.catalogue import misfit
from tests.payback.commands import MESSAGES, Command
from tests.simulator.questions.cases import OPTIONS, SMALL

CASE, CHOICE = "small.yaml", "choice.yaml"
DATA = "volume.csv"
SIZE = ("--trials", 4096)
PRINTING: dict[str, tuple[tuple[object, ...], ...]] = {
    "result": (("run", CASE, *SIZE), ("run", CASE, "--trials", 160)),
    "answers": (
        ("ask", CASE, "P(npv < 0)", "P99(payback)", "mean(npv) > 0 USD", "mean(payback)", *SIZE),
        ("ask", CASE, "P(npv < 0)", "--precision", "P(npv < 0), 2 %"),
    ),
    "comparisons": (
        ("what-if", CASE, *SIZE),
        ("stress", CASE, *SIZE),
        ("what-if", CASE, "volume * 0.5", "--ask", "P50(payback)"),
    ),
    "tornado": (("tornado", CASE, "--measure", "payback"),),
    "variance": (("variance", CASE, *SIZE),),
    "options": (("options", CHOICE, *SIZE), ("options", CASE, CHOICE, *SIZE), ("options", CHOICE, "--trials", 160)),
    "claims": (("claims", CASE, *SIZE),),
    "fit": (("fit", DATA, "--no-test"),),
    "check": (("check", CASE),),
    "explanation": (("explain", CASE),),
    "plan": (("explain", "--plan", CASE),),
    "problems": (
        ("check", "typo.yaml"),
        ("run", "typo.yaml"),
        ("ask", CASE, "P(nvp < 0)", "P90(paybck)"),
        ("what-if", CASE, "volme * 2"),
        ("tornado", CASE, "--measure", "nvp"),
        ("explain", "nowhere.yaml"),
        ("fit", DATA, "--column", "volum"),
    ),
}


def test_every_printed_record_has_a_command_here() -> None:
    assert list(PRINTING) == list(published())
    assert len({record.schema for record in PRINTED}) == len(PRINTED)


@pytest.mark.parametrize("name", PRINTING)
def test_what_a_command_prints_keeps_to_its_published_schema(name: str, command: Command, case_file: Path) -> None:
    (case_file.parent / DATA).write_text("volume\n" + "\n".join(f"{80 + k * k % 37}" for k in range(60)), "utf-8")
    (case_file.parent / CHOICE).write_text(SMALL.replace("case: A", "case: Another") + OPTIONS, "utf-8")
    (case_file.parent / "typo.yaml").write_text(SMALL.replace("check: roi >= 1", "check: roii >= 1"), "utf-8")
    schema = command("schema", name).json
    jsonschema.Draft202012Validator.check_schema(schema)
    for words in PRINTING[name]:
        printed = command(*words, "--json", "--quiet")
        assert (printed.code, printed.err) == (2 if name == "problems" else 0, "")
        version = 2 if name == "result" else 1
        assert printed.json["schema"] == f"payback-{name}/{version}" == schema["title"]
        assert next(iter(printed.json)) == "schema"
        jsonschema.validate(printed.json, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(printed.json | {"unheard_of": 1}, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(printed.json | {"schema": "payback-other/1"}, schema)


def test_the_schema_of_a_case_is_printed_if_no_name_is_given(command: Command) -> None:
    assert command("schema").json == command("schema", "case").json
    refused = command("schema", "nothing")
    assert refused.code == 2
    assert not misfit(refused.err.splitlines(), MESSAGES["no such schema"])


def test_keys_that_may_be_left_out_are_left_out(command: Command, case_file: Path) -> None:
    assert list(command("ask", case_file, "P(npv < 0)", *SIZE, "--json").json) == ["schema", "answers"]
    assert list(command("what-if", case_file, *SIZE, "--json").json) == ["schema", "comparisons"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_parts_of_a_registered_question_are_there(question: RegisteredQuestion) -> None:
    addresses = [text for text in question if text.startswith("payback.") and ":" in text]
    assert len(addresses) > 5
    assert all(at(address) is not None for address in addresses)


def test_problems_are_those_of_the_text_each_with_its_place(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("horizon: 0\ninputs: {x: lognrmal(1, 2)}\ncash_flows: {monthly: {m: y}}\n", encoding="utf-8")
    lines = command("check", path).err.splitlines()
    printed = command("check", path, "--json")
    assert (printed.code, printed.json["ok"]) == (2, False)
    assert lines == [
        f"{problem['file']}:{problem['line']}:{problem['column']}: {problem['path']}: {problem['message']}"
        for problem in printed.json["problems"]
    ]
    missing = command("check", tmp_path / "nowhere.yaml", "--json").json["problems"][0]
    assert (missing["line"], missing["column"], missing["path"]) == (None, None, "")
