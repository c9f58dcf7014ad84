"""Every command, every case and every Python block of the README works, and every file it names is there."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

import payback as pb
from payback.cli.commands import run
from payback.distributions import Lognormal
from payback.simulator.cube.streams import uniforms

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line[2:].split("  #")[0].strip() for block in blocks("console") for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "configs", path / "configs")
    volumes = Lognormal(1000.0, 0.6).ppf(uniforms(1, "volume", 0, 100))
    (path / "volume.csv").write_text("\n".join(["requests", *map("{:.0f}".format, volumes)]), encoding="utf-8")
    return path


def test_the_two_commands_come_first():
    assert COMMANDS[:2] == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"demo: setup", "test: $(VENV)/.test"} <= set(makefile.splitlines())


@pytest.mark.parametrize("command", COMMANDS[2:])
def test_command(command, folder, monkeypatch, capsys):
    program, *arguments = shlex.split(command)
    assert program == "payback"
    monkeypatch.chdir(folder)
    fewer = ["--trials", "4096"] if arguments[0] in ("ask", "what-if", "stress", "claims", "run") else []
    assert run([*arguments, *fewer]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out


@pytest.mark.parametrize("text", blocks("yaml"))
def test_case(text):
    answer = pb.simulate(pb.loads(text), trials=4096).probability("payback <= 12 months")
    assert 0 < answer.estimate.value < 1


@pytest.mark.parametrize("text", blocks("python"))
def test_python(text, monkeypatch):
    monkeypatch.chdir(ROOT)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "README.md", "exec"), {})
    assert "%" in printed.getvalue()


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)]+)\)", README))
def test_what_is_linked_is_there(target):
    assert (ROOT / target.partition("#")[0]).exists()
