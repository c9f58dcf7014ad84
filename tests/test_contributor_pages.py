"""docs/architecture.md, CONTRIBUTING.md and the pre-commit hooks say what is so."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("docs/architecture.md", "CONTRIBUTING.md", "CHANGELOG.md", "README.md")
SHORT = ("case/", "engine/", "questions/", "document/", "cube/", "statistics/")
"""Folders of ``simulator/`` that a page may name without it."""


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def paths(page: str) -> set[str]:
    """Return the files and folders that a page names in backticks, as they stand in the repository."""
    named = re.findall(r"`([\w.]+(?:/[\w.]+)*/?)`", text(page))
    folders = ("distributions", "simulator", "reports", "payback", "tests", "docs", "benchmarks", "configs")
    full = {f"simulator/{name}" if name.startswith(SHORT) else name for name in named if "/" in name}
    return {name for name in full if name.split("/")[0] in folders}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    missing = {name for name in paths(page) if not (ROOT / name).exists()}
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_is_there(page: str) -> None:
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text(page)) if "://" not in target]
    assert all((ROOT / page).parent.joinpath(target).exists() for target in targets)


def test_the_picture_of_the_rooms_has_every_room() -> None:
    picture = text("docs/architecture.md").partition("```")[2].partition("```")[0]
    drawn = set(re.findall(r"(\w+)/", picture))
    for top in ("distributions", "simulator", "reports", "payback"):
        rooms = {path.parent.name for path in (ROOT / top).rglob("__init__.py") if not path.is_symlink()}
        assert rooms - {"payback"} <= drawn | {"simulator", "reports", "distributions"}, rooms - drawn


def test_thirty_features_stand_where_the_page_says() -> None:
    table = text("docs/architecture.md").partition("## Where to find it")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+) \| `(.+)` \| `(\w+)` \|$", table, re.MULTILINE)
    assert len(rows) == 30
    for _, file, name in rows:
        assert name in vars(import_module(".".join(module_parts(file)))), (file, name)


def module_parts(file: str) -> tuple[str, ...]:
    parts = Path(file).with_suffix("").parts
    return parts if parts[0] == "payback" else ("payback", *parts)


def test_counts_have_tests_that_show_them() -> None:
    table = text("CONTRIBUTING.md").partition("| to add |")[2].partition("\n\n")[0]
    rows = [row.split("|") for row in table.splitlines()[2:]]
    assert len(rows) == 7
    for row in rows:
        assert row[2].strip().isdigit(), row
        assert (ROOT / row[4].strip().strip("`")).is_file(), row


def test_hooks_run_what_ci_runs() -> None:
    hooks = YAML(typ="safe").load(text(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    entries = {hook["entry"] for hook in hooks}
    in_full = text(".ci/run").partition("in_full() {")[2].partition("}")[0]
    assert {"make demo", "make test"} == {line.strip() for line in in_full.splitlines() if line} <= entries
    assert "make lint" in entries
    assert "$(MAKE) lint" in text("Makefile").partition("\ntest: ")[2].partition("\n\n")[0]


def test_setup_compiles_the_bytecode_of_every_folder_of_the_package() -> None:
    recipe = text("Makefile").partition("\nsetup: ")[2].partition("\n\n")[0]
    linked = [link.name for link in (ROOT / "payback").iterdir() if link.is_symlink() and any(link.rglob("*.py"))]
    assert recipe.partition("-m compileall -q ")[2].split() == sorted(["payback", *linked])


TOOLS = ("bash", "sh", "env", "sed", "sort", "grep", "mktemp", "rm", "dirname")


def script(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)


def proof(folder: Path, pythons: dict[str, str], pyenv: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    """Return the exit code and the lines of CI where only `pythons` (name: version) and those of pyenv are there."""
    for tool in TOOLS:
        path_of_tool = shutil.which(tool)
        assert path_of_tool is not None
        (folder / "bin").mkdir(exist_ok=True)
        (folder / "bin" / tool).symlink_to(path_of_tool)
    script(folder / "bin" / "make", 'echo "make $* on $PYTHON"')
    for name, version in pythons.items():
        script(folder / "bin" / name, f'[ "$3" = "{version}" ] && echo {name}')
    for release in pyenv:
        version = release.rpartition(".")[0]
        script(folder / release / "bin" / "python3", f'[ "$3" = "{version}" ] && echo pyenv-{release}')
    if pyenv:
        listing = "; ".join(f"echo {release}" for release in pyenv)
        prefix = f'echo "{folder}/$2"'
        script(folder / "bin" / "pyenv", f"case $1 in versions) {listing} ;; prefix) {prefix} ;; esac")
    done = subprocess.run(
        [str(ROOT / ".ci" / "run")],
        env={"PATH": str(folder / "bin"), "TMPDIR": str(folder)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()


SHORT = "make pytest TESTS=tests/laws tests/golden tests/test_bad_cases.py on"


def test_ci_tests_the_newest_python_in_full_and_the_others_in_short(tmp_path: Path) -> None:
    code, lines = proof(tmp_path, {"python3.11": "3.11", "python3": "3.11"}, ("3.10.9", "3.12.1", "3.13.0", "3.13.5"))
    assert code == 0
    assert [line for line in lines if line.startswith("make")] == [
        *["make demo on pyenv-3.13.5"] * 2, "make test on pyenv-3.13.5",
        "make demo on pyenv-3.12.1", f"{SHORT} pyenv-3.12.1", "make demo on python3.11", f"{SHORT} python3.11",
    ]  # fmt: skip
    assert lines[-3:] == [
        "tested: Python 3.13 in full",
        "tested: Python 3.12 by laws, golden cases and bad cases",
        "tested: Python 3.11 by laws, golden cases and bad cases",
    ]


def test_ci_tests_the_only_python_in_full_and_says_which_are_missing(tmp_path: Path) -> None:
    code, lines = proof(tmp_path, {"python3": "3.12"})
    assert code == 0
    assert [line for line in lines if line.startswith("make")] == [
        *["make demo on python3"] * 2, "make test on python3",
    ]  # fmt: skip
    assert lines[-3:] == [
        "tested: Python 3.12 in full",
        "not tested, for it is not here: Python 3.13",
        "not tested, for it is not here: Python 3.11",
    ]


def test_ci_fails_without_a_python_that_is_promised(tmp_path: Path) -> None:
    assert proof(tmp_path, {"python3": "3.9"}) == (1, [])
