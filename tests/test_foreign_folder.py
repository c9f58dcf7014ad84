"""The product works in a folder whose files are called as its own modules are: nothing of it is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import foreign_folder
from tests.payback.commands import process

CLASHING = ("simulator", "distributions", "reports", "case", "cube", "engine", "questions", "grammar", "load", "normal")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foreign")
    foreign_folder.make(folder)
    return folder


def test_the_folder_has_the_names_of_the_product(folder: Path) -> None:
    names = {path.stem for path in folder.iterdir()}
    assert set(CLASHING) <= names
    assert len(names) > 100


@pytest.mark.parametrize("name", ["simulator", "grammar"])
def test_its_files_fail_when_they_are_imported_and_it_shows(name: str, tmp_path: Path) -> None:
    foreign_folder.make(tmp_path)
    done = subprocess.run([sys.executable, "-c", f"import {name}"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert len(foreign_folder.imported(tmp_path)) == 1


@pytest.mark.parametrize("words", foreign_folder.COMMANDS, ids=lambda words: words[0])
def test_commands_work_there(words: tuple[str, ...], folder: Path) -> None:
    outcome = process(*words, cwd=folder)
    assert outcome.code == 0, outcome.err
    assert outcome.out
    assert foreign_folder.imported(folder) == set()
