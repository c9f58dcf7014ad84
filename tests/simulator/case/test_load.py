"""From a path or a text to a case, and nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from payback.simulator.case.load import load, loads
from payback.simulator.errors import CaseError
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

GOOD = """\
horizon: 12 months
inputs:
  price: 0.004 to 0.006 USD/request
  volume: 10_000 to 90_000 request/month
cash_flows:
  upfront: {training: -125 USD}
  monthly: {revenue: price * volume}
"""

ROOT = Path(__file__).resolve().parents[3]


def refusal(path: str | Path) -> str:
    with pytest.raises(CaseError) as error:
        load(path)
    return str(error.value)


def messages(text: str) -> list[str]:
    with pytest.raises(CaseError) as error:
        loads(text, "f.yaml")
    return [str(problem) for problem in error.value.problems]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_a_file_and_its_text_are_one_case(folder: Path) -> None:
    case = load("case.yaml")
    assert case.file == "case.yaml"
    assert case.digest == loads(GOOD).digest
    assert case.model == loads(GOOD).model
    assert load(folder / "case.yaml").horizon == 12


@pytest.mark.parametrize("encoded", [GOOD.encode("utf-8-sig"), GOOD.replace("\n", "\r\n").encode()])
def test_byte_order_mark_and_line_ends_do_not_matter(folder: Path, encoded: bytes) -> None:
    (folder / "other.yaml").write_bytes(encoded)
    assert load("other.yaml").model == loads(GOOD).model


def test_json_is_a_case(folder: Path) -> None:
    text = '{"horizon": 12,\n\t"inputs": {"a": "1 to 3", "b": 4.5e0},\n\t"cash_flows": {"monthly": {"a": "a * b"}}}'
    (folder / "case.json").write_text(text, encoding="utf-8")
    assert load("case.json").model == loads(text).model


def test_a_missing_file_says_where_it_was_looked_for_and_what_is_near(folder: Path) -> None:
    message = refusal("cas.yaml")
    assert not differs(message, "a missing file")
    assert folder.name in message
    assert not differs(refusal("nowhere/at/all.yaml"), "a missing folder")
    assert not differs(refusal("case.yaml/x.yaml"), "a file for a folder")


def test_what_is_no_file_of_a_case_is_refused(folder: Path) -> None:
    (folder / "big.yaml").write_bytes(b"#" * 50_000_000)
    (folder / "case.toml").write_text("horizon = 12", encoding="utf-8")
    (folder / "case").write_text(GOOD, encoding="utf-8")
    assert "is a folder" in refusal(".")
    assert not differs(refusal("big.yaml"), "a large file")
    assert not differs(refusal("case.toml"), "another format")
    assert not differs(refusal("case"), "no suffix")
    assert "cannot be read" in refusal("a\0b.yaml")
    assert "1,000,001 characters -> at most 1,000,000" in messages("#" * 1_000_001)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes and /dev are of POSIX")
def test_special_files_are_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    assert not differs(refusal("pipe.yaml"), "a special file")
    assert not differs(refusal("zero.yaml"), "a special file")
    assert not differs(refusal("/dev/zero"), "a special file")


def test_control_characters_never_reach_the_terminal() -> None:
    escape = messages(GOOD + 'claims: [{says: "\\e]0;owned\\a\\u202e", check: "1 +"}, {"\\e[31m": 1}]\n')
    assert not any("\x1b" in line or "\x07" in line or "\u202e" in line for line in escape)
    assert any(r"\x1b[31m" in line for line in escape)
    assert not differs(messages("horizon: \x1b[31m\n"), "a control character")


TAGS = """
!!python/object/apply:os.system ["touch owned"]
!!python/object/apply:subprocess.check_output [["touch", "owned"]]
!!python/object/new:os.system ["touch owned"]
!!python/name:os.system
!!python/module:owned
!!python/object:payback.simulator.case.case.Case {}
!!python/tuple [1, 2]
!!map {a: 1}
!!binary aGVsbG8=
!<tag:yaml.org,2002:python/object/apply:os.system> ["touch owned"]
!env HOME
!file /etc/passwd
!include /etc/passwd
""".strip().splitlines()


@pytest.mark.parametrize("tag", TAGS)
def test_no_tag_builds_anything(folder: Path, tag: str) -> None:
    before = sorted(folder.iterdir())
    assert "tags are not allowed" in (answers := messages(GOOD + f"case: {tag}\n"))[0] or "include" in answers[0]
    assert sorted(folder.iterdir()) == before


def test_a_template_is_text() -> None:
    case = loads(GOOD + 'case: "{{7*7}} ${HOME} %(x)s <script>"\nsource: "{% for x in y %}"\n')
    assert case.name == "{{7*7}} ${HOME} %(x)s <script>"
    assert case.reference == "{% for x in y %}"


@pytest.mark.parametrize("file", ["../../etc/passwd", "/dev/zero", "/etc/passwd", "data.csv"])
def test_data_lies_under_the_folder_of_the_case(file: str) -> None:
    line = f"empirical('{file}', column='x')"
    answers = messages(GOOD.replace("cash_flows", f'  a: "{line}"\ncash_flows'))
    assert any(file in message and not differs(message, "data elsewhere") for message in answers)


def test_mistakes_are_listed_in_the_order_of_the_file_and_at_most_twenty() -> None:
    inputs = "".join(f"  x{i}: 2 *\n" for i in range(30))
    with pytest.raises(CaseError) as error:
        loads(GOOD.replace("cash_flows", f"{inputs}cash_flows"), "f.yaml")
    lines = [problem.at.line for problem in error.value.problems]
    assert len(lines) == 30
    assert lines == sorted(lines)
    assert str(error.value).splitlines()[20:] == ["... and 10 more"]


def test_what_reads_a_broken_name_is_not_complained_of() -> None:
    text = GOOD.replace("price: 0.004 to 0.006 USD/request", "price: 0.004 to")
    text = text.replace("revenue: price * volume", "revenue: price * volume, other: -volme * 1 USD/request")
    text += "what_if: {dearer: {price: price * 2, volme: 3}}\n"
    text += "hurdles: {payback: 12 months}\nstress: {low: {price: below 10 %}}\n"
    assert not differs(messages(text), "what reads a broken name")


@pytest.mark.parametrize("name", ["ref1", "ref1c"])
def test_the_reference_workload_loads(name: str) -> None:
    assert load(ROOT / "configs" / f"{name}.yaml").model.horizon == 36
