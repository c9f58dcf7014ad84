"""`payback check`: whether a case is well formed, and what its inputs imply."""

from __future__ import annotations

from pathlib import Path

from tests.payback.commands import Command, Outcome


def test_check(command: Command, case_file: Path) -> None:
    assert command("check", case_file, "--json").json["ok"] is True
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("check: roi >= 1", "check: P90(roii) >= 1"), encoding="utf-8")
    wrong = command("check", case_file)
    assert wrong.code == 2
    assert wrong.err.startswith(f"{case_file}:22:42: claims[0].check: ")


def test_a_quiet_check_prints_errors_alone(command: Command, case_file: Path) -> None:
    assert command("check", case_file, "--quiet") == Outcome(0, "", "")
    case_file.write_text("horizon: 0\n", encoding="utf-8")
    quiet = command("check", case_file, "--quiet")
    assert quiet == command("check", case_file)
    assert quiet.code == 2


def test_check_shows_what_inputs_imply(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    case_file.write_text(text.replace("inputs:\n", "inputs:\n  odd: normal(10, 8) hour\n", 1), encoding="utf-8")
    odd = command("check", case_file, "--json").json["inputs"][0]
    assert (odd["name"], odd["mean"], odd["p50"]) == ("odd", 10, 10)
    assert len(odd["doubts"]) == 1


def test_a_certain_input_stands_with_its_value_and_unit(command: Command, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    given = "inputs:\n  fixed: 1_234_567.25 USD\n  rebate: 2.5 %\n  wage: 41.7 / 2 USD/hour\n"
    case_file.write_text(text.replace("inputs:\n", given, 1), encoding="utf-8")
    lines = command("check", case_file).out.splitlines()
    assert ["fixed", "certain", "1,234,567.25", "USD"] in [line.split() for line in lines]
    assert ["rebate", "certain", "0.025"] in [line.split() for line in lines]
    explained = [line.split() for line in command("explain", case_file).out.splitlines()]
    assert ["fixed", "1_234_567.25", "USD", "1,234,567.25", "USD"] in explained
