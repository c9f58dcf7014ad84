"""Checkpoints: damaged, foreign and older files are refused, and a full disk leaves what was there."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from payback.simulator.engine import accumulate
from payback.simulator.engine.run.checkpoints import MAGIC, Checkpoint, CheckpointError
from payback.simulator.errors import UsageError
from payback.simulator.statistics import LEAF
from tests.catalogue import compared_with
from tests.simulator.engine.models import outputs
from tests.simulator.engine.run.test_keep_trials import M, cube

differs = compared_with(Path(__file__).with_name("messages.txt"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "run.checkpoint"
    checkpoint = Checkpoint(path, "id", every=0.0)
    accumulate(M, cube(M, "sobol", 2 * LEAF), outputs("npv"), store=checkpoint.run("x"))
    return path


def test_any_damage_is_seen(path: Path) -> None:
    data = path.read_bytes()
    cuts = [data[:end] for end in range(0, len(data), max(1024, len(data) // 100))]
    flips = [
        data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in (0, 30, 90, 200, len(data) // 2, -1 % len(data))
    ]
    for damaged in (*cuts, *flips, b"", data + b"\0"):
        path.write_bytes(damaged)
        with pytest.raises(UsageError, match=r"run\.checkpoint is (damaged|no checkpoint)"):
            Checkpoint(path, "id", resume=True)


def test_an_older_format_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(MAGIC.encode(), b"payback-checkpoint/3", 1))
    with pytest.raises(UsageError) as error:
        Checkpoint(path, "id", resume=True)
    assert not differs(str(error.value), "no checkpoint of this version")


@pytest.mark.parametrize("forged", ["compressed", "objects", "complex", "header", "short", "huge", "text"])
def test_an_archive_with_a_fitting_checksum_is_not_trusted(path: Path, forged: str) -> None:
    """Nothing is unpickled or decompressed, whoever wrote the file."""
    with np.load(io.BytesIO(path.read_bytes().split(b"\n", 1)[1])) as archive:
        header, *arrays = (archive[name] for name in archive.files)
    replaced = {
        "compressed": (header, *arrays),
        "objects": (header, *arrays[:-1], np.array([UsageError], dtype=object)),
        "complex": (header, *arrays[:-1], np.zeros(3, dtype=complex)),
        "header": (np.frombuffer(b'{"runs": []}', np.uint8), *arrays),
        "short": (header, *arrays[:-1]),
        "huge": (header, *arrays),
        "text": (header, *arrays),
    }
    file = io.BytesIO()
    (np.savez_compressed if forged == "compressed" else np.savez)(file, *replaced[forged])
    if forged == "huge":
        array = io.BytesIO()
        shape = {"descr": "<f8", "fortran_order": False, "shape": (2**56,)}
        np.lib.format.write_array_header_1_0(array, shape)
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(f"arr_{len(arrays) + 1}.npy", array.getvalue())
    body = b"{}\n" if forged == "text" else file.getvalue()
    path.write_bytes(f"{MAGIC} {hashlib.sha256(body).hexdigest()}\n".encode() + body)
    with pytest.raises(UsageError) as error:
        Checkpoint(path, "id", resume=True)
    assert not differs(str(error.value), "no checkpoint of this version")


def test_another_command_is_refused(path: Path) -> None:
    with pytest.raises(UsageError, match="of another case"):
        Checkpoint(path, "another id", resume=True)


def test_what_is_there_is_not_overwritten(path: Path) -> None:
    with pytest.raises(UsageError, match="exists -> --resume"):
        Checkpoint(path, "id")


def test_first_trials_with_other_bits_are_refused(path: Path) -> None:
    store = Checkpoint(path, "id", resume=True).run("x")
    with pytest.raises(UsageError, match="other bits"):
        accumulate(M, cube(M, "sobol", 2 * LEAF, seed=2), outputs("npv"), store=store)


@pytest.mark.parametrize("call", ["fsync", "write", "replace"])
def test_a_full_disk_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    before = path.read_bytes()
    checkpoint = Checkpoint(path, "id", resume=True)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    owner, name = {"fsync": (os, "fsync"), "replace": (Path, "replace"), "write": (Path, "open")}[call]
    with monkeypatch.context() as faulty:
        faulty.setattr(owner, name, full)
        with pytest.raises(CheckpointError) as error:
            checkpoint.put("y", {}, {})
    assert not differs(str(error.value), "a full disk")
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
