"""What killed runs leave is cleared; what a run did not write stays, whatever lies around."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payback.reports.files import leftovers
from payback.reports.files.atomic_folder import replace
from payback.reports.files.layout import FIGURES, Layout, pictures
from payback.simulator.errors import UsageError

LAYOUT = Layout("result.json", "payback-test/", frozenset({"result.json", "page.html", FIGURES}), pictures("fan"))
OURS = {"result.json": '{"schema": "payback-test/1"}', "page.html": "page", f"{FIGURES}/fan.svg": "picture"}
NAMES = ["result.json", "page.html", FIGURES, "fan.svg", "notes.txt", "photo.png", ".hidden", "trials"]
MARK = leftovers._mark(Path("report"))
FOLDERS = [
    "", "report", f"report/{FIGURES}", ".payback-new-0123456789abcdef", f".payback-new-{MARK}-0123456789abcdef",
    f".payback-old-{MARK}-0123456789abcdef", f".payback-new-{MARK}-0123456789abcdef/{FIGURES}", "other",
    ".payback-new-mine", f".payback-old-{MARK}", ".payback-new-00000000-0123456789abcdef",
]  # fmt: skip

trees = st.lists(
    st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES), st.sampled_from(["file", "folder", "link"]))
)


def write(root: Path, tree: list[tuple[str, str, str]], *, report: bool) -> None:
    root.mkdir(exist_ok=True)
    if report:
        replace(root / "report", OURS.items(), LAYOUT)
    for folder, name, kind in tree:
        path = root / folder / name
        if path.exists() or any(parent.is_file() for parent in path.parents):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "folder":
            path.mkdir()
        elif kind == "link":
            path.symlink_to(root.parent)
        else:
            path.write_text("mine", encoding="utf-8")


def files_of(root: Path) -> set[str]:
    """Return every file and every link below `root`."""
    every = set()
    for folder, folders, files in os.walk(root):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        every |= {(Path(folder) / name).relative_to(root).as_posix() for name in [*files, *links]}
    return every


def is_ours(name: str) -> bool:
    """Return whether a run may have written a file of that name, in a folder of that name."""
    folder, _, inner = name.partition("/")
    kept = leftovers._LEFT.fullmatch(folder) and "00000000-" not in folder
    return (folder == "report" or bool(kept)) and inner in {*OURS, f"{FIGURES}/fan.png"}


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tree=trees, report=st.booleans())
def test_a_report_removes_nothing_that_it_did_not_write(
    tree: list[tuple[str, str, str]], report: bool, tmp_path: Path
) -> None:
    root = tmp_path / f"case{len(list(tmp_path.iterdir()))}"
    write(root, tree, report=report)
    before = files_of(root)
    try:
        replace(root / "report", OURS.items(), LAYOUT)
    except UsageError:
        assert files_of(root) == before
        return
    after = files_of(root)
    assert {name for name in before - after if not is_ours(name)} == set()
    assert {f"report/{name}" for name in OURS} <= after


KILLED = """
import os, sys
from payback.reports.files.atomic_folder import replace
from tests.reports.files.test_leftovers import LAYOUT, OURS
def files():
    for name, content in OURS.items():
        yield name, content
        if name == "page.html":
            os.kill(os.getpid(), 9)
replace(sys.argv[1], files(), LAYOUT)
"""


def test_the_next_run_clears_what_a_killed_one_left(tmp_path: Path) -> None:
    for name in ("report", "another"):
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / name)], check=False)
    assert len([path for path in tmp_path.iterdir() if path.name.startswith(".payback-new-")]) == 2
    replace(tmp_path / "report", OURS.items(), LAYOUT)
    left = [path for path in tmp_path.iterdir() if path.name.startswith(".payback")]
    assert [path.name.split("-")[2] for path in left] == [leftovers._mark(Path("another"))]


def test_the_work_of_a_run_that_goes_on_is_not_cleared(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    work = leftovers.beside(tmp_path / "report", "new")
    work.mkdir()
    with leftovers.in_use(work):
        replace(tmp_path / "report", OURS.items(), LAYOUT)
        assert work.exists()
    replace(tmp_path / "report", OURS.items(), LAYOUT)
    assert not work.exists()
