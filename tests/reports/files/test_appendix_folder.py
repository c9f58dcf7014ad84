from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from payback.reports.files import appendix_folder
from payback.reports.files.appendix_folder import LAYOUT, check_output, write
from payback.simulator.document.document import from_json
from payback.simulator.errors import PaybackError, UsageError
from tests.reports.catalogues import differs
from tests.reports.edges import EDGES
from tests.reports.sample import sample

NAMES = ["appendix.html", "appendix.md", "figures", "result.json", "summary.csv"]
TRIALS = {
    "npv": np.array([1.5, -2.0, 3.0]),
    "payback": np.array([3.25, np.inf, 11.0]),
    "irr": np.array([0.1, np.nan, 2]),
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write small files: these tests are about the folder."""
    monkeypatch.setattr(
        appendix_folder, "_files", lambda document, _: iter([("result.json", appendix_folder.to_json(document))])
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_report_has_all_its_files_and_twice_the_same_bytes(tmp_path: Path) -> None:
    def digests(folder: Path) -> dict[str, str]:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    appendix = write(sample(), tmp_path / "deep" / "out", TRIALS)
    assert appendix == tmp_path / "deep" / "out" / "appendix.html"
    assert names(appendix.parent) == sorted([*NAMES, "trials.npz", "trials.csv"])
    assert names(tmp_path / "deep") == ["out"]
    assert len(names(appendix.parent / "figures")) == 12
    assert set(names(appendix.parent / "figures")) <= LAYOUT.pictures
    assert from_json((appendix.parent / "result.json").read_bytes()) == sample()
    first = digests(appendix.parent)
    write(sample(), tmp_path / "deep" / "out", TRIALS)
    assert digests(appendix.parent) == first


def test_trials_are_read_back_without_pickle(tmp_path: Path) -> None:
    folder = write(EDGES["bare"](), tmp_path / "out", TRIALS).parent
    with np.load(folder / "trials.npz", allow_pickle=False) as kept:
        assert sorted(kept) == sorted(TRIALS)
        for name, values in TRIALS.items():
            np.testing.assert_array_equal(kept[name], values)
    assert [line.split(",") for line in (folder / "trials.csv").read_text().splitlines()] == [
        ["trial", "npv", "payback", "irr"],
        ["0", "1.5", "3.25", "0.1"],
        ["1", "-2.0", "never", "undefined"],
        ["2", "3.0", "11.0", "2.0"],
    ]


@pytest.mark.usefixtures("small")
def test_a_report_of_ours_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write(sample(), folder)
    (folder / "figures").mkdir()
    (folder / "figures" / "fan.png").write_text("old")
    write(EDGES["bare"](), folder)
    assert names(folder) == ["result.json"]
    assert from_json((folder / "result.json").read_bytes()) == EDGES["bare"]()


@pytest.mark.usefixtures("small")
def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    check_output(tmp_path)
    write(sample(), tmp_path)
    assert names(tmp_path) == ["result.json"]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema": "other/1"}', "\xff"])
def test_a_folder_of_someone_else_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "result.json").write_text(content, encoding="latin-1")
    with pytest.raises(UsageError) as refused:
        write(sample(), tmp_path)
    assert not differs([str(refused.value)], "a folder that is not empty")
    assert names(tmp_path) == ["result.json"]


@pytest.mark.usefixtures("small")
def test_a_stranger_beside_our_report_is_not_deleted(tmp_path: Path) -> None:
    write(sample(), tmp_path / "out")
    (tmp_path / "out" / "thesis\x1b.docx").write_text("years of work")
    with pytest.raises(UsageError) as refused:
        write(sample(), tmp_path / "out")
    assert not differs([str(refused.value)], "a folder with a stranger in it")
    assert names(tmp_path / "out") == ["result.json", "thesis\x1b.docx"]


@pytest.mark.usefixtures("small")
def test_a_picture_of_the_user_among_our_figures_is_not_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write(sample(), folder)
    (folder / "figures").mkdir()
    (folder / "figures" / "slide.png").write_text("mine")
    with pytest.raises(UsageError) as refused:
        write(sample(), folder)
    assert "figures/slide.png" in str(refused.value)
    assert (folder / "figures" / "slide.png").read_text() == "mine"


def test_a_file_or_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is a file"):
        check_output(tmp_path / "file")
    for name in ("link", "dangling"):
        with pytest.raises(UsageError, match="is a link"):
            check_output(tmp_path / name)


@pytest.mark.parametrize(
    ("folder", "reason"),
    [("file/out", "Not a directory"), ("file/deep/out", "Not a directory"), ("x" * 300, "File name too long")],
)
def test_where_nothing_can_be_written_is_told_before_the_simulation(tmp_path: Path, folder: str, reason: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=f"cannot be written: {reason}"):
        check_output(tmp_path / folder)
    assert names(tmp_path) == ["file"]


def test_the_longest_name_will_do(tmp_path: Path) -> None:
    check_output(tmp_path / ("x" * 255))
    assert names(tmp_path) == []


@pytest.mark.parametrize("before", [True, False])
def test_nothing_is_left_of_a_report_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool) -> None:
    if before:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "result.json").write_text(json.dumps({"schema": "payback-result/1", "old": True}))

    def full(document: object, _: object) -> object:
        yield "result.json", "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(appendix_folder, "_files", full)
    with pytest.raises(PaybackError) as failed:
        write(sample(), tmp_path / "out")
    assert not differs([str(failed.value)], "a full disk")
    assert names(tmp_path) == (["out"] if before else [])
    if before:
        assert json.loads((tmp_path / "out" / "result.json").read_text())["old"]


def test_when_the_last_rename_fails_the_old_report_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "result.json").write_text(json.dumps({"schema": "payback-result/1", "old": True}))
    monkeypatch.setattr(appendix_folder, "_files", lambda *_: iter([("result.json", "new")]))
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if "-new-" in self.name:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(PaybackError, match="Permission denied"):
        write(sample(), tmp_path / "out")
    assert names(tmp_path) == ["out"]
    assert json.loads((tmp_path / "out" / "result.json").read_text())["old"]


def test_importing_reports_is_cheap() -> None:
    code = (
        "import sys; from payback.reports.files import appendix_folder, summary_csv;"
        "from payback.reports.pages import html, terminal, markdown;"
        "print({'matplotlib', 'pandas', 'jinja2', 'rich', 'pydantic', 'scipy.stats'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
