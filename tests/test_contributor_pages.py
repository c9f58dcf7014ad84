"""docs/architecture.md, CONTRIBUTING.md and the pre-commit hooks say what is so."""

from __future__ import annotations

import re
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
