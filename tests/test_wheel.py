"""The wheel: built, installed into an environment of its own, and run from a foreign folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests import foreign_folder

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("configs", "distributions", "simulator", "reports")


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `command` in `cwd` with nothing of this project on the import path."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the commands of an environment that holds the wheel and borrows its dependencies."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel)
    installed = run(*pip, cwd=home)
    assert installed.returncode == 0, installed.stderr
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site,) = home.glob("lib/python3*/site-packages")
    (site / "borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n", encoding="utf-8")
    return home / "bin"


def test_holds_the_packages_and_the_cases(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if "dist-info" not in name} == {"payback"}
    shipped = {Path(name).name for name in names if name.startswith("payback/configs/")}
    assert shipped == {path.name for path in (ROOT / "configs").iterdir()}
    data = {f"payback/{p.relative_to(ROOT)}" for folder in FOLDERS for p in (ROOT / folder).rglob("*") if p.is_file()}
    assert {name for name in data if "__pycache__" not in name} <= set(names)
    assert len(set(names)) == len(names)


def test_a_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """It has no links, and needs none."""
    archived = run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    assert archived.returncode == 0, archived.stderr
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        source.extractall(tmp_path, filter="data")
    (tree,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert not [path for path in tree.rglob("*") if path.is_symlink()]
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=tree)
    assert built.returncode == 0, built.stderr
    (other,) = tmp_path.glob("*.whl")
    assert sorted(zipfile.ZipFile(other).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_imports_from_its_own_place(scripts: Path, tmp_path: Path) -> None:
    answer = run(scripts / "python", "-c", "import payback; print(payback.__file__)", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert Path(answer.stdout.strip()).is_relative_to(scripts.parent)


def test_help(scripts: Path, tmp_path: Path) -> None:
    answer = run(scripts / "payback", "--help", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "run" in answer.stdout


def test_init_copies_a_case_that_checks_and_answers(scripts: Path, tmp_path: Path) -> None:
    for path in sorted((ROOT / "configs").glob("*.yaml")):
        copied = run(scripts / "payback", "init", path.stem, cwd=tmp_path)
        assert copied.returncode == 0, copied.stderr
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
        checked = run(scripts / "payback", "check", path.name, cwd=tmp_path)
        assert checked.returncode == 0, checked.stderr
    answered = run(scripts / "payback", "ask", "ref1.yaml", "P(npv < 0)", "--trials", 4096, cwd=tmp_path)
    assert answered.returncode == 0, answered.stderr
    assert "%" in answered.stdout


def test_works_in_a_folder_of_names_that_clash(scripts: Path, tmp_path: Path) -> None:
    foreign_folder.make(tmp_path)
    first, *_, last = foreign_folder.COMMANDS
    for command in ((scripts / "payback", *first), (scripts / "python", "-m", "payback", *last)):
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert foreign_folder.imported(tmp_path) == set()
