"""Where a command runs: poor in threads, files, memory that is shared, names of users; begun by any means."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.payback.commands import Command, environment, python

QUESTION = ("P(npv < 0)", "--trials", "1e6", "--json", "--engine", "compiled", "--threads", "8")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")


def begun_by(prefix: Sequence[str], code: str, *words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``payback`` after `code`, by way of the command `prefix`, with no environment but `variables`."""
    return subprocess.run(
        [*prefix, sys.executable, "-c", f"{code}; from payback.cli import main; main()", *map(str, words)],
        env={"PYTHONPATH": environment()["PYTHONPATH"], **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def allowed(*prefix: str) -> tuple[str, ...]:
    """Return `prefix` if commands may be run by way of it here, nothing else."""
    if shutil.which(prefix[0]) is None:
        return ()
    return () if subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode else prefix


def test_c18_c19_few_files_one_processor_little_shared_memory_no_environment(case_file: Path, command: Command) -> None:
    code = (
        "import os, resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); "
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
    )
    cache = {"PAYBACK_CACHE": os.environ["PAYBACK_CACHE"]}  # that of these tests
    small = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=64m tmpfs /dev/shm && exec "$@"', "sh")
    outcome = begun_by((*allowed("nohup"), *allowed(*small)), code, "ask", case_file, *QUESTION, **cache)
    assert (outcome.returncode, outcome.stdout) == (0, command("ask", case_file, *QUESTION).out), outcome.stderr


def test_c18_c19_a_user_without_name_home_or_threads(case_file: Path, command: Command, tmp_path: Path) -> None:
    """Not one thread may be begun, as at a limit of processes; compiled code goes to a folder of the user's own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    temporary.chmod(0o777)
    stranger: tuple[str, ...] = ()
    if os.getuid() == 0:  # whom limits do not bind
        become = ("setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups")
        stranger = allowed(*become, "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
        if not stranger:
            pytest.skip("needs another user, or setpriv to be one")
    code = "import resource; resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))"
    outcome = begun_by(stranger, code, "ask", case_file, *QUESTION, TMPDIR=str(temporary))
    assert (outcome.returncode, outcome.stdout) == (0, command("ask", case_file, *QUESTION).out), outcome.stderr
    assert not stranger or list((temporary / "payback-54321").iterdir())


def test_c18_processes_begun_by_any_method_give_the_bits_of_their_parent() -> None:
    """The parent has run compiled code on threads before, and runs on while they do."""
    outcome = python(STARTS)
    assert outcome.code == 0, outcome.err
    assert dict(line.split() for line in outcome.out.splitlines()) == dict.fromkeys(METHODS, "True")


METHODS = ("fork", "spawn", "forkserver")
STARTS = """
import multiprocessing
from tests.payback.test_surroundings import METHODS, bits
own = bits()
pools = {how: multiprocessing.get_context(how).Pool(1) for how in METHODS}
running = {how: pool.apply_async(bits) for how, pool in pools.items()}
bits()
for how, run in running.items():
    print(how, run.get(60) == own)
    pools[how].terminate()
"""


def bits() -> bytes:
    """Return the trials of a ready-made case, computed by compiled code on two threads."""
    import payback as pb

    result = pb.simulate("configs/ref1.yaml", trials=50_000, engine="compiled", threads=2)
    return b"".join(sample.values.tobytes() for sample in result.samples.values())


def test_a_system_without_more_threads_works(
    monkeypatch: pytest.MonkeyPatch, case_file: Path, command: Command
) -> None:
    import threading

    words = ("ask", case_file, "P(npv < 0)", "--trials", "1e6", "--json", "--threads", "8")
    plain = command(*words)
    begun = []
    start = threading.Thread.start

    def few(thread: threading.Thread) -> None:
        if len(begun) >= 2:
            raise RuntimeError("can't start new thread")
        begun.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", few)
    assert command(*words).out == plain.out
