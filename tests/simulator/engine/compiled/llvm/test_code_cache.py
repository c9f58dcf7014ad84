"""Compiled code on disk: found again, never wrong, never fatal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payback.simulator.engine.compiled.llvm import code_cache
from payback.simulator.engine.compiled.llvm.builder import Module

ROOT = Path(__file__).resolve().parents[5]


def text(number: int) -> str:
    """A module of which the function ``answer`` gives a number."""
    module = Module(8)
    f = module.function("answer", [], "i64", public=True)
    f.ret(f.constant(number, "i64"))
    return module.text()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(code_cache.VARIABLE, str(tmp_path / "code"))
    code_cache._code.cache_clear()
    return tmp_path / "code"


def answer(number: int) -> int:
    import ctypes

    code = code_cache.code(text(number))
    return int(ctypes.CFUNCTYPE(ctypes.c_int64)(code.address("answer"))())


def never(_: str) -> bytes:
    raise AssertionError("compiled again")


def test_a_second_process_compiles_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(41) == 41
    code_cache._code.cache_clear()
    monkeypatch.setattr(code_cache, "compiled", never)
    assert answer(41) == 41


@pytest.mark.parametrize("damage", ["empty", "short", "flipped", "other"])
def test_a_damaged_file_is_made_again(folder: Path, damage: str) -> None:
    answer(42)
    (made,) = (path for path in folder.iterdir() if path.stem == code_cache._name(text(42)))
    content = made.read_bytes()
    answer(43)
    other = (folder / f"{code_cache._name(text(43))}{code_cache.SUFFIX}").read_bytes()
    wrong = {"empty": b"", "short": content[:-9], "flipped": content[:-1] + bytes([content[-1] ^ 1]), "other": other}
    made.write_bytes(wrong[damage])
    code_cache._code.cache_clear()
    assert answer(42) == 42
    assert made.read_bytes() == content


def test_no_folder_is_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    for directory in ("", str(blocked), str(blocked / "below")):
        monkeypatch.setenv(code_cache.VARIABLE, directory)
        code_cache._code.cache_clear()
        assert code_cache.folder() is None
        assert answer(44) == 44


def test_a_folder_that_others_may_write_to_is_not_trusted(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    assert code_cache.folder() is None
    folder.chmod(0o700)
    assert code_cache.folder() == folder


def test_the_oldest_files_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_cache, "MOST_FILES", 3)
    for number in range(5):
        code_cache.write(f"{number:040x}", b"x")
        os.utime(folder / f"{number:040x}{code_cache.SUFFIX}", (number, number))
    assert sorted(int(path.stem, 16) for path in folder.iterdir()) == [2, 3, 4]


def test_files_of_others_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_cache, "MOST_FILES", 1)
    folder.mkdir(mode=0o700)
    photographs = [folder / f"{number:03}.jpg" for number in range(5)]
    for photograph in photographs:
        photograph.write_bytes(b"picture")
        os.utime(photograph, (1, 1))
    for number in range(3):
        code_cache.write(f"{number:040x}", b"x")
    assert all(photograph.read_bytes() == b"picture" for photograph in photographs)
    assert len(list(folder.glob(f"*{code_cache.SUFFIX}"))) == 1


def test_threads_compile_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    original = code_cache.compiled
    monkeypatch.setattr(code_cache, "compiled", lambda text: made.append(text) or original(text))
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(answer, [45] * 8)) == {45}
    assert len(made) == 1


def test_processes_may_begin_at_once(folder: Path) -> None:
    """Each finds a whole file or none, whoever writes it."""
    module = "payback.simulator.engine.compiled.llvm.code_cache"
    code = f"from {module} import code; print(code({text(46)!r}).address('answer') > 0)"
    running = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in running] == ["True"] * 2
    assert not [path for path in folder.iterdir() if path.name.startswith("new-")]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="users as Unix has them")
@pytest.mark.parametrize("trap", ["a link to a folder of the user", "a link to nothing", "a file", "open to others"])
def test_a_foreseeable_folder_without_a_home_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: str
) -> None:
    place, mine = tmp_path / f"payback-{os.getuid()}", tmp_path / "mine"
    mine.mkdir(mode=0o700)
    if trap == "a link to a folder of the user":
        place.symlink_to(mine)
    elif trap == "a link to nothing":
        place.symlink_to(tmp_path / "nothing")
    elif trap == "a file":
        place.write_text("mine")
    else:
        place.mkdir()
        place.chmod(0o777)
    without_home(tmp_path, monkeypatch)
    assert code_cache.folder() is None
    assert answer(45) == 45
    assert list(mine.iterdir()) == []
    assert not (tmp_path / "nothing").exists()


def without_home(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(code_cache.VARIABLE, raising=False)
    monkeypatch.setattr(code_cache, "_home", lambda: None)
    monkeypatch.setattr(code_cache.tempfile, "gettempdir", lambda: str(temporary))
    code_cache._code.cache_clear()


def test_without_a_home_the_folder_is_one_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_home(tmp_path, monkeypatch)
    assert answer(46) == 46
    made = code_cache.folder()
    assert made is not None
    assert (made.parent, made.stat().st_mode & 0o777) == (tmp_path, 0o700)
    assert [path.suffix for path in made.iterdir()] == [code_cache.SUFFIX]


NAMES = st.one_of(
    st.sampled_from(["a.jpg", "holiday.payback-code", "new.payback-code", f"{'A' * 40}.payback-code", ".payback-code"]),
    st.from_regex(r"[a-f0-9]{38,42}(\.[a-z-]{0,12})?", fullmatch=True),
    st.from_regex(r"new-[A-Za-z.]{1,9}\.payback-cod[ef]?", fullmatch=True),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(names=st.sets(NAMES, min_size=1, max_size=12), most=st.integers(1, 3))
def test_no_file_of_the_user_is_removed(names: set[str], most: int) -> None:
    """Only 40 hexadecimal digits with the suffix, and unfinished ones, are names of the cache."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        for each in names:
            (folder / each).write_text("mine")
        patch.setenv(code_cache.VARIABLE, name)
        patch.setattr(code_cache, "MOST_FILES", most)
        for number in range(most + 2):
            code_cache.write(f"{number:040x}", b"code")
        ours = r"([0-9a-f]{40}|new-[a-z0-9_]+)\.payback-code"
        left = {path.name for path in folder.iterdir()}
        assert {each for each in names if not re.fullmatch(ours, each)} <= left
        assert len([each for each in left if re.fullmatch(ours, each)]) <= most
