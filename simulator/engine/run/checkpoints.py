"""Checkpoints: the state of long runs in a file, so that a killed run continues where it stopped.

One file holds the last state of every run of the engine that a command makes: a line with the format and a checksum
of all the rest, then an archive of `numpy.savez` whose first array is a header in JSON. The checksum is tested before
the archive is opened, and nothing in it is unpickled or decompressed. The file is replaced as a whole, once its bytes
are on the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import ZIP_STORED, BadZipFile

import numpy as np

from payback.simulator.engine.run.partial_counts import Counted
from payback.simulator.engine.workers.versions import installed, packages_of
from payback.simulator.errors import PaybackError, UsageError
from payback.simulator.statistics import Grid, Sums, Tally

MAGIC = "payback-checkpoint/4"
EVERY = 10.0
"""Seconds between checkpoints."""

TYPES = (np.dtype("<i8"), np.dtype("<f8"))
"""Types of the arrays in a checkpoint."""

Saved: TypeAlias = tuple[dict[str, Any], dict[str, np.ndarray]]
"""The facts and the arrays of one run, by name."""


def identity(*about: object) -> str:
    """Return the digest that identifies the work of a command: equal only for equal `about` and equal versions."""
    facts = (*about, *map(installed, packages_of(compiled=True)))
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()


class CheckpointError(PaybackError):
    """The error of a checkpoint that cannot be written."""


class Checkpoint:
    """A file with the states of the runs of one command.

    Parameters
    ----------
    path : Path
    identity : str
        Digest of the work of the command, see `identity`. A file with another one is refused.
    resume : bool
        Whether to continue from the file, if there is one.
    every : float, optional
        Seconds between saves; `EVERY` if not given.

    Raises
    ------
    UsageError
        If there is a file and `resume` is false, or the file is damaged or of another identity.
    """

    def __init__(self, path: Path, identity: str, *, resume: bool = False, every: float | None = None) -> None:
        self.path = path
        self._identity = identity
        self._every = EVERY if every is None else every
        self._runs: dict[str, Saved] = {}
        if path.exists():
            if not resume:
                raise UsageError(f"{path} exists -> --resume goes on from it; remove it to begin anew")
            self._runs = _read(path, identity)
        self._write()
        self._saved = time.monotonic()

    def run(self, key: str) -> Run:
        """Return the store of the run `key`."""
        return Run(self, key)

    @property
    def due(self) -> bool:
        """Whether it is time to save."""
        return time.monotonic() - self._saved >= self._every

    def get(self, key: str) -> Saved | None:
        """Return the facts and arrays of the run `key`."""
        return self._runs.get(key)

    def put(self, key: str, facts: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        """Save the facts and arrays of the run `key`.

        Raises
        ------
        CheckpointError
            If the file cannot be written; what was there stays.
        """
        self._runs[key] = facts, arrays
        self._write()
        self._saved = time.monotonic()

    def remove(self) -> None:
        """Remove the file once the command is done."""
        self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        data = _bytes(self._identity, self._runs)
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            try:
                with temporary.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(self.path)
                folder = os.open(self.path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            raise CheckpointError(
                f"cannot write the checkpoint {self.path}, {len(data):,} bytes: {error.strerror or error}"
            ) from None


class Run:
    """One run of the engine in a checkpoint; see `payback.simulator.engine.run.count_trials.Store`."""

    def __init__(self, checkpoint: Checkpoint, key: str) -> None:
        self._checkpoint = checkpoint
        self._key = key

    @property
    def due(self) -> bool:
        """Whether it is time to save."""
        return self._checkpoint.due

    def load(self, grids: Mapping[str, Grid]) -> Counted | None:
        """Return the saved state of the run, None if there is none.

        Raises
        ------
        UsageError
            If it was counted on other grids: then the first trials have other bits on this machine.
        """
        saved = self._checkpoint.get(self._key)
        if saved is None:
            return None
        facts, arrays = saved
        if facts["grids"] != {name: grid.digest for name, grid in grids.items()}:
            path = self._checkpoint.path
            raise UsageError(f"{path} was begun where inputs have other bits -> remove it to begin anew")
        tallies, sums = {}, {}
        for name, grid in grids.items():
            own = {key.removeprefix(f"{name}/"): array for key, array in arrays.items() if key.startswith(f"{name}/")}
            sums[name] = Sums(0, tuple(own.pop("levels").tolist()), tuple(own.pop("sums")))
            tallies[name] = Tally.restore(grid, own)
        return Counted(tallies, sums, facts["done"], facts["first_wrong"], facts["wrong"])

    def save(self, counted: Counted) -> None:
        """Save the state of the run."""
        arrays: dict[str, np.ndarray] = {}
        for name, tally in counted.tallies.items():
            arrays |= {f"{name}/{key}": array for key, array in tally.state().items()}
            sums = counted.sums.get(name, Sums())
            arrays[f"{name}/levels"] = np.array(sums.levels, dtype=np.int64)
            arrays[f"{name}/sums"] = np.array(sums.nodes, dtype=np.float64)
        facts = {
            "done": counted.done,
            "first_wrong": counted.first_wrong,
            "wrong": counted.wrong,
            "grids": {name: tally.grid.digest for name, tally in counted.tallies.items()},
        }
        self._checkpoint.put(self._key, facts, arrays)


def _bytes(identity: str, runs: Mapping[str, Saved]) -> bytes:
    arrays: list[np.ndarray] = []
    listed = {}
    for key, (facts, by_name) in runs.items():
        listed[key] = {"facts": facts, "arrays": list(by_name)}
        arrays += [array.astype(array.dtype.newbyteorder("<"), copy=False) for array in by_name.values()]
    header = json.dumps({"identity": identity, "runs": listed}).encode()
    archive = BytesIO()
    np.savez(archive, np.frombuffer(header, np.uint8), *arrays)
    body = archive.getvalue()
    return f"{MAGIC} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def _read(path: Path, identity: str) -> dict[str, Saved]:
    first_line, _, body = path.read_bytes().partition(b"\n")
    magic, _, checksum = first_line.decode("ascii", "replace").partition(" ")
    if magic != MAGIC:
        raise UsageError(f"{path} is no checkpoint of this version of payback -> remove it to begin anew")
    if hashlib.sha256(body).hexdigest() != checksum:
        raise UsageError(f"{path} is damaged: its checksum does not fit -> remove it to begin anew")
    try:
        header, arrays = _unpacked(body)
        saved_identity = header["identity"]
        names = [(key, run["facts"], run["arrays"]) for key, run in header["runs"].items()]
        remaining = iter(arrays)
        runs = {key: (facts, {name: next(remaining) for name in own}) for key, facts, own in names}
    except (ValueError, LookupError, AttributeError, TypeError, StopIteration, MemoryError, BadZipFile, EOFError):
        raise UsageError(f"{path} is no checkpoint of this version of payback -> remove it to begin anew") from None
    if saved_identity != identity:
        raise UsageError(f"{path} is of another case, of other settings or versions -> give those, or remove it")
    return runs


def _unpacked(body: bytes) -> tuple[Any, list[np.ndarray]]:
    """Return the header and the arrays of an archive, which may hold nothing compressed and no objects.

    Raises
    ------
    ValueError, LookupError, AttributeError, TypeError, MemoryError, BadZipFile, EOFError
        If it is another archive than `_bytes` writes.
    """
    with np.load(BytesIO(body), allow_pickle=False) as archive:
        if any(member.compress_type != ZIP_STORED for member in archive.zip.infolist()):
            raise ValueError("a compressed member")
        header, *arrays = (archive[f"arr_{number}"] for number in range(len(archive.files)))
    if any(array.dtype not in TYPES for array in arrays):
        raise ValueError("an array of another type")
    return json.loads(header.tobytes()), arrays
