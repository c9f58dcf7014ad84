"""Compiled code on disk: found again, never wrong, never fatal."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

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
        code_cache.write(str(number), b"x")
        os.utime(folder / f"{number}{code_cache.SUFFIX}", (number, number))
    assert sorted(path.stem for path in folder.iterdir()) == ["2", "3", "4"]


def test_files_of_others_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_cache, "MOST_FILES", 1)
    folder.mkdir(mode=0o700)
    photographs = [folder / f"{number:03}.jpg" for number in range(5)]
    for photograph in photographs:
        photograph.write_bytes(b"picture")
        os.utime(photograph, (1, 1))
    for number in range(3):
        code_cache.write(str(number), b"x")
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
